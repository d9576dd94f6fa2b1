"""Metrics of one or several facts over shared keys: aggregate each fact first, then put them together.

Facts never meet before they are aggregated (no fan-out). The parts are stacked and grouped once more,
which, unlike a join, keeps groups that only one part has and treats NULL keys as equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from analytics.catalog.expression import to_ibis
from analytics.catalog.types import Catalog, Metric
from analytics.query.relation import Relation, Tables, relation
from analytics.types import Filter, Grain, TimeRange

TIME = "time"
_TRUNCATE = {
    Grain.HOUR: "h", Grain.DAY: "D", Grain.WEEK: "W", Grain.MONTH: "M", Grain.QUARTER: "Q", Grain.YEAR: "Y",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows to aggregate and keys to aggregate by; ``suffix`` marks the columns of a baseline."""

    group_by: tuple[str, ...]
    grain: Grain | None
    filters: tuple[Filter, ...]
    time_range: TimeRange | None
    suffix: str = ""
    spread: bool = False


def key_column(dimension: str) -> str:
    """Name of the hidden column that identifies a thing."""
    return f"{dimension}__key"


def base_metrics(catalog: Catalog, metrics: Sequence[Metric]) -> tuple[Metric, ...]:
    """The metrics with each ratio replaced by its parts, each once."""
    found: dict[str, Metric] = {}
    for metric in metrics:
        if metric.ratio_of is None:
            found[metric.name] = metric
        else:
            parts = [catalog.metrics[name] for name in metric.ratio_of]
            found |= {m.name: m for m in base_metrics(catalog, parts)}
    return tuple(found.values())


def aggregate(
    catalog: Catalog, tables: Tables, metrics: Sequence[Metric], slices: Sequence[Slice]
) -> ir.Table:
    """One row per key with a column per metric and slice (and ratios, computed last)."""
    parts = [
        part
        for one in slices
        for group in _by_base(base_metrics(catalog, metrics))
        for part in [_aggregate_base(catalog, tables, group, one)]
    ]
    combined = parts[0] if len(parts) == 1 else _stack(parts, slices[0], catalog)
    for one in slices:
        for metric in metrics:
            if metric.ratio_of is not None:
                combined = combined.mutate(_ratio(catalog, metric, combined, one.suffix))
    return combined


def _ratio(catalog: Catalog, metric: Metric, table: ir.Table, suffix: str) -> ir.Value:
    assert metric.ratio_of is not None
    top, bottom = (table[f"{name}{suffix}"].cast("float64") for name in metric.ratio_of)
    return (top / bottom.nullif(0)).name(f"{metric.name}{suffix}")


def _by_base(metrics: Sequence[Metric]) -> list[list[Metric]]:
    """Metrics that one pass over one fact can compute together."""
    groups: dict[tuple[str, str | None, str | None], list[Metric]] = {}
    for metric in metrics:
        groups.setdefault((metric.model, metric.where, metric.per), []).append(metric)
    return list(groups.values())


def _aggregate_base(
    catalog: Catalog, tables: Tables, metrics: Sequence[Metric], one: Slice
) -> ir.Table:
    first = metrics[0]
    model = catalog.models[first.model]
    dimensions = (*one.group_by, *(f.dimension for f in one.filters))
    rows = relation(catalog, model, tables, dimensions).narrowed(one.time_range, one.filters)
    if first.where is not None:
        rows = Relation(catalog, model, rows.table.filter(to_ibis(first.where, rows.table)))
    keys = _keys(rows, one)
    if first.per is not None:
        return _two_levels(rows, keys, metrics, one)
    measures = [m for metric in metrics for m in _measures(metric, rows.table, one)]
    return rows.table.group_by(keys).aggregate(measures) if keys else rows.table.aggregate(measures)


def _keys(rows: Relation, one: Slice) -> list[ir.Value]:
    keys: list[ir.Value] = []
    for name in one.group_by:
        keys.append(rows.value(name).name(name))
        identity = rows.key(name)
        if identity is not None:
            keys.append(identity.name(key_column(name)))
    if one.grain is not None:
        moment = rows.table[rows.model.time].cast("timestamp").truncate(_TRUNCATE[one.grain])
        keys.append((moment if one.grain is Grain.HOUR else moment.date()).name(TIME))
    return keys


def _two_levels(
    rows: Relation, keys: list[ir.Value], metrics: Sequence[Metric], one: Slice
) -> ir.Table:
    """First one row per entity (and key), then the metric over those."""
    first = metrics[0]
    assert first.per is not None
    table = rows.table.filter(rows.table[first.per].notnull())
    entity = table[first.per].name("entity__key")
    inner = {
        name: to_ibis(sql, table).name(name)
        for m in metrics
        for name, sql in (m.inner or {}).items()
    }
    entities = table.group_by([*keys, entity]).aggregate(list(inner.values()))
    outer = [entities[key.get_name()] for key in keys]
    measures = [m for metric in metrics for m in _measures(metric, entities, one)]
    return entities.group_by(outer).aggregate(measures) if outer else entities.aggregate(measures)


def _measures(metric: Metric, table: ir.Table, one: Slice) -> list[ir.Value]:
    """The metric, the responses behind it and, where asked, the spread of its row values."""
    name = f"{metric.name}{one.suffix}"
    if metric.average_of is not None:
        row = to_ibis(metric.average_of, table).cast("float64")
        measures = [row.mean().name(name)]
        if metric.minimum_sample or one.spread:
            measures.append(row.count().name(f"{metric.name}__n{one.suffix}"))
        if one.spread:
            measures.append(row.var(how="sample").name(f"{metric.name}__var{one.suffix}"))
        return measures
    assert metric.expression is not None
    measures = [to_ibis(metric.expression, table).name(name)]
    if metric.minimum_sample:
        measures.append(to_ibis(metric.sample, table).name(f"{metric.name}__n{one.suffix}"))
    return measures


def _stack(parts: Sequence[ir.Table], one: Slice, catalog: Catalog) -> ir.Table:
    keys = [c for c in parts[0].columns if c in {*one.group_by, TIME} or c.endswith("__key")]
    columns: dict[str, None] = {}
    for part in parts:
        columns |= {c: None for c in part.columns if c not in keys}
    aligned = [
        part.select(
            *[_aligned_key(part[k]).name(k) for k in keys],
            *[
                (part[c].cast("float64") if c in part.columns else ibis.null("float64")).name(c)
                for c in columns
            ],
        )
        for part in parts
    ]
    stacked = ibis.union(*aligned, distinct=False)
    measures = [stacked[c].max().name(c) for c in columns]
    return stacked.group_by(keys).aggregate(measures) if keys else stacked.aggregate(measures)


def _aligned_key(key: ir.Value) -> ir.Value:
    """Keys of several facts in one type: numbers as floats, dates as they are, the rest as text."""
    if key.type().is_numeric():
        return key.cast("float64")
    return key if key.type().is_temporal() else key.cast("string")
