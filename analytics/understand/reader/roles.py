"""One role for a span that may have several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analytics.catalog.people import people_dimensions
from analytics.types import Role
from analytics.understand.reader.draft import ASKING, COUNTING, Draft
from analytics.understand.spans import Span


def role_of(draft: Draft, i: int, span: Span) -> str:
    """One role for a span that may have several."""
    if span.values and not span.entries:
        return "value"
    roles = {entry.role for entry in span.entries}
    if span.number is not None and not roles:
        return "number"
    if span.values and roles - {"form", "model"} and _only_tags(draft, span):
        span = replace(span, values=())
    if span.values and roles:
        return _value_or_entry(draft, i, span, roles)
    for role in ("rank", "direction", "comparison", "grain", "condition", "comparative", "ordinal"):
        if role in roles and not roles & {"metric", "dimension"}:
            return role
    if "dimension" in roles and _wants_dimension(draft, i, span):
        return "dimension"
    if "metric" in roles:
        return "metric"
    if "dimension" in roles:
        return "dimension"
    others = ("model", "form", "rank", "direction", "grain", "unit")
    return next((r for r in others if r in roles), "")


def _only_tags(draft: Draft, span: Span) -> bool:
    """A theme that is called like a figure or a thing: the catalog's own words come first, unless words
    of customers are asked for."""
    if any("evidence" in other.names("form") for other in draft.spans):
        return False
    tags = draft.known.catalog.tags
    return all(value.dimension in tags for value in span.values)


def _value_or_entry(draft: Draft, i: int, span: Span, roles: set[str]) -> str:
    if "dimension" in roles and _speaks_of_part(draft, i, span):
        return "value"
    if "dimension" in roles and _is_kind_of(draft, i, span):
        return "value"
    if "dimension" in roles and _wants_dimension(draft, i, span):
        return "dimension"
    if any("evidence" in s.names("form") for s in draft.spans):
        return "value"
    if "metric" in roles and _is_ranked(draft, i):
        return "metric"
    if draft.mentioned(span, Role.VALUE) and not draft.mentioned(span, Role.METRIC):
        return "value"
    others = [
        s
        for place, s in enumerate(draft.spans)
        if s is not span
        and s.has("metric")
        and not s.has("model")
        and place not in draft.used
        and not (s.has("dimension") and _wants_dimension(draft, place, s))
    ]
    if "metric" in roles and (not others or _names_their_source(draft, span, others)):
        return "metric"
    return "value"


def _is_ranked(draft: Draft, i: int) -> bool:
    """ "Brought in the most new customers": what there is most of is the figure."""
    before = draft.before(i)
    return before is not None and before.has("rank")


def _is_kind_of(draft: Draft, i: int, span: Span) -> bool:
    """ "The store channel": one of the things that the next word names."""
    after = draft.after(i)
    named = (
        set(after.names("dimension")) if after is not None and after.first == span.last else set()
    )
    return any(value.dimension in named for value in span.values)


def _names_their_source(draft: Draft, span: Span, others: Sequence[Span]) -> bool:
    """ "Net sentiment of reviews": the rows that the figure is taken from, not a kind of all feedback.

    "Reviews vs tickets" are kinds of feedback, side by side.
    """
    if sum(1 for s in draft.spans if s.has("model") and s.values) > 1:
        return False
    metrics, models = draft.known.catalog.metrics, span.names("model")
    return any(metrics[name].model in models for s in others for name in s.names("metric"))


def _speaks_of_part(draft: Draft, i: int, span: Span) -> bool:
    """ "Weekday against weekend", "on weekdays": values of a part of time, unless split by it."""
    catalog = draft.known.catalog
    parts = {d.name for m in catalog.models.values() for d in m.dimensions if d.part is not None}
    if not all(value.dimension in parts for value in span.values):
        return False
    before = draft.before(i)
    lead = draft.words(span.first - 1, span.first)
    if lead and (lead[0] in ASKING or (lead[0] in {"and", "or"} and draft.dimensions)):
        return False
    marked = before is not None and ("breakdown" in before.names("form") or before.has("rank"))
    return not marked and not span.has("metric")


def _wants_dimension(draft: Draft, i: int, span: Span) -> bool:
    before = draft.before(i)
    if "metric" in {e.role for e in span.entries}:
        if before is not None and before.has("form") and "breakdown" in before.names("form"):
            others = any(s.has("metric") for s in draft.spans if s is not span)
            return others or not draft.dimensions
        previous = draft.words(span.first - 2, span.first)
        if any(word in COUNTING for word in draft.words(span.first - 3, span.first)):
            # "How many customers ordered twice": things that each meet a condition.
            return any(c.metrics and c.at > span.first for c in draft.conditions)
        if previous and previous[-1] in ASKING:
            return True
        if is_person(draft, span):
            return bool(
                (before is not None and (before.has("rank") or before.number is not None))
                or any(s.has("metric") and not s.has("model") for s in draft.spans if s is not span)
            )
        return False
    return True


def is_person(draft: Draft, span: Span) -> bool:
    """Whether the span names people."""
    return bool(people_dimensions(draft.known.catalog) & set(span.names("dimension")))
