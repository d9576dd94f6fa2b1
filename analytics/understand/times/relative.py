"""Periods told from today: this, last, the last n, ago, to date.

"Last month" (also "past", "previous") is the calendar month before the one that holds today, also in "in the
last month"; "the last 3 months" are the three months that end today. "To date" runs to today, included.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from analytics.types import TimeRange
from analytics.understand.times.parts import PARTS, YEAR_PARTS, part_label, part_of
from analytics.understand.times.rules import COUNT, LAST, PERIOD, UNIT, Rules, count_of, one_day
from analytics.understand.times.units import Calendar, clip, period_name, start_of, step, unit_range

RULES = Rules()


@RULES.add(r"(?:so far )?today(?: so far)?")
def _today(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return one_day(today, "today")


@RULES.add(r"yesterday")
def _yesterday(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return one_day(today - timedelta(days=1), "yesterday")


@RULES.add(r"(?:the )?day before yesterday")
def _day_before_yesterday(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return one_day(today - timedelta(days=2), "the day before yesterday")


@RULES.add(
    r"(?:so far )?(?:this|the current|current|the present|the ongoing|the running) (?:fiscal )?"
    r"(?P<unit>day|week|month|quarter|year)(?: so far| to date| until now| till now)?"
)
def _this(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    unit = match["unit"]
    return unit_range(start_of(today, unit, cal), unit, today, _named("this", unit, cal))


@RULES.add(rf"(?:the )?{LAST} (?:fiscal )?{PERIOD}")
def _last(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    unit = match["unit"]
    start = start_of(today, unit, cal)
    return TimeRange(start - step(unit), start, _named("last", unit, cal))


@RULES.add(r"(?P<which>this|the current|current|last|previous) calendar (?P<unit>quarter|year)")
def _calendar_unit(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    unit, plain = match["unit"], Calendar(cal.week_start)
    start = start_of(today, unit, plain)
    if match["which"] in {"last", "previous"}:
        return TimeRange(start - step(unit), start, f"last calendar {unit}")
    return unit_range(start, unit, today, f"this calendar {unit}")


def _named(which: str, unit: str, cal: Calendar) -> str:
    """Where fiscal years are no calendar years, the label says which one is meant."""
    fiscal = cal.fiscal_start != 1 and unit == "year"
    return f"{which} fiscal {unit}" if fiscal else f"{which} {unit}"


@RULES.add(
    rf"(?:the )?{PERIOD} before(?: last| that)?|(?:the )?last but one (?P<unit2>week|month|quarter|year)"
)
def _before_last(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    unit = match["unit"] or match["unit2"]
    start = start_of(today, unit, cal) - step(unit)
    return TimeRange(start - step(unit), start, f"the {unit} before last")


@RULES.add(
    rf"(?:in |over |during |within |for )?(?:the |our )?(?:last|past|previous|trailing|rolling|recent|"
    rf"most recent|latest) {COUNT}[ -]{UNIT}|{COUNT.replace('count', 'count3')}[ -]"
    r"(?P<unit3>day|week|month|year)s? (?:rolling|trailing)|(?:last|past|trailing)"
    r" (?P<count2>\d+) ?(?P<unit2>d|w|m|y)"
)
def _rolling(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    letters = {"d": "day", "w": "week", "m": "month", "y": "year"}
    n = count_of(match["count"] or match["count2"] or match["count3"])
    return rolling(n, match["unit"] or match["unit3"] or letters[match["unit2"]], today)


@RULES.add(r"(?:ttm|ltm|r12m|l12m)|l(?P<count>\d{1,3})(?P<unit>[dwm])")
def _trailing(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    """ "TTM", "L30D": short for trailing months and last days."""
    if match["count"] is None:
        return rolling(12, "month", today)
    letters = {"d": "day", "w": "week", "m": "month"}
    return rolling(int(match["count"]), letters[match["unit"]], today)


@RULES.add(
    r"(?:in |over |during |within )?(?:the )?(?:last|past|previous) (?P<what>fortnight|decade)"
)
def _fortnight(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return rolling(14, "day", today) if match["what"] == "fortnight" else rolling(10, "year", today)


def rolling(n: int, unit: str, today: date) -> TimeRange:
    """The ``n`` units that end today, today included."""
    end = today + timedelta(days=1)
    plural = "" if n == 1 else "s"
    return TimeRange(end - step(unit, max(n, 1)), end, f"the last {n} {unit}{plural}")


@RULES.add(rf"(?:the )?{COUNT} {UNIT} before(?: that| then)?")
def _rolling_before(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    """As long as what it is compared with; the resolver moves it to before that."""
    return rolling(count_of(match["count"]), match["unit"], today)


@RULES.add(
    rf"(?:in |over |during |for )?(?:the )?(?:last|past|previous) (?:{COUNT} (?:full|complete"
    rf"|completed|whole|"
    rf"calendar)|(?:full|complete|completed|whole|calendar) {COUNT.replace('count', 'count2')}) {UNIT}"
)
def _complete(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    n, unit = count_of(match["count"] or match["count2"]), match["unit"]
    end = start_of(today, unit, cal)
    plural = "" if n == 1 else "s"
    return TimeRange(end - step(unit, n), end, f"the last {n} full {unit}{plural}")


@RULES.add(rf"(?:the )?(?:last|latest) (?:full|complete|completed|whole) {PERIOD}")
def _last_complete(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return _last(match, today, cal)


@RULES.add(rf"{COUNT} (?:full )?{UNIT} (?:ago|back|earlier)")
def _ago(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    unit = match["unit"]
    start = start_of(today - step(unit, count_of(match["count"])), unit, cal)
    return unit_range(start, unit, today, period_name(start, unit, cal))


@RULES.add(r"(?:a |one |two |(?P<n>\d) )?fortnights? ago")
def _fortnight_ago(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    """The week that holds the day two weeks ago."""
    n = 2 if match.group().startswith("two") else int(match["n"] or 1)
    start = start_of(today - timedelta(days=14 * n), "week", cal)
    return unit_range(start, "week", today, period_name(start, "week", cal))


@RULES.add(
    rf"(?:the )?{PERIOD}[ -]to[ -]date|(?P<short>ytd|mtd|qtd|wtd|fytd)|so far this "
    r"(?P<unit2>year|month|quarter|week)|(?:the )?(?P<unit3>year|month|quarter|week) so far"
)
def _to_date(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    short = {"ytd": "year", "mtd": "month", "qtd": "quarter", "wtd": "week", "fytd": "year"}
    unit = match["unit"] or match["unit2"] or match["unit3"] or short[match["short"]]
    start = start_of(today, unit, cal)
    return unit_range(start, unit, today, f"{_named('this', unit, cal)} to date")


@RULES.add(r"(?:of )?all[ -]time|ever|since the (?:beginning|start)|overall|to date|in total")
def _all_time(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    return TimeRange(date(1, 1, 1), today + timedelta(days=1), "all time")


_RELATIVE = r"(?:the )?(?P<which>this|last|previous)"


@RULES.add(rf"(?:at |in |around )?(?:the )?{PARTS}[ -]{_RELATIVE} (?P<unit>month)")
@RULES.add(rf"(?:at |in |around )?(?:the )?{YEAR_PARTS}[ -]{_RELATIVE} (?P<unit>year)")
def _part_of_relative(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    plain = Calendar(cal.week_start)
    start = start_of(today, match["unit"], plain)
    if match["which"] != "this":
        start -= relativedelta(months=1) if match["unit"] == "month" else relativedelta(years=1)
    first, last = part_of(match["part"], match["unit"], start)
    return clip(first, last, today, part_label(match["part"], match["unit"], first, last))
