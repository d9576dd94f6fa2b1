"""Figures in words. Raw values stay raw in the rows; this is for sentences."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta

from analytics.answer.locale import day, money, number, quarter, year
from analytics.types import Cell, Column, TimeRange

_PLAIN = {"number", "stars"}
_MONTHS = "|".join(calendar.month_name[1:])
_SAYS_DATES = re.compile(
    rf"\b(?:{_MONTHS})\b|\d{{4}}-\d\d-\d\d|^(?:since |until |before |after )?(?:Q\d )?\d{{4}}$"
)
"""A label that leaves no doubt which days it means."""


def figure(value: Cell, unit: str) -> str:
    """A value with its unit: "12.3 %", "1,234", "4.21 stars", "3.5 hours"."""
    if value is None:
        return "not known"
    if isinstance(value, bool | str | date | datetime):
        return moment(value) if isinstance(value, date | datetime) else str(value)
    match unit:
        case "count":
            return number(value, ",.0f")
        case "ratio":
            return f"{number(value * 100, '.1f')} %"
        case "points":
            return f"{number(value * 100, '+.1f')} points"
        case "currency":
            return money(value)
        case "seconds" | "minutes" | "hours" | "days":
            return f"{number(value, ',.1f')} {unit}"
        case "stars":
            return f"{number(value, '.2f')} stars"
        case _:
            return number(value, ",.2f") if isinstance(value, float) else number(value, ",")


def change(value: Cell, unit: str) -> str:
    """The size of a change, without its sign."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return "not known"
    if unit == "points":
        return f"{number(abs(value) * 100, '.1f')} percentage points"
    return figure(abs(value), unit)


def moment(value: date | datetime, grain: str = "day") -> str:
    """A date as people write it, as coarse as the grain."""
    if isinstance(value, datetime):
        if value.time().isoformat() != "00:00:00":
            return f"{day(value)} {value:%H:%M}"
        value = value.date()
    match grain:
        case "month":
            return f"{value:%B %Y}"
        case "quarter" | "fiscal_quarter":
            return quarter(value)
        case "year" | "fiscal_year":
            return year(value)
        case "week":
            return f"the week of {day(value)}"
        case _:
            return day(value)


def days(time_range: TimeRange) -> str:
    """The dates of a range: "1 Oct 2026 to 28 Oct 2026"."""
    last = time_range.end - timedelta(days=1)
    if time_range.start.year < 1000:
        return f"up to {moment(last)}"
    if time_range.start == last:
        return moment(last)
    return f"{moment(time_range.start)} to {moment(last)}"


def period(time_range: TimeRange) -> str:
    """A range with its name and, where the name does not say them, its dates."""
    spelled = days(time_range)
    label = time_range.label
    if not label or label == spelled:
        return spelled
    if _SAYS_DATES.search(label) and not label.startswith(("the last", "the same", "the ")):
        return label
    return f"{label} ({spelled})"


def cell(value: Cell, column: Column) -> str:
    """A cell in a sentence."""
    if isinstance(value, date | datetime):
        return moment(value, column.unit)
    return (
        figure(value, column.unit)
        if column.unit != "text"
        else ("not known" if value is None else str(value))
    )
