"""Message → ``Reading``: corrected words, time expressions, spans, and the role that each one plays.

The roles are decided in ``analytics/understand/reader``, a file for each sort.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from analytics.text import Token, tokenize
from analytics.types import Issue, ParsedMessage
from analytics.understand.known import Known
from analytics.understand.reader.anchors import held_open, settled
from analytics.understand.reader.aside import set_aside
from analytics.understand.reader.draft import ASKING, Draft
from analytics.understand.reader.finish import finish
from analytics.understand.reader.walk import walk
from analytics.understand.reading import Reading
from analytics.understand.spans import Asking, Span, cover
from analytics.understand.times.anchored import Anchored, find_anchored
from analytics.understand.times.expressions import TimeSpan
from analytics.understand.times.problems import time_problems
from analytics.understand.times.typed import times_of

_WINDOW = re.compile(
    r"(?:rolling|moving|trailing)?\W*(?:rolling |moving |trailing )?(?:average|mean|avg)\b",
    re.IGNORECASE,
)


def _is_window(text: str, start: int, end: int) -> bool:
    """ "7-day rolling mean": the width of a window, not the last 7 days."""
    said = text[start:end].lower()
    slides = any(word in said or word in text[end : end + 10].lower() for word in _SLIDES)
    return slides and _WINDOW.match(text[end:].lstrip()) is not None


_SLIDES = ("rolling", "moving", "trailing")


def _ranks_things(tokens: Sequence[Token], spans: Sequence[Span]) -> bool:
    """ "Which products do they complain about most" ranks products; it asks for no words."""
    ranked = any(span.has("rank") for span in spans)
    asked = any(
        span.has("dimension") and span.first and tokens[span.first - 1].word in ASKING
        for span in spans
    )
    return ranked and asked


def _besides(anchored: Sequence[Anchored], times: Sequence[TimeSpan]) -> tuple[TimeSpan, ...]:
    """The times that are no part of a period told from a thing."""
    return tuple(t for t in times if all(t.end <= a.start or t.start >= a.end for a in anchored))


def _names_a_thing(text: str, time: TimeSpan, known: Known) -> bool:
    """ "the Black Friday 2025 campaign": a name, where the word for such things follows."""
    typed = tokenize(text[time.start : time.end])
    values = known.values.lookup(tuple(t.stem for t in typed if t.word not in {"the", "our"}))
    following = tokenize(text[time.end :])[:1]
    dimensions = {
        entry.name
        for token in following
        for entry in known.lexicon.lookup((token.stem,))
        if entry.role == "dimension"
    }
    return any(value.dimension in dimensions for value in values)


@dataclass(frozen=True, slots=True)
class Covered:
    """A message cut into spans, before any of them plays a role."""

    message: ParsedMessage
    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]
    anchored: tuple[Anchored, ...]
    notes: tuple[Issue, ...]


def read(message: ParsedMessage, known: Known, today: date) -> Reading:
    """Reads a message. Never fails: what is not understood ends in ``problems``."""
    return read_spans(covered(message, known, today), known, today)


def covered(message: ParsedMessage, known: Known, today: date) -> Covered:
    """The best cover of a message by spans; what stands beside the question narrows nothing."""
    tokens, notes = known.spelling.correct(tokenize(message.text))
    anchored = find_anchored(message.text, known.anchors, known.values)
    found = times_of(message.text, tokens, today, known.calendar)
    found = tuple(t for t in found if not _is_window(message.text, t.start, t.end))
    free = _besides(anchored, found)
    times = (*held_open(anchored), *(t for t in free if not _names_a_thing(message.text, t, known)))
    spans = cover(message.text, tokens, times, known.lexicon, known.values, known.vocabulary)
    if any("evidence" in span.names("form") for span in spans):
        asked = Asking.OF_THINGS if _ranks_things(tokens, spans) else Asking.FOR_WORDS
        spans = cover(
            message.text, tokens, times, known.lexicon, known.values, known.vocabulary, asked
        )
    return Covered(message, tokens, set_aside(message.text, tokens, spans), anchored, notes)


def read_spans(covered: Covered, known: Known, today: date) -> Reading:
    """What the spans say, each in its role."""
    message = covered.message
    draft = Draft(message, known, covered.tokens, covered.spans)
    walk(draft)
    reading = settled(finish(draft), covered.anchored, message.text, today)
    problems = time_problems(message.text, today, known.calendar)
    return replace(
        reading, notes=(*covered.notes, *reading.notes), problems=problems or reading.problems
    )
