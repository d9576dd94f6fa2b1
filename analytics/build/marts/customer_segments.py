"""`customer_segments`: groups of customers by how lately, how often and for how much they buy."""

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

from analytics.build.marts.mart import Mart, NotEnoughDataError
from analytics.build.marts.tables import has_column, record_run, write

CLUSTERS: Final = 6
MIN_CUSTOMERS: Final = 30
SEED: Final = 7
SILHOUETTE_SAMPLE: Final = 2_000

COLUMNS: Final = {
    "customer_id": "VARCHAR", "segment": "VARCHAR", "recency_days": "BIGINT",
    "frequency": "BIGINT", "monetary": "DOUBLE", "behaviour": "VARCHAR",
}  # fmt: skip

PURCHASES: Final = """
    SELECT o.customer_id,
           date_diff('day', max(o.ordered_at)::DATE, $as_of::DATE) AS recency_days,
           date_diff('day', min(o.ordered_at)::DATE, $as_of::DATE) AS tenure_days,
           count(DISTINCT o.order_id) AS frequency,
           sum(o.revenue) AS monetary,
           count(*) AS lines,
           avg((coalesce(o.discount, 0) > 0)::INT) AS discounted,
           avg(coalesce(o.returned, false)::INT) AS returned,
           count(DISTINCT {category}) AS categories
    FROM order_items o {join}
    WHERE o.customer_id IS NOT NULL AND o.ordered_at < $as_of::DATE + 1
    GROUP BY o.customer_id ORDER BY o.customer_id
"""


def _purchases(connection: duckdb.DuckDBPyConnection, as_of: date) -> pd.DataFrame:
    known = has_column(connection, "products", "category")
    sql = PURCHASES.format(
        category="p.category" if known else "NULL",
        join="LEFT JOIN products p ON p.product_id = o.product_id" if known else "",
    )
    return connection.execute(sql, {"as_of": as_of}).df()


def _features(customers: pd.DataFrame) -> NDArray[np.float64]:
    """Recency, frequency and monetary value on a log scale, standardised."""
    skewed = customers[["recency_days", "frequency", "monetary"]].clip(lower=0)
    return np.asarray(StandardScaler().fit_transform(np.log1p(skewed.astype(float))))


def _name(cluster: pd.Series, everyone: pd.Series) -> str:
    """A plain name for a cluster, from its medians beside everyone's."""
    recent = cluster["recency_days"] <= everyone["recency_days"]
    often = cluster["frequency"] > everyone["frequency"]
    if recent and often:
        return "Champions" if cluster["monetary"] > 2 * everyone["monetary"] else "Loyal"
    if often:
        return "At risk"
    if not recent:
        return "Lapsed"
    return "New" if cluster["tenure_days"] < everyone["tenure_days"] / 2 else "Occasional"


def name_clusters(customers: pd.DataFrame, labels: NDArray[np.int64]) -> pd.Series:
    """A segment name for each customer; clusters that earn the same name become one segment."""
    columns = ["recency_days", "frequency", "monetary", "tenure_days"]
    everyone = customers[columns].median()
    medians = customers[columns].groupby(labels).median()
    names = {label: _name(medians.loc[label], everyone) for label in medians.index}
    return pd.Series(labels, index=customers.index).map(names)


def behaviours(customers: pd.DataFrame) -> NDArray[np.str_]:
    """One word or two on how somebody buys: the first of these that holds."""
    several = customers["lines"] >= 3
    rules = {
        "One order": customers["frequency"] == 1,
        "Returns often": several & (customers["returned"] >= 0.3),
        "Deal seeker": several & (customers["discounted"] >= 0.4),
        "One category": several & (customers["categories"] == 1),
        "Explorer": customers["categories"] >= 5,
    }
    return np.asarray(np.select(list(rules.values()), list(rules), default="Regular"))


def run(connection: duckdb.DuckDBPyConnection, as_of: date) -> int:
    """Segment all customers who ordered, and fill `customers.segment`.

    RFM (Hughes, 1994) clustered by k-means on standardised logarithms; each cluster is named by
    its medians. Customers without an order get no row, and no segment. The silhouette, noted in
    `model_runs`, says how well apart the segments are (1: far apart, 0: overlapping).
    """
    customers = _purchases(connection, as_of)
    if len(customers) < MIN_CUSTOMERS:
        raise NotEnoughDataError(f"fewer than {MIN_CUSTOMERS} customers with orders")
    features = _features(customers)
    distinct = len(np.unique(features, axis=0))
    means = KMeans(n_clusters=min(CLUSTERS, distinct), n_init=4, random_state=SEED)
    labels = means.fit_predict(features).astype(np.int64)
    customers["segment"] = name_clusters(customers, labels)
    customers["behaviour"] = behaviours(customers)
    rows = write(connection, "customer_segments", COLUMNS, customers)
    _fill_customers(connection)
    _record(connection, as_of, features, customers["segment"])
    return rows


def _fill_customers(connection: duckdb.DuckDBPyConnection) -> None:
    if not has_column(connection, "customers", "customer_id"):
        return
    connection.execute("ALTER TABLE customers ADD COLUMN IF NOT EXISTS segment VARCHAR")
    connection.execute(
        "UPDATE customers SET segment = s.segment FROM customer_segments s "
        "WHERE s.customer_id = customers.customer_id"
    )


def _record(
    connection: duckdb.DuckDBPyConnection,
    as_of: date,
    features: NDArray[np.float64],
    segments: pd.Series,
) -> None:
    values = {"customers": float(len(segments)), "segments": float(segments.nunique())}
    if segments.nunique() > 1:
        sample = min(SILHOUETTE_SAMPLE, len(segments))
        values["silhouette"] = float(
            silhouette_score(features, segments, sample_size=sample, random_state=SEED)
        )
    record_run(connection, "customer segments", as_of, "order_items", values)


CUSTOMER_SEGMENTS: Final = Mart("customer_segments", ("order_items",), run)
