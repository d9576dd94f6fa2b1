"""What a follow-up takes off the last question: "remove the region filter", "all channels"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analytics.types import Filter, Having, Issue, Kind, Op, Query
from analytics.understand.reading import DimensionMention, Reading, ValueMention
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.wording import inside, listed


def take_off(asked: Asked, previous: Query) -> tuple[Query, Reading]:
    """The last query without what is named, and the reading without those names.

    Raises Doubt where nothing of the kind is in force, or several are.
    """
    moves, reading = asked.followed.moves, asked.reading
    if moves.has("all"):
        return _all_of(previous, reading)
    query = previous
    if "split" in moves.parts:
        query = replace(query, group_by=())
    if "limit" in moves.parts:
        query = replace(query, limit=None, skip=0)
    if "comparison" in moves.parts:
        query = _uncompared(asked, query)
    if "period" in moves.parts or reading.times:
        query = _timeless(asked, query)
    for mention in reading.dimensions:
        query = _without_dimension(asked, query, mention)
    query = _without_rows(query, reading)
    left_out: list[ValueMention] = []
    for value in reading.values:
        query = _without_value(asked, query, value, left_out)
    for metric in () if reading.conditions else reading.metrics:
        query = _without_metric(asked, query, metric.names, metric.text)
    named = any(
        (reading.dimensions, reading.values, reading.metrics, reading.times, reading.conditions)
    )
    if not named and not moves.parts - {"filter"}:
        query = _without_filter(asked, query)
    rest = replace(reading, dimensions=(), values=tuple(left_out), metrics=(), conditions=())
    rest = replace(rest, times=(), time_positions=())
    return query, rest


_OPPOSITE = {Op.EQ: Op.NE, Op.NE: Op.EQ, Op.GT: Op.LE, Op.GE: Op.LT, Op.LT: Op.GE, Op.LE: Op.GT}


def _without_rows(query: Query, reading: Reading) -> Query:
    """ "leave out reviews with 1 star", "drop those under 100": what meets the opposite stays."""
    added = tuple(
        Filter(c.dimensions[0], _OPPOSITE[c.op], (c.number,))
        for c in reading.conditions
        if c.dimensions and c.op in _OPPOSITE
    )
    held = tuple(
        Having(c.metrics[0], _OPPOSITE[c.op], c.number)
        for c in reading.conditions
        if c.metrics and c.op in _OPPOSITE and query.group_by
    )
    return replace(query, filters=(*query.filters, *added), having=(*query.having, *held))


def _all_of(previous: Query, reading: Reading) -> tuple[Query, Reading]:
    """ "all regions": no filter on them, no cut of their list; split by them where they were neither."""
    query, left = previous, []
    for mention in reading.dimensions:
        names = set(mention.names)
        filtered = [f for f in query.filters if f.dimension in names]
        if filtered:
            query = replace(query, filters=_but(query.filters, filtered))
        elif names & set(query.group_by):
            query = replace(query, limit=None, skip=0)
        else:
            left.append(replace(mention, grouped=True))
    return query, replace(reading, dimensions=tuple(left), forms=reading.forms - {"every"})


def _but(filters: Sequence[Filter], gone: Sequence[Filter]) -> tuple[Filter, ...]:
    return tuple(one for one in filters if one not in gone)


def _uncompared(asked: Asked, query: Query) -> Query:
    """The figure of the period alone."""
    if query.comparison is None:
        raise Doubt(_not_in_force(asked, query, "comparison"))
    order = tuple(o for o in query.order_by if o.field in {*query.metrics, *query.group_by})
    kind = Kind.BREAKDOWN if query.group_by else Kind.VALUE
    return replace(
        query, kind=kind, comparison=None, direction=None, order_by=order if query.group_by else ()
    )


def _timeless(asked: Asked, query: Query) -> Query:
    named = asked.reading.times[:1]
    current = query.time_range
    if query.comparison is not None or current is None:
        raise Doubt(_not_in_force(asked, query, "such a period"))
    if named and (named[0].start, named[0].end) != (current.start, current.end):
        raise Doubt(
            Issue(
                "cannot_leave_out_time",
                f"I cannot leave {named[0].label} out of a period; I can show it step by step.",
                ("by month", "by week"),
            )
        )
    return replace(query, time_range=None)


def _without_dimension(asked: Asked, query: Query, mention: DimensionMention) -> Query:
    names = set(mention.names)
    filtered = [f for f in query.filters if f.dimension in names]
    if filtered:
        return replace(query, filters=_but(query.filters, filtered))
    if names & set(query.group_by) and "filter" not in asked.followed.moves.parts:
        return replace(query, group_by=tuple(g for g in query.group_by if g not in names))
    raise Doubt(_not_in_force(asked, query, f"filter on {mention.text}"))


def _without_value(
    asked: Asked, query: Query, mention: ValueMention, left_out: list[ValueMention]
) -> Query:
    """Out of the filter that names it; left out of the figure where none does."""
    meant = {(v.dimension, v.value) for v in mention.values}
    for one in query.filters:
        named = [v for v in one.values if (one.dimension, v) in meant]
        if not named:
            continue
        rest = tuple(v for v in one.values if v not in named)
        changed = (replace(one, values=rest),) if rest else ()
        at = query.filters.index(one)
        return replace(query, filters=(*query.filters[:at], *changed, *query.filters[at + 1 :]))
    if "filter" in asked.followed.moves.parts:
        raise Doubt(_not_in_force(asked, query, f"filter on {mention.text}"))
    left_out.append(replace(mention, excluded=True))
    return query


def _without_metric(asked: Asked, query: Query, names: Sequence[str], text: str) -> Query:
    held = tuple(h for h in query.having if h.metric not in names)
    if "filter" in asked.followed.moves.parts and len(held) < len(query.having):
        return replace(query, having=held)
    rest = tuple(m for m in query.metrics if m not in names)
    if rest and len(rest) < len(query.metrics):
        order = tuple(o for o in query.order_by if o.field not in names)
        return replace(query, metrics=rest, order_by=order)
    raise Doubt(_not_in_force(asked, query, f"“{text}” to take away"))


def _without_filter(asked: Asked, query: Query) -> Query:
    """ "remove the filter": the only one, or all of them where several are meant."""
    if asked.followed.moves.many:
        return replace(query, filters=(), having=())
    in_force = [*query.filters, *query.having]
    if not in_force:
        raise Doubt(_not_in_force(asked, query, "filter"))
    if len(in_force) > 1:
        raise Doubt(
            Issue(
                "which_filter",
                f"Which filter should go: {listed(_filter_names(asked, query), quote=False)}?",
                (*_removals(asked, query), "remove all filters"),
            )
        )
    return replace(query, filters=(), having=())


def _not_in_force(asked: Asked, query: Query, what: str) -> Issue:
    names = _filter_names(asked, query)
    told = f" In force: {listed(names, quote=False)}." if names else ""
    return Issue("not_in_force", f"There is no {what} in force.{told}", _removals(asked, query))


def _filter_names(asked: Asked, query: Query) -> list[str]:
    return [f"{_label(asked, f)} ({', '.join(map(str, f.values))})" for f in query.filters] + [
        inside(asked.catalog.metrics[h.metric].label) for h in query.having
    ]


def _removals(asked: Asked, query: Query) -> tuple[str, ...]:
    return tuple(
        f"remove the {_label(asked, f)} filter" for f in query.filters if f.op is not Op.CONTAINS
    )


def _label(asked: Asked, one: Filter) -> str:
    for model in asked.catalog.models.values():
        dimension = asked.catalog.dimensions_of(model).get(one.dimension)
        if dimension is not None:
            return inside(dimension.label)
    return "text" if one.op is Op.CONTAINS else one.dimension
