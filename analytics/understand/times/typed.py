"""Times in a message as typed: slips of spelling mended, places as in the message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from analytics.text import Token, fold
from analytics.understand.times.expressions import TimeSpan
from analytics.understand.times.find import find_times
from analytics.understand.times.units import Calendar


def times_of(
    text: str, tokens: Sequence[Token], today: date, cal: Calendar
) -> tuple[TimeSpan, ...]:
    """Time expressions of a message whose words were corrected; offsets are those of ``text``."""
    mended = [t for t in tokens if t.word.isalpha() and t.word != fold(t.text) and t.text.isalpha()]
    if not mended:
        return find_times(text, today, cal)
    parts, places, at = [], [], 0
    for token in mended:
        parts += [text[at : token.start], _cased(token)]
        at = token.end
        begin = sum(map(len, parts[:-1]))
        places.append((begin, begin + len(token.word), token.start, token.end))
    whole = "".join((*parts, text[at:]))
    return tuple(
        replace(span, start=_typed(span.start, places), end=_typed(span.end, places))
        for span in find_times(whole, today, cal)
    )


def _cased(token: Token) -> str:
    return token.word.capitalize() if token.text[0].isupper() else token.word


def _typed(offset: int, places: Sequence[tuple[int, int, int, int]]) -> int:
    """An offset of the mended text in the one typed."""
    shift = 0
    for begin, end, start, stop in places:
        if offset <= begin:
            break
        if offset < end:
            return min(start + offset - begin, stop)
        shift = stop - end
    return offset + shift
