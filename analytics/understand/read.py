"""Message → ``Reading``: corrected words, time expressions, spans, and the role that each one plays.

The roles are decided in ``analytics/understand/reader``, a file for each sort.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from analytics.text import tokenize
from analytics.types import ParsedMessage
from analytics.understand.known import Known
from analytics.understand.reader.aside import set_aside
from analytics.understand.reader.draft import Draft
from analytics.understand.reader.finish import finish
from analytics.understand.reader.walk import walk
from analytics.understand.reading import Reading
from analytics.understand.spans import cover
from analytics.understand.times.problems import time_problems
from analytics.understand.times.typed import times_of


def read(message: ParsedMessage, known: Known, today: date) -> Reading:
    """Reads a message. Never fails: what is not understood ends in ``problems``."""
    tokens, notes = known.spelling.correct(tokenize(message.text))
    times = times_of(message.text, tokens, today, known.calendar)
    spans = cover(message.text, tokens, times, known.lexicon, known.values, known.vocabulary)
    if any("evidence" in span.names("form") for span in spans):
        spans = cover(
            message.text,
            tokens,
            times,
            known.lexicon,
            known.values,
            known.vocabulary,
            rows_only=True,
        )
    draft = Draft(message, known, tokens, set_aside(message.text, tokens, spans))
    walk(draft)
    reading = finish(draft)
    problems = time_problems(message.text, today, known.calendar)
    return replace(reading, notes=(*notes, *reading.notes), problems=(*problems, *reading.problems))
