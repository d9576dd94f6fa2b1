"""Numeric conditions: on rows, or on groups where there are groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analytics.catalog.figures import is_count
from analytics.catalog.types import DimensionKind, Metric, Unit
from analytics.types import Filter, Having, Issue, Op, Query
from analytics.understand.reading import Condition, MetricMention
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.resolver.comparative import claim_of_value
from analytics.understand.resolver.dimensions import pick_dimension
from analytics.understand.resolver.filters import merge_equal
from analytics.understand.resolver.metrics import choose_metric
from analytics.wording import inside


def with_conditions(asked: Asked, query: Query, metrics: Sequence[Metric]) -> Query:
    """Numeric conditions: on rows, or on groups where there are groups."""
    filters, having = list(query.filters), list(query.having)
    for condition in asked.reading.conditions:
        if condition.change:
            having.append(_on_change(asked, query, condition, metrics))
            continue
        if not condition.metrics and not condition.dimensions:
            raise Doubt(_condition_on_nothing(condition))
        if not query.group_by and (row := _of_rows(asked, condition, metrics)) is not None:
            filters.append(row)
            continue
        if condition.metrics and (query.group_by or not condition.dimensions):
            if not query.group_by and not asked.reading.grain:
                if asked.reading.supposes and len(asked.reading.conditions) == 1:
                    return claim_of_value(asked, query, condition)
                raise Doubt(_condition_without_group(asked, condition))
            having.append(_having(asked, condition))
        else:
            name = pick_dimension(asked, condition.dimensions, metrics, condition.dimensions[0])
            filters.append(Filter(name, condition.op, (condition.number,)))
    return replace(query, filters=merge_equal(filters), having=tuple(having))


def _of_rows(asked: Asked, condition: Condition, metrics: Sequence[Metric]) -> Filter | None:
    """ "Reviews rated above 3": the mean of one row is its value, where that is a dimension."""
    if condition.dimensions or asked.reading.supposes or asked.reading.grain:
        return None
    averaged = [asked.catalog.metrics[n].average_of for n in condition.metrics]
    for name, dimension in asked.catalog.dimensions_of_metric(metrics[0]).items():
        if dimension.kind is DimensionKind.NUMERIC and dimension.column in averaged:
            own = {m.name for m in metrics} <= set(condition.metrics)
            return None if own else Filter(name, condition.op, (condition.number,))
    return None


def _on_change(
    asked: Asked, query: Query, condition: Condition, metrics: Sequence[Metric]
) -> Having:
    """ "Grew by more than 10 %", "fell by at least 20": of the change, which is negative where it falls."""
    metric = metrics[0]
    if not query.group_by:
        raise Doubt(_condition_without_group(asked, replace(condition, metrics=(metric.name,))))
    shares = metric.unit in {Unit.RATIO, Unit.POINTS}
    relative = condition.number < 1 and not shares
    falls = asked.reading.direction in {"fell", "worsened"}
    number = -condition.number if falls else condition.number
    opposite = {Op.GT: Op.LT, Op.GE: Op.LE, Op.LT: Op.GT, Op.LE: Op.GE}
    op = opposite.get(condition.op, condition.op) if falls else condition.op
    return Having("change_ratio" if relative else "change", op, number)


def _having(asked: Asked, condition: Condition) -> Having:
    metric = choose_metric(
        asked,
        MetricMention(condition.metrics, condition.metrics[0], condition.at),
        share=0 < condition.number < 1,
    )
    if condition.times:
        metric = _happenings(asked, metric)
    number = condition.number
    if metric.unit is Unit.RATIO and number > 1:
        number /= 100
    return Having(metric.name, condition.op, number)


def _happenings(asked: Asked, metric: Metric) -> Metric:
    """ "Bought twice" counts orders, not pieces: what the fact counts as one happening."""
    if not metric.additive or metric.expression == "count(*)":
        return metric
    counts = [
        m
        for m in asked.catalog.metrics.values()
        if m.model == metric.model and m.where is None and not m.additive and is_count(m)
    ]
    return max(counts, key=lambda m: m.default_rank, default=metric)


def _condition_on_nothing(condition: Condition) -> Issue:
    """Leaving a condition out would answer another question."""
    return Issue(
        "unclear_condition",
        f"I don't see which figure the number {condition.number:g} belongs to. Name it beside the number.",
    )


def _condition_without_group(asked: Asked, condition: Condition) -> Issue:
    label = inside(asked.catalog.metrics[condition.metrics[0]].label)
    return Issue(
        "condition_needs_group",
        f"A condition on {label} needs something to hold it against, such as products or regions.",
        (f"products with {label} over {condition.number:g}",),
    )
