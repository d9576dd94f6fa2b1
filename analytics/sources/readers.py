"""Reading one input, whatever its format: CSV, JSON, Parquet or a table of a database."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from analytics.sources.delimited import read_delimited
from analytics.sources.errors import SourceError
from analytics.sources.mapping import Input
from analytics.sources.raw import BATCH_ROWS, ROW, BadRow, Batch, RawTable, text_batch
from analytics.sources.text_lines import Line, read_lines

_ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".parquet": "parquet",
}
_COLUMN_SAMPLE = 1_000


def read_input(item: Input, path: str) -> RawTable:
    """The rows of `path`, a file or a database URL. Raises SourceError naming file and cause."""
    if "://" in path:
        return _read_database(path, item.table)
    file = Path(path)
    if not file.is_file():
        raise SourceError(f"There is no file {path}.")
    if file.stat().st_size == 0:
        raise SourceError(f"{path} is empty.")
    match _format(item, file):
        case "csv":
            delimiter = "\t" if ".tsv" in file.suffixes else item.delimiter
            return read_delimited(file, item.encoding, delimiter)
        case "json":
            return _read_json(file, item.encoding)
        case _:
            return _read_parquet(file)


def _format(item: Input, path: Path) -> str:
    if item.format != "auto":
        return item.format
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    found = _ENDINGS.get(suffixes[-1]) if suffixes else None
    if found is None:
        known = ", ".join(_ENDINGS)
        raise SourceError(f"{path}: the ending says no format; known: {known}, each also .gz.")
    return found


def _read_parquet(path: Path) -> RawTable:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise SourceError(f"{path} is not a readable Parquet file: {error}.") from error

    def batches() -> Iterator[Batch]:
        start = 1
        try:
            for batch in file.iter_batches(BATCH_ROWS):
                table = pa.Table.from_batches([batch])
                numbers = pa.array(range(start, start + table.num_rows), pa.int64())
                start += table.num_rows
                yield Batch(table.add_column(0, ROW, numbers))
        except (pa.ArrowInvalid, OSError) as error:
            raise SourceError(f"{path} is damaged: {error}.") from error

    return RawTable(tuple(file.schema_arrow.names), batches())


def _read_json(path: Path, encoding: str) -> RawTable:
    lines = read_lines(path, encoding)
    first = next(lines, None)
    if first is not None and first.text.lstrip().startswith("["):
        return _from_objects(path, _array_items(path, encoding))
    return _from_objects(path, _line_items(read_lines(path, encoding)))


def _array_items(path: Path, encoding: str) -> Iterator[tuple[int, Any, str]]:
    text = "".join(line.text for line in read_lines(path, encoding))
    try:
        items = json.loads(text)
    except json.JSONDecodeError as error:
        raise SourceError(f"{path} is not valid JSON: {error}.") from error
    yield from ((number, item, "") for number, item in enumerate(items, start=1))


def _line_items(lines: Iterable[Line]) -> Iterator[tuple[int, Any, str]]:
    for line in lines:
        if line.problem:
            yield line.number, None, line.problem
        elif line.text.strip():
            try:
                yield line.number, json.loads(line.text), ""
            except (json.JSONDecodeError, RecursionError) as error:
                yield line.number, None, f"not valid JSON: {error}"


def _from_objects(path: Path, items: Iterator[tuple[int, Any, str]]) -> RawTable:
    """The columns are those of the first rows; a field that appears later only is not read."""
    sample = list(islice(items, _COLUMN_SAMPLE))
    if not sample:
        raise SourceError(f"{path} is empty.")
    names = tuple(
        dict.fromkeys(key for _, item, _ in sample if isinstance(item, dict) for key in item)
    )
    if not names:
        raise SourceError(f"{path} holds no JSON objects.")

    def batches() -> Iterator[Batch]:
        chunk = sample
        while chunk:
            yield _object_batch(names, chunk)
            chunk = list(islice(items, BATCH_ROWS))

    return RawTable(names, batches())


def _object_batch(names: tuple[str, ...], chunk: list[tuple[int, Any, str]]) -> Batch:
    good = [(row, item) for row, item, _ in chunk if isinstance(item, dict)]
    bad = [
        BadRow(row, problem or "not a JSON object")
        for row, item, problem in chunk
        if not isinstance(item, dict)
    ]
    columns = [[_as_text(item.get(name)) for _, item in good] for name in names]
    return text_batch(names, [row for row, _ in good], columns, bad)


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        # A lone surrogate ("\ud800") is valid JSON and no valid text.
        return value if value is None else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict | list | bool):
        return json.dumps(value)
    return str(value)


def _read_database(url: str, table: str) -> RawTable:
    """A table or view of a database, by SQLAlchemy URL; `duckdb:///file` is read by DuckDB."""
    if not table:
        raise SourceError(f"{_without_secret(url)}: the mapping's input needs `table:`.")
    if url.startswith("duckdb:///"):
        return _read_duckdb(Path(url.removeprefix("duckdb:///")), table)
    try:
        engine = sa.create_engine(url)
        connection = engine.connect().execution_options(stream_results=True)
        schema, _, name = table.rpartition(".")
        rows = sa.table(name, schema=schema or None)
        result = connection.execute(sa.select(sa.text("*")).select_from(rows))
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        reason = str(error).splitlines()[0]
        raise SourceError(f"{_without_secret(url)}, table {table}: {reason}.") from error
    names = tuple(result.keys())

    def batches() -> Iterator[Batch]:
        start = 1
        with connection, result:
            for rows in result.partitions(BATCH_ROWS):
                numbers = range(start, start + len(rows))
                start += len(rows)
                columns = [[_as_text(row[index]) for row in rows] for index in range(len(names))]
                yield text_batch(names, numbers, columns)
        engine.dispose()

    return RawTable(names, batches())


def _read_duckdb(path: Path, table: str) -> RawTable:
    quoted = ".".join('"' + part.replace('"', '""') + '"' for part in table.split("."))
    if not path.is_file():
        raise SourceError(f"There is no database {path}.")
    try:
        connection = duckdb.connect(str(path), read_only=True)
        reader = connection.sql(f"FROM {quoted}").to_arrow_reader(BATCH_ROWS)
    except duckdb.Error as error:
        raise SourceError(f"{path}, table {table}: {str(error).splitlines()[0]}.") from error

    def batches() -> Iterator[Batch]:
        start = 1
        for batch in reader:
            rows = pa.Table.from_batches([batch])
            numbers = pa.array(range(start, start + rows.num_rows), pa.int64())
            start += rows.num_rows
            yield Batch(rows.add_column(0, ROW, numbers))
        connection.close()

    return RawTable(tuple(reader.schema.names), batches())


def _without_secret(url: str) -> str:
    try:
        return sa.make_url(url).render_as_string(hide_password=True)
    except sa.exc.ArgumentError:
        return url.split("://")[0] + "://…"
