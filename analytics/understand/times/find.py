"""Time expressions of a message, put together: from A to B, since, before, until."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from analytics.types import TimeRange
from analytics.understand.times.expressions import TimeSpan, single_times
from analytics.understand.times.units import MONDAY_AND_JANUARY, Calendar

_PAIR = re.compile(
    r"^(?:\s*(?:and|to|until|till|through|thru|up to|-|–|—|\.\.)\s*)(?:including |the )*$"
)
_AFTER_FROM = re.compile(r"(?:between|from)\s+(?:the )?$")
_SINCE = re.compile(r"(?:since|starting(?: in| from)?|beginning(?: in)?)\s+(?:the )?$")
_FROM = re.compile(r"from\s+(?:the )?$")
_ONWARDS = re.compile(r"^\s*(?:on|onwards?|forward|until now|till now|to now)\b")
_AFTER = re.compile(r"after\s+(?:the )?$")
_BEFORE = re.compile(r"(?:before|prior to|earlier than)\s+(?:the )?$")
_UNTIL = re.compile(r"(?:until|till|up to|through|by)\s+(?:the )?(?:end of )?$")
_LEAD = re.compile(
    r"(?:between|in|during|for|over|on|within|of|throughout|at|as of|from)\s+(?:the )?(?:month of )?$"
)
_DASH = re.compile(r"^\s*(?:-|–|—|to|through)\s*$")
_LONG_AGO = date(1, 1, 1)


def _is_word(text: str, original: str, span: TimeSpan) -> bool:
    """A lone lower-case "may" or "march" with nothing in front of it that makes it a month."""
    if text[span.start : span.end] not in {"may", "march", "mar", "ever"}:
        return False
    if original[span.start].isupper() and span.start > 0:
        return False
    return (
        re.search(
            r"(?:in|of|since|for|last|this|during|until|till|through|from|to|and|between|before|after|vs\.?|"
            r"versus|than|with|by|against|-|,|only)\s*$",
            text[: span.start],
        )
        is None
    )


def find_times(
    original: str, today: date, cal: Calendar = MONDAY_AND_JANUARY
) -> tuple[TimeSpan, ...]:
    """All time expressions of a message, ranges put together, relations (since, before) applied."""
    text = original.lower()
    atoms = [a for a in single_times(text, today, cal) if not _is_word(text, original, a)]
    found: list[TimeSpan] = []
    position = 0
    while position < len(atoms):
        span = atoms[position]
        before = text[: span.start]
        following = atoms[position + 1] if position + 1 < len(atoms) else None
        if following is not None and _is_pair(text, span, following, before):
            found.append(_joined(span, following, before, today))
            position += 2
            continue
        found.append(_related(span, before, text[span.end :], today))
        position += 1
    return tuple(found)


def _is_pair(text: str, first: TimeSpan, second: TimeSpan, before: str) -> bool:
    between = text[first.end : second.start]
    if _AFTER_FROM.search(before):
        return _PAIR.match(between) is not None
    return _DASH.match(between) is not None


def _joined(first: TimeSpan, second: TimeSpan, before: str, today: date) -> TimeSpan:
    lead = _AFTER_FROM.search(before)
    start, end = first.range.start, second.range.end
    while (
        end <= start
    ):  # "from November to February 2025": the first takes its year from the second
        start -= relativedelta(years=1)
    label = f"{first.range.label} to {second.range.label}"
    return TimeSpan(
        lead.start() if lead else first.start,
        second.end,
        TimeRange(start, end, label, second.range.partial),
        (first.range, second.range),
    )


def _related(span: TimeSpan, before: str, after: str, today: date) -> TimeSpan:
    tomorrow = today + timedelta(days=1)
    label = span.range.label
    if match := _AFTER.search(before):
        if span.range.end < tomorrow:
            return TimeSpan(
                match.start(), span.end, TimeRange(span.range.end, tomorrow, f"after {label}")
            )
    elif match := _SINCE.search(before) or (_ONWARDS.match(after) and _FROM.search(before)):
        if span.range.start < tomorrow:
            return TimeSpan(
                match.start(), span.end, TimeRange(span.range.start, tomorrow, f"since {label}")
            )
    elif match := _BEFORE.search(before):
        return TimeSpan(
            match.start(), span.end, TimeRange(_LONG_AGO, span.range.start, f"before {label}")
        )
    elif match := _UNTIL.search(before):
        return TimeSpan(
            match.start(), span.end, TimeRange(_LONG_AGO, span.range.end, f"until {label}")
        )
    elif match := _LEAD.search(before):
        return TimeSpan(match.start(), span.end, span.range)
    return span
