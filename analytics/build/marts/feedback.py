"""`feedback`: every text of a customer, whatever it came by, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb

from analytics.build.marts.mart import Mart, NotEnoughDataError
from analytics.build.marts.tables import has_column


@dataclass(frozen=True, slots=True)
class TextTable:
    """A contract table of texts: its key and time, and how the source is called in an answer."""

    key: str
    time: str
    label: str


TEXTS: Final[Mapping[str, TextTable]] = {
    "reviews": TextTable("review_id", "created_at", "reviews"),
    "tickets": TextTable("ticket_id", "opened_at", "tickets"),
    "social_posts": TextTable("post_id", "posted_at", "social posts"),
}

_OPTIONAL: Final = {
    "product_id": "VARCHAR",
    "customer_id": "VARCHAR",
    "rating": "DOUBLE",
    "sentiment": "VARCHAR",
    "sentiment_score": "DOUBLE",
}
# Stars as answers to "would you recommend it": the usual reading where nobody asked that question.
_STANCE: Final = (
    "CASE WHEN rating IS NULL THEN NULL WHEN rating >= 5 THEN 'promoters' "
    "WHEN rating >= 4 THEN 'passives' ELSE 'detractors' END"
)


def text_tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables at hand that hold texts."""
    return [table for table in TEXTS if has_column(connection, table, "body")]


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    one = TEXTS[table]
    columns = [
        f"{name if has_column(connection, table, name) else 'NULL'}::{kind} AS {name}"
        for name, kind in _OPTIONAL.items()
    ]
    return (
        f"SELECT '{table}/' || {one.key} AS text_id, '{one.label}' AS source, "
        f"{one.key}::VARCHAR AS source_id, {one.time}::TIMESTAMP AS said_at, {', '.join(columns)}, "
        f"body "
        f"FROM {table} WHERE length(trim(body)) > 0 AND {one.time} < $as_of::DATE + 1"
    )


def run(connection: duckdb.DuckDBPyConnection, as_of: date) -> int:
    """Brings the texts of all sources together; their number."""
    tables = text_tables(connection)
    if not tables:
        raise NotEnoughDataError("no table holds texts")
    union = " UNION ALL ".join(_rows(connection, table) for table in tables)
    connection.execute(
        f"CREATE OR REPLACE TABLE feedback AS SELECT *, {_STANCE} AS stance FROM ({union}) "
        "ORDER BY said_at, text_id",
        {"as_of": as_of},
    )
    [(rows,)] = connection.execute("SELECT count(*) FROM feedback").fetchall()
    return int(rows)


FEEDBACK: Final = Mart("feedback", ("reviews|tickets|social_posts",), run)
