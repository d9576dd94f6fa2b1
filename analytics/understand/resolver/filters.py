"""Filters on stored values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.catalog.types import Dimension, Metric
from analytics.types import Filter, Issue, Op
from analytics.understand.reading import ValueMention
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.resolver.dimensions import shared_dimensions
from analytics.wording import inside, listed, outset


def value_filters(asked: Asked, metrics: Sequence[Metric]) -> tuple[Filter, ...]:
    """Filters on values: of one dimension together (in), of several each."""
    found: dict[tuple[str, Op], list[str]] = {}
    for mention in asked.reading.values:
        dimension, value = _pick_value(asked, mention, metrics)
        op = Op.NOT_IN if mention.excluded else Op.IN
        values = found.setdefault((dimension, op), [])
        if value not in values:
            values.append(value)
    filters = [Filter(name, op, tuple(values)) for (name, op), values in found.items()]
    if asked.reading.search:
        filters.append(Filter("text", Op.CONTAINS, (asked.reading.search,)))
    return tuple(filters)


def _pick_value(asked: Asked, mention: ValueMention, metrics: Sequence[Metric]) -> tuple[str, str]:
    shared = shared_dimensions(asked, metrics)
    return pick_among(asked, mention, shared, metrics[0].label)


def pick_among(
    asked: Asked, mention: ValueMention, shared: Mapping[str, Dimension], what: str
) -> tuple[str, str]:
    """(dimension, stored value) of a mention. Raises Doubt where none or several fit."""
    options = [v for v in mention.values if v.dimension in shared]
    if not options:
        raise Doubt(
            Issue(
                "dimension_not_available",
                f"{outset(what)} is not recorded by “{mention.text}”.",
                (what,),
            )
        )
    # What a text was found to speak of stands back behind what is recorded of it.
    options = [v for v in options if shared[v.dimension].tag is None] or options
    top = max(shared[v.dimension].specificity for v in options)
    best = [v for v in options if shared[v.dimension].specificity == top]
    distinct = list(dict.fromkeys((v.dimension, v.value) for v in best))
    if len(distinct) > 1:
        words = [f"{inside(shared[d].label)} {v}" for d, v in distinct]
        raise Doubt(
            Issue(
                "ambiguous_value",
                f"“{mention.text}” could be {listed(words)}. Which one?",
                tuple(f"{what} for {w}" for w in words),
            )
        )
    return distinct[0]


def merge_equal(filters: Sequence[Filter]) -> tuple[Filter, ...]:
    """Several equalities on one numeric dimension become one IN ("4 and 5 stars")."""
    equal: dict[str, list[float | str | int | bool]] = {}
    for f in filters:
        if f.op is Op.EQ:
            equal.setdefault(f.dimension, []).extend(f.values)
    merged: list[Filter] = []
    for f in filters:
        if f.op is not Op.EQ:
            merged.append(f)
        elif f.dimension in equal:
            values = sorted(set(equal.pop(f.dimension)), key=str)
            merged.append(Filter(f.dimension, Op.IN, tuple(values)))
    return tuple(merged)


def patched_filters(kept: Sequence[Filter], added: Sequence[Filter]) -> tuple[Filter, ...]:
    """New filters replace those on the same dimension; others stay."""
    replaced = {f.dimension for f in added}
    return (*(f for f in kept if f.dimension not in replaced), *added)
