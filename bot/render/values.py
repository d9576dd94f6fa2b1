"""A raw value as people read it, by its unit. The web page does the same in the reader's locale."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

MISSING = "–"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_value(value: Any, unit: str) -> str:
    """The value in words. Ratios are fractions on the wire and percentages here."""
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _NUMBERS.get(unit, _plain)(value)
    return format_date(str(value), unit) if unit in _DATES else str(value)


def format_date(text: str, unit: str) -> str:
    """An ISO date at the width of its grain ('2026-10-01', month -> 'Oct 2026')."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return _DATES.get(unit, _day)(moment)


def is_number(unit: str, kind: str) -> bool:
    """Whether a column of this unit and type is set flush right."""
    numeric = ("int", "float", "double", "decimal", "number")
    return unit in _NUMBERS or any(word in kind.lower() for word in numeric)


def _plain(value: float) -> str:
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.2f}" if abs(value) >= 0.01 else f"{value:.3g}"


def _count(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _ratio(value: float) -> str:
    return f"{value * 100:,.1f} %"


def _points(value: float) -> str:
    return f"{value * 100:+,.1f} pp"


def _named(name: str) -> Callable[[float], str]:
    return lambda value: f"{value:,.1f} {name}"


_NUMBERS: dict[str, Callable[[float], str]] = {
    "count": _count,
    "ratio": _ratio,
    "points": _points,
    "currency": lambda value: f"{value:,.2f}",
    "seconds": _named("s"),
    "minutes": _named("min"),
    "hours": _named("h"),
    "days": _named("d"),
    "stars": lambda value: f"{value:.2f} ★",
    "number": _plain,
}


def _day(moment: date) -> str:
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def _hour(moment: datetime) -> str:
    return f"{_day(moment)} {moment:%H:%M}"


_DATES: dict[str, Callable[[datetime], str]] = {
    "hour": _hour,
    "day": _day,
    "date": _day,
    "week": lambda moment: f"week of {_day(moment)}",
    "month": lambda moment: f"{MONTHS[moment.month - 1]} {moment.year}",
    "quarter": lambda moment: f"Q{(moment.month + 2) // 3} {moment.year}",
    "year": lambda moment: str(moment.year),
    "timestamp": _hour,
    "datetime": _hour,
}
