"""A message that stays in doubt at first is looked at again: which other reading leaves no doubt?

Many words can play several roles ("tickets" are rows, things and a figure), and many verbs only carry a
question ("tickets that customers raised"). The first reading decides each by its neighbours. Where that
ends in a question back, the roles of one or two spans are changed; if every reading with the fewest changes
that leaves nothing in doubt asks for the same, that is what was meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations, islice

from analytics.catalog.people import people_dimensions
from analytics.types import Clarification, ParsedMessage, Query
from analytics.understand.known import Known
from analytics.understand.read import Covered, covered, read_spans
from analytics.understand.resolve import Resolution, resolve
from analytics.understand.spans import Span

_MOST_READINGS = 80
_ROLES = ("value", "metric", "dimension", "model", "form", "rank", "comparison")
_SETTLED_BY_ROLES = frozenset(
    {
        "dimension_not_available", "metric_not_in_source", "average_of_what", "unclear_share",
        "ambiguous_metric", "ambiguous_dimension", "two_questions", "unclear_order", "unknown_ratio",
        "no_metric", "left_out",
    }
)  # fmt: skip


def second_look(
    message: ParsedMessage,
    known: Known,
    previous: Query | None,
    today: date,
    doubt: Clarification,
) -> Resolution | None:
    """The one query of the readings with the fewest changed roles; None where none or several are."""
    if not {issue.code for issue in doubt.issues} <= _SETTLED_BY_ROLES:
        return None
    first = covered(message, known, today)
    left = _MOST_READINGS
    for changes in (1, 2):
        found: dict[Query, Resolution] = {}
        for other in islice(_otherwise(first, known, changes), left):
            left -= 1
            reading = read_spans(other, known, today)
            if reading.problems:
                continue
            resolved = resolve(message, reading, known, previous, today)
            if isinstance(resolved, Resolution) and _keeps(other, resolved.query, first):
                found.setdefault(resolved.query, resolved)
        if found:
            return next(iter(found.values())) if len(found) == 1 else None
    return None


def _otherwise(first: Covered, known: Known, changes: int) -> Iterator[Covered]:
    """The cover with other roles for so many of its spans."""
    options = {
        i: others for i, span in enumerate(first.spans) if (others := _others(first, span, known))
    }
    for places in combinations(options, changes):
        for chosen in _products([options[i] for i in places]):
            spans = list(first.spans)
            for i, span in zip(places, chosen, strict=True):
                spans[i] = span
            yield replace(first, spans=tuple(spans))


def _products(options: Sequence[Sequence[Span]]) -> Iterator[tuple[Span, ...]]:
    if not options:
        yield ()
        return
    for span in options[0]:
        for rest in _products(options[1:]):
            yield (span, *rest)


def _others(first: Covered, span: Span, known: Known) -> tuple[Span, ...]:
    """What else a span could be: one of its roles alone; a verb may only carry the question."""
    roles = [r for r in _ROLES if (span.values if r == "value" else span.has(r))]
    # "The Hamburg store": a word for things is not taken for a value that is called like them.
    others = [r for r in roles if r != "value" or not span.has("dimension")]
    people = people_dimensions(known.catalog)
    if span.has("metric") and people & set(span.names("dimension")):
        if _is_counted(first, span, known):
            return (_only(span, "dimension"),)
        others.remove("dimension")  # who acts: nothing is asked for each of them
    found = [_only(span, role) for role in others] if len(roles) > 1 else []
    if len(others) < len(roles) and "value" not in roles:
        found.append(Span(span.first, span.last, frame=True))
    if roles == ["metric"] and _is_verb(span, known):
        found.append(Span(span.first, span.last, frame=True))
    return tuple(found)


def _is_counted(first: Covered, span: Span, known: Known) -> bool:
    """ "How many different customers wrote …": they are what is asked for, and never let go."""
    lead = list(first.tokens[max(span.first - 3, 0) : span.first])
    if lead and any(e.name == "distinct" for e in known.lexicon.lookup((lead[-1].stem,))):
        lead.pop()
    return [t.word for t in lead[-2:]] in (["how", "many"], ["number", "of"], ["count", "of"])


def _only(span: Span, role: str) -> Span:
    if role == "value":
        return replace(span, entries=())
    return replace(span, entries=tuple(e for e in span.entries if e.role == role), values=())


def _is_verb(span: Span, known: Known) -> bool:
    metrics = known.catalog.metrics
    return all(e.phrase in metrics[e.name].verbs for e in span.entries)


def _keeps(other: Covered, query: Query, first: Covered) -> bool:
    """Whether the query does something with each thing that a word was changed to be."""
    split = {*query.group_by, *(f.dimension for f in query.filters)}
    return all(
        set(span.names("dimension")) & split
        for span, before in zip(other.spans, first.spans, strict=True)
        if span != before and span.has("dimension")
    )
