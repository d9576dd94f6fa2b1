"""Reading a published snapshot: hardened, time-limited, following the pointer.

A snapshot is one DuckDB file, `$VERBATIM_HOME/warehouse/<build id>.duckdb`; the text file
`current` beside it names the one that serves. Builds never touch a published file, so any
number of readers work without locks.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

import duckdb
import pyarrow as pa

from analytics.sources.errors import (
    NoWarehouse,
    QueryBusy,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    QueryTooBig,
    TooManyRows,
    WarehouseError,
)
from analytics.sources.guard import check_select

__all__ = [
    "Limits",
    "NoWarehouse",
    "QueryBusy",
    "QueryFailed",
    "QueryRefused",
    "QueryTimeout",
    "QueryTooBig",
    "TableInfo",
    "TooManyRows",
    "Warehouse",
    "WarehouseError",
    "WarehouseFollower",
]

POINTER = "current"
WORDS = ".words"
"""The folder beside a snapshot, of its name with this ending: the index of customers' words."""
_LOCKING = threading.Lock()
_BUILD_FIRST = "Run `verbatim build --demo`, or `verbatim build --source NAME --path FILE`."


@dataclass(frozen=True)
class Limits:
    """What one reader may use. A process opens a given file with one set of limits only.

    Memory and threads are those of all its queries together. Beyond `concurrent` queries at once,
    the next waits for up to `wait_s`.
    """

    memory_mb: int = 1024
    threads: int = 2
    timeout_s: float = 10.0
    max_rows: int = 100_000
    concurrent: int = 4
    wait_s: float = 3.0


@dataclass(frozen=True)
class TableInfo:
    """A table of the snapshot; `columns` maps name to DuckDB type, in table order."""

    name: str
    columns: Mapping[str, str]
    rows: int


@dataclass(frozen=True, eq=False)
class Warehouse:
    """One published snapshot, open for reading. Safe to share between threads.

    The file stays readable for as long as an object holds it, also after a newer snapshot is
    published or this one is removed; it is closed when the last holder lets go.
    """

    path: Path
    snapshot: str
    data_as_of: date
    currency: str | None
    sources: frozenset[str]
    tables: Mapping[str, TableInfo]
    limits: Limits
    _connection: duckdb.DuckDBPyConnection
    _free: threading.BoundedSemaphore

    @classmethod
    def open(cls, path: Path, limits: Limits = Limits()) -> "Warehouse":
        """Open the snapshot at `path`; raises NoWarehouse when it is absent or not a snapshot."""
        connection = _connect(path, limits)
        try:
            tables = _tables(connection)
            snapshot, data_as_of, currency, sources = _build_info(connection, tables)
        except (duckdb.Error, ValueError) as error:
            connection.close()
            raise NoWarehouse(f"{path.name} is incomplete ({error}). {_BUILD_FIRST}") from error
        free = threading.BoundedSemaphore(limits.concurrent)
        return cls(path, snapshot, data_as_of, currency, sources, tables, limits, connection, free)

    def execute(self, sql: str, timeout_s: float | None = None) -> pa.Table:
        """Run one SELECT and return its rows.

        Raises QueryRefused (not one plain SELECT over this snapshot's tables), QueryBusy (no place
        among the others in time), QueryTimeout (past `timeout_s`, default `limits.timeout_s`),
        TooManyRows (more than `limits.max_rows`: a part of a result would be a wrong result, so ask
        for fewer with LIMIT), QueryTooBig (more memory than there may be), QueryFailed.
        """
        seconds = self.limits.timeout_s if timeout_s is None else timeout_s
        with self._place(), self._connection.cursor() as cursor:
            try:
                check_select(cursor, sql, self.tables.keys())
                with _interrupted_after(cursor, seconds):
                    return _fetch(cursor, sql, self.limits.max_rows)
            except duckdb.InterruptException as error:
                raise QueryTimeout(f"The query was stopped after {seconds:g} s.") from error
            except duckdb.OutOfMemoryException as error:
                text = f"The query needs more than the {self.limits.memory_mb} MB it may use."
                raise QueryTooBig(text) from error
            except duckdb.Error as error:
                raise QueryFailed(str(error)) from error

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One of the places for queries; raises QueryBusy when none gets free in time."""
        if not self._free.acquire(timeout=self.limits.wait_s):
            count = self.limits.concurrent
            raise QueryBusy(
                f"{count} queries are running, and none ended in {self.limits.wait_s:g} s."
            )
        try:
            yield
        finally:
            self._free.release()


class WarehouseFollower:
    """Gives the snapshot that serves now. Looking costs one `stat` while nothing changes."""

    def __init__(self, home: Path, limits: Limits = Limits()) -> None:
        self._folder = home / "warehouse"
        self._limits = limits
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._warehouse: Warehouse | None = None

    def current(self) -> Warehouse:
        """The serving snapshot; raises NoWarehouse, saying how to build one.

        A caller keeps the object it got for the length of one question: a newer snapshot
        published meanwhile is another object, and this one stays open until it is let go.
        """
        mark = self._mark()
        with self._lock:
            if self._warehouse is None or mark != self._seen:
                self._warehouse = self._open()
                self._seen = mark
            return self._warehouse

    def _mark(self) -> tuple[int, int]:
        try:
            stat = (self._folder / POINTER).stat()
        except FileNotFoundError:
            raise NoWarehouse(f"There is no data yet. {_BUILD_FIRST}") from None
        return stat.st_ino, stat.st_mtime_ns

    def _open(self) -> Warehouse:
        name = (self._folder / POINTER).read_text(encoding="utf-8").strip()
        if not name.endswith(".duckdb") or Path(name).name != name:
            raise NoWarehouse(
                f"The pointer {self._folder / POINTER} names no snapshot. {_BUILD_FIRST}"
            )
        if self._warehouse is not None and self._warehouse.path.name == name:
            return self._warehouse
        return Warehouse.open(self._folder / name, self._limits)


def _connect(path: Path, limits: Limits) -> duckdb.DuckDBPyConnection:
    if not path.is_file():
        raise NoWarehouse(f"There is no snapshot at {path}. {_BUILD_FIRST}")
    config: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        # Otherwise SQL can name a variable of the calling Python code as a table.
        "python_enable_replacements": "false",
        "memory_limit": f"{limits.memory_mb}MB",
        # Nothing is spilled: files would hold customers' words outside the snapshot.
        "temp_directory": "",
        "max_temp_directory_size": "0B",
        "threads": str(limits.threads),
    }
    try:
        connection = duckdb.connect(str(path), read_only=True, config=config)
    except duckdb.Error as error:
        raise NoWarehouse(f"{path.name} cannot be opened ({error}). {_BUILD_FIRST}") from error
    with _LOCKING:
        # A second connection to a file shares the first one's settings, which are locked already.
        [(locked,)] = connection.execute("SELECT current_setting('lock_configuration')").fetchall()
        if not locked:
            connection.execute("SET GLOBAL TimeZone = 'UTC'")
            connection.execute("SET lock_configuration = true")
    return connection


def _build_info(
    connection: duckdb.DuckDBPyConnection, tables: Mapping[str, TableInfo]
) -> tuple[str, date, str | None, frozenset[str]]:
    known = tables["build_info"].columns if "build_info" in tables else {}
    currency = "any_value(currency)" if "currency" in known else "NULL"
    [(build_id, data_as_of, money, sources)] = connection.execute(
        f"SELECT any_value(build_id), max(data_as_of), {currency}, list(DISTINCT source) "
        "FROM build_info"
    ).fetchall()
    if build_id is None or data_as_of is None:
        raise ValueError("build_info is empty")
    return str(build_id), data_as_of, money, frozenset(sources)


def _tables(connection: duckdb.DuckDBPyConnection) -> Mapping[str, TableInfo]:
    columns: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE schema_name = 'main' AND NOT internal ORDER BY table_name, column_index"
    ).fetchall():
        columns.setdefault(table, {})[column] = kind
    return MappingProxyType(
        {
            name: TableInfo(name, MappingProxyType(found), _count(connection, name))
            for name, found in columns.items()
        }
    )


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    quoted = table.replace('"', '""')
    [(rows,)] = connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchall()
    return int(rows)


@contextmanager
def _interrupted_after(cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    timer = threading.Timer(seconds, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _fetch(cursor: duckdb.DuckDBPyConnection, sql: str, max_rows: int) -> pa.Table:
    """The rows, read in batches so that an oversized result is never held in memory whole."""
    reader = cursor.sql(sql).to_arrow_reader(10_000)
    batches, rows = [], 0
    for batch in reader:
        rows += batch.num_rows
        if rows > max_rows:
            raise TooManyRows(f"The result has more than {max_rows:,} rows; ask for fewer.")
        batches.append(batch)
    return pa.Table.from_batches(batches, schema=reader.schema)
