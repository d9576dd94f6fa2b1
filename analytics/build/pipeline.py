"""The build: read, validate, quarantine, score, compute marts, check, publish."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from analytics.build.cohorts import add_cohorts
from analytics.build.locate import fingerprint
from analytics.build.quarantine import REJECTED, Origin, create_rejected, quoted
from analytics.build.report import BuildReport, MartReport, Outcome, RejectReport, SourceReport
from analytics.build.schema import SCHEMA_VERSION, TABLES, Layer
from analytics.build.scoring import TextScorer, score_texts
from analytics.build.shaping import create_macros, part_table, shape_source, validate_part
from analytics.build.snapshots import SnapshotFolder
from analytics.build.staging import Progress, SourceFiles, stage_inputs
from analytics.build.tables import complete_dimensions, merge_parts, merged_table, write_tables
from analytics.sources.errors import SourceError
from analytics.sources.raw import ROW
from analytics.sources.warehouse import WORDS, Warehouse

Marts = Callable[[duckdb.DuckDBPyConnection, date, Progress], Sequence["MartOutcome"]]

WordsIndex = Callable[[duckdb.DuckDBPyConnection, Path, date], int]
"""Writes the index of customers' words in a folder: of a snapshot whose data reach to that day."""

if TYPE_CHECKING:  # the marts bring heavy libraries, which only a build that computes them needs
    from analytics.build.marts.mart import MartOutcome

_ANALYTICS = Path(__file__).parents[1]
_CODE = (
    *(_ANALYTICS / name for name in ("build", "sources")),
    _ANALYTICS.parent / "models" / "themes",
    _ANALYTICS.parent / "knowledge" / "retrieval",
)


class BuildFailed(SourceError):
    """The build stopped; the snapshot that served goes on serving."""


@dataclass(frozen=True)
class GeneratedSource:
    """Tables made by a program instead of read from files, already in the contract's columns.

    `as_of` is the day the data reach to, where that is later than their last event; `currency`
    the ISO 4217 code of its amounts, "" where it has none of its own.
    """

    name: str
    version: str
    as_of: date | None
    chunks: Callable[[], Iterator[tuple[str, pa.Table]]]
    currency: str = ""


@dataclass(frozen=True)
class BuildPlan:
    """All that decides a build's content, and where it goes."""

    home: Path
    sources: Sequence[SourceFiles] = ()
    generated: Sequence[GeneratedSource] = ()
    scorer: TextScorer | None = None
    marts: Marts | None = None
    words: WordsIndex | None = None
    memory_mb: int = 2048
    threads: int = 2

    def currency(self) -> str | None:
        """The one currency of all sources. Raises BuildFailed where they have several."""
        mapped = [(one.mapping.name, one.mapping.currency) for one in self.sources]
        made = [(one.name, one.currency) for one in self.generated]
        named = {currency: name for name, currency in (*mapped, *made) if currency}
        if len(named) > 1:
            spelled = ", ".join(f"{name} {currency}" for currency, name in sorted(named.items()))
            raise BuildFailed(
                f"The sources have amounts in different currencies ({spelled}); a sum of them would "
                "be wrong. Convert one of them first, or build them apart."
            )
        return next(iter(named), None)

    def build_id(self) -> str:
        """The same for the same inputs, mappings, code and text model."""
        settings = {
            "schema": str(SCHEMA_VERSION),
            "generated": ", ".join(f"{item.name} {item.version}" for item in self.generated),
            "scorer": self.scorer.version if self.scorer else "",
            "marts": "yes" if self.marts else "",
            "words": "yes" if self.words else "",
        }
        code = [path for folder in _CODE for path in folder.rglob("*.py")]
        return fingerprint(self.sources, settings, code)


def build(plan: BuildPlan, progress: Progress, now: datetime | None = None) -> BuildReport:
    """Build and publish a snapshot, unless one of the same inputs is there already.

    `now` only dates the build and bounds event dates; it is no input of the data. Raises
    SourceError (and publishes nothing) where an input cannot be used.
    """
    folder = SnapshotFolder(plan.home / "warehouse")
    with folder.locked(progress):
        progress("Comparing the inputs with the last build")
        build_id = plan.build_id()
        if folder.file(build_id).is_file():
            return _reuse(folder, build_id)
        run = _Run(plan, build_id, now or datetime.now(UTC), folder, progress)
        try:
            report = run.build()
            with run.timed("publish"):
                folder.publish(run.file, build_id)
        except (duckdb.OutOfMemoryException, duckdb.IOException, OSError) as error:
            reason = str(error).splitlines()[0]
            raise BuildFailed(f"The build ran out of room or could not write: {reason}") from error
        return report


def _reuse(folder: SnapshotFolder, build_id: str) -> BuildReport:
    warehouse = Warehouse.open(folder.file(build_id))
    outcome = Outcome.UNCHANGED
    if folder.current() != build_id:
        folder.republish(build_id)
        outcome = Outcome.REPUBLISHED
    rows = {name: table.rows for name, table in warehouse.tables.items()}
    rejected = _reports(warehouse.execute(_REJECTED_SUMMARY).to_pylist())
    kept = warehouse.execute("SELECT source, rows FROM build_info").to_pylist()
    by_source = {str(row["source"]): int(row["rows"]) for row in kept}
    return BuildReport(build_id, outcome, warehouse.data_as_of, (), rows, rejected, by_source)


@dataclass
class _Run:
    """One build in progress, inside the work folder."""

    plan: BuildPlan
    build_id: str
    now: datetime
    folder: SnapshotFolder
    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)
    reports: list[SourceReport] = field(default_factory=list)
    parts: dict[str, list[str]] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """The snapshot while it is being written."""
        return self.folder.work / f"{self.build_id}.duckdb"

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        spent = time.perf_counter() - started
        self.seconds[step] = round(self.seconds.get(step, 0.0) + spent, 3)

    def build(self) -> BuildReport:
        self.plan.currency()
        with self._staging() as connection:
            with self.timed("read"):
                self._read(connection)
            tables, as_of = self._merge(connection)
            with self.timed("score"):
                scored = self._score(connection, tables)
            with self.timed("write"):
                rows = self._write(connection, tables, as_of)
                rejected = rejected_summary(connection)
        with self.timed("marts"):
            marts, made = self._marts(as_of)
            rows |= made
        if self.plan.words is not None:
            with self.timed("words"), duckdb.connect(str(self.file)) as connection:
                self.progress("Indexing customers' words")
                self.plan.words(connection, self.file.with_suffix(WORDS), as_of)
        with self.timed("check"):
            self._check(rows)
        return BuildReport(
            self.build_id,
            Outcome.BUILT,
            as_of,
            tuple(self.reports),
            rows,
            rejected,
            dict(self.kept),
            marts,
            scored,
            self.seconds,
        )

    @contextmanager
    def _staging(self) -> Iterator[duckdb.DuckDBPyConnection]:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{self.plan.memory_mb}MB",
            "threads": self.plan.threads,
            "temp_directory": str(self.folder.work / "spill"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        }
        # In memory, spilling to the work folder: a file of its own would be synced at every step.
        with duckdb.connect(":memory:", config=config) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            create_macros(connection)
            create_rejected(connection)
            yield connection

    def _read(self, connection: duckdb.DuckDBPyConnection) -> None:
        latest = self.now.date()
        for source in self.plan.sources:
            name = source.mapping.name
            for staged in stage_inputs(connection, source, self.progress):
                self.reports.append(SourceReport(name, staged.file, staged.read, staged.rejected))
            self.progress(f"Shaping {name}")
            for table in shape_source(connection, source, latest):
                self._keep(connection, name, table)
        for generated in self.plan.generated:
            self._generate(connection, generated)

    def _generate(self, connection: duckdb.DuckDBPyConnection, source: GeneratedSource) -> None:
        counts: dict[str, int] = {}
        for table, chunk in source.chunks():
            _append_generated(
                connection, part_table(source.name, table), chunk, counts.get(table, 0)
            )
            counts[table] = counts.get(table, 0) + chunk.num_rows
            self.progress(f"Generating {table}: {counts[table]:,} rows")
        latest = max(source.as_of or date.min, self.now.date())
        for table, rows in counts.items():
            self.progress(f"Checking {table}")
            part = part_table(source.name, table)
            validate_part(connection, part, table, Origin(source.name, table), latest)
            kept = self._keep(connection, source.name, table)
            self.reports.append(SourceReport(source.name, table, rows, rows - kept))

    def _keep(self, connection: duckdb.DuckDBPyConnection, source: str, table: str) -> int:
        rows = _count(connection, part_table(source, table))
        self.parts.setdefault(table, []).append(source)
        self.kept[source] = self.kept.get(source, 0) + rows
        return rows

    def _merge(self, connection: duckdb.DuckDBPyConnection) -> tuple[list[str], date]:
        with self.timed("merge"):
            self.progress("Bringing the sources together")
            for source, repeats in merge_parts(connection, self.parts).items():
                self.kept[source] -= repeats
            dimensions = complete_dimensions(connection, self.parts)
            tables = sorted({*self.parts, *dimensions})
            add_cohorts(connection, tables)
            said = [item.as_of for item in self.plan.generated if item.as_of]
            return tables, max([_data_as_of(connection, tables, self._own_times()), *said])

    def _own_times(self) -> dict[str, str]:
        """The column that dates each fact beyond the contract."""
        shapes = [shape for source in self.plan.sources for shape in source.mapping.tables]
        return {s.name: s.time for s in shapes if s.time is not None and s.name not in TABLES}

    def _score(self, connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> int:
        if self.plan.scorer is None:
            return 0
        cache = self.plan.home / "cache" / "scores.duckdb"
        return score_texts(connection, tables, self.plan.scorer, cache, self.progress)

    def _write(
        self, connection: duckdb.DuckDBPyConnection, tables: Iterable[str], as_of: date
    ) -> dict[str, int]:
        self.progress("Writing the snapshot")
        path = "'" + str(self.file).replace("'", "''") + "'"
        connection.execute(f"ATTACH {path} AS snapshot")
        rows = write_tables(connection, tables, "snapshot")
        connection.execute(
            f'CREATE TABLE snapshot.{REJECTED} AS SELECT source, row, "column", reason, file '
            f"FROM {REJECTED} ORDER BY source, file, row"
        )
        self._write_build_info(connection, as_of)
        connection.execute("DETACH snapshot")
        return rows

    def _write_build_info(self, connection: duckdb.DuckDBPyConnection, as_of: date) -> None:
        connection.execute(
            "CREATE TABLE snapshot.build_info (build_id VARCHAR, built_at TIMESTAMP, "
            "data_as_of DATE, source VARCHAR, rows BIGINT, currency VARCHAR)"
        )
        built_at = self.now.astimezone(UTC).replace(tzinfo=None)
        for source, kept in self.kept.items():
            connection.execute(
                "INSERT INTO snapshot.build_info VALUES (?, ?, ?, ?, ?, ?)",
                [self.build_id, built_at, as_of, source, kept, self.plan.currency()],
            )

    def _marts(self, as_of: date) -> tuple[tuple[MartReport, ...], dict[str, int]]:
        if self.plan.marts is None:
            return (), {}
        self.progress("Computing marts")
        with duckdb.connect(str(self.file)) as connection:
            before = set(_table_names(connection))
            outcomes = self.plan.marts(connection, as_of, self.progress)
            made = set(_table_names(connection)) - before
            rows = {name: _count(connection, name) for name in sorted(made)}
            connection.execute("CHECKPOINT")
        return tuple(MartReport(item.name, item.rows, item.error) for item in outcomes), rows

    def _check(self, rows: Mapping[str, int]) -> None:
        """The last look before publishing: opened as a reader will, contract held, keys unique."""
        self.progress("Checking the snapshot")
        own = self._own_times()
        if not any(rows[name] for name in rows if _is_fact(name) or name in own):
            raise BuildFailed("The sources gave no rows of any fact table; nothing is published.")
        warehouse = Warehouse.open(self.file)
        for name, table in warehouse.tables.items():
            if name in TABLES:
                missing = set(TABLES[name].names) - set(table.columns)
                if missing:
                    raise BuildFailed(f"Table {name} lacks {', '.join(sorted(missing))}.")
                _check_key(warehouse, name)


def _append_generated(
    connection: duckdb.DuckDBPyConnection, part: str, chunk: pa.Table, before: int
) -> None:
    numbers = pa.array(range(before + 1, before + 1 + chunk.num_rows), pa.int64())
    connection.register("chunk", chunk.add_column(0, ROW, numbers))
    if before:
        connection.execute(f"INSERT INTO {quoted(part)} BY NAME FROM chunk")
    else:
        connection.execute(f"CREATE OR REPLACE TABLE {quoted(part)} AS FROM chunk")
    connection.unregister("chunk")


def _is_fact(table: str) -> bool:
    return table in TABLES and TABLES[table].layer is Layer.FACT


def _data_as_of(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[str], own_times: Mapping[str, str]
) -> date:
    """The day of the latest event in any fact."""
    days = []
    for table in tables:
        time = str(TABLES[table].time) if _is_fact(table) else own_times.get(table)
        if time is not None:
            [(day,)] = connection.execute(
                f"SELECT CAST(max({quoted(time)}) AS DATE) FROM {quoted(merged_table(table))}"
            ).fetchall()
            days.append(day)
    known = [day for day in days if day is not None]
    if not known:
        raise BuildFailed("The sources gave no dated rows; nothing is published.")
    latest: date = max(known)
    return latest


def _check_key(warehouse: Warehouse, table: str) -> None:
    key = ", ".join(quoted(name) for name in TABLES[table].key)
    if not key:
        return
    sql = f"SELECT {key} FROM {quoted(table)} GROUP BY ALL HAVING count(*) > 1 LIMIT 1"
    repeated = warehouse.execute(sql, timeout_s=120).to_pylist()
    if repeated:
        raise BuildFailed(f"Table {table} holds {repeated[0]} more than once.")


_REJECTED_SUMMARY = (
    f'SELECT source, coalesce("column", \'\') AS "column", '
    f"regexp_replace(split_part(reason, ':', 1), ' row [0-9]+$', ' an earlier row') AS reason, "
    f"count(*) AS rows FROM {REJECTED} GROUP BY ALL ORDER BY rows DESC, source, reason"
)


def rejected_summary(connection: duckdb.DuckDBPyConnection) -> Sequence[RejectReport]:
    """Rejected rows by source, column and reason, without the values in the reasons."""
    return _reports(connection.sql(_REJECTED_SUMMARY).to_arrow_table().to_pylist())


def _reports(rows: Iterable[Mapping[str, object]]) -> Sequence[RejectReport]:
    return tuple(
        RejectReport(
            str(row["source"]), str(row["column"]), str(row["reason"]), int(str(row["rows"]))
        )
        for row in rows
    )


def _table_names(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    return [str(name) for (name,) in found]


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    [(rows,)] = connection.execute(f"SELECT count(*) FROM {quoted(table)}").fetchall()
    return int(rows)
