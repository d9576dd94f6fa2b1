"""`turning_points`: months in which sentiment about something really changed."""

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from analytics.build.marts.mart import Mart, NotEnoughDataError
from analytics.build.marts.tables import has_column, read, write

MIN_RESPONSES: Final = 10
"""Reviews that both months must have."""
FALSE_DISCOVERY_RATE: Final = 0.05

COLUMNS: Final = {
    "entity_type": "VARCHAR", "entity_id": "VARCHAR", "day": "DATE", "metric": "VARCHAR",
    "before": "DOUBLE", "after": "DOUBLE", "p_value": "DOUBLE", "direction": "VARCHAR",
}  # fmt: skip
# What an entity is, and the tables beside reviews that tell it.
ENTITIES: Final = {
    "product": ("r.product_id", ""),
    "category": ("p.category", "JOIN products p ON p.product_id = r.product_id"),
    "region": ("c.region", "JOIN customers c ON c.customer_id = r.customer_id"),
}


def _monthly(connection: duckdb.DuckDBPyConnection, entity: str, as_of: date) -> pd.DataFrame:
    """Reviews by entity and month beside those of the calendar month before."""
    key, join = ENTITIES[entity]
    return read(
        connection,
        f"""
        WITH months AS (
          SELECT {key} AS entity_id, date_trunc('month', r.created_at)::DATE AS month,
                 count(*) AS n,
                 count(*) FILTER (r.sentiment = 'positive') AS good,
                 count(*) FILTER (r.sentiment = 'negative') AS bad
          FROM reviews r {join}
          WHERE r.sentiment IS NOT NULL AND r.created_at < ?::DATE + 1 AND {key} IS NOT NULL
          GROUP BY ALL
        )
        SELECT now.entity_id, now.month AS day, now.n, now.good, now.bad,
               old.n AS old_n, old.good AS old_good, old.bad AS old_bad
        FROM months now JOIN months old
          ON old.entity_id = now.entity_id AND old.month = now.month - INTERVAL 1 MONTH
        WHERE now.n >= {MIN_RESPONSES} AND old.n >= {MIN_RESPONSES}
        ORDER BY now.entity_id, now.month
        """,
        [as_of],
    )


def change_p_values(months: pd.DataFrame) -> NDArray[np.float64]:
    """Two-sided p-value of each change of net sentiment.

    A review counts +1, 0 or -1; under the null hypothesis both months share one distribution, so
    the pooled variance is used, as in the two-proportion z-test (Newcombe, 1998, method 1 pooled).
    """
    total = months["n"] + months["old_n"]
    good = (months["good"] + months["old_good"]) / total
    bad = (months["bad"] + months["old_bad"]) / total
    variance = good + bad - (good - bad) ** 2
    error = np.sqrt(variance * (1 / months["n"] + 1 / months["old_n"]))
    change = _net(months, "") - _net(months, "old_")
    z = np.divide(change, error, out=np.zeros(len(months)), where=np.asarray(error > 0))
    return np.asarray(2 * norm.sf(np.abs(z)), dtype=np.float64)


def adjust(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Benjamini-Hochberg adjusted p-values (1995): rows below q have false discovery rate q."""
    count = len(p_values)
    order = np.argsort(p_values)[::-1]
    scaled = p_values[order] * count / np.arange(count, 0, -1)
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled), 1.0)
    return adjusted


def _net(months: pd.DataFrame, prefix: str) -> NDArray[np.float64]:
    share = (months[f"{prefix}good"] - months[f"{prefix}bad"]) / months[f"{prefix}n"]
    return share.to_numpy(dtype=np.float64)


def _points(connection: duckdb.DuckDBPyConnection, entity: str, as_of: date) -> pd.DataFrame:
    months = _monthly(connection, entity, as_of)
    points = months[["entity_id", "day"]].copy()
    points["entity_type"] = entity
    points["metric"] = "net_sentiment"
    points["before"], points["after"] = _net(months, "old_"), _net(months, "")
    points["p_value"] = adjust(change_p_values(months))
    points["direction"] = np.where(points["after"] < points["before"], "down", "up")
    return points[points["p_value"] < FALSE_DISCOVERY_RATE]


def run(connection: duckdb.DuckDBPyConnection, as_of: date) -> int:
    """Write the months whose net sentiment of reviews differs soundly from the month before.

    Per product, category and region, with at least MIN_RESPONSES reviews in both months and the
    false discovery rate over all of one entity type's months held at 5 %. `day` is the first day
    of the month (which may be in progress), `p_value` is the adjusted one, `direction` is 'up' or
    'down'. A product turned negative where `before` >= 0 and `after` < 0.
    """
    if not has_column(connection, "reviews", "sentiment"):
        raise NotEnoughDataError("the reviews have no sentiment")
    scored = connection.execute("SELECT 1 FROM reviews WHERE sentiment IS NOT NULL LIMIT 1")
    if not scored.fetchall():
        raise NotEnoughDataError("no review has a sentiment")
    known = [entity for entity in ENTITIES if _known(connection, entity)]
    found = [_points(connection, entity, as_of) for entity in known]
    points = pd.concat(found, ignore_index=True)
    return write(connection, "turning_points", COLUMNS, points)


def _known(connection: duckdb.DuckDBPyConnection, entity: str) -> bool:
    table = {"category": "products", "region": "customers"}.get(entity, "reviews")
    column = {"product": "product_id"}.get(entity, entity)
    return has_column(connection, table, column)


TURNING_POINTS: Final = Mart("turning_points", ("reviews",), run)
