"""Metrics of one or several facts over shared keys: aggregate each fact first, then put them together.

Facts never meet before they are aggregated (no fan-out). The parts are stacked and grouped once more,
which, unlike a join, keeps groups that only one part has and treats NULL keys as equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial, reduce

import ibis
import ibis.expr.types as ir
from sqlglot import exp

from analytics.catalog.calendar import Calendar
from analytics.catalog.expression import columns_of, parse, to_ibis
from analytics.catalog.types import Catalog, Metric
from analytics.query.relation import Relation, Tables, relation
from analytics.types import Filter, Grain, Op, TimeRange

TIME = "time"
BEFORE = "__before"
"""Marks the columns of the period that a question compares with."""
PERIOD = "period__key"
"""The key that tells two periods read in one pass apart: true for the one that is asked for."""
_TRUNCATE = {
    Grain.HOUR: "h", Grain.DAY: "D", Grain.WEEK: "W", Grain.MONTH: "M", Grain.QUARTER: "Q", Grain.YEAR: "Y",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows to aggregate and keys to aggregate by; ``suffix`` marks the columns of a baseline.

    With ``firsts``, a thing that a metric counts once (an order, a customer) counts in its first step only.
    With ``before``, the rows of two periods are aggregated in one pass, told apart by the key PERIOD.
    """

    group_by: tuple[str, ...]
    grain: Grain | None
    filters: tuple[Filter, ...]
    time_range: TimeRange | None
    suffix: str = ""
    spread: bool = False
    firsts: bool = False
    before: TimeRange | None = None

    @property
    def keyed(self) -> bool:
        """Whether there is a row for each of several groups."""
        return bool(self.group_by or self.grain)


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


def near(now: TimeRange, before: TimeRange) -> bool:
    """Whether ``before`` ends where ``now`` begins, or not long before: then one pass reads both."""
    return timedelta(0) <= now.start - before.end <= before.end - before.start


def aggregate(
    catalog: Catalog,
    tables: Tables,
    metrics: Sequence[Metric],
    now: Slice,
    before: TimeRange | None = None,
) -> ir.Table:
    """One row per key with a column per metric (and ratios, computed last); with ``before``, also of then."""
    together = partial(_together, catalog, tables, metrics)
    if before is None:
        return together([now])
    if now.keyed and now.time_range is not None and near(now.time_range, before):
        return _side_by_side(together([replace(now, before=before)]), now.group_by)
    return together([now, replace(now, time_range=before, suffix=BEFORE)])


def _together(
    catalog: Catalog, tables: Tables, metrics: Sequence[Metric], slices: Sequence[Slice]
) -> ir.Table:
    parts = [
        _aggregate_base(catalog, tables, group, one)
        for one in slices
        for group in _by_base(base_metrics(catalog, metrics))
    ]
    if len(parts) == 1:
        combined = parts[0]
    elif slices[0].keyed:
        combined = _stack(parts, slices[0])
    else:
        combined = reduce(lambda one, other: one.cross_join(other), parts)
    ratios = [
        _ratio(metric, combined, one.suffix)
        for one in slices
        for metric in metrics
        if metric.ratio_of is not None
    ]
    return combined.mutate(*ratios) if ratios else combined


def _side_by_side(table: ir.Table, group_by: Sequence[str]) -> ir.Table:
    """From a row per key and period to a row per key; a group that one period lacks has NULL there."""
    keys = [c for c in table.columns if c in group_by or _is_key(c)]
    figures = [c for c in table.columns if c not in keys]
    keys.remove(PERIOD)
    return table.group_by(keys).aggregate(
        table[c].max(where=period).name(f"{c}{suffix}")
        for period, suffix in ((table[PERIOD], ""), (~table[PERIOD], BEFORE))
        for c in figures
    )


def _ratio(metric: Metric, table: ir.Table, suffix: str) -> ir.Value:
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
    columns = {
        name for metric in metrics for sql in _expressions(metric) for name in columns_of(sql)
    }
    if model.verbatims is not None and any(f.op is Op.CONTAINS for f in one.filters):
        columns |= {model.verbatims.text, model.verbatims.title or model.verbatims.text}
    joined = relation(catalog, model, tables, dimensions, columns, one.group_by)
    rows = _narrowed(joined, one)
    if first.where is not None:
        rows = rows.where(to_ibis(first.where, rows.table))
    keys = _keys(rows, one)
    counted = _counted_once(first) if one.firsts else None
    if counted is not None:
        groups = [k for k in keys if k.get_name() != TIME]
        window = ibis.window(
            group_by=[*groups, rows.table[counted]], order_by=rows.table[model.time]
        )
        rows = rows.where(ibis.row_number().over(window) == 0)
        keys = _keys(rows, one)
    if first.per is not None:
        return _two_levels(rows, keys, metrics, one)
    measures = [m for metric in metrics for m in _measures(metric, rows.table, one)]
    return rows.table.group_by(keys).aggregate(measures) if keys else rows.table.aggregate(measures)


def _counted_once(metric: Metric) -> str | None:
    """The column of which a metric counts the different values, where that is all it does."""
    if metric.expression is None or metric.additive:
        return None
    node = parse(metric.expression)
    if not isinstance(node, exp.Count) or not isinstance(node.this, exp.Distinct):
        return None
    return next((c.name for c in node.this.find_all(exp.Column)), None)


def _expressions(metric: Metric) -> Iterator[str]:
    """All SQL of a metric over the columns of its fact (and of ``inner``, which are no columns of it)."""
    named = (metric.expression, metric.average_of, metric.where, metric.per, metric.sample)
    yield from (sql for sql in named if sql)
    yield from (metric.inner or {}).values()


def _narrowed(rows: Relation, one: Slice) -> Relation:
    """The rows of the slice; of two periods, those of either."""
    if one.before is None or one.time_range is None:
        return rows.narrowed(one.time_range, one.filters)
    rows = rows.narrowed(TimeRange(one.before.start, one.time_range.end), one.filters)
    if one.before.end == one.time_range.start:
        return rows
    return rows.where(rows.before(one.before.end) | rows.since(one.time_range.start))


def _keys(rows: Relation, one: Slice) -> list[ir.Value]:
    keys: list[ir.Value] = []
    for name in one.group_by:
        keys.append(rows.value(name).name(name))
        identity = rows.key(name)
        if identity is not None:
            keys.append(identity.name(key_column(name)))
    if one.grain is not None:
        moment = rows.table[rows.model.time].cast("timestamp")
        keys.append(step_of(moment, one.grain, rows.catalog.calendar).name(TIME))
    if one.before is not None and one.time_range is not None:
        keys.append(rows.since(one.time_range.start).name(PERIOD))
    return keys


def step_of(moment: ir.TimestampValue, grain: Grain, cal: Calendar) -> ir.Value:
    """First day (of hours: first moment) of the step that a moment lies in, as the company counts time."""
    shift = _shift(grain, cal)
    if shift is None:
        begun = moment.truncate(_TRUNCATE[grain])
    else:
        begun = (moment - shift).truncate(_TRUNCATE[grain]) + shift
    return begun if grain is Grain.HOUR else begun.date()


def _shift(grain: Grain, cal: Calendar) -> ir.IntervalScalar | None:
    """How much later than Monday, January or the calendar's quarters the company's begin."""
    if grain is Grain.WEEK and cal.week_start:
        return ibis.interval(days=cal.week_start)
    months = {Grain.QUARTER: (cal.fiscal_start - 1) % 3, Grain.YEAR: cal.fiscal_start - 1}
    return ibis.interval(months=months[grain]) if months.get(grain) else None


def _is_key(column: str) -> bool:
    return column == TIME or column.endswith("__key")


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


def _stack(parts: Sequence[ir.Table], one: Slice) -> ir.Table:
    keys = [c for c in parts[0].columns if c in one.group_by or _is_key(c)]
    figures = dict.fromkeys(c for part in parts for c in part.columns if c not in keys)
    aligned = [
        part.select(
            *[_aligned_key(part[k]).name(k) for k in keys],
            *[
                (part[c].cast("float64") if c in part.columns else ibis.null("float64")).name(c)
                for c in figures
            ],
        )
        for part in parts
    ]
    stacked = ibis.union(*aligned, distinct=False)
    return stacked.group_by(keys).aggregate([stacked[c].max().name(c) for c in figures])


def _aligned_key(key: ir.Value) -> ir.Value:
    """Keys of several facts in one type: numbers as floats, text as text, the rest as it is."""
    kind = key.type()
    if kind.is_numeric():
        return key.cast("float64")
    return key if kind.is_temporal() or key.get_name() == PERIOD else key.cast("string")
