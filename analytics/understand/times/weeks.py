"""Weeks: of a day, or by number. Numbers are those of ISO 8601: week 1 holds the year's first Thursday.

Where weeks start on another day than Monday, week n is the company's week that holds that Thursday. A week
without a year is its latest occurrence.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from analytics.types import TimeRange
from analytics.understand.times.days import RULES as DAY_RULES
from analytics.understand.times.rules import DAY, MONTH, YEAR, Rules, day, month, year, year_of
from analytics.understand.times.units import Calendar, start_of, unit_range

RULES = Rules()


@RULES.add(
    rf"(?:the )?(?:calendar )?(?:week|wk|w|cw|kw)[ -]?(?P<n>\d{{1,2}})(?:,? (?:of |in )?(?:{YEAR}"
    rf"|(?P<rel>this|last) year)|"
    r"/(?P<slash>(?:19|20)\d\d))?|(?P<iso>(?:19|20)\d\d)-?w(?P<n2>\d{2})"
)
def _numbered(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    number = int(match["n"] or match["n2"])
    named = year_of(match["year"]) or year_of(match["slash"] or match["iso"])
    if match["rel"]:
        named = today.isocalendar().year - (match["rel"] == "last")
    start = _week(number, named, today, cal)
    label = f"week {number} of {(start + timedelta(days=3)).isocalendar().year}"
    return unit_range(start, "week", today, label)


def _week(number: int, named: int | None, today: date, cal: Calendar) -> date:
    if named is not None:
        return start_of(date.fromisocalendar(named, number, 4), "week", cal)
    if not 1 <= number <= 53:
        raise ValueError("no such week")
    for back in range(9):
        try:
            start = _week(number, today.isocalendar().year - back, today, cal)
        except ValueError:  # no week 53 in that year
            continue
        if start <= today:
            return start
    raise ValueError("no such week")


@RULES.add(
    rf"(?:the )?week (?:of|from|starting|beginning|commencing|that started)(?: on)?(?: the)?"
    rf" (?P<rest>{DAY}(?: of)? {MONTH}(?:,? {YEAR})?|"
    rf"{month('month3')} (?:the )?{day('day3')}(?:,? {year('year3')})?|\d{{4}}-\d\d-\d\d"
    rf"|\d{{1,2}}\.\d{{1,2}}\.\d{{4}})"
)
def _week_of(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    inner = _day_in(match["rest"], today, cal)
    start = start_of(inner, "week", cal)
    return unit_range(start, "week", today, f"the week of {start.day} {start:%B %Y}")


def _day_in(text: str, today: date, cal: Calendar) -> date:
    for rule in DAY_RULES:
        found = rule.pattern.fullmatch(text)
        if found is not None:
            return rule.handler(found, today, cal).start
    raise ValueError("no day")
