"""`similar_customers`: customers who buy alike."""

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

from analytics.build.marts.mart import Mart, NotEnoughDataError
from analytics.build.marts.tables import has_column, read, write

NEIGHBOURS: Final = 5
MIN_CUSTOMERS: Final = 10
MAX_CUSTOMERS: Final = 20_000
"""Beyond this many, those who bought last are compared."""
TASTE_WEIGHT: Final = 3.0
"""What people buy says more about likeness than how much they buy."""

COLUMNS: Final = {"customer_id": "VARCHAR", "similar_id": "VARCHAR", "score": "DOUBLE"}


def _habits(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    return read(
        connection,
        f"SELECT customer_id, recency_days, frequency, monetary FROM customer_segments "
        f"ORDER BY recency_days, customer_id LIMIT {MAX_CUSTOMERS}",
    )


def _tastes(connection: duckdb.DuckDBPyConnection, as_of: date) -> pd.DataFrame:
    """(customer, category): share of the customer's units."""
    units = read(
        connection,
        """
        SELECT o.customer_id, p.category, sum(o.quantity)::DOUBLE AS units
        FROM order_items o JOIN products p ON p.product_id = o.product_id
        WHERE o.customer_id IS NOT NULL AND p.category IS NOT NULL AND o.quantity > 0
          AND o.ordered_at < ?::DATE + 1
        GROUP BY ALL ORDER BY ALL
        """,
        [as_of],
    )
    wide = units.pivot_table(index="customer_id", columns="category", values="units", fill_value=0)
    return wide.div(wide.sum(axis=1), axis=0)


def _vectors(
    connection: duckdb.DuckDBPyConnection, habits: pd.DataFrame, as_of: date
) -> NDArray[np.float64]:
    amounts = np.log1p(habits[["recency_days", "frequency", "monetary"]].clip(lower=0))
    scaled = np.asarray(StandardScaler().fit_transform(amounts.astype(float)))
    if not has_column(connection, "products", "category"):
        return scaled
    tastes = _tastes(connection, as_of).reindex(habits["customer_id"]).fillna(0.0)
    return np.hstack([scaled, TASTE_WEIGHT * tastes.to_numpy(dtype=np.float64)])


def run(connection: duckdb.DuckDBPyConnection, as_of: date) -> int:
    """Write the NEIGHBOURS nearest customers of each customer who ordered.

    Euclidean distance over log recency, frequency and value (standardised) and the shares of the
    categories bought; `score` is 1 / (1 + distance), so 1 means alike in all of these.
    """
    habits = _habits(connection)
    if len(habits) < MIN_CUSTOMERS:
        raise NotEnoughDataError(f"fewer than {MIN_CUSTOMERS} customers with orders")
    vectors = _vectors(connection, habits, as_of)
    count = min(NEIGHBOURS, len(habits) - 1)
    distance, near = NearestNeighbors(n_neighbors=count).fit(vectors).kneighbors()
    customers = habits["customer_id"].to_numpy()
    rows = pd.DataFrame(
        {
            "customer_id": np.repeat(customers, count),
            "similar_id": customers[near.ravel()],
            "score": 1 / (1 + distance.ravel()),
        }
    )
    return write(connection, "similar_customers", COLUMNS, rows)


SIMILAR_CUSTOMERS: Final = Mart("similar_customers", ("customer_segments", "order_items"), run)
