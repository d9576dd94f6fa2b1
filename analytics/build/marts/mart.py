"""What a mart is: a table that the build computes with a model from the tables already there."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

Progress = Callable[[str], None]
RunMart = Callable[[duckdb.DuckDBPyConnection, date], int]


class NotEnoughDataError(Exception):
    """The tables are there but hold too little for this mart; the message says what is missing."""


@dataclass(frozen=True)
class Mart:
    """One computed table.

    `needs` names tables, all of which must be there; an entry "a|b" asks for at least one of the
    two. `run(connection, as_of)` writes the table and returns its number of rows; it sees data up
    to the end of day `as_of`, reads no clock, and gives the same rows every time.
    """

    name: str
    needs: tuple[str, ...]
    run: RunMart


@dataclass(frozen=True)
class MartOutcome:
    """How one mart went: its rows, or in `error` why it was skipped or failed."""

    name: str
    rows: int
    error: str | None
    seconds: float


def run_mart(
    mart: Mart, connection: duckdb.DuckDBPyConnection, tables: frozenset[str], as_of: date
) -> MartOutcome:
    """Run one mart in a transaction of its own; a failure leaves nothing behind and is reported."""
    started = time.perf_counter()
    missing = [need for need in mart.needs if not tables.intersection(need.split("|"))]
    if missing:
        wanted = " and ".join(need.replace("|", " or ") for need in missing)
        return MartOutcome(mart.name, 0, f"skipped: no table {wanted}", 0.0)
    connection.begin()
    try:
        rows, error = mart.run(connection, as_of), None
        connection.commit()
    except NotEnoughDataError as reason:
        connection.rollback()
        rows, error = 0, f"skipped: {reason}"
    except Exception as problem:
        # A mart is an extra: whatever goes wrong in it, the build must go on and say so.
        connection.rollback()
        rows, error = 0, f"failed: {type(problem).__name__}: {problem}"
    return MartOutcome(mart.name, rows, error, time.perf_counter() - started)


def run_all(
    marts: Sequence[Mart],
    connection: duckdb.DuckDBPyConnection,
    as_of: date,
    progress: Progress | None = None,
) -> list[MartOutcome]:
    """Run the marts in order; later ones may need tables of earlier ones."""
    outcomes = []
    for mart in marts:
        if progress is not None:
            progress(f"Computing {mart.name}")
        found = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'"
        ).fetchall()
        tables = frozenset(str(row[0]) for row in found)
        outcomes.append(run_mart(mart, connection, tables, as_of))
    return outcomes
