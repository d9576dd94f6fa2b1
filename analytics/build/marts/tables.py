"""Reading and writing of the warehouse by marts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

import duckdb
import pandas as pd

MODEL_RUNS = (
    "CREATE TABLE IF NOT EXISTS model_runs (model VARCHAR, version VARCHAR, "
    "trained_at TIMESTAMP, dataset VARCHAR, metric VARCHAR, value DOUBLE)"
)


def read(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()
) -> pd.DataFrame:
    """The result of a query as a frame."""
    return connection.execute(sql, list(values)).df()


def has_column(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> bool:
    """Whether the table is there and has the column."""
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = 'main' AND table_name = ? AND column_name = ?",
        [table, column],
    ).fetchall()
    return len(found) > 0


def write(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    rows: pd.DataFrame,
) -> int:
    """Replace `table` by the rows, with exactly these columns and DuckDB types; their number."""
    listed = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in columns.items())
    connection.register("mart_rows", rows)
    try:
        connection.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT {listed} FROM mart_rows")
    finally:
        connection.unregister("mart_rows")
    return len(rows)


def record_run(
    connection: duckdb.DuckDBPyConnection,
    model: str,
    as_of: date,
    dataset: str,
    values: Mapping[str, float],
) -> None:
    """Note in `model_runs` how well a model did; its earlier rows are replaced.

    `trained_at` is the end of the data's last day, so that a rebuild gives the same table.
    """
    connection.execute(MODEL_RUNS)
    connection.execute("DELETE FROM model_runs WHERE model = ?", [model])
    trained_at = datetime.combine(as_of, time(23, 59, 59))
    rows: list[list[Any]] = [
        [model, "1", trained_at, dataset, metric, float(value)] for metric, value in values.items()
    ]
    if rows:
        connection.executemany("INSERT INTO model_runs VALUES (?, ?, ?, ?, ?, ?)", rows)
