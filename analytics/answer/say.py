"""Query → the English question that asks for it. Suggestions and titles are made of these."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from analytics.answer.format import figure, period
from analytics.catalog.types import Catalog, Dimension
from analytics.types import Direction, Filter, FilterInForce, Having, Kind, Op, Query, TimeRange
from analytics.wording import inside

T = TypeVar("T")

_GRAIN = {
    "hour": "by hour",
    "day": "by day",
    "week": "by week",
    "month": "by month",
    "quarter": "by quarter",
    "year": "by year",
}
_DIRECTION = {
    Direction.IMPROVED: "improved", Direction.WORSENED: "worsened", Direction.ROSE: "rose", Direction.FELL: "fell",  # noqa: E501
    Direction.TURNED_NEGATIVE: "turned negative", Direction.TURNED_POSITIVE: "turned positive", Direction.ANY: "changed most",  # noqa: E501
}  # fmt: skip
_OP = {
    Op.GT: "over",
    Op.GE: "at least",
    Op.LT: "under",
    Op.LE: "at most",
    Op.EQ: "exactly",
    Op.NE: "not",
    Op.IN: "",
    Op.NOT_IN: "except",
}


def dimensions(catalog: Catalog) -> dict[str, Dimension]:
    """All dimensions by name."""
    return {d.name: d for m in catalog.models.values() for d in catalog.dimensions_of(m).values()}


def say(query: Query, catalog: Catalog) -> str:
    """A question in plain English that reads back as this query."""
    known = dimensions(catalog)
    tail = " ".join(filter(None, (filter_words(query, catalog), _time(query.time_range))))
    metric = " and ".join(
        inside(catalog.metrics[m].label) for m in query.metrics if m in catalog.metrics
    )
    groups = " and ".join(inside(known[g].label) for g in query.group_by if g in known)
    plural = (
        inside(known[query.group_by[0]].plural)
        if query.group_by and query.group_by[0] in known
        else ""
    )
    match query.kind:
        case Kind.EVIDENCE:
            source = inside(catalog.models[query.metrics[0].split(".")[0]].label)
            return f"What do customers say in {source} {tail}".strip()
        case Kind.CHANGE:
            assert query.direction is not None
            return f"Which {plural} {_DIRECTION[query.direction]} in {metric} {tail}".strip()
        case Kind.RANKING if query.group_by:
            word = "highest" if not query.order_by or query.order_by[0].descending else "lowest"
            return f"{query.limit or 10} {plural} with the {word} {metric} {tail}".strip()
        case Kind.TREND:
            assert query.grain is not None
            by = f"by {groups} " if groups else ""
            return f"{_sentence(metric)} {by}{_GRAIN[query.grain.value]} {tail}".strip()
        case Kind.THEMES:
            return _themes(query, known, tail)
        case Kind.DRIVERS:
            return f"Why did {metric} change {tail}".strip()
        case Kind.COMPARISON:
            by = f"by {groups} " if groups else ""
            return f"{_sentence(metric)} {by}{tail} compared to the previous period".replace(
                "  ", " "
            )
        case Kind.BREAKDOWN:
            return f"{_sentence(metric)} by {groups} {tail}".strip()
        case _:
            return f"{_sentence(metric)} {tail}".strip()


def _themes(query: Query, known: dict[str, Dimension], tail: str) -> str:
    others = " and ".join(inside(known[g].label) for g in query.group_by[1:] if g in known)
    by = f" by {others}" if others else ""
    match query.direction:
        case None:
            return f"Top themes{by} {tail}".strip()
        case Direction.FELL:
            return f"Which themes{by} fell {tail}".strip()
        case _:
            return f"Which themes{by} rose {tail}".strip()


def filter_words(query: Query, catalog: Catalog) -> str:
    """The filters as they would be typed: "for Headphones, for north"."""
    known = dimensions(catalog)
    return " ".join(_filter(f, known) for f in query.filters)


def filters_in_words(query: Query, catalog: Catalog) -> tuple[str, ...]:
    """Each filter as a label: "product: Acme Kettle", "rating under 3"."""
    known = dimensions(catalog)
    return tuple(_label(f, known) for f in query.filters)


def filters_in_force(query: Query, catalog: Catalog) -> tuple[FilterInForce, ...]:
    """All that narrows a query, each with the query that is left when it is taken away."""
    known = dimensions(catalog)
    found = [FilterInForce(_label(one, known), _unfiltered(query, one)) for one in query.filters]
    found += [
        FilterInForce(_condition(one, catalog), replace(query, having=_but(query.having, one)))
        for one in query.having
    ]
    if query.time_range is not None:
        free = query.comparison is None
        found.append(
            FilterInForce(
                period(query.time_range), replace(query, time_range=None) if free else None
            )
        )
    if query.comparison is not None:
        found.append(
            FilterInForce(f"compared with {period(query.comparison.range)}", _uncompared(query))
        )
    return tuple(found)


def _unfiltered(query: Query, one: Filter) -> Query:
    """A share of what a filter keeps is no share without it."""
    part = query.derived is not None and one.dimension in query.derived.part
    left = replace(query, filters=_but(query.filters, one))
    return replace(left, derived=None) if part and left.derived else left


def conditions_in_words(query: Query, catalog: Catalog) -> tuple[str, ...]:
    """Each condition on groups: "reviews over 50"."""
    return tuple(_condition(one, catalog) for one in query.having)


def _but(items: tuple[T, ...], left_out: T) -> tuple[T, ...]:
    return tuple(item for item in items if item is not left_out)


def _condition(one: Having, catalog: Catalog) -> str:
    metric = catalog.metrics.get(one.metric)
    if metric is None:
        number = f"{one.value * 100:+g} %" if one.metric == "change_ratio" else f"{one.value:+g}"
        return f"change {_OP[one.op]} {number}"
    if one.op is Op.EQ and one.value == 0:
        return f"no {inside(metric.label)}"
    return f"{inside(metric.label)} {_OP[one.op]} {figure(one.value, metric.unit.value)}"


def _uncompared(query: Query) -> Query | None:
    """A comparison without its baseline is the plain figure; a change is nothing without it."""
    if query.kind is not Kind.COMPARISON:
        return None
    order = tuple(one for one in query.order_by if one.field != "change")
    return replace(
        query,
        kind=Kind.BREAKDOWN if query.group_by else Kind.VALUE,
        comparison=None,
        direction=None,
        order_by=order,
    )


def _label(one: Filter, known: dict[str, Dimension]) -> str:
    name = inside(known[one.dimension].label) if one.dimension in known else one.dimension
    values = ", ".join(f"{v:g}" if isinstance(v, float) else str(v) for v in one.values)
    match one.op:
        case Op.IN | Op.EQ:
            return f"{name}: {values}"
        case Op.NOT_IN | Op.NE:
            return f"{name}: not {values}"
        case Op.CONTAINS:
            return f"about “{values}”"
        case _:
            return f"{name} {_OP[one.op]} {values}"


def _filter(one: Filter, known: dict[str, Dimension]) -> str:
    values = " and ".join(f"{v:g}" if isinstance(v, float) else str(v) for v in one.values)
    if one.op is Op.CONTAINS:
        return f"about {values}"
    dimension = known.get(one.dimension)
    if dimension is not None and dimension.unit_words:
        unit = dimension.unit_words[-1]
        return f"with {_OP.get(one.op, '')} {values} {unit}".replace("  ", " ")
    lead = "except" if one.op is Op.NOT_IN else "for"
    return f"{lead} {values}"


def _time(time_range: TimeRange | None) -> str:
    if time_range is None:
        return ""
    label = time_range.label
    if label.startswith(
        (
            "this ",
            "last ",
            "the last",
            "since ",
            "before ",
            "after ",
            "today",
            "yesterday",
            "until ",
        )
    ):
        return label
    if " to " in label:
        return f"from {label}"
    return f"in {label}" if label else ""


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
