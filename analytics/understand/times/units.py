"""Calendar units: where they begin, how long they are, what they are called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from analytics.types import Grain, TimeRange


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a company counts time: first weekday (0 = Monday), first month of its fiscal year.

    ``southern``: seasons are those of the southern hemisphere. ``country``: whose public holidays (ISO 3166).
    ``day_first``: whether "3/5/2026" is the 3rd of May; None where it must be asked.
    """

    week_start: int = 0
    fiscal_start: int = 1
    southern: bool = False
    country: str = "US"
    day_first: bool | None = None


MONDAY_AND_JANUARY = Calendar()


def start_of(day: date, unit: str, cal: Calendar) -> date:
    """First day of the calendar unit that holds ``day``."""
    match unit:
        case "day":
            return day
        case "week":
            return day - timedelta(days=(day.weekday() - cal.week_start) % 7)
        case "month":
            return day.replace(day=1)
        case "quarter":
            offset = (day.month - cal.fiscal_start) % 3
            return day.replace(day=1) - relativedelta(months=offset)
        case "year":
            offset = (day.month - cal.fiscal_start) % 12
            return day.replace(day=1) - relativedelta(months=offset)
        case _:
            raise ValueError(f"unknown calendar unit {unit!r}")


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


def fiscal_year_of(day: date, cal: Calendar) -> int:
    """The number of the fiscal year that holds the day: the year in which it ends."""
    return day.year + (1 if 1 < cal.fiscal_start <= day.month else 0)


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
