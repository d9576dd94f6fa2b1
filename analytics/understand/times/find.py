"""Time expressions of a message, put together: from A to B, since, before, until."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from analytics.types import TimeRange
from analytics.understand.times.expressions import TimeSpan, single_times
from analytics.understand.times.rules import COUNT, UNIT, WEEKDAY, count_of, month
from analytics.understand.times.units import MONDAY_AND_JANUARY, Calendar, clip, step

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
_DASH = re.compile(r"^\s*(?:-|–|—|to|through|thru|until|till)\s*(?:the )?$")
_BOTH_SIDES = re.compile(
    r"(?:(?:before (?:and|vs\.?|versus|or|against|compared (?:to|with)) (?:after|since))|"
    r"(?:after (?:and|vs\.?|versus|or|against|compared (?:to|with)) before)|"
    r"(?:pre (?:and|vs\.?|versus) post))\s+(?:the )?$"
)
_TO = re.compile(r"\s+(?:to|until|till|through)\s+(?:the )?")
_SINCE_END = re.compile(r"(?:since|after)\s+(?:the )?end of (?:the )?$")
_UNSAID = re.compile(
    r"\b(?:this|current) (?P<unit>week|month|quarter|year).{0,30}?"
    r"\b(?:vs\.?|versus|against|than|compared (?:to|with)|with|or) (?:the )?(?:last|previous)(?: one)?"
    r"(?=\s*(?:$|[?.!,;]))"
)
"""A "last" whose unit was said before: "this year vs last"."""
_END_ATOM = re.compile(r"(?:at )?(?:the )?end of (?:the )?(?=\S)")
_BEFORE_END = re.compile(r"(?:since|after|until|till|up to|through|by)\s+(?:the )?$")
_GOES_ON = re.compile(rf"\s*(?:vs\b|versus|against|compared|-|–|—|(?:and|or|to) {month()})")
_BEFORE_NAMED = re.compile(r"(?:the )?(?:week|month|quarter|year) before(?: that)?")
_COMPARED = re.compile(
    r"\b(?:compare[ds]?|comparing|versus|vs\.?|against|relative)(?: (?:to|with))?(?: the)? ?$"
)
_AS_LONG_BEFORE = re.compile(rf"(?:the )?{COUNT} {UNIT} before(?: that| then)?")
_BARE_WEEKDAY = re.compile(rf"(?:on )?{WEEKDAY}")
_BOUND = re.compile(
    r"(?:since|before|after|until|till|through|to|by|from|between|and|vs\.?|versus|than|against|with)"
    r"\s+(?:the )?$"
)
_DAYS_OF_A_WEEK = 7
_LONG_AGO = date(1, 1, 1)


def completed(text: str) -> str:
    """ "This year vs last" with its unit said twice: what is added stands at one place."""
    found = _UNSAID.search(text)
    if found is None:
        return text
    said = text[: found.end()].removesuffix(" one")
    return f"{said} {found['unit']}{text[found.end() :]}"


def _is_word(text: str, original: str, span: TimeSpan) -> bool:
    """A lone lower-case "may" or "march" with nothing in front of it that makes it a month."""
    if text[span.start : span.end] not in {"may", "march", "mar", "ever"}:
        return False
    if _GOES_ON.match(text[span.end :]) or (original[span.start].isupper() and span.start > 0):
        return False
    return (
        re.search(
            r"(?:in|of|since|for|last|this|during|until|till|through|from|to|and|between|before|after|vs\.?"
            r"|"
            r"versus|than|with|by|against|-|,|only)\s*$",
            text[: span.start],
        )
        is None
    )


def find_times(
    original: str, today: date, cal: Calendar = MONDAY_AND_JANUARY
) -> tuple[TimeSpan, ...]:
    """All time expressions of a message, ranges put together, relations (since, before) applied."""
    typed = original.lower()
    whole = completed(typed)
    if whole == typed:
        return _found(typed, original, today, cal)
    at, added = _added_at(typed, whole), len(whole) - len(typed)
    return tuple(
        replace(span, start=_back(span.start, at, added), end=_back(span.end, at, added))
        for span in _found(whole, whole, today, cal)
    )


def _back(offset: int, at: int, added: int) -> int:
    """An offset of the completed text in the one typed."""
    return max(at, offset - added) if offset > at else offset


def _added_at(text: str, whole: str) -> int:
    """Where the completed text departs from the one typed."""
    return next((i for i, c in enumerate(text) if whole[i] != c), len(text))


def _found(text: str, original: str, today: date, cal: Calendar) -> tuple[TimeSpan, ...]:
    atoms = [a for a in single_times(text, today, cal) if not _is_word(text, original, a)]
    if len(atoms) > 1 or (atoms and _COMPARED.search(text[: atoms[0].start])):
        # "October against the month before": before October, or before what was shown last
        atoms = [a for a in atoms if not _BEFORE_NAMED.fullmatch(text[a.start : a.end])]
        atoms = [_before_first(text, a, atoms[0]) for a in atoms]
    atoms = [_whole_of_end(text, a, today, cal) for a in atoms]
    atoms = [a for a in atoms if not _is_part_of_another(text, a, atoms)]
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
        related = _related(span, before, text[span.end :], today)
        pair = _ends(text, span, today, cal) if related.range == span.range else None
        found.append(replace(related, pair=related.pair or pair))
        position += 1
    return tuple(found)


def _ends(
    text: str, span: TimeSpan, today: date, cal: Calendar
) -> tuple[TimeRange, TimeRange] | None:
    """The periods that a range told in one begins and ends with: "october to november"."""
    typed = text[span.start : span.end]
    between = _TO.search(typed)
    if between is None:
        return None
    first = _the_one(typed[: between.start()], today, cal)
    last = _the_one(typed[between.end() :], today, cal)
    if first is None or last is None:
        return None
    later = relativedelta(years=span.range.start.year - first.start.year)
    first = TimeRange(span.range.start, first.end + later, span.range.label.partition(" to ")[0])
    same = first.start == span.range.start and first.end <= last.start
    return (first, last) if same and last.end == span.range.end else None


def _the_one(text: str, today: date, cal: Calendar) -> TimeRange | None:
    """The range of a text that is one time expression and nothing else."""
    inner = list(single_times(text, today, cal))
    whole = len(inner) == 1 and text[inner[0].start : inner[0].end] == text.strip()
    return inner[0].range if whole else None


def _is_part_of_another(text: str, span: TimeSpan, atoms: Sequence[TimeSpan]) -> bool:
    """ "Saturday orders in August": a bare weekday beside a longer period is a part of it, no day."""
    bare = _BARE_WEEKDAY.fullmatch(text[span.start : span.end]) is not None
    bound = _BOUND.search(text[: span.start]) or _DASH.match(text[span.end :])
    return bare and bound is None and any(other.range.days > _DAYS_OF_A_WEEK for other in atoms)


def _before_first(text: str, span: TimeSpan, first: TimeSpan) -> TimeSpan:
    """ "7 to 20 September against the two weeks before": those that end where the first period begins."""
    found = _AS_LONG_BEFORE.fullmatch(text[span.start : span.end])
    if found is None or span is first or first.range.start.year < 1000:
        return span
    count, end = count_of(found["count"]), first.range.start
    label = f"the {count} {found['unit']}s before"
    return replace(span, range=TimeRange(end - step(found["unit"], count), end, label))


def _whole_of_end(text: str, span: TimeSpan, today: date, cal: Calendar) -> TimeSpan:
    """ "since the end of March" speaks of March as a whole; alone, the end of March is its last days."""
    lead = _END_ATOM.match(text[span.start : span.end])
    if lead is None or not _BEFORE_END.search(text[: span.start]):
        return span
    start = span.start + lead.end()
    inner = list(single_times(text[start : span.end], today, cal))
    return TimeSpan(start, span.end, inner[0].range) if len(inner) == 1 else span


def _is_pair(text: str, first: TimeSpan, second: TimeSpan, before: str) -> bool:
    between = text[first.end : second.start]
    if _AFTER_FROM.search(before):
        return _PAIR.match(between) is not None
    return _DASH.match(between) is not None


def _joined(first: TimeSpan, second: TimeSpan, before: str, today: date) -> TimeSpan:
    lead = _AFTER_FROM.search(before)
    start, end = first.range.start, second.range.end
    single = first.range.days == second.range.days == 1
    week = single and start - end < timedelta(days=_DAYS_OF_A_WEEK)
    while end <= start:
        # "From November to February 2025", "from Monday to Friday": the first lies before the second.
        start -= relativedelta(weeks=1) if week else relativedelta(years=1)
    said = clip(start, end, today, f"{first.range.label} to {second.range.label}")
    return TimeSpan(
        lead.start() if lead else first.start,
        second.end,
        replace(said, partial=said.partial or second.range.partial),
        (first.range, second.range),
    )


def _both_sides(span: TimeSpan, start: int, tomorrow: date) -> TimeSpan:
    """ "Before and after 1 May": from then to today, and as many days just before."""
    begin, label = span.range.start, span.range.label
    after = TimeRange(begin, tomorrow, f"since {label}")
    before = TimeRange(begin - timedelta(days=after.days), begin, f"the {after.days} days before")
    return TimeSpan(start, span.end, after, (before, after), versus=True)


def _related(span: TimeSpan, before: str, after: str, today: date) -> TimeSpan:
    tomorrow = today + timedelta(days=1)
    label = span.range.label
    if (match := _BOTH_SIDES.search(before)) and span.range.start < tomorrow:
        return _both_sides(span, match.start(), tomorrow)
    if (match := _SINCE_END.search(before)) and span.range.end < tomorrow:
        kept = TimeRange(span.range.end, tomorrow, f"since the end of {label}")
        return TimeSpan(match.start(), span.end, kept)
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
