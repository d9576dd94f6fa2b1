"""Months and years by name or number. A bare month is its latest occurrence."""

from __future__ import annotations

import re
from datetime import date

from dateutil.relativedelta import relativedelta

from analytics.types import TimeRange
from analytics.understand.times.days import first_of
from analytics.understand.times.rules import MONTH, MONTHS, YEAR, Rules, month, year_of
from analytics.understand.times.units import Calendar, clip, unit_range

RULES = Rules()


def _whole(start: date, today: date) -> TimeRange:
    return unit_range(start, "month", today, f"{start:%B %Y}")


@RULES.add(rf"{MONTH}(?:,? ?(?:of )?(?:{YEAR}|(?P<rel>this|last|the (?:last|previous)) year))?")
def _month(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    named = year_of(match["year"])
    if match["rel"]:
        named = today.year - (match["rel"] != "this")
    return _whole(first_of(match["month"], named, today), today)


@RULES.add(rf"{month('month1')} ?(?:-|–|—|to|through|until|till) ?{MONTH}(?:,? {YEAR})?")
def _months(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    last = first_of(match["month"], year_of(match["year"]), today)
    first = date(last.year, MONTHS[match["month1"]], 1)
    if first > last:
        first -= relativedelta(years=1)
    label = f"{first:%B %Y} to {last:%B %Y}"
    return clip(first, last + relativedelta(months=1), today, label)


@RULES.add(
    r"(?P<y>(?:19|20)\d{2})[-/](?P<m>0[1-9]|1[0-2])|(?P<m2>0?[1-9]|1[0-2])/(?P<y2>(?:19|20)\d{2})"
)
def _numeric_month(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return _whole(date(int(match["y"] or match["y2"]), int(match["m"] or match["m2"]), 1), today)


@RULES.add(rf"(?P<rel>last|this|the previous) year(?:['’]s|,)? (?:in )?{MONTH}")
def _year_month(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return _whole(date(today.year - (match["rel"] != "this"), MONTHS[match["month"]], 1), today)


@RULES.add(rf"(?:the )?(?:calendar )?(?:year )?{YEAR}")
def _year(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    named = year_of(match["year"]) or 0
    start = date(named, 1, 1)
    return clip(start, start + relativedelta(years=1), today, str(named))


@RULES.add(r"(?P<y1>(?:19|20)\d\d) ?(?:-|–|to) ?(?P<y2>(?:19|20)\d\d)")
def _years(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    first, last = int(match["y1"]), int(match["y2"])
    return clip(date(first, 1, 1), date(last + 1, 1, 1), today, f"{first} to {last}")
