"""Plan → Result: runs the SQL on a snapshot and types the rows."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from analytics.catalog.types import Catalog, Metric, Unit
from analytics.query.aggregate import TIME, key_column
from analytics.query.compile import Plan
from analytics.request import REQUEST_ID
from analytics.sources.warehouse import Warehouse, WarehouseError
from analytics.types import (
    Cell,
    Column,
    ColumnRole,
    MetricDefinition,
    Provenance,
    Query,
    Result,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Executed:
    """The visible result, and the hidden columns by name, row by row."""

    result: Result
    hidden: Mapping[str, tuple[Cell, ...]]


def execute(query: Query, plan: Plan, catalog: Catalog, reader: Warehouse) -> Executed:
    """Runs a plan, and logs that it did. Errors of the reader (time-out, refused) pass through."""
    started = time.perf_counter()
    table = _read(query, plan, reader)
    elapsed = (time.perf_counter() - started) * 1000
    truncated = plan.limit is not None and table.num_rows > plan.limit
    if truncated:
        table = table.slice(0, plan.limit)
    data: dict[str, list[Any]] = table.to_pydict()
    for name in query.group_by:
        if name in data:
            data[name] = _distinguished(data[name], data.get(key_column(name)))
    columns = [data[c.name] for c in plan.columns]
    rows = tuple(
        tuple(_cell(value, column) for value, column in zip(row, plan.columns, strict=True))
        for row in zip(*columns, strict=True)
    )
    provenance = Provenance(
        query=query,
        sql=plan.sql,
        metrics=tuple(
            definition(catalog, catalog.metrics[name])
            for name in query.metrics
            if name in catalog.metrics
        ),
        snapshot=reader.snapshot,
        data_as_of=reader.data_as_of,
        row_count=len(rows),
        truncated=truncated and query.limit is None,
        elapsed_ms=round(elapsed, 2),
    )
    hidden = {name: tuple(data[name]) for name in plan.hidden if name in data}
    columns_shown = tuple(_in_currency(column, reader.currency) for column in plan.columns)
    return Executed(Result(columns_shown, rows, provenance), hidden)


def _read(query: Query, plan: Plan, reader: Warehouse) -> pa.Table:
    started = time.perf_counter()
    outcome, rows = "failed", 0
    try:
        table = reader.execute(plan.sql)
    except WarehouseError as error:
        outcome = type(error).__name__
        raise
    else:
        outcome, rows = "done", table.num_rows
        return table
    finally:
        fields = {
            "request_id": REQUEST_ID.get(),
            "kind": query.kind.value,
            "outcome": outcome,
            "rows": rows,
            "elapsed_ms": round((time.perf_counter() - started) * 1000, 1),
        }
        log.info("query", extra=fields)


def _in_currency(column: Column, currency: str | None) -> Column:
    return replace(column, currency=currency) if column.unit == Unit.CURRENCY else column


def definition(catalog: Catalog, metric: Metric) -> MetricDefinition:
    """The metric in words, with its formula."""
    if metric.ratio_of is not None:
        top, bottom = (catalog.metrics[name].label for name in metric.ratio_of)
        formula = f"{top} / {bottom}"
    elif metric.average_of is not None:
        formula = f"avg({metric.average_of})"
    else:
        formula = metric.expression or ""
    if metric.where:
        formula += f" where {metric.where}"
    return MetricDefinition(metric.name, metric.label, metric.description, formula, metric.version)


def _distinguished(names: list[Any], keys: list[Any] | None) -> list[Any]:
    """Two different things of one name show their key as well."""
    if keys is None:
        return names
    things = {(n, k) for n, k in zip(names, keys, strict=True)}
    repeated = {name for name, count in Counter(n for n, _ in things).items() if count > 1}
    return [
        f"{name} ({key})" if name in repeated else name
        for name, key in zip(names, keys, strict=True)
    ]


def _cell(value: Any, column: Column) -> Cell:
    if value is None:
        return None
    if isinstance(value, float) and value != value:  # NaN: nothing to show
        return None
    if column.type == "integer":
        return int(value)
    if column.type == "number" and not isinstance(value, str | bool):
        number = float(value)
        return (
            int(number) if column.role is ColumnRole.DIMENSION and number.is_integer() else number
        )
    if column.name == TIME and column.type == "date" and isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, str | int | float | bool | date | datetime) else str(value)
