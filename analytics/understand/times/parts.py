"""Parts of months and years: early, mid, late, first week, halves.

A third each: early May is the 1st to the 10th, mid May the 11th to the 20th, late May (also "the end of May")
the rest; early 2026 is January to April. The first week of May is its first seven days, the last one its
last seven.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from analytics.types import TimeRange
from analytics.understand.times.rules import (
    MONTH,
    MONTHS,
    ORDINALS,
    YEAR,
    Rules,
    count_of,
    dates,
    month,
    year_of,
)
from analytics.understand.times.units import Calendar, clip, start_of, step

RULES = Rules()

_THIRDS = r"early|mid|middle of|late|start of|beginning of|end of"
PARTS = rf"(?P<part>{_THIRDS}|first half of|1st half of|second half of|2nd half of)"
YEAR_PARTS = rf"(?P<part>{_THIRDS})"
"""Halves of years are those of the fiscal year: ``quarters.py``."""
_FIRST = {"early", "start of", "beginning of"}
_MIDDLE = {"mid", "middle of"}


def part_of(part: str, unit: str, start: date) -> tuple[date, date]:
    """[first, end) of a part of the month or year that begins at ``start``."""
    end = start + (relativedelta(months=1) if unit == "month" else relativedelta(years=1))
    if unit == "month":
        one, two = start + timedelta(days=10), start + timedelta(days=20)
        half = start + timedelta(days=15)
    else:
        one, two = start + relativedelta(months=4), start + relativedelta(months=8)
        half = start + relativedelta(months=6)
    if part in _FIRST:
        return start, one
    if part in _MIDDLE:
        return one, two
    if part.startswith(("first", "1st")):
        return start, half
    if part.startswith(("second", "2nd")):
        return half, end
    return two, end


def part_label(part: str, unit: str, first: date, end: date) -> str:
    """Days of a month by their dates; a part of a year by its name."""
    if unit == "month":
        return dates(first, end - timedelta(days=1))
    name = {1: "early", 5: "mid", 9: "late"}[first.month]
    return f"{name} {first.year}"


@RULES.add(rf"(?:at |in |around )?(?:the )?{PARTS}[ -](?:the )?{MONTH}(?:,? (?:of )?{YEAR})?")
def _part_of_month(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    first, end = _of_month(match, today, lambda start: part_of(match["part"], "month", start))
    return clip(first, end, today, dates(first, end - timedelta(days=1)))


@RULES.add(rf"(?:at |in |around )?(?:the )?{YEAR_PARTS}[ -](?:the )?(?:{YEAR}|(?P<this>year))")
def _part_of_year(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    start = date(year_of(match["year"]) or today.year, 1, 1)
    first, end = part_of(match["part"], "year", start)
    if match["this"] and first > today:
        first, end = part_of(match["part"], "year", start - relativedelta(years=1))
    return clip(first, end, today, part_label(match["part"], "year", first, end))


@RULES.add(
    r"(?:in |during )?(?:the )?(?P<place>first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|last"
    r"|final) week "
    rf"(?:of|in) (?:the )?(?:{MONTH}(?:,? {YEAR})?|(?P<rel>this|last|previous) month|(?P<rel2>this"
    rf"|last|previous) "
    r"year)"
)
def _week_of_month(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    place = ORDINALS.get(match["place"], 0)
    if match["rel2"]:
        start = date(today.year - (match["rel2"] != "this"), 1, 1)
        return _week_in(start, "year", place, today)
    if match["rel"]:
        start = today.replace(day=1)
        start -= relativedelta(months=match["rel"] != "this")
        return _week_in(start, "month", place, today)
    first, end = _of_month(match, today, lambda s: _week_bounds(s, "month", place))
    return clip(first, end, today, dates(first, end - timedelta(days=1)))


def _week_in(start: date, unit: str, place: int, today: date) -> TimeRange:
    first, end = _week_bounds(start, unit, place)
    return clip(first, end, today, dates(first, end - timedelta(days=1)))


def _week_bounds(start: date, unit: str, place: int) -> tuple[date, date]:
    end = start + (relativedelta(months=1) if unit == "month" else relativedelta(years=1))
    if place == 0:
        return end - timedelta(days=7), end
    first = start + timedelta(days=7 * (place - 1))
    if first >= end:
        raise ValueError("no such week")
    return first, min(first + timedelta(days=7), end)


def _of_month(
    match: re.Match[str], today: date, bounds: Callable[[date], tuple[date, date]]
) -> tuple[date, date]:
    """The part of a month by name: of the year named, else its latest that has begun."""
    named = year_of(match["year"])
    start = date(named or today.year, MONTHS[match["month"]], 1)
    first, end = bounds(start)
    if named is None and first > today:
        first, end = bounds(start - relativedelta(years=1))
    return first, end


@RULES.add(
    r"(?:in |during |over |for )?(?:the )?(?P<end>first|last|final) (?P<count>\d{1,3}|two|three|five"
    r"|ten|few|couple "
    rf"of) (?P<unit>days|weeks|months) (?:of|in) (?:the )?(?:{month('month')}(?:,? {YEAR})?"
    rf"|(?P<whole>(?:19|20)\d\d)|"
    r"(?P<rel>this|last|previous) (?P<of>week|month|quarter|year))"
)
def _ends(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    """ "The first 10 days of May", "the last 3 months of 2025"."""
    width = step(match["unit"].removesuffix("s"), count_of(match["count"]))
    if match["rel"]:
        unit = match["of"]
        start = start_of(today, unit, cal)
        start -= step(unit) if match["rel"] != "this" else relativedelta()
        end = start + step(unit)
    elif match["whole"]:
        start = date(int(match["whole"]), 1, 1)
        end = start + relativedelta(years=1)
    else:
        start, end = _of_month(match, today, lambda s: (s, s + relativedelta(months=1)))
    first, last = (start, start + width) if match["end"] == "first" else (end - width, end)
    if last > end or first < start:
        raise ValueError("longer than the whole")
    return clip(first, last, today, dates(first, last - timedelta(days=1)))
