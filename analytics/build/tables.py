"""Bringing the sources' rows together: one table each, complete dimensions, then the file."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import duckdb

from analytics.build.quarantine import Origin, quarantine, quoted, repeated
from analytics.build.schema import DIMENSION_OF, DISPLAY_NAME, TABLES, Layer, TableRule
from analytics.build.shaping import SOURCE_COLUMN, part_table
from analytics.sources.raw import ROW


def merged_table(table: str) -> str:
    """The staging table that holds all sources' rows of a contract table."""
    return f"all>{table}"


def merge_parts(
    connection: duckdb.DuckDBPyConnection, parts: Mapping[str, Sequence[str]]
) -> Counter[str]:
    """Join each table's parts, given as table -> source names in order.

    A key that two sources share is one thing in a dimension (the first source wins, later ones
    fill what it leaves empty) and a duplicate in a fact (the first source's row stays). Returns how
    many duplicates each source gave.
    """
    repeats: Counter[str] = Counter()
    for table, sources in parts.items():
        merged = quoted(merged_table(table))
        if len(sources) == 1:
            part = quoted(part_table(sources[0], table))
            connection.execute(f"ALTER TABLE {part} RENAME TO {merged}")
            continue
        union = " UNION ALL BY NAME ".join(
            f"SELECT *, {order} AS source_order FROM {quoted(part_table(source, table))}"
            for order, source in enumerate(sources)
        )
        connection.execute(f"CREATE OR REPLACE TABLE {merged} AS {union}")
        if table in TABLES:
            before = _rows_by_source(connection, merged)
            _resolve_shared_keys(connection, TABLES[table])
            if TABLES[table].layer is Layer.FACT:
                repeats += before - _rows_by_source(connection, merged)
        connection.execute(f"ALTER TABLE {merged} DROP COLUMN source_order")
    return repeats


def _rows_by_source(connection: duckdb.DuckDBPyConnection, table: str) -> Counter[str]:
    counted = connection.execute(f"SELECT {SOURCE_COLUMN}, count(*) FROM {table} GROUP BY ALL")
    return Counter(dict(counted.fetchall()))


def _resolve_shared_keys(connection: duckdb.DuckDBPyConnection, rule: TableRule) -> None:
    merged = merged_table(rule.name)
    if rule.layer is Layer.DIMENSION:
        key = ", ".join(quoted(name) for name in rule.key)
        found = connection.execute(f"SELECT * FROM {quoted(merged)} LIMIT 0").description or []
        rest = [quoted(column[0]) for column in found if column[0] not in rule.key]
        values = ", ".join(f"min_by({name}, source_order) AS {name}" for name in rest)
        connection.execute(
            f"CREATE OR REPLACE TABLE {quoted(merged)} AS "
            f"SELECT {key}, {values} FROM {quoted(merged)} GROUP BY {key}"
        )
    elif rule.key:
        words = f"duplicate key ({', '.join(rule.key)}) of another source's"
        rules = [repeated(rule.key, rule.key[0], words, first_by=("source_order", ROW))]
        quarantine(connection, merged, rules, Origin("several", ""))


def complete_dimensions(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> list[str]:
    """Give every id that facts refer to a row in its dimension; the dimensions there are then.

    An id that no source describes gets a row with the id as its name, so that no join loses it.
    """
    facts = [name for name in tables if name in TABLES and TABLES[name].layer is Layer.FACT]
    present = {name for name in tables if name in TABLES and TABLES[name].layer is Layer.DIMENSION}
    for column, dimension in DIMENSION_OF.items():
        referring = [name for name in facts if column in TABLES[name].names]
        if referring and _complete(connection, column, dimension, referring, dimension in present):
            present.add(dimension)
    return sorted(present)


def _complete(
    connection: duckdb.DuckDBPyConnection,
    column: str,
    dimension: str,
    facts: Sequence[str],
    exists: bool,
) -> bool:
    ids = " UNION ".join(
        f"SELECT {column}, {SOURCE_COLUMN} FROM {quoted(merged_table(fact))}" for fact in facts
    )
    name = DISPLAY_NAME.get(dimension)
    named = f", {column} AS {name}" if name else ""
    new = (
        f"SELECT {column}{named}, min({SOURCE_COLUMN}) AS {SOURCE_COLUMN} FROM ({ids}) "
        f"WHERE {column} IS NOT NULL GROUP BY {column}"
    )
    if not connection.execute(f"{new} LIMIT 1").fetchall():
        return exists
    target = quoted(merged_table(dimension))
    if not exists:
        rule = TABLES[dimension]
        listed = ", ".join(f"{quoted(item.name)} {item.type}" for item in rule.columns)
        connection.execute(
            f"CREATE OR REPLACE TABLE {target} ({ROW} BIGINT, {listed}, {SOURCE_COLUMN} VARCHAR)"
        )
    connection.execute(
        f"INSERT INTO {target} BY NAME SELECT * FROM ({new}) AS new "
        f"WHERE NOT EXISTS (SELECT 1 FROM {target} AS old WHERE old.{column} = new.{column})"
    )
    if name:
        connection.execute(f"UPDATE {target} SET {name} = {column} WHERE {name} IS NULL")
    return True


def _sort_order(rule: TableRule | None) -> list[str]:
    if rule is None:
        return []
    return [*([rule.time] if rule.time else []), *rule.key]


def write_tables(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[str], into: str
) -> dict[str, int]:
    """Copy the merged tables to the attached database `into`; rows by table.

    Rows lie in time order, so that a question about a period reads a part of the file.
    """
    counts = {}
    for table in tables:
        rule = TABLES.get(table)
        merged = quoted(merged_table(table))
        columns = [quoted(name) for name in rule.names] if rule else []
        taken = ", ".join([*columns, ROW])
        rest = f"* EXCLUDE ({taken})"
        order = ", ".join(quoted(name) for name in [*_sort_order(rule), ROW])
        listed = ", ".join([*columns, rest])
        connection.execute(
            f"CREATE TABLE {quoted(into)}.{quoted(table)} AS SELECT {listed} FROM {merged} ORDER BY {order}"
        )
        [(rows,)] = connection.execute(f"SELECT count(*) FROM {merged}").fetchall()
        counts[table] = int(rows)
    return counts
