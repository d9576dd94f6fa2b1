"""Days by date or weekday, and spans of days.

A day without a year is its latest occurrence; a bare weekday too. "3.5.2026" is the 3rd of May; "3/5/2026"
is read as the reader writes dates, and asked where that is not known (``ambiguous_dates``).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from analytics.types import TimeRange
from analytics.understand.times.rules import (
    DAY,
    MONTH,
    MONTHS,
    SHORT_WEEKDAY,
    SHORT_WEEKDAYS,
    WEEKDAY,
    WEEKDAYS,
    YEAR,
    Rules,
    dates,
    month,
    one_day,
    year_of,
)
from analytics.understand.times.units import Calendar, clip

RULES = Rules()


def _day_of(match: re.Match[str], today: date) -> date:
    number, named = MONTHS[match["month"]], year_of(match["year"])
    if named is not None:
        return date(named, number, int(match["day"]))
    for back in range(9):  # 29 February has no occurrence in most years
        try:
            found = date(today.year - back, number, int(match["day"]))
        except ValueError:
            continue
        if found <= today:
            return found
    raise ValueError("no such day")


@RULES.add(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})")
def _iso_day(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    found = date(int(match["y"]), int(match["m"]), int(match["d"]))
    return one_day(found, found.isoformat())


_NUMERIC = r"(?P<one>\d{1,2})(?P<sign>[./-])(?P<two>\d{1,2})(?P=sign)(?P<y>(?:19|20)?\d\d)"


@RULES.add(_NUMERIC)
def _numeric_day(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    one, two = int(match["one"]), int(match["two"])
    first_is_day = match["sign"] == "." or one > 12 or (two <= 12 and cal.day_first is not False)
    d, m = (one, two) if first_is_day else (two, one)
    return one_day(date(_full_year(match["y"]), m, d))


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def ambiguous_dates(text: str, cal: Calendar) -> tuple[tuple[str, tuple[date, date]], ...]:
    """Dates like "3/5/2026" as typed, with both readings, where it is not known which one is meant."""
    if cal.day_first is not None:
        return ()
    found = []
    for match in re.finditer(rf"(?<![\w/.-]){_NUMERIC}(?![\w-])", text):
        one, two, y = int(match["one"]), int(match["two"]), _full_year(match["y"])
        if match["sign"] != "." and one != two and 1 <= one <= 12 and 1 <= two <= 12:
            found.append((match.group(), (date(y, two, one), date(y, one, two))))
    return tuple(found)


@RULES.add(rf"(?:{WEEKDAY},? )?(?:the )?{DAY}(?: of)? {MONTH}(?:,? {YEAR})?")
def _day_month(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return one_day(_day_of(match, today))


@RULES.add(rf"{MONTH} (?:the )?{DAY}(?:,? {YEAR})?")
def _month_day(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return one_day(_day_of(match, today))


@RULES.add(
    rf"(?P<from>\d{{1,2}})(?:st|nd|rd|th)?(?: (?:of )?{month('month1')})? ?(?:and|to|-|–|—|until|till"
    rf"|through) ?"
    rf"(?:the )?{DAY}(?: of)? {MONTH}(?:,? {YEAR})?"
)
def _days_of_month(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return _days(match, _day_of(match, today), today)


@RULES.add(
    rf"{month('month1')} (?P<from>\d{{1,2}})(?:st|nd|rd|th)? ?(?:and|to|-|–|—|until|till|through) ?"
    rf"(?:the )?(?:{MONTH} )?{DAY}(?:,? {YEAR})?(?! ?(?:st|nd|rd|th|\d))"
)
def _month_days(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    named = match["month"] or match["month1"]
    year = year_of(match["year"])
    last = date(year or today.year, MONTHS[named], int(match["day"]))
    if year is None and last > today and last.replace(day=1) > today:
        last = last.replace(year=last.year - 1)
    return _days(match, last, today)


def _days(match: re.Match[str], last: date, today: date) -> TimeRange:
    number = MONTHS[match["month1"]] if match["month1"] else last.month
    first = date(last.year, number, int(match["from"]))
    if first > last and number > last.month:
        first = first.replace(year=last.year - 1)
    return clip(first, last + timedelta(days=1), today, dates(first, last))


@RULES.add(
    rf"(?:on |(?P<last>last |past |previous ))?{WEEKDAY}(?: (?P<before>last week))?"
    rf"|(?:on|(?P<last2>last)) {SHORT_WEEKDAY}"
)
def _weekday(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    if match["before"]:
        start = today - timedelta(days=(today.weekday() - cal.week_start) % 7 + 7)
        ahead = (WEEKDAYS[match["weekday"]] - start.weekday()) % 7
        return _named_weekday(start + timedelta(days=ahead))
    named = WEEKDAYS.get(match["weekday"]) if match["weekday"] else SHORT_WEEKDAYS[match["short"]]
    back = (today.weekday() - (named or 0)) % 7
    if (match["last"] or match["last2"]) and back == 0:
        back = 7
    return _named_weekday(today - timedelta(days=back))


def _named_weekday(which: date) -> TimeRange:
    return one_day(which, f"{which:%A}, {which.day} {which:%B %Y}")


@RULES.add(
    r"(?:the |over the |during the |on the |at the )?(?P<which>this|last|past|previous) weekend"
)
def _weekend(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    """Saturday and Sunday: "last weekend" is the latest that is over, or this week's."""
    saturday = today - timedelta(days=(today.weekday() - 5) % 7)
    if match["which"] != "this" and today.weekday() >= 5:
        saturday -= timedelta(days=7)
    return clip(
        saturday, saturday + timedelta(days=2), today,
        f"the weekend of {saturday.day} {saturday:%B %Y}",
    )  # fmt: skip


@RULES.add(rf"(?:on |at )?(?:the )?weekend of (?:the )?{DAY}(?: of)? {MONTH}(?:,? {YEAR})?")
def _weekend_of(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    inside = _day_of(match, today)
    saturday = inside - timedelta(days=(inside.weekday() - 5) % 7)
    if inside.weekday() < 5:
        saturday += timedelta(days=7)
    return clip(
        saturday, saturday + timedelta(days=2), today,
        f"the weekend of {saturday.day} {saturday:%B %Y}",
    )  # fmt: skip


@RULES.add(r"(?P<which>this|last|yesterday) (?:morning|afternoon|evening|night)|tonight")
def _part_of_day(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    raise NotWholeDays


class NotWholeDays(ValueError):
    """Hours of one day: periods are whole days."""


@RULES.add(
    r"(?:in |over |within |during )?(?:the )?(?:last|past|previous) (?:\d+ )?(?:hours?|minutes?|h)"
)
def _hours(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    raise NotWholeDays


def first_of(text_month: str, named: int | None, today: date) -> date:
    """First day of a month by name: of the year named, else its latest occurrence."""
    number = MONTHS[text_month]
    if named is not None:
        return date(named, number, 1)
    found = date(today.year, number, 1)
    return found if found <= today else found - relativedelta(years=1)
