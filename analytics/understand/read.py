"""Message → ``Reading``: corrected words, time expressions, spans, and the role that each one plays.

The roles are decided in ``analytics/understand/reader``, a file for each sort.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from analytics.text import Token, tokenize
from analytics.types import ParsedMessage
from analytics.understand.known import Known
from analytics.understand.reader.aside import set_aside
from analytics.understand.reader.draft import ASKING, Draft
from analytics.understand.reader.finish import finish
from analytics.understand.reader.walk import walk
from analytics.understand.reading import Reading
from analytics.understand.spans import Asking, Span, cover
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


def read(message: ParsedMessage, known: Known, today: date) -> Reading:
    """Reads a message. Never fails: what is not understood ends in ``problems``."""
    tokens, notes = known.spelling.correct(tokenize(message.text))
    times = times_of(message.text, tokens, today, known.calendar)
    times = tuple(t for t in times if not _is_window(message.text, t.start, t.end))
    spans = cover(message.text, tokens, times, known.lexicon, known.values, known.vocabulary)
    if any("evidence" in span.names("form") for span in spans):
        asked = Asking.OF_THINGS if _ranks_things(tokens, spans) else Asking.FOR_WORDS
        spans = cover(
            message.text, tokens, times, known.lexicon, known.values, known.vocabulary, asked
        )
    draft = Draft(message, known, tokens, set_aside(message.text, tokens, spans))
    walk(draft)
    reading = finish(draft)
    problems = time_problems(message.text, today, known.calendar)
    return replace(reading, notes=(*notes, *reading.notes), problems=(*problems, *reading.problems))
