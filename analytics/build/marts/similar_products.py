"""`similar_products`: products that the same customers have."""

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb
import numpy as np
import pandas as pd

from analytics.build.marts.baskets import read_baskets, similarities, top
from analytics.build.marts.mart import Mart
from analytics.build.marts.tables import write

NEIGHBOURS: Final = 10
COLUMNS: Final = {"product_id": "VARCHAR", "similar_id": "VARCHAR", "score": "DOUBLE"}


def run(connection: duckdb.DuckDBPyConnection, as_of: date) -> int:
    """Write up to NEIGHBOURS products for each product, by shrunk cosine of their buyers.

    `score` is above 0 and below 1. A product without joint buyers has no row.
    """
    baskets = read_baskets(connection, as_of)
    near, scores = top(similarities(baskets.matrix()), NEIGHBOURS)
    rows = pd.DataFrame(
        {
            "product_id": np.repeat(baskets.products, near.shape[1]),
            "similar_id": baskets.products[near.ravel()],
            "score": scores.ravel(),
        }
    )
    return write(connection, "similar_products", COLUMNS, rows[rows["score"] > 0])


SIMILAR_PRODUCTS: Final = Mart("similar_products", ("order_items|reviews",), run)
