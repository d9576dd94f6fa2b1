"""Two questions in one message: each a message of its own, where each asks for something."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from analytics.types import Mention, ParsedMessage
from analytics.understand.known import Known
from analytics.understand.read import read
from analytics.understand.reading import Reading
from analytics.understand.times.find import find_times

MOST = 3
"""Questions answered in one message; more is a report, not a question."""

_ASKS = (
    r"what|which|how|who|whose|when|where|why|show|give|list|compare|tell|did|do|does|is|are|was|were"
    r"|has|have|can"
)
_BREAK = re.compile(
    r"[?!.;]+\s+(?=\S)"
    rf"|,?\s+(?:and|then|plus|also|and also|and then|as well as)\s+(?=(?:also\s+|then\s+)?(?:{_ASKS})\b)",
    re.IGNORECASE,
)
_OPENS = re.compile(rf"\W*(?:{_ASKS})\b", re.IGNORECASE)
_FULL_STOP = re.compile(
    r"\b(?:no|nr|vs|e\.g|i\.e|approx|mr|mrs|dr|st|excl|incl)\.\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the message; ``sentence``: it begins one, rather than going on after an "and"."""

    start: int
    end: int
    sentence: bool


def questions(message: ParsedMessage, known: Known, today: date) -> tuple[ParsedMessage, ...]:
    """The questions of a message; itself alone where it is one.

    A piece that asks for nothing (a greeting, a reason) stays with the question beside it, and so do two
    that share a period ("how many orders and how much revenue did we have in May?").
    """
    pieces = _pieces(message.text)
    if len(pieces) < 2:
        return (message,)
    readings = [read(_part(message, p.start, p.end), known, today) for p in pieces]
    texts = [message.text[p.start : p.end] for p in pieces]
    asking = [_asks(t, r, known) for t, r in zip(texts, readings, strict=True)]
    joined = _joined(pieces, readings, asking)
    if not 2 <= len(joined) <= MOST:
        return (message,)
    first = read(_part(message, joined[0].start, joined[0].end), known, today)
    if not (first.metrics or first.direction or "evidence" in first.forms):
        return (message,)
    parts = [_part(message, p.start, p.end) for p in joined]
    return tuple(
        _dated(part, piece, parts[0], known, today)
        for part, piece in zip(parts, joined, strict=True)
    )


def _dated(
    part: ParsedMessage, piece: _Piece, first: ParsedMessage, known: Known, today: date
) -> ParsedMessage:
    """What follows an "and" without a period of its own is about that of the first question."""
    if piece.sentence or find_times(part.text, today, known.calendar):
        return part
    times = find_times(first.text, today, known.calendar)
    if len(times) != 1:
        return part
    said = first.text[times[0].start : times[0].end]
    return replace(part, text=f"{part.text.rstrip(' ?!.;')} {said}")


def _pieces(text: str) -> list[_Piece]:
    found, start, ends = [], 0, True
    for match in _BREAK.finditer(text):
        sentence = match.group()[0] in "?!.;"
        if match.group().startswith(".") and _FULL_STOP.search(text[: match.start() + 1]):
            continue
        marks = len(match.group()) - len(match.group().lstrip("?!.;"))
        found.append(_Piece(start, match.start() + marks, ends))
        start, ends = match.end(), sentence
    found.append(_Piece(start, len(text), ends))
    return [p for p in found if text[p.start : p.end].strip(" ?!.;,")]


def _asks(text: str, reading: Reading, known: Known) -> bool:
    """Whether a piece asks for anything; "by category, please" only says more of what was asked."""
    if reading.empty:
        return False
    own = reading.metrics or reading.rank or reading.direction or "evidence" in reading.forms
    return bool(own) or known.vocabulary.goes_on(text) or _OPENS.match(text) is not None


def _joined(pieces: list[_Piece], readings: list[Reading], asking: list[bool]) -> list[_Piece]:
    """Pieces that ask, each with the silent ones before it; what belongs together stays together."""
    found: list[tuple[_Piece, Reading]] = []
    begin: int | None = None
    for piece, reading, asks in zip(pieces, readings, asking, strict=True):
        begin = piece.start if begin is None else begin
        if not asks:
            continue
        if found and not piece.sentence and _belong(found[-1][1], reading):
            found[-1] = (replace(found[-1][0], end=piece.end), found[-1][1])
        else:
            found.append((replace(piece, start=begin), reading))
        begin = None
    if begin is not None and found:
        found[-1] = (replace(found[-1][0], end=pieces[-1].end), found[-1][1])
    return [piece for piece, _ in found]


def _belong(first: Reading, second: Reading) -> bool:
    """Whether what follows an "and" is no question of its own: it has no scope, or gives it to both."""
    scoped = second.times or second.values or second.grouped or second.rank or second.direction
    return not scoped or bool(second.times and not first.times)


def _part(message: ParsedMessage, start: int, end: int) -> ParsedMessage:
    """A piece of the message with the mentions that lie in it."""
    inside = tuple(
        replace(m, start=m.start - start, end=m.end - start)
        for m in message.mentions
        if start <= m.start and m.end <= end
    )
    return _trimmed(replace(message, text=message.text[start:end], mentions=inside))


def _trimmed(message: ParsedMessage) -> ParsedMessage:
    shift = len(message.text) - len(message.text.lstrip())
    moved: tuple[Mention, ...] = tuple(
        replace(m, start=m.start - shift, end=m.end - shift) for m in message.mentions
    )
    return replace(message, text=message.text.strip(), mentions=moved)
