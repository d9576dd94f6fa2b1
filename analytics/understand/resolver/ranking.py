"""Order: which way up, and how many."""

from __future__ import annotations

from dataclasses import replace

from analytics.catalog.types import Better, DimensionKind, Metric, Unit
from analytics.types import Issue, Kind, OrderBy, Query
from analytics.understand.resolver.asked import Asked
from analytics.wording import inside, outset

DURATIONS = frozenset({Unit.SECONDS, Unit.MINUTES, Unit.HOURS, Unit.DAYS})
DEFAULT_LIMIT = 10
USUAL_WITHIN = 3
"""Rows of a ranking in each of several groups, where no number is said."""


def rank(asked: Asked, query: Query, metric: Metric) -> Query:
    """A ranking by the metric: as many rows as asked for, one for "which one", else ten."""
    single = any(m.single for m in asked.reading.dimensions) and asked.reading.count is None
    if len(query.group_by) == 2 and (within := _within(asked, query)) is not None:
        rest = tuple(name for name in query.group_by if name != within)
        return replace(
            query,
            kind=Kind.RANKING,
            group_by=(within, *rest),
            order_by=(OrderBy(metric.name, descending(asked, metric)),),
            limit=asked.reading.count or (1 if single else USUAL_WITHIN),
            skip=(asked.reading.place or 1) - 1,
            within=within,
        )
    if asked.reading.place is not None:
        single = asked.reading.count is None
    limit = asked.reading.count or (
        1 if single else None if "every" in asked.reading.forms else DEFAULT_LIMIT
    )
    return replace(
        query,
        kind=Kind.RANKING,
        order_by=(OrderBy(metric.name, descending(asked, metric)),),
        limit=limit,
        skip=(asked.reading.place or 1) - 1,
    )


def _within(asked: Asked, query: Query) -> str | None:
    """Of two things, the one that the other is ranked in: "the top product in each region"."""
    marked = [m for m in asked.reading.dimensions if m.each and set(m.names) & set(query.group_by)]
    if len(marked) != 1:
        return None
    return next(name for name in query.group_by if name in marked[0].names)


def descending(asked: Asked, metric: Metric) -> bool:
    """Whether the largest figure comes first."""
    match asked.reading.rank:
        case "lowest" | "worst_rated" | "worst_selling" | "quietest":
            return False
        case "fastest" | "slowest" if metric.unit in DURATIONS:
            return asked.reading.rank == "slowest"
        case "slowest":
            return metric.better is Better.LOWER
        case "fastest":
            return metric.better is not Better.LOWER
        case "worst":
            return metric.better is Better.LOWER
        case "most_negative":
            return metric.better is Better.LOWER
        case "best" | "most_positive" | "best_rated":
            return metric.better is not Better.LOWER
        case _:
            return True


def rank_of_what(asked: Asked, metric: Metric) -> Issue:
    """The question what to rank."""
    reachable = asked.catalog.dimensions_of_metric(metric)
    plurals = [inside(d.plural) for d in sorted(reachable.values(), key=lambda d: -d.specificity)][
        :3
    ]
    return Issue(
        "rank_of_what",
        f"{outset((asked.reading.rank or 'highest').replace('_', ' '))} {inside(metric.label)} of what?",
        tuple(f"{plural} with the highest {inside(metric.label)}" for plural in plurals),
    )


def breakdown_order(asked: Asked, query: Query, metric: Metric) -> tuple[OrderBy, ...]:
    """Steps in their own order, things by the metric."""
    first = asked.catalog.dimensions_of_metric(metric)[query.group_by[0]]
    if first.kind is not DimensionKind.CATEGORICAL or first.ordered_values:
        return tuple(OrderBy(name, descending=False) for name in query.group_by)
    return (OrderBy(metric.name, descending=True),)
