"""Live feedback as a source of the build: reviews, tickets and posts that came by the API."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby, islice
from typing import Any

import pyarrow as pa

from analytics.build.pipeline import GeneratedSource
from analytics.build.schema import TABLES, TableRule
from bot.state.database import StateDatabase
from bot.state.records import Received, live_feedback

NAME = "live"
CHUNK_ROWS = 10_000

TABLE_OF = {"post": "social_posts", "review": "reviews", "ticket": "tickets"}
# The build scores every text by the model at hand, so a score of an older one does not go in.
SCORES = frozenset({"sentiment", "sentiment_score", "emotion"})
_ARROW = {
    "VARCHAR": pa.string(),
    "DOUBLE": pa.float64(),
    "BIGINT": pa.int64(),
    "TIMESTAMP": pa.timestamp("us"),
}


def live_source(database: StateDatabase) -> GeneratedSource | None:
    """All live feedback in the columns of the warehouse; None where there is none.

    It is read at once, so that what the version says and what the build takes are the same.
    """
    version = hashlib.sha256()
    chunks: list[tuple[str, pa.Table]] = []
    for kind, rows in groupby(_marked(database, version), key=lambda row: row.kind):
        rule = TABLES[TABLE_OF[kind]]
        chunks += [(rule.name, _arrow(rule, chunk)) for chunk in _chunked(rows)]
    if not chunks:
        return None
    return GeneratedSource(NAME, version.hexdigest(), None, lambda: iter(chunks))


def _marked(database: StateDatabase, version: "hashlib._Hash") -> Iterator[Received]:
    """The rows as they come; each marks the version with its id and the moment it was sent."""
    for row in live_feedback(database):
        version.update(f"{row.kind}\0{row.id}\0{row.received_at.isoformat()}\n".encode())
        yield row


def _chunked(rows: Iterable[Received]) -> Iterator[list[Received]]:
    left = iter(rows)
    while chunk := list(islice(left, CHUNK_ROWS)):
        yield chunk


def _arrow(rule: TableRule, rows: Iterable[Received]) -> pa.Table:
    columns = [column for column in rule.columns if column.name not in SCORES]
    schema = pa.schema([(column.name, _ARROW[column.type]) for column in columns])
    instants = {column.name for column in columns if column.type == "TIMESTAMP"}
    return pa.Table.from_pylist([_row(row.fields, instants) for row in rows], schema=schema)


def _row(fields: Mapping[str, Any], instants: Iterable[str]) -> dict[str, Any]:
    """With instants as the warehouse keeps them: UTC, without a zone."""
    row = dict(fields)
    for name in instants:
        if row.get(name) is not None:
            row[name] = datetime.fromisoformat(row[name]).astimezone(UTC).replace(tzinfo=None)
    return row
