"""Message → ``Reading``: corrected words, time expressions, spans, and the role that each one plays.

The roles are decided in ``analytics/understand/reader``, a file for each sort.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from analytics.text import Token, tokenize
from analytics.types import Issue, Mention, ParsedMessage
from analytics.understand.known import Known
from analytics.understand.reader.aside import set_aside
from analytics.understand.reader.draft import ASKING, Draft
from analytics.understand.reader.finish import finish
from analytics.understand.reader.walk import walk
from analytics.understand.reading import Reading
from analytics.understand.spans import Asking, Span, cover
from analytics.understand.times.expressions import impossible_dates
from analytics.understand.times.find import find_times


def corrected(message: ParsedMessage, known: Known) -> tuple[ParsedMessage, tuple[Issue, ...]]:
    """The message with typing slips mended, months and days included, and a note for each."""
    typed = tokenize(message.text)
    mended, notes = known.spelling.correct(typed)
    if not notes:
        return message, ()
    text, mentions, shift = message.text, message.mentions, 0
    for before, after in zip(typed, mended, strict=True):
        if before.word == after.word:
            continue
        start, end = before.start + shift, before.end + shift
        text = text[:start] + after.word + text[end:]
        longer = len(after.word) - (end - start)
        mentions = tuple(_moved(m, start, end, longer) for m in mentions)
        shift += longer
    return replace(message, text=text, mentions=mentions), notes


def _ranks_things(tokens: Sequence[Token], spans: Sequence[Span]) -> bool:
    """ "Which products do they complain about most" ranks products; it asks for no words."""
    ranked = any(span.has("rank") for span in spans)
    asked = any(
        span.has("dimension") and span.first and tokens[span.first - 1].word in ASKING
        for span in spans
    )
    return ranked and asked


def _moved(mention: Mention, start: int, end: int, longer: int) -> Mention:
    """The mention after the word [start, end) of the text grew."""
    return replace(
        mention,
        start=mention.start + (longer if mention.start >= end else 0),
        end=mention.end + (longer if mention.end >= end else 0),
    )


def read(message: ParsedMessage, known: Known, today: date) -> Reading:
    """Reads a message. Never fails: what is not understood ends in ``problems``."""
    message, notes = corrected(message, known)
    tokens = tokenize(message.text)
    times = find_times(message.text, today, known.calendar)
    spans = cover(message.text, tokens, times, known.lexicon, known.values, known.vocabulary)
    if any("evidence" in span.names("form") for span in spans):
        asked = Asking.OF_THINGS if _ranks_things(tokens, spans) else Asking.FOR_WORDS
        spans = cover(
            message.text, tokens, times, known.lexicon, known.values, known.vocabulary, asked
        )
    draft = Draft(message, known, tokens, set_aside(message.text, tokens, spans))
    walk(draft)
    reading = finish(draft)
    problems = tuple(
        Issue("impossible_date", f"There is no {text}.")
        for text in impossible_dates(message.text, today, known.calendar)
    )
    return replace(reading, notes=(*notes, *reading.notes), problems=(*problems, *reading.problems))
