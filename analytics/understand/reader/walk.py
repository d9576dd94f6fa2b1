"""The walk over the spans of a message: each one plays a role, decided by its neighbours."""

from __future__ import annotations

from analytics.types import Issue
from analytics.understand.reader.draft import JOINING, Draft
from analytics.understand.reader.nothing import none_of
from analytics.understand.reader.numbers import read_conditions, set_number
from analytics.understand.reader.order import (
    compare_without_number,
    set_comparative,
    set_direction,
    set_grain,
    set_place,
    set_rank,
    set_verbs_rank,
)
from analytics.understand.reader.roles import role_of
from analytics.understand.reader.themes import read_themes
from analytics.understand.reader.things import add_dimension, add_value, people_of
from analytics.understand.reader.unknown import read_unknown
from analytics.understand.reading import MetricMention
from analytics.understand.spans import Span
from analytics.wording import listed


def walk(draft: Draft) -> None:
    """Conditions first (they claim numbers), then every other span in order."""
    read_conditions(draft)
    read_themes(draft)
    excluded = False
    for i, span in enumerate(draft.spans):
        if i in draft.used or span.unknown:
            excluded = excluded and span.unknown
            continue
        if span.frame:
            excluded = excluded and draft.tokens[span.first].word in {
                *JOINING,
                "the",
                "a",
                "in",
                "from",
                "for",
                "on",
                "our",
            }
            continue
        if span.has("exclusion") and not span.values:
            if _is_courteous(draft, span) or none_of(draft, i):
                continue
            excluded = True
            draft.negation = draft.negation or draft.text(span)
            continue
        excluded = _read_span(draft, i, span, excluded)
    _check_negation(draft)
    read_unknown(draft)


def _read_span(draft: Draft, i: int, span: Span, excluded: bool) -> bool:
    if span.time is not None:
        draft.times.append(span.time)
        draft.time_positions.append(span.first)
        draft.pair = draft.pair or span.pair
        if span.versus:
            draft.comparisons.add("versus")
        return False
    role = role_of(draft, i, span)
    if role in {"metric", "model"} and span.has("model") and _is_per(draft, span):
        draft.problems.append(_per_rows(draft, span))
        return False
    match role:
        case "value":
            add_value(draft, i, span, excluded)
            return excluded
        case "metric" if people_of(draft, i, span):
            return excluded
        case "metric":
            set_verbs_rank(draft, i, span)
            names = span.names("metric")
            draft.metrics.append(
                MetricMention(
                    names, draft.text(span), span.first, span.has("model"), _is_verb(draft, span)
                )
            )
        case "model":
            draft.models.extend(span.names("model"))
        case "dimension":
            add_dimension(draft, i, span)
            return excluded
        case "rank":
            set_rank(draft, i, span)
        case "direction":
            set_direction(draft, span)
            draft.forms.update(set(span.names("form")) & {"relative"})
        case "comparison":
            draft.comparisons.update(span.names("comparison"))
            if "versus" in span.names("comparison"):
                draft.versus_at = span.first
        case "grain":
            set_grain(draft, i, span)
        case "form":
            draft.forms.update(span.names("form"))
        case "ordinal":
            set_place(draft, i, span)
        case "comparative":
            set_comparative(draft, span)
        case "condition":
            compare_without_number(draft, span)
        case "number":
            set_number(draft, i, span)
        case "unit":
            draft.problems.append(
                Issue(
                    "unclear_unit",
                    f"I don't know which “{draft.text(span)}” you mean: say how many.",
                    ("What can you do?",),
                )
            )
        case _:
            pass
    return False


def _is_courteous(draft: Draft, span: Span) -> bool:
    """A "no" that opens a message, "isn't it": nothing is left out."""
    word = draft.tokens[span.first].word
    return span.first == 0 and (word == "no" or word.endswith("n't"))


def _check_negation(draft: Draft) -> None:
    """A "not" that excludes no value would be dropped in silence."""
    if draft.negation and not any(value.excluded for value in draft.values):
        draft.problems.append(
            Issue(
                "unclear_negation",
                f"I can't tell what “{draft.negation}” leaves out here. Name a value to leave out, "
                "such as a region or a product.",
                ("What can you do?",),
            )
        )


def _is_verb(draft: Draft, span: Span) -> bool:
    """The span implies its metric by what happens ("sold"), it does not name it."""
    metrics = draft.known.catalog.metrics
    entries = [e for e in span.entries if e.role == "metric"]
    return bool(entries) and all(e.phrase in metrics[e.name].verbs for e in entries)


def _is_per(draft: Draft, span: Span) -> bool:
    return draft.words(span.first - 1, span.first) == ["per"]


def _per_rows(draft: Draft, span: Span) -> Issue:
    """ "complaints per order" where the catalog has no such ratio: never the plain figure."""
    start = draft.tokens[max(span.first - 2, 0)].start
    text = draft.message.text[start : draft.tokens[span.last - 1].end]
    links = draft.known.linker.metrics(text)
    labels = tuple(draft.known.catalog.metrics[link.name].label for link in links)
    if not labels:
        return Issue("unknown_ratio", f"I have no figure for “{text}”.", ("What can you do?",))
    return Issue(
        "unknown_ratio",
        f"I have no figure for “{text}”. Did you mean {listed(labels)}?",
        labels,
    )
