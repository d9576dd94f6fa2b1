"""How a company counts time: where its weeks, quarters and years begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta


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
"""Weeks from Monday, years from January."""


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


def fiscal_year_of(day: date, cal: Calendar) -> int:
    """The number of the fiscal year that holds the day: the year in which it ends."""
    return day.year + (1 if 1 < cal.fiscal_start <= day.month else 0)
