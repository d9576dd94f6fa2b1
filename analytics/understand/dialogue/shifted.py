"""Periods told from that of the last answer: "and the month before?", "one quarter earlier"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from analytics.types import Mention, ParsedMessage, TimeRange
from analytics.understand.spans import parse_number
from analytics.understand.times.baseline import previous_range, year_before
from analytics.understand.times.units import Calendar, period_name, start_of, step, unit_of

_UNIT = r"(?P<unit>day|week|month|quarter|year|period|one|time)s?"
_SHIFTED = re.compile(
    rf"(?:\b(?:the )?(?:(?P<count>an?|one|two|three|four|five|six|\d{{1,2}}) )?{_UNIT} "
    r"(?P<way>before|earlier|prior|after|later)(?: that| it| then)?"
    r"|\b(?:the )(?P<lead>previous|preceding|prior|following) "
    r"(?P<led>day|week|month|quarter|year|period|one))"
    r"(?=\W*(?:$|(?:instead|too|please|pls|also|as well|by|per|for|only)\b))",
    re.IGNORECASE,
)
_FORWARD = frozenset({"after", "later", "following"})
_UNNAMED = frozenset({"period", "one", "time"})


def told_from(
    message: ParsedMessage, current: TimeRange, cal: Calendar
) -> tuple[ParsedMessage, ParsedMessage]:
    """The message with such a period said in full, and without it; itself twice where it tells none.

    ``current``: the period that the last answer was about.
    """
    found = _SHIFTED.search(message.text)
    if found is None or current.start.year < 1000:
        return message, message
    unit = (found["unit"] or found["led"]).lower()
    number = parse_number(found["count"] or "one") or 1
    count = -int(number) if (found["way"] or found["lead"]).lower() not in _FORWARD else int(number)
    named = _shifted(current, unit, count, cal)
    if named is None:
        return message, message
    start, end = found.span()
    return _with_text(message, start, end, named), _with_text(message, start, end, "")


def _shifted(current: TimeRange, unit: str, count: int, cal: Calendar) -> str | None:
    """The period in words that the message gives: as it stands in the calendar, or from day to day."""
    own = unit_of(current, cal)
    if unit in _UNNAMED:
        unit = own or unit
    if unit == own:
        return period_name(current.start + step(unit, count), unit, cal)
    if unit in _UNNAMED or (unit == "year" and count == -1):
        before = (
            year_before(current)
            if unit == "year"
            else previous_range(current, cal, like_for_like=False)
        )
        if before is None or count != -1:
            return None
        whole = unit_of(before, cal)
        return period_name(before.start, whole, cal) if whole else _from_to(before)
    if abs(count) != 1:
        return None
    if count > 0:
        return period_name(start_of(current.end, unit, cal), unit, cal)
    begin = start_of(current.start, unit, cal)
    inside = begin < current.start or start_of(current.end - timedelta(days=1), unit, cal) == begin
    start = begin - step(unit) if inside else start_of(current.start - timedelta(days=1), unit, cal)
    return period_name(start, unit, cal)


def _from_to(period: TimeRange) -> str:
    last = period.end - timedelta(days=1)
    return f"from {period.start.day} {period.start:%B %Y} to {last.day} {last:%B %Y}"


def _with_text(message: ParsedMessage, start: int, end: int, text: str) -> ParsedMessage:
    """The message with a stretch said otherwise; mentions in it go, those behind it move along."""
    moved = len(text) - (end - start)
    kept: list[Mention] = [m for m in message.mentions if m.end <= start]
    kept += [
        replace(m, start=m.start + moved, end=m.end + moved)
        for m in message.mentions
        if m.start >= end
    ]
    return replace(
        message, text=message.text[:start] + text + message.text[end:], mentions=tuple(kept)
    )
