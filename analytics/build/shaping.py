"""From staged inputs to rows of contract tables: joins, grouping, expressions, checks."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import duckdb

from analytics.build.quarantine import Origin, Rule, literal, quarantine, quoted, repeated
from analytics.build.schema import MAX_NAME, MAX_TEXT, TABLES, ColumnRule, TableRule
from analytics.build.staging import SourceFiles, file_name, input_table
from analytics.build.typed import cast_to, missing_value, unreadable_value
from analytics.sources.errors import SourceError
from analytics.sources.mapping import Join, Shape, SourceMapping
from analytics.sources.raw import ROW

SOURCE_COLUMN = "data_source"
EARLIEST = date(1970, 1, 1)

MACROS = (
    # The most frequent value; of several, the largest, so that a build is repeatable.
    "CREATE OR REPLACE MACRO most_common(x) AS list_reverse_sort(list_transform("
    "map_entries(histogram(x)), lambda e: {'n': e.value, 'v': e.key}))[1].v",
)


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Functions that mappings may use beside DuckDB's own."""
    for macro in MACROS:
        connection.execute(macro)


def part_table(mapping_name: str, table: str) -> str:
    """The staging table that holds one source's rows of a contract table."""
    return f"{mapping_name}>{table}"


def shape_source(
    connection: duckdb.DuckDBPyConnection, source: SourceFiles, latest: date
) -> list[str]:
    """Make every table of the source whose inputs are there; the names of the tables made.

    `latest` is the last day an event may carry: a later one is a typing mistake, and would move
    the data's as-of date.
    """
    mapping, there = source.mapping, set(source.paths)
    for step in mapping.steps:
        if step.source in there:
            _select(connection, mapping, step, input_table(mapping, step.name), there)
            there.add(step.name)
    made = []
    for shape in mapping.tables:
        if shape.source in there:
            file = file_name(source.paths.get(shape.source, shape.source))
            part = part_table(mapping.name, shape.name)
            _select(connection, mapping, shape, part, there)
            validate_part(connection, part, shape.name, Origin(mapping.name, file), latest)
            made.append(shape.name)
    return made


def validate_part(
    connection: duckdb.DuckDBPyConnection, part: str, table: str, origin: Origin, latest: date
) -> None:
    """Type, check and de-duplicate one source's rows of a table, in place.

    A table beyond the contract is taken as it is.
    """
    if table not in TABLES:
        return
    rule, given = TABLES[table], _columns_of(connection, part)
    _check_given(rule, given)
    quarantine(connection, part, _value_rules(rule, given), origin)
    _type_columns(connection, part, rule, given, origin)
    quarantine(connection, part, [*_limits(rule, latest)], origin)
    if rule.key:
        words = f"duplicate key ({', '.join(rule.key)}) of"
        quarantine(connection, part, [repeated(rule.key, rule.key[0], words)], origin)


def _select(
    connection: duckdb.DuckDBPyConnection,
    mapping: SourceMapping,
    shape: Shape,
    target: str,
    there: Iterable[str],
) -> None:
    source = quoted(input_table(mapping, shape.source))
    alias = quoted(shape.source)
    joins = [join for join in shape.joins if join.to in set(there)]
    joined = "".join(_join(connection, mapping, shape, join) for join in joins)
    row = f"min({alias}.{ROW})" if shape.group_by else f"{alias}.{ROW}"
    columns = [f"{row} AS {ROW}", *_expressions(shape)]
    for name, within in (shape.position or {}).items():
        keys = ", ".join(f"{alias}.{quoted(key)}" for key in within)
        columns.append(f"row_number() OVER (PARTITION BY {keys} ORDER BY {row}) AS {quoted(name)}")
    grouped = ", ".join(quoted(name) for name in shape.group_by)
    # A group without a key is no thing: lines without a customer are no customer.
    keyed = " AND ".join(f"{quoted(name)} IS NOT NULL" for name in shape.group_by)
    group = f" GROUP BY {grouped} HAVING {keyed}" if grouped else ""
    try:
        connection.execute(
            f"CREATE OR REPLACE TABLE {quoted(target)} AS SELECT {', '.join(columns)} "
            f"FROM {source} AS {alias}{joined}{group} ORDER BY {ROW}"
        )
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise SourceError(f"{mapping.path.name}: {shape.name}: {reason}") from error


def _expressions(shape: Shape) -> list[str]:
    if shape.columns is None:
        return [f"{quoted(shape.source)}.* EXCLUDE ({ROW})"]
    # A line break closes a comment at the end of an expression.
    return [f"(\n{sql}\n) AS {quoted(name)}" for name, sql in shape.columns.items()]


def _join(
    connection: duckdb.DuckDBPyConnection, mapping: SourceMapping, shape: Shape, join: Join
) -> str:
    """A left join; its right side must be unique on the key, or facts would be counted twice."""
    right = quoted(input_table(mapping, join.to))
    keys = ", ".join(quoted(key) for key in join.by)
    repeats = connection.execute(
        f"SELECT {keys} FROM {right} GROUP BY ALL "
        f"HAVING count(*) > 1 AND count(({keys})) > 0 LIMIT 1"
    ).fetchall()
    if repeats:
        shown = ", ".join(str(value) for value in repeats[0])
        raise SourceError(
            f"{mapping.name}: {shape.name} cannot be joined to {join.to}: "
            f"{', '.join(join.by)} {shown} is there more than once."
        )
    on = " AND ".join(
        f"{quoted(join.to)}.{quoted(key)} = {quoted(shape.source)}.{quoted(key)}" for key in join.by
    )
    return f" LEFT JOIN {right} AS {quoted(join.to)} ON {on}"


def _columns_of(connection: duckdb.DuckDBPyConnection, table: str) -> Mapping[str, str]:
    """Column names, lower-cased, to names as they are."""
    found = connection.execute(f"SELECT * FROM {quoted(table)} LIMIT 0").description or []
    return {str(column[0]).lower(): str(column[0]) for column in found}


def _check_given(rule: TableRule, given: Mapping[str, str]) -> None:
    missing = [
        column.name
        for column in rule.columns
        if column.required
        and column.name not in given
        and (column.default is None or set(column.default_from) - set(given))
    ]
    if missing:
        raise SourceError(
            f"Table {rule.name} needs a column {', '.join(missing)}; "
            f"the source gives: {', '.join(name for name in given if name != ROW)}."
        )
    if rule.name == "order_items" and "discount" in given and "revenue" not in given:
        raise SourceError(
            "Table order_items: with a discount, give revenue too: whether the discount is "
            "an amount or a share cannot be guessed."
        )


def _value_rules(rule: TableRule, given: Mapping[str, str]) -> list[Rule]:
    rules = []
    for column in rule.columns:
        if column.name in given:
            raw = quoted(given[column.name])
            if column.type != "VARCHAR":
                typed = cast_to(column.type, raw)
                rules.append(unreadable_value(column.name, raw, typed, column.type))
            if column.required:
                rules.append(missing_value(column.name, raw))
    return rules


def _type_columns(
    connection: duckdb.DuckDBPyConnection,
    part: str,
    rule: TableRule,
    given: Mapping[str, str],
    origin: Origin,
) -> None:
    """Contract columns under their names and types; absent ones by default or NULL."""
    extra = [quoted(name) for key, name in given.items() if key not in {*rule.names, SOURCE_COLUMN}]
    columns = [f"{_value(column, given)} AS {quoted(column.name)}" for column in rule.columns]
    connection.execute(
        f"CREATE OR REPLACE TABLE {quoted(part)} AS SELECT {', '.join([*extra, *columns])}, "
        f"{literal(origin.source)} AS {SOURCE_COLUMN} FROM {quoted(part)}"
    )


def _value(column: ColumnRule, given: Mapping[str, str]) -> str:
    if column.name in given:
        return f"CAST({cast_to(column.type, quoted(given[column.name]))} AS {column.type})"
    if column.default:
        return f"CAST({column.default} AS {column.type})"
    return f"CAST(NULL AS {column.type})"


def _limits(rule: TableRule, latest: date) -> Iterable[Rule]:
    """Rules over typed values."""
    for column in rule.columns:
        name = quoted(column.name)
        shown = f"left(CAST({name} AS VARCHAR), 40)"
        if column.default:
            yield missing_value(column.name, name)
        if column.type == "VARCHAR":
            limit = MAX_TEXT if column.name in {rule.text, "title"} else MAX_NAME
            why = literal(f"longer than {limit:,} characters")
            yield Rule(column.name, f"length({name}) > {limit}", why)
        if column.name == rule.time:
            end = latest + timedelta(days=1)
            yield Rule(column.name, f"{name} >= DATE '{end}'", f"'in the future: ' || {shown}")
            yield Rule(column.name, f"{name} < DATE '{EARLIEST}'", f"'before 1970: ' || {shown}")
        if column.check:
            why = literal(column.why + ": ")
            yield Rule(column.name, f"NOT ({column.check})", f"{why} || {shown}")
