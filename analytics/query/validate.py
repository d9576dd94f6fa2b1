"""Whether a query that came ready-made (a click, another system, a language model) can be asked at all.

The resolver only makes valid queries; everything else passes here before it is authorized and compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from analytics.catalog.figures import fits, home, needs_members
from analytics.catalog.types import Catalog, Dimension, DimensionKind, Metric
from analytics.query.compile import CHANGES
from analytics.types import Direction, Filter, Grain, Having, How, Issue, Kind, Literal, Op, Query

RUNNABLE = frozenset(
    {Kind.VALUE, Kind.TREND, Kind.BREAKDOWN, Kind.RANKING, Kind.COMPARISON, Kind.CHANGE}
    | {Kind.DRIVERS, Kind.EVIDENCE, Kind.THEMES}
)
MOST_METRICS = 4
MOST_GROUPS = 3
MOST_CONDITIONS = 20
MOST_VALUES = 200
MOST_SEARCHED = 200
MOST_ROWS = 100_000
_ORDERED = frozenset({Op.GT, Op.GE, Op.LT, Op.LE})
_COMPARED = frozenset({Kind.COMPARISON, Kind.CHANGE})
_TURNED = frozenset({Direction.TURNED_NEGATIVE, Direction.TURNED_POSITIVE})
_DERIVED = ("time", "change", "change_ratio")
MOST_STEPS = 366


def problems_of(query: Query, catalog: Catalog) -> tuple[Issue, ...]:
    """What is wrong with a query, in words; empty where it can run on this catalog."""
    if query.kind not in RUNNABLE:
        return (_issue(f"Questions of the kind “{query.kind}” cannot be run as a query."),)
    check = _evidence if query.kind is Kind.EVIDENCE else _figures
    return tuple(_issue(words) for words in (*_sizes(query), *check(query, catalog)))


def _issue(words: str) -> Issue:
    return Issue("invalid_query", words, ("What can you do?",))


def _sizes(query: Query) -> Iterator[str]:
    limits = (
        ("metrics", len(query.metrics), MOST_METRICS),
        ("groupings", len(query.group_by), MOST_GROUPS),
        ("conditions", len(query.filters) + len(query.having), MOST_CONDITIONS),
        ("values in a filter", max((len(f.values) for f in query.filters), default=0), MOST_VALUES),
    )
    for what, found, most in limits:
        if found > most:
            yield f"The query has {found} {what}; at most {most} are read."
    if not query.metrics:
        yield "The query names no metric."
    for what, names in (("metric", query.metrics), ("grouping", query.group_by)):
        if len(set(names)) < len(names):
            yield f"The query names a {what} twice."
    if query.limit is not None and not 1 <= query.limit <= MOST_ROWS:
        yield f"The limit must be from 1 to {MOST_ROWS}."
    if not 0 <= query.skip <= MOST_ROWS:
        yield f"At most {MOST_ROWS} rows are skipped."


def _evidence(query: Query, catalog: Catalog) -> Iterator[str]:
    for name in query.metrics[:1]:
        model = catalog.models.get(name.split(".")[0])
        if model is None or model.verbatims is None or name != f"{model.name}.verbatims":
            yield f"There are no customers’ words called “{name}”."
            return
        reachable = catalog.dimensions_of(model)
        for one in query.filters:
            yield from _filter(one, reachable.get(one.dimension))


def _figures(query: Query, catalog: Catalog) -> Iterator[str]:
    metrics = [catalog.metrics[name] for name in query.metrics if name in catalog.metrics]
    changes = CHANGES if query.comparison is not None else ()
    for name in (*query.metrics, *(h.metric for h in query.having)):
        if name not in catalog.metrics and name not in changes:
            yield f"There is no metric called “{name}” in this data."
    if len(metrics) < len(query.metrics) or not metrics:
        return
    if any(h.metric not in catalog.metrics and h.metric not in changes for h in query.having):
        return
    reachable = _shared(metrics, catalog)
    for name in query.group_by:
        if name not in reachable:
            yield f"{metrics[0].label} cannot be split by “{name}”."
    for one in query.filters:
        yield from _filter(one, reachable.get(one.dimension))
    if any(one.op is Op.CONTAINS for one in query.filters):
        yield from _searchable(metrics, catalog)
    for condition in query.having:
        yield from _having(condition)
    if query.direction in _TURNED and not metrics[0].average_of:
        yield f"{metrics[0].label} is no average of responses, so it cannot turn."
    yield from _shape(query)
    yield from _made(query, metrics[0], reachable)
    grouped = [name for name in query.group_by if name in reachable]
    if grouped and needs_members(query, catalog) and home(grouped[0], metrics[0], catalog) is None:
        yield f"Nothing lists all {reachable[grouped[0]].plural}, so those without any cannot be told."


def _made(query: Query, metric: Metric, reachable: Mapping[str, Dimension]) -> Iterator[str]:
    """Figures made of the metric's figures, and ranks within something."""
    derived = query.derived
    if derived is not None:
        if not fits(derived.how, metric):
            yield f"{metric.label} has no “{derived.how.value.replace('_', ' ')}”."
        if query.comparison is not None:
            yield "A derived figure takes one period."
        if derived.how is not How.COUNT and len(query.metrics) != 1 + (derived.how is How.RATIO):
            yield "A ratio takes two metrics, another derived figure one."
        if derived.how in {How.RUNNING_TOTAL, How.MOVING_AVERAGE} and query.kind is not Kind.TREND:
            yield "A running total or moving average needs steps of time."
        if derived.how is How.MOVING_AVERAGE and not 2 <= (derived.size or 0) <= MOST_STEPS:
            yield f"A moving average is over 2 to {MOST_STEPS} steps."
        if derived.how is How.MEAN and (derived.step is None) is not bool(derived.part):
            yield "A mean needs either the width of its steps or the groups that it is over."
        if derived.how is How.MEAN and query.grain is not None:
            yield "A mean has no steps beside those that it is over."
        if Grain.HOUR in {derived.step, query.grain if derived.how is How.MOVING_AVERAGE else None}:
            yield "Means over hours are not computed; over days, weeks or months they are."
        if set(derived.part) - {*reachable, "text"}:
            yield "A part is a dimension of the metric."
        if derived.how is How.SHARE and set(derived.part) - {f.dimension for f in query.filters}:
            yield "The part of a share is what a filter keeps."
        if derived.how is How.COUNT and not (query.group_by or query.grain):
            yield "A count needs groups to count."
        if derived.how is How.SHARE and not (derived.part or query.group_by):
            yield "A share needs a part, or groups."
    ranked = query.kind is Kind.RANKING
    if (query.within is not None and not ranked) or (
        query.skip and not ranked and query.kind is not Kind.CHANGE
    ):
        yield "Only a ranking skips rows, or ranks within something."
    if query.within is not None and (query.limit is None or query.within not in _keys_of(query)):
        yield "A ranking within something needs a limit, and to be split by it."


def _keys_of(query: Query) -> tuple[str, ...]:
    return (*query.group_by, *(("time",) if query.grain is not None else ()))


def _searchable(metrics: list[Metric], catalog: Catalog) -> Iterator[str]:
    for metric in metrics:
        if metric.ratio_of or catalog.models[metric.model].verbatims is None:
            yield f"{metric.label} has no customers’ words to search in."


def _shared(metrics: list[Metric], catalog: Catalog) -> dict[str, Dimension]:
    first, *others = (catalog.dimensions_of_metric(metric) for metric in metrics)
    return {n: d for n, d in first.items() if all(n in other for other in others)}


def _filter(one: Filter, dimension: Dimension | None) -> Iterator[str]:
    if one.op is Op.CONTAINS:
        if len(one.values) != 1 or not isinstance(one.values[0], str) or not one.values[0].strip():
            yield "A search in customers’ words needs one text."
        elif len(one.values[0]) > MOST_SEARCHED:
            yield f"A search in customers’ words takes at most {MOST_SEARCHED} characters."
        return
    if dimension is None:
        yield f"There is no “{one.dimension}” to filter this by."
        return
    if not one.values:
        yield f"The filter on {dimension.label} has no value."
    single = one.op not in {Op.IN, Op.NOT_IN}
    if single and len(one.values) > 1:
        yield f"The filter on {dimension.label} takes one value with “{one.op}”."
    fits = _FITS[dimension.kind]
    if not all(fits(value) for value in one.values):
        yield f"A value of the filter on {dimension.label} has the wrong type."
    if one.op in _ORDERED and dimension.kind is DimensionKind.CATEGORICAL:
        yield f"{dimension.label} has no order, so “{one.op}” does not fit."


def _number(value: Literal) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value


_FITS: dict[DimensionKind, Callable[[Literal], bool]] = {
    DimensionKind.CATEGORICAL: lambda value: isinstance(value, str),
    DimensionKind.DATE: lambda value: isinstance(value, str),
    DimensionKind.BOOLEAN: lambda value: isinstance(value, bool),
    DimensionKind.NUMERIC: _number,
}


def _having(condition: Having) -> Iterator[str]:
    if condition.op in {Op.IN, Op.NOT_IN, Op.CONTAINS} or not _number(condition.value):
        yield "A condition on a metric needs a comparison with a number."


def _drivers(query: Query) -> Iterator[str]:
    two_groups = any(
        f.op is Op.IN and f.dimension in query.group_by and len(f.values) <= 2
        for f in query.filters
    )
    if query.comparison is None and not two_groups:
        yield "A “why” needs a period to compare with, or two groups of what it is grouped by."
    if query.comparison is not None and query.time_range is None:
        yield "A “why” needs a period."
    if len(query.metrics) > 1 or query.having or query.grain is not None:
        yield "A “why” takes one metric, without conditions on groups and without steps of time."


def _shape(query: Query) -> Iterator[str]:
    compared = query.comparison is not None
    if query.kind is Kind.DRIVERS:
        yield from _drivers(query)
    elif query.kind is Kind.THEMES:
        if compared and query.time_range is None:
            yield "Themes compared with a period need a period."
    elif compared != (query.kind in _COMPARED):
        yield f"A “{query.kind}” {'takes no' if compared else 'needs a'} period to compare with."
    if query.kind is Kind.CHANGE and query.direction is None:
        yield "A change needs a direction."
    if query.kind is Kind.TREND and query.grain is None:
        yield "A trend needs a width of its steps (day, week, month, …)."
    if query.kind in {Kind.BREAKDOWN, Kind.RANKING, Kind.CHANGE, Kind.THEMES} and not (
        query.group_by or query.grain
    ):
        yield f"A “{query.kind}” needs something to split by."
    known = {*query.metrics, *query.group_by, *_DERIVED, *(f"{m}__change" for m in query.metrics)}
    for one in query.order_by:
        if one.field not in known:
            yield f"The answer has no “{one.field}” to order it by."
