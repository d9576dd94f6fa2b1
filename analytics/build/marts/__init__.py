"""Tables that the build computes with models: one file per table, `run_marts` runs them all.

To add one: write its file with a `Mart`, and list it in MARTS after those whose tables it needs.
"""

from datetime import date
from typing import Final

import duckdb

from analytics.build.marts.customer_segments import CUSTOMER_SEGMENTS
from analytics.build.marts.feedback import FEEDBACK
from analytics.build.marts.forecasts import FORECASTS
from analytics.build.marts.mart import Mart, MartOutcome, NotEnoughDataError, Progress, run_all
from analytics.build.marts.recommendations import RECOMMENDATIONS
from analytics.build.marts.similar_customers import SIMILAR_CUSTOMERS
from analytics.build.marts.similar_products import SIMILAR_PRODUCTS
from analytics.build.marts.themes import TextTools, themes_mart
from analytics.build.marts.turning_points import TURNING_POINTS

__all__ = [
    "MARTS",
    "Mart",
    "MartOutcome",
    "NotEnoughDataError",
    "TextTools",
    "all_marts",
    "run_marts",
]

MARTS: Final[tuple[Mart, ...]] = (
    CUSTOMER_SEGMENTS,
    SIMILAR_CUSTOMERS,
    SIMILAR_PRODUCTS,
    RECOMMENDATIONS,
    FORECASTS,
    TURNING_POINTS,
    FEEDBACK,
)


def all_marts(tools: TextTools | None = None) -> tuple[Mart, ...]:
    """Every mart; themes need tools to read texts with."""
    return (*MARTS, themes_mart(tools))


def run_marts(
    connection: duckdb.DuckDBPyConnection,
    as_of: date,
    progress: Progress | None = None,
    tools: TextTools | None = None,
) -> list[MartOutcome]:
    """Compute every mart that the warehouse at hand can carry.

    The connection must be writable and outside a transaction; the sources are loaded and texts
    scored. `as_of` is the last day of data. A mart whose tables are absent, or that fails, is
    reported in its outcome and leaves no table; the others go on. `progress` gets a line per mart.
    Without `tools` there are no themes.
    """
    return run_all(all_marts(tools), connection, as_of, progress)
