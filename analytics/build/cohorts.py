"""New or returning: whether a row is of the first order of its customer, the first session of its visitor.

It is computed over all rows of the build, so that a question about a period does not take everyone's first
order in it for the first of all.
"""

from collections.abc import Iterable

import duckdb

from analytics.build.quarantine import quoted
from analytics.build.tables import merged_table

_OF = {
    # table: (who, what they do, when, the column)
    "order_items": ("customer_id", "order_id", "ordered_at", "customer_history"),
    "sessions": ("visitor_id", "session_id", "started_at", "visitor_history"),
}


def add_cohorts(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Adds the column to the merged tables that there are; NULL where it is not known who it was."""
    for table in tables:
        if table not in _OF:
            continue
        who, what, when, column = _OF[table]
        merged = quoted(merged_table(table))
        found = connection.execute(f"SELECT * FROM {merged} LIMIT 0").description or []
        if column in {name for name, *_ in found}:
            continue
        first = f"first_value({what}) OVER (PARTITION BY {who} ORDER BY {when}, {what})"
        connection.execute(
            f"CREATE OR REPLACE TABLE {merged} AS SELECT *, CASE WHEN {who} IS NULL THEN NULL "
            f"WHEN {what} = {first} THEN 'new' ELSE 'returning' END AS {column} FROM {merged}"
        )
