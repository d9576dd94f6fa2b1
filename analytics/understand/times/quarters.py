"""Quarters, halves and fiscal years: of the company's fiscal year, which carries the year it ends in.

With fiscal years from April, Q1 2026 is April to June 2025, and FY26 runs to March 2026. "Calendar Q1" is
January to March whatever the setting. A quarter without a year is its latest occurrence.
"""

from __future__ import annotations

import re
from datetime import date

from dateutil.relativedelta import relativedelta

from analytics.types import TimeRange
from analytics.understand.times.rules import ORDINALS, YEAR, Rules, year, year_of
from analytics.understand.times.units import Calendar, clip, period_name, start_of, unit_range

RULES = Rules()

_REL = r"(?P<rel>this|last|the (?:last|previous|current)) (?:fiscal )?year"
_FISCAL_YEAR = r"(?:fy|fiscal(?: year)?) ?['’]?(?P<fy>(?:20)?\d\d)(?:[/-](?P<fy2>(?:20)?\d\d))?"


def fiscal_year_start(named: int, cal: Calendar) -> date:
    """First day of the fiscal year that is called ``named``: the one that ends in it."""
    start = date(named, cal.fiscal_start, 1)
    return start - relativedelta(years=1) if cal.fiscal_start > 1 else start


def _year_begin(match: re.Match[str], today: date, cal: Calendar) -> date | None:
    """First day of the year that is named with a quarter or half; None where none is."""
    groups = match.groupdict()
    if groups.get("fy"):
        return fiscal_year_start(_full(groups["fy2"] or groups["fy"]), cal)
    named = year_of(groups.get("year") or groups.get("year2"))
    if named:
        return fiscal_year_start(named, cal)
    if not groups.get("rel"):
        return None
    this = start_of(today, "year", cal)
    past = "last" in groups["rel"] or "previous" in groups["rel"]
    return this - relativedelta(years=1) if past else this


def _full(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _part(
    match: re.Match[str], today: date, cal: Calendar, place: int, months: int
) -> tuple[date, bool]:
    begin = _year_begin(match, today, cal)
    start = (begin or start_of(today, "year", cal)) + relativedelta(months=months * (place - 1))
    if begin is None and start > today:
        start -= relativedelta(years=1)
    return start, begin is not None


@RULES.add(
    rf"(?:the )?(?P<plain>calendar )?(?:fiscal )?(?:q ?(?P<q>[1-4])|(?P<ordinal>first|1st|second|2nd"
    rf"|third|3rd|fourth|4th|"
    rf"(?P<final>last)) (?:fiscal )?quarter)(?:,? ?(?:of |in )?(?:{YEAR}|{_REL}|{_FISCAL_YEAR}))?"
    rf"|{year('year2')}[ -]?q"
    r"(?P<q2>[1-4])"
)
def _quarter(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    if match["final"]:
        if _year_begin(match, today, cal) is None:
            raise ValueError("the quarter before this one: another rule")
        place = 4
    else:
        place = int(match["q"] or match["q2"] or ORDINALS[match["ordinal"]])
    used = Calendar(cal.week_start) if match["plain"] else cal
    start, _ = _part(match, today, used, place, 3)
    label = period_name(start, "quarter", used)
    return unit_range(start, "quarter", today, f"calendar {label}" if used != cal else label)


@RULES.add(
    rf"q(?P<one>[1-4]) ?(?:-|–|to|and|through) ?q(?P<two>[1-4])(?: (?:of |in )?(?:{YEAR}|{_REL}))"
)
def _quarters(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    """ "Q1 to Q3 2025": both of the year named."""
    begin = _year_begin(match, today, cal)
    assert begin is not None
    first = begin + relativedelta(months=3 * (int(match["one"]) - 1))
    last = begin + relativedelta(months=3 * (int(match["two"]) - 1))
    if last <= first:
        raise ValueError("the quarters are not in order")
    label = f"{period_name(first, 'quarter', cal)} to {period_name(last, 'quarter', cal)}"
    return clip(first, last + relativedelta(months=3), today, label)


@RULES.add(
    rf"(?:the )?(?:h(?P<h>[12])|(?P<ordinal>first|1st|second|2nd) half)(?:,? (?:of "
    rf"|in )?(?:(?:the )?{YEAR}|{_REL}|"
    rf"{_FISCAL_YEAR}|the (?:fiscal )?year))?"
)
def _half(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    place = int(match["h"] or ORDINALS[match["ordinal"]])
    start, _ = _part(match, today, cal, place, 6)
    end = start + relativedelta(months=6)
    named = end - relativedelta(days=1) if place == 2 else end + relativedelta(months=5)
    fiscal = "fiscal " if cal.fiscal_start > 1 else ""
    return clip(start, end, today, f"{fiscal}H{place} {named.year}")


@RULES.add(_FISCAL_YEAR)
def _fiscal_year(match: re.Match[str], today: date, cal: Calendar) -> TimeRange:
    named = _full(match["fy2"] or match["fy"])
    if match["fy2"] and named != _full(match["fy"]) + 1:
        raise ValueError("no fiscal year spans more than two years")
    start = fiscal_year_start(named, cal)
    return unit_range(start, "year", today, f"fiscal {named}")
