"""Splitting rows into those that go on and those that are set aside with a reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from analytics.sources.raw import ROW, BadRow

REJECTED = "rejected_rows"
_UNREADABLE = pa.schema([("row", pa.int64()), ("reason", pa.string())])


@dataclass(frozen=True)
class Origin:
    """Where rows come from, as `rejected_rows` names it."""

    source: str
    file: str


@dataclass(frozen=True)
class Rule:
    """A row for which `when` is true is rejected. `reason` is a SQL text expression."""

    column: str
    when: str
    reason: str


def quoted(name: str) -> str:
    """A SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A SQL string."""
    return "'" + text.replace("'", "''") + "'"


def create_rejected(connection: duckdb.DuckDBPyConnection) -> None:
    """The empty table of rejected rows."""
    connection.execute(
        f"CREATE TABLE {REJECTED} "
        '(source VARCHAR, file VARCHAR, "row" BIGINT, "column" VARCHAR, reason VARCHAR)'
    )


def reject_unreadable(
    connection: duckdb.DuckDBPyConnection, origin: Origin, bad: Sequence[BadRow]
) -> None:
    """Record rows that could not be read at all; they belong to no column."""
    if not bad:
        return
    rows = pa.Table.from_pylist(
        [{"row": item.row, "reason": item.reason} for item in bad], schema=_UNREADABLE
    )
    connection.register("unreadable", rows)
    connection.execute(
        f"INSERT INTO {REJECTED} SELECT ?, ?, row, NULL, reason FROM unreadable",
        [origin.source, origin.file],
    )
    connection.unregister("unreadable")


def quarantine(
    connection: duckdb.DuckDBPyConnection, table: str, rules: Iterable[Rule], origin: Origin
) -> None:
    """Move every row of `table` that breaks a rule to `rejected_rows`.

    A row is recorded once, with the first rule that it breaks, so that the number of rejected
    rows is a number of rows.
    """
    cases = [
        f"WHEN {rule.when} THEN struct_pack(c := {literal(rule.column)}, r := {rule.reason})"
        for rule in rules
    ]
    if not cases:
        return
    # Only the broken rows are copied: they are few, and the table may be large.
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE broken AS SELECT * FROM (SELECT rowid AS id, {ROW}, "
        f"CASE {' '.join(cases)} END AS problem FROM {quoted(table)}) WHERE problem IS NOT NULL"
    )
    connection.execute(
        f"INSERT INTO {REJECTED} SELECT ?, ?, {ROW}, problem.c, problem.r FROM broken ORDER BY id",
        [origin.source, origin.file],
    )
    connection.execute(f"DELETE FROM {quoted(table)} WHERE rowid IN (SELECT id FROM broken)")
    connection.execute("DROP TABLE broken")


def repeated(
    columns: Sequence[str], column: str, words: str, first_by: Sequence[str] = (ROW,)
) -> Rule:
    """A rule against rows that repeat an earlier row in these columns; the first one stays."""
    keys = ", ".join(quoted(name) for name in columns)
    window = f"(PARTITION BY {keys} ORDER BY {', '.join(first_by)})"
    return Rule(
        column=column,
        when=f"row_number() OVER {window} > 1",
        reason=f"{literal(words + ' row ')} || first_value({ROW}) OVER {window}",
    )
