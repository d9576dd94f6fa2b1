"""Calendar units: where they begin, how long they are, what they are called."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from analytics.catalog.calendar import MONDAY_AND_JANUARY, Calendar, fiscal_year_of, start_of
from analytics.types import Grain, TimeRange

__all__ = ["MONDAY_AND_JANUARY", "Calendar", "fiscal_year_of", "start_of"]


def step(unit: str, n: int = 1) -> relativedelta:
    """``n`` calendar units as a delta."""
    return {
        "day": relativedelta(days=n),
        "week": relativedelta(weeks=n),
        "month": relativedelta(months=n),
        "quarter": relativedelta(months=3 * n),
        "year": relativedelta(years=n),
    }[unit]


def unit_range(start: date, unit: str, today: date, label: str) -> TimeRange:
    """The calendar unit from ``start``, cut at the end of ``today`` and then marked partial."""
    return clip(start, start + step(unit), today, label)


def clip(start: date, end: date, today: date, label: str) -> TimeRange:
    """[start, end) up to and including today; partial if that cut something off."""
    tomorrow = today + timedelta(days=1)
    if start < tomorrow < end:
        return TimeRange(start, tomorrow, label, partial=True)
    return TimeRange(start, end, label)


def unit_of(current: TimeRange, cal: Calendar) -> str | None:
    """The calendar unit that the range is (or, if partial, begins to be); None for other ranges."""
    for unit in ("day", "week", "month", "quarter", "year"):
        if start_of(current.start, unit, cal) != current.start:
            continue
        end = current.start + step(unit)
        if current.end == end:
            return unit
        if current.partial and current.end < end and _names_unit(current.label, unit):
            return unit
    return None


def _names_unit(label: str, unit: str) -> bool:
    shapes = {
        "week": r"week", "month": r"month|^[A-Z][a-z]+ \d{4}$", "quarter": r"quarter|^Q\d", "year": r"year|^\d{4}$|fiscal",  # noqa: E501
        "day": r"$^",
    }  # fmt: skip
    return re.search(shapes[unit], label) is not None


def period_name(start: date, unit: str, cal: Calendar = MONDAY_AND_JANUARY) -> str:
    """A calendar unit in words: "May 2026", "Q2 2026", "the week of 4 May 2026"."""
    match unit:
        case "day":
            return f"{start.day} {start:%B %Y}"
        case "week":
            return f"the week of {start.day} {start:%B %Y}"
        case "month":
            return f"{start:%B %Y}"
        case "quarter":
            place = (start.month - cal.fiscal_start) % 12 // 3 + 1
            return f"Q{place} {fiscal_year_of(start, cal)}"
        case _ if cal.fiscal_start > 1:
            return f"fiscal {fiscal_year_of(start, cal)}"
        case _:
            return str(start.year)


def default_grain(time_range: TimeRange) -> Grain:
    """A grain that gives a trend of this range a readable number of points."""
    if time_range.days <= 31:
        return Grain.DAY
    if time_range.days <= 184:
        return Grain.WEEK
    if time_range.days <= 6 * 366:
        return Grain.MONTH
    return Grain.YEAR
