"""What a build would do with the first rows of a source, without building anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from analytics.build.pipeline import rejected_summary
from analytics.build.quarantine import REJECTED, create_rejected, quoted
from analytics.build.report import RejectReport
from analytics.build.shaping import create_macros, part_table, shape_source
from analytics.build.staging import SourceFiles, stage_inputs
from analytics.sources.raw import ROW
from analytics.sources.readers import read_input

CHECKED_ROWS = 1_000
SAMPLE_ROWS = 3
EXAMPLES = 5


@dataclass(frozen=True)
class InputCheck:
    """One input file: how many rows were looked at, which columns are read and which are not."""

    name: str
    file: str
    read: int
    rejected: int
    used: Sequence[str]
    ignored: Sequence[str]


@dataclass(frozen=True)
class TableCheck:
    """One table that would be filled: expression by column, and its first rows."""

    name: str
    columns: dict[str, str]
    rows: int
    sample: Sequence[dict[str, Any]]


@dataclass(frozen=True)
class SourceCheck:
    """What would happen to the first rows of one source."""

    source: str
    about: str
    inputs: Sequence[InputCheck]
    tables: Sequence[TableCheck]
    rejected: Sequence[RejectReport]
    examples: Sequence[dict[str, Any]]


def check_source(source: SourceFiles, today: date, rows: int = CHECKED_ROWS) -> SourceCheck:
    """Run the first `rows` rows of each input through the mapping, in memory.

    Raises SourceError as a build would. Where inputs are joined, rows whose partner lies further
    down the other file look unjoined here.
    """
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        create_macros(connection)
        create_rejected(connection)
        staged = stage_inputs(connection, source, lambda _: None, first_rows=rows)
        inputs = []
        items = [item for item in source.mapping.inputs if item.name in source.paths]
        for item, done in zip(items, staged, strict=True):
            found = read_input(item, source.paths[item.name]).columns
            known = {column.name.lower() for column in item.columns or ()}
            used = [name for name in found if item.columns is None or name.lower() in known]
            ignored = [name for name in found if name not in used]
            inputs.append(InputCheck(item.name, done.file, done.read, done.rejected, used, ignored))
        made = shape_source(connection, source, today)
        tables = [_table(connection, source, name) for name in made]
        return SourceCheck(
            source.mapping.name,
            source.mapping.about,
            inputs,
            tables,
            rejected_summary(connection),
            _rows(connection, f"SELECT * FROM {REJECTED} LIMIT {EXAMPLES}"),
        )


def _table(connection: duckdb.DuckDBPyConnection, source: SourceFiles, name: str) -> TableCheck:
    [shape] = [shape for shape in source.mapping.tables if shape.name == name]
    columns = dict(shape.columns or {})
    for position, within in (shape.position or {}).items():
        columns[position] = f"position within {', '.join(within)}"
    part = quoted(part_table(source.mapping.name, name))
    [(rows,)] = connection.execute(f"SELECT count(*) FROM {part}").fetchall()
    sample = _rows(
        connection, f"SELECT * EXCLUDE ({ROW}) FROM {part} ORDER BY {ROW} LIMIT {SAMPLE_ROWS}"
    )
    return TableCheck(name, columns, int(rows), sample)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = connection.sql(sql).to_arrow_table().to_pylist()
    return rows
