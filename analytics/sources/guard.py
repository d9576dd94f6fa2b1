"""What SQL may run on a snapshot: one SELECT over its own tables, nothing that reaches outside.

DuckDB's read-only mode is no sandbox, so this is one layer of two: the connection is hardened
as well (no file or network access, locked settings). The statement is judged on DuckDB's own
syntax tree, so that no second parser can disagree with the one that runs it.
"""

import json
from collections.abc import Collection, Iterator
from typing import Any

import duckdb

from analytics.sources.errors import QueryRefused

_TABLE_FUNCTIONS = frozenset({"generate_series", "range", "unnest"})
_QUERY_NODES = frozenset(
    {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE", "STATEMENT_NODE"}
)
# They read settings or the environment, keep a query waiting, or write to the engine's log.
_TELLING = {
    "current_connection_id",
    "current_database",
    "current_query",
    "current_query_id",
    "current_schemas",
    "current_setting",
    "current_transaction_id",
    "currval",
    "error",
    "getenv",
    "getvariable",
    "json_deserialize_sql",
    "json_serialize_plan",
    "nextval",
    "parse_duckdb_log_message",
    "pg_sleep",
    "setseed",
    "sleep_ms",
    "txid_current",
    "version",
    "write_log",
}
# One call makes as much as its argument says, past the memory limit, and no interrupt reaches into it:
# repeat('x', 3000000000) took 5.9 GB and two minutes under a limit of 256 MB and one second.
_MULTIPLYING = {
    "array_resize",
    "bar",
    "format",
    "generate_series",
    "list_resize",
    "lpad",
    "printf",
    "range",
    "repeat",
    "rpad",
}
_REFUSED_FUNCTIONS = frozenset(_TELLING | _MULTIPLYING)


def check_select(cursor: duckdb.DuckDBPyConnection, sql: str, tables: Collection[str]) -> None:
    """Raise QueryRefused unless `sql` is exactly one SELECT over `tables` (lower-case names)."""
    tree = _parse(cursor, sql)
    if len(tree["statements"]) != 1:
        raise QueryRefused(f"Expected one statement, got {len(tree['statements'])}.")
    nodes = list(_nodes(tree))
    known = {name.lower() for name in tables} | {name for node in nodes for name in _ctes(node)}
    # A table function yields rows one by one; the same name as a plain function makes one huge list.
    by_row = {id(node["function"]) for node in nodes if node.get("type") == "TABLE_FUNCTION"}
    for node in nodes:
        if id(node) not in by_row:
            _check_node(node, known)


def _parse(cursor: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    [(text,)] = cursor.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchall()
    tree: dict[str, Any] = json.loads(text)
    if tree["error"]:
        raise QueryRefused(f"Only SELECT statements may run: {tree.get('error_message', '')}")
    return tree


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of the tree; by a stack, since a hostile query may nest deeply."""
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            yield item
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def _ctes(node: dict[str, Any]) -> Iterator[str]:
    cte_map = node.get("cte_map")
    if isinstance(cte_map, dict):
        yield from (str(entry["key"]).lower() for entry in cte_map.get("map", []))


def _check_node(node: dict[str, Any], known: Collection[str]) -> None:
    kind = str(node.get("type", ""))
    if kind.endswith("_NODE") and kind not in _QUERY_NODES:
        raise QueryRefused(f"Only SELECT statements may run, not {kind}.")
    if kind == "SHOW_REF":
        raise QueryRefused("Only SELECT statements may run, not DESCRIBE, SHOW or SUMMARIZE.")
    if kind == "BASE_TABLE":
        _check_table(node, known)
    if kind == "TABLE_FUNCTION":
        name = str(node["function"].get("function_name", "")).lower()
        if name not in _TABLE_FUNCTIONS:
            raise QueryRefused(f"The table function {name}() is not allowed.")
    if kind == "FUNCTION" and str(node.get("function_name", "")).lower() in _REFUSED_FUNCTIONS:
        raise QueryRefused(f"The function {node['function_name']}() is not allowed.")


def _check_table(node: dict[str, Any], known: Collection[str]) -> None:
    name = str(node.get("table_name", ""))
    outside = node.get("catalog_name") or str(node.get("schema_name", "")).lower() not in {
        "",
        "main",
    }
    if outside or name.lower() not in known:
        raise QueryRefused(f"{name!r} is not a table of this snapshot.")
