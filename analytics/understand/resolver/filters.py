"""Filters on stored values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analytics.catalog.types import Dimension, Metric
from analytics.types import Filter, Issue, Literal, Op
from analytics.understand.reading import ValueMention
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.resolver.dimensions import shared_dimensions
from analytics.wording import inside, listed, outset


def value_filters(asked: Asked, metrics: Sequence[Metric]) -> tuple[Filter, ...]:
    """Filters on values: of one dimension together (in), of several each."""
    found: dict[tuple[str, Op], list[str]] = {}
    shared = shared_dimensions(asked, metrics)
    for mention in (*asked.reading.values, *kinds(asked, shared)):
        dimension, meant = pick_all(asked, mention, shared, metrics[0].label)
        op = Op.NOT_IN if mention.excluded else Op.IN
        values = found.setdefault((dimension, op), [])
        values += [value for value in meant if value not in values]
    filters = [Filter(name, op, tuple(values)) for (name, op), values in found.items()]
    if asked.reading.search:
        filters.append(Filter("text", Op.CONTAINS, (asked.reading.search,)))
    return tuple(filters)


def kinds(asked: Asked, shared: Mapping[str, Dimension]) -> list[ValueMention]:
    """Words for a sort of thing that is not recorded here, but which several values here are called by:
    "cameras" are sensors of a store, or products with that name."""
    return [
        ValueMention(found, mention.text, mention.at, whole=True)
        for mention in asked.reading.dimensions
        if not mention.grouped and not set(mention.names) & set(shared)
        if (found := asked.known.values.kind_in(mention.text, shared))
    ]


def pick_all(
    asked: Asked, mention: ValueMention, shared: Mapping[str, Dimension], what: str
) -> tuple[str, tuple[str, ...]]:
    """(dimension, stored values) of a mention; of a kind ("laptops") all. Raises Doubt as ``pick_among``.

    What is not recorded here under its own dimension may be under another: visits know no city, but the
    store "Vienna Ring" for "Vienna".
    """
    here = [v for v in mention.values if v.dimension in shared]
    kind = (
        here if mention.whole else () if here else asked.known.values.named_in(mention.text, shared)
    )
    if kind:
        return kind[0].dimension, tuple(dict.fromkeys(value.value for value in kind))
    dimension, value = pick_among(asked, mention, shared, what)
    return dimension, (value,)


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


_ADDING = frozenset(
    {"also", "additionally", "further", "too", "add", "plus", "include", "including"}
)


def adds(asked: Asked) -> bool:
    """Whether what is named comes beside what was there: "also tablets", "add orders"."""
    beside = asked.followed.moves.has("beside") and bool(asked.reading.metrics)
    return beside or asked.followed.moves.has("add") or not _ADDING.isdisjoint(asked.reading.words)


def patched_filters(
    kept: Sequence[Filter], added: Sequence[Filter], beside: bool = False
) -> tuple[Filter, ...]:
    """New filters in place of those on the same dimension; others stay.

    ``beside``: further values come to those that were there. What is left out leaves the rest as it was.
    """
    patched = list(kept)
    for one in added:
        same = [f for f in patched if f.dimension == one.dimension]
        patched = [f for f in patched if f.dimension != one.dimension]
        patched += _together(same, one, beside)
    return tuple(patched)


def _together(same: Sequence[Filter], new: Filter, beside: bool) -> list[Filter]:
    """The filters of one dimension after a new one on it."""
    included = [f for f in same if f.op is Op.IN]
    excluded = [f for f in same if f.op is Op.NOT_IN]
    if new.op is Op.NOT_IN:
        left = [replace(f, values=_less(f.values, new.values)) for f in included]
        if left and all(f.values for f in left):
            return [*left, *excluded]
        gone = tuple(dict.fromkeys((*(v for f in excluded for v in f.values), *new.values)))
        return [replace(new, values=gone)]
    if new.op is Op.IN and beside and included:
        return [replace(new, values=tuple(dict.fromkeys((*included[0].values, *new.values))))]
    if new.op is Op.IN and beside and excluded:
        left = [replace(f, values=_less(f.values, new.values)) for f in excluded]
        if left != excluded:
            return [f for f in left if f.values]
    return [new]


def _less(values: Sequence[Literal], gone: Sequence[Literal]) -> tuple[Literal, ...]:
    return tuple(value for value in values if value not in gone)
