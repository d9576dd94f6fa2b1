"""Every table of the contract in memory, with few enough rows to compute by hand."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import ibis

from analytics.catalog.contract import CONTRACT
from analytics.catalog.expression import to_ibis
from analytics.catalog.types import Catalog, Metric

CATALOG = Path(__file__).parents[2] / "knowledge" / "catalog"

EXTRA: Mapping[str, Mapping[str, str]] = {
    "reviews": {"helpful_votes": "int64", "language": "string"},
    "customers": {"account_id": "string"},
    "order_items": {
        "country": "string",
        "freight": "float64",
        "order_status": "string",
        "seller_id": "string",
        "customer_history": "string",
    },
    "sessions": {"visitor_lifecycle": "string", "visitor_history": "string"},
    "social_posts": {"complaint_reason": "string"},
    "tickets": {
        "product_id": "string",
        "reopened_count": "int64",
        "satisfaction": "float64",
        "contact_channel": "string",
    },
}
SCHEMA = {table: {**columns, **EXTRA.get(table, {})} for table, columns in CONTRACT.items()}

ROWS: Mapping[str, tuple[str, str]] = {
    "products": (
        "product_id, product_name, category, brand",
        "('P1', 'Lamp', 'Home', 'Lux'), ('P2', 'Desk', 'Office', 'Oak')",
    ),
    "customers": (
        "customer_id, country, region, acquired_on",
        "('C1', 'Sweden', 'North', '2024-01-05'), ('C2', 'Spain', 'South', '2024-02-01')",
    ),
    "reviews": (
        "review_id, product_id, customer_id, created_at, rating, body, sentiment, emotion",
        """('R1', 'P1', 'C1', '2024-01-01', 5, 'good', 'positive', 'joy'),
           ('R2', 'P1', 'C2', '2024-01-02', 1, 'bad!!', 'negative', 'anger'),
           ('R3', 'P2', 'C1', '2024-01-03', 4, 'fine', 'positive', 'joy'),
           ('R4', 'P2', null, '2024-01-04', 3, 'so so', 'neutral', 'surprise'),
           ('R5', 'P2', null, '2024-01-05', 2, null, null, null)""",
    ),
    "order_items": (
        "order_id, line, customer_id, product_id, ordered_at, quantity, unit_price, discount,"
        " revenue, channel, campaign_id, store_id, returned",
        """('O1', 1, 'C1', 'P1', '2024-01-01', 2, 10, 0, 20, 'web', 'M1', null, false),
           ('O1', 2, 'C1', 'P2', '2024-01-01', 1, 50, 10, 40, 'web', 'M1', null, true),
           ('O2', 1, 'C1', 'P1', '2024-01-02', 1, 10, 0, 10, 'store', null, 'S1', false),
           ('O3', 1, 'C2', 'P1', '2024-01-03', 3, 10, 0, 30, 'app', null, null, true),
           ('O4', 1, null, 'P2', '2024-01-04', 1, 50, 0, 50, 'app', null, null, null)""",
    ),
    "sessions": (
        "session_id, visitor_id, customer_id, started_at, duration_seconds, page_views,"
        " reached_cart, reached_checkout, purchased",
        """('W1', 'V1', 'C1', '2024-01-01', 60, 5, true, true, true),
           ('W2', 'V1', null, '2024-01-02', 10, 1, false, false, false),
           ('W3', 'V2', null, '2024-01-03', 50, 3, true, true, false),
           ('W4', 'V3', null, '2024-01-04', 40, 2, true, false, false),
           ('W5', 'V4', null, '2024-01-05', 40, 1, false, false, false)""",
    ),
    "tickets": (
        "ticket_id, customer_id, opened_at, first_response_at, resolved_at, sentiment,"
        " priority, reopened_count, satisfaction",
        """('T1', 'C1', '2024-01-01 00:00', '2024-01-01 01:00', '2024-01-01 12:00', 'negative',
            'high', 1, 5),
           ('T2', 'C1', '2024-01-02 00:00', '2024-01-02 03:00', '2024-01-04 00:00', 'neutral',
            'low', 0, 2),
           ('T3', 'C2', '2024-01-03 00:00', '2024-01-03 02:00', null, 'positive', 'low', 0, null),
           ('T4', null, '2024-01-04 00:00', null, null, 'negative', 'low', 0, null)""",
    ),
    "social_posts": (
        "post_id, author_id, posted_at, likes, shares, comments, sentiment",
        """('X1', 'U1', '2024-01-01', 10, 2, 3, 'positive'),
           ('X2', 'U1', '2024-01-02', 4, null, 1, 'negative'),
           ('X3', 'U2', '2024-01-03', 1, 0, 0, 'negative')""",
    ),
    "ad_spend": (
        "day, campaign_id, channel, spend, impressions, clicks",
        "('2024-01-01', 'M1', 'search', 20, 1000, 50), ('2024-01-02', 'M2', 'email', 10, 500, 0)",
    ),
    "events": (
        "session_id, event_at, event_type, page, product_id",
        """('W1', '2024-01-01', 'product_view', '/p1', 'P1'),
           ('W1', '2024-01-01', 'product_view', '/p2', 'P2'),
           ('W1', '2024-01-01', 'add_to_cart', '/p2', 'P2')""",
    ),
    "store_visits": (
        "visit_id, store_id, visitor_id, entered_at, left_at",
        """('B1', 'S1', 'V1', '2024-01-01 10:00', '2024-01-01 10:10'),
           ('B2', 'S1', 'V1', '2024-01-02 10:00', '2024-01-02 10:20')""",
    ),
    "zone_dwell": (
        "visit_id, store_id, zone, entered_at, seconds",
        """('B1', 'S1', 'Audio', '2024-01-01 10:00', 60),
           ('B1', 'S1', 'Till', '2024-01-01 10:05', 30),
           ('B2', 'S1', 'Audio', '2024-01-02 10:00', 90)""",
    ),
    "footfall": (
        "store_id, sensor, counted_at, people",
        "('S1', 'door', '2024-01-01 10:00', 7), ('S1', 'door', '2024-01-01 11:00', 5)",
    ),
}


def small_warehouse() -> duckdb.DuckDBPyConnection:
    """A connection with every table; those of ``ROWS`` are filled."""
    con = duckdb.connect()
    for table, columns in SCHEMA.items():
        typed = ", ".join(f"{name} {_duckdb_type(kind)}" for name, kind in columns.items())
        con.execute(f"create table {table} ({typed})")
        if table in ROWS:
            names, rows = ROWS[table]
            con.execute(f"insert into {table} ({names}) values {rows}")
    return con


def figure(con: duckdb.DuckDBPyConnection, catalog: Catalog, name: str) -> Any:
    """The value of a metric over all rows, by the plainest reading of its definition."""
    metric = catalog.metrics[name]
    if metric.ratio_of:
        first, second = (figure(con, catalog, part) for part in metric.ratio_of)
        return first / second if second else None
    [(value, _)] = con.execute(ibis.to_sql(aggregated(catalog, metric), "duckdb")).fetchall()
    return value


def aggregated(catalog: Catalog, metric: Metric) -> Any:
    """An Ibis table of one row: the metric's value and its sample."""
    table = catalog.models[metric.model].table
    rows = ibis.table(SCHEMA[table], name=table)
    if metric.where:
        rows = rows.filter(to_ibis(metric.where, rows))
    if metric.per and metric.inner:
        inner = {name: to_ibis(sql, rows) for name, sql in metric.inner.items()}
        rows = rows.group_by(metric.per).aggregate(**inner)
    if metric.average_of:
        value = to_ibis(metric.average_of, rows).mean()
    else:
        value = to_ibis(metric.expression or "", rows)
    return rows.aggregate(value=value, sample=to_ibis(metric.sample, rows))


def _duckdb_type(kind: str) -> str:
    return {"string": "varchar", "int64": "bigint", "int32": "integer", "float64": "double"}.get(
        kind, kind
    )
