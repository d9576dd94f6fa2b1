"""Reading the inputs of one source into staging tables, typed, with bad rows set aside."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import duckdb
import pyarrow as pa

from analytics.build.quarantine import (
    REJECTED,
    Origin,
    Rule,
    quarantine,
    quoted,
    reject_unreadable,
    repeated,
)
from analytics.build.typed import SQL_TYPES, cast_input, missing_value, unreadable_value
from analytics.sources.errors import SourceError
from analytics.sources.mapping import Input, InputColumn, SourceMapping
from analytics.sources.raw import ROW, Batch
from analytics.sources.readers import read_input


class Progress(Protocol):
    """Told in words what is being done; called often, so it must be cheap."""

    def __call__(self, message: str, /) -> None:
        """Show the message."""


@dataclass(frozen=True)
class SourceFiles:
    """A source with the file (or database URL) of each of its inputs."""

    mapping: SourceMapping
    paths: dict[str, str]


@dataclass(frozen=True)
class Staged:
    """What reading one input came to, in rows."""

    file: str
    read: int
    rejected: int


def stage_inputs(
    connection: duckdb.DuckDBPyConnection,
    source: SourceFiles,
    progress: Progress,
    first_rows: int | None = None,
) -> list[Staged]:
    """Fill one staging table per input that is there; `first_rows` reads no further than that."""
    staged = []
    for item in source.mapping.inputs:
        if item.name in source.paths:
            origin = Origin(source.mapping.name, file_name(source.paths[item.name]))
            staged.append(_stage_input(connection, source, item, origin, progress, first_rows))
    return staged


def file_name(path: str) -> str:
    """The last part of a path or URL, without what may follow it (a password, say)."""
    return path.split("?")[0].rsplit("/", 1)[-1]


def input_table(mapping: SourceMapping, name: str) -> str:
    """The staging table of an input or step."""
    return f"{mapping.name}:{name}"


def _stage_input(
    connection: duckdb.DuckDBPyConnection,
    source: SourceFiles,
    item: Input,
    origin: Origin,
    progress: Progress,
    first_rows: int | None,
) -> Staged:
    path, table = source.paths[item.name], input_table(source.mapping, item.name)
    raw = read_input(item, path)
    columns = _columns(item, raw.columns, origin.file)
    before = _rejected(connection)
    _create_raw(connection, table, columns)
    unreadable = _load(connection, table, columns, raw.batches, origin, progress, first_rows)
    good = _count(connection, table)
    if good == 0 and unreadable == 0:
        raise SourceError(f"{path} holds no rows, only a header.")
    progress(f"Checking {origin.file}")
    _type_columns(connection, table, columns, origin)
    _apply_rules(connection, table, item, origin)
    if _count(connection, table) == 0:
        raise SourceError(f"{path}: every row was rejected. {_main_reasons(connection, origin)}")
    return Staged(origin.file, good + unreadable, _rejected(connection) - before)


def _columns(item: Input, found: Iterable[str], file: str) -> tuple[InputColumn, ...]:
    """The columns to read; raises SourceError naming file and column where one is missing."""
    names = list(found)
    if len({name.lower() for name in names}) < len(names):
        raise SourceError(f"{file}: two columns have the same name ({', '.join(names)}).")
    if item.columns is None:
        return tuple(InputColumn(name) for name in names if name.lower() != ROW)
    known = {name.lower(): name for name in names}
    missing = [
        column.name
        for column in item.columns
        if column.name.lower() not in known and not column.optional
    ]
    if missing:
        raise SourceError(
            f"{file}: column {', '.join(missing)} is missing. The file has: {', '.join(names)}."
        )
    return item.columns


def _create_raw(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Iterable[InputColumn]
) -> None:
    listed = "".join(f", {quoted(column.name)} VARCHAR" for column in columns)
    connection.execute(f"CREATE OR REPLACE TABLE {quoted(table)} ({ROW} BIGINT{listed})")


def _load(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Iterable[InputColumn],
    batches: Iterable[Batch],
    origin: Origin,
    progress: Progress,
    first_rows: int | None,
) -> int:
    """Append the batches as text, empty text as NULL; the number of unreadable rows."""
    loaded = unreadable = 0
    for batch in batches:
        rows, bad = batch.table, batch.bad
        if first_rows is not None:
            rows = rows.slice(0, first_rows - loaded)
            bad = [item for item in bad if item.row <= first_rows + 1]
        _append(connection, table, columns, rows)
        reject_unreadable(connection, origin, bad)
        loaded, unreadable = loaded + rows.num_rows, unreadable + len(bad)
        progress(f"Reading {origin.file}: {loaded:,} rows")
        if first_rows is not None and loaded >= first_rows:
            break
    return unreadable


def _append(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Iterable[InputColumn],
    rows: pa.Table,
) -> None:
    known = {name.lower(): name for name in rows.column_names}
    names = [known.get(column.name.lower()) for column in columns]
    listed = "".join(f", {_as_text(rows.schema, name)}" for name in names)
    connection.register("batch", rows)
    connection.execute(f"INSERT INTO {quoted(table)} SELECT {ROW}{listed} FROM batch")
    connection.unregister("batch")


def _as_text(schema: pa.Schema, name: str | None) -> str:
    if name is None:
        return "NULL"
    text = f"nullif(trim(CAST({quoted(name)} AS VARCHAR)), '')"
    if pa.types.is_floating(schema.field(name).type):
        # Programs that know no missing number write NaN for one.
        return f"nullif({text}, 'nan')"
    return text


def _type_columns(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Iterable[InputColumn],
    origin: Origin,
) -> None:
    """Replace text by typed values; rows with text that does not turn are rejected."""
    rules: list[Rule] = []
    for column in columns:
        name, typed = quoted(column.name), cast_input(column)
        if column.kind != "text":
            rules.append(unreadable_value(column.name, name, typed, SQL_TYPES[column.kind]))
        if column.required:
            rules.append(missing_value(column.name, name))
    quarantine(connection, table, rules, origin)
    typed = ", ".join(
        f"{cast_input(column)} AS {quoted(column.name)}"
        for column in columns
        if column.kind != "text"
    )
    if typed:
        connection.execute(
            f"CREATE OR REPLACE TABLE {quoted(table)} AS "
            f"SELECT * REPLACE ({typed}) FROM {quoted(table)}"
        )


def _apply_rules(
    connection: duckdb.DuckDBPyConnection, table: str, item: Input, origin: Origin
) -> None:
    rules = [
        Rule(rule.column, f"(\n{rule.when}\n)", "'" + rule.reason.replace("'", "''") + "'")
        for rule in item.reject
    ]
    quarantine(connection, table, rules, origin)
    if item.distinct:
        rule = repeated(item.distinct, item.distinct[0], "duplicate of")
        quarantine(connection, table, [rule], origin)


def _rejected(connection: duckdb.DuckDBPyConnection) -> int:
    return _count(connection, REJECTED)


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    [(rows,)] = connection.execute(f"SELECT count(*) FROM {quoted(table)}").fetchall()
    return int(rows)


def _main_reasons(connection: duckdb.DuckDBPyConnection, origin: Origin) -> str:
    found = connection.execute(
        f"SELECT concat_ws(' ', \"column\", split_part(reason, ':', 1)) AS why, count(*) AS n "
        f"FROM {REJECTED} WHERE source = ? AND file = ? GROUP BY why ORDER BY n DESC, why LIMIT 3",
        [origin.source, origin.file],
    ).fetchall()
    return "; ".join(f"{why} ({rows:,} rows)" for why, rows in found) + "."
