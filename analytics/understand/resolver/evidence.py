"""Customers' words: which source, narrowed to what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from analytics.catalog.rows import rows_counted
from analytics.catalog.types import Dimension
from analytics.types import Filter, Issue, Kind, Op, Query
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.resolver.filters import kinds, merge_equal, patched_filters, pick_all
from analytics.understand.resolver.periods import main_and_baseline
from analytics.wording import inside

EVIDENCE_LIMIT = 5


def fresh_evidence(asked: Asked) -> Query:
    """Customers' words: the source named, or reviews, or the first that has words."""
    sources = [m for m in asked.catalog.models.values() if m.verbatims]
    if not sources:
        raise Doubt(Issue("no_verbatims", "This data holds no customers' words."))
    hinted = [m for m in sources if m.name in asked.reading.models]
    ordered = hinted or sorted(sources, key=lambda m: m.name != "reviews")
    for model in ordered:
        shared = asked.catalog.dimensions_of(model)
        if all(any(x.dimension in shared for x in v.values) for v in asked.reading.values):
            break
    else:
        model, shared = ordered[0], asked.catalog.dimensions_of(ordered[0])
    found: dict[tuple[str, Op], list[str]] = {}
    for mention in (*asked.reading.values, *kinds(asked, shared)):
        dimension, values = pick_all(asked, mention, shared, model.label)
        op = Op.NOT_IN if mention.excluded else Op.IN
        found.setdefault((dimension, op), []).extend(values)
    filters = [Filter(name, op, tuple(dict.fromkeys(vs))) for (name, op), vs in found.items()]
    filters += [
        Filter(c.dimensions[0], c.op, (c.number,))
        for c in asked.reading.conditions
        if c.dimensions and c.dimensions[0] in shared
    ]
    filters += _sentiment_of_rank(asked, shared, filters)
    if asked.reading.search:
        filters.append(Filter("text", Op.CONTAINS, (asked.reading.search,)))
    main, _ = main_and_baseline(asked)
    return Query(
        Kind.EVIDENCE,
        metrics=(f"{model.name}.verbatims",),
        filters=merge_equal(filters),
        time_range=main,
        limit=asked.reading.count or EVIDENCE_LIMIT,
    )


def _sentiment_of_rank(
    asked: Asked, shared: Mapping[str, Dimension], filters: Sequence[Filter]
) -> list[Filter]:
    """ "the worst comments" are negative ones."""
    if "sentiment" not in shared or any(f.dimension == "sentiment" for f in filters):
        return []
    value = {
        "worst": "negative", "most_negative": "negative", "best": "positive", "most_positive": "positive",
    }.get(asked.reading.rank or "")  # fmt: skip
    return [Filter("sentiment", Op.IN, (value,))] if value else []


def refined_evidence(asked: Asked, previous: Query) -> Query:
    """Words as asked for now, within the filters and the period of the question before."""
    _check_not_compared(asked, previous)
    fresh = fresh_evidence(asked)
    kept = patched_filters(rows_before(asked, previous), previous.filters)
    model = fresh.metrics[0].split(".")[0]
    if not asked.reading.models:
        model = _previous_source(asked, previous) or model
    shared = asked.catalog.dimensions_of(asked.catalog.models[model])
    kept = tuple(f for f in kept if f.dimension in shared or f.dimension == "text")
    return replace(
        fresh,
        metrics=(f"{model}.verbatims",),
        filters=patched_filters(kept, fresh.filters),
        time_range=fresh.time_range or previous.time_range,
        limit=asked.reading.count or EVIDENCE_LIMIT,
    )


def rows_before(asked: Asked, previous: Query) -> tuple[Filter, ...]:
    """What the figure before counted, as filters: of "negative reviews", the negative ones."""
    known = asked.catalog.metrics
    counted = [rows_counted(known[n], asked.catalog) for n in previous.metrics[:1] if n in known]
    return tuple(one for rows in counted if rows is not None for one in rows.filters)


def _check_not_compared(asked: Asked, previous: Query) -> None:
    """ "compared to last year", after quotes: words have no figure to compare."""
    if not asked.reading.comparisons or "evidence" in asked.reading.forms:
        return
    rows = [
        m.label
        for m in asked.catalog.metrics.values()
        if m.model == _previous_source(asked, previous)
        and m.expression == "count(*)"
        and not m.where
    ]
    choices = tuple(
        f"{inside(label)} {t.label} compared to the year before"
        for label in rows
        for t in asked.reading.times[:1]
    )
    raise Doubt(Issue("words_not_compared", "Quotes cannot be compared; figures can.", choices))


def _previous_source(asked: Asked, previous: Query) -> str | None:
    if not previous.metrics:
        return None
    name = previous.metrics[0]
    model = (
        name.split(".")[0]
        if name.endswith(".verbatims")
        else (
            asked.catalog.model_of(asked.catalog.metrics[name]).name
            if name in asked.catalog.metrics
            else ""
        )
    )
    found = asked.catalog.models.get(model)
    return model if found is not None and found.verbatims else None
