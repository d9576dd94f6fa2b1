"""Column expressions of source mappings: DuckDB SQL, judged against an allowlist.

A mapping is written by an operator and may be copied from anywhere, so its expressions may
compute on the row and nothing else: no files, settings, subqueries or tables.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

_AGGREGATES_WORDS = (
    "any_value arg_max arg_min avg bool_and bool_or count count_star first last list max max_by "
    "median min min_by mode most_common string_agg sum"
)
AGGREGATES = frozenset(_AGGREGATES_WORDS.split())
_SCALARS_WORDS = (
    "abs ceil coalesce concat concat_ws contains date_diff date_part date_trunc datediff "
    "day ends_with epoch epoch_ms extract floor greatest hour if ifnull isfinite json_extract "
    "json_extract_string least left len length list_contains list_extract lower lpad ltrim "
    "make_timestamp md5 minute month nullif regexp_extract regexp_full_match regexp_matches "
    "regexp_replace replace right round row rpad rtrim second sha256 split_part starts_with "
    "strftime string_split strip_accents strptime struct_pack substr substring suffix prefix "
    "to_days to_hours to_minutes to_seconds to_timestamp timezone trim try_strptime upper year "
    "+ - * / // % || ~~ ~~* !~~ !~~* -> ->> array_extract"
)
SCALARS = frozenset(_SCALARS_WORDS.split())
_CLASSES_WORDS = (
    "BETWEEN CASE CAST COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION OPERATOR TYPE"
)
_CLASSES = frozenset(_CLASSES_WORDS.split())


class ExpressionRefused(ValueError):
    """The expression does not parse, or uses what a mapping may not use."""


@dataclass(frozen=True)
class Expression:
    """A checked expression: its SQL, the columns it reads and whether it aggregates rows."""

    sql: str
    columns: frozenset[str]
    aggregates: bool


def check_expression(connection: duckdb.DuckDBPyConnection, sql: str) -> Expression:
    """Parse and judge one expression; raises ExpressionRefused with the reason."""
    node = _parse(connection, sql)
    columns, aggregates = set(), False
    for part in _expressions(node):
        kind = part["class"]
        if kind not in _CLASSES:
            raise ExpressionRefused(f"{sql!r}: {kind.lower()} is not allowed in a mapping")
        if kind == "COLUMN_REF":
            columns.add(".".join(part["column_names"]))
        if kind == "FUNCTION":
            aggregates |= _check_function(part, sql)
    return Expression(sql, frozenset(columns), aggregates)


def _parse(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    [(text,)] = connection.execute(
        "SELECT json_serialize_sql(?::VARCHAR)", [f"SELECT {sql}"]
    ).fetchall()
    tree = json.loads(text)
    if tree["error"]:
        raise ExpressionRefused(f"{sql!r}: {tree.get('error_message', 'does not parse')}")
    statements = tree["statements"]
    node = statements[0]["node"]
    whole = len(statements) == 1 and node["type"] == "SELECT_NODE"
    if not whole:
        raise ExpressionRefused(f"{sql!r}: one expression is expected")
    bare = node["from_table"]["type"] == "EMPTY" and not node["modifiers"]
    clauses = ("where_clause", "having", "qualify", "sample")
    grouped = node["group_expressions"] or node["aggregate_handling"] != "STANDARD_HANDLING"
    plain = bare and not grouped and not any(node.get(key) for key in clauses)
    if not plain or len(node["select_list"]) != 1 or node["select_list"][0].get("alias"):
        raise ExpressionRefused(f"{sql!r}: one expression is expected, without FROM or AS")
    expression: dict[str, Any] = node["select_list"][0]
    return expression


def _expressions(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    stack: list[Any] = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if isinstance(item.get("class"), str):
                yield item
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def _check_function(part: dict[str, Any], sql: str) -> bool:
    name = str(part["function_name"]).lower()
    _check_known(name, AGGREGATES | SCALARS, sql)
    return name in AGGREGATES


def _check_known(name: str, known: Collection[str], sql: str) -> None:
    if name not in known:
        raise ExpressionRefused(f"{sql!r}: the function {name}() is not allowed in a mapping")
