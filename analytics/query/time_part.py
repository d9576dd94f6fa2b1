"""Parts of a moment as values: the day of the week, the hour, the month of the year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from analytics.catalog.types import TimePart
from analytics.types import TimeRange


def part_of_time(moment: ir.Value, part: TimePart, names: Sequence[str]) -> ir.Value:
    """The part of a moment (date or timestamp) as the catalog calls it: ``names`` in their own order.

    Weekdays count from Monday; hours are numbers, in UTC as all times.
    """
    moment = moment.cast("timestamp")
    match part:
        case TimePart.HOUR:
            return moment.hour().cast("int64")
        case TimePart.WEEKDAY:
            return _named(moment.day_of_week.index(), names)
        case TimePart.DAY_TYPE:
            return ibis.ifelse(moment.day_of_week.index() < 5, names[0], names[1])
        case TimePart.MONTH:
            return _named(moment.month() - 1, names)
        case TimePart.PART_OF_DAY:
            hour = moment.hour()
            morning, afternoon, evening, night = names
            return ibis.cases(
                ((hour >= 6) & (hour < 12), morning),
                ((hour >= 12) & (hour < 18), afternoon),
                ((hour >= 18) & (hour < 22), evening),
                else_=night,
            )


def _named(place: ir.IntegerValue, names: Sequence[str]) -> ir.Value:
    return place.cases(*enumerate(names))


def days_by_part(time_range: TimeRange, part: TimePart, names: Sequence[str]) -> dict[str, int]:
    """How many days of the period are a Monday, a weekend day, in May: by the catalog's names.

    Raises KeyError for parts that every day has (hours).
    """
    days = (time_range.start + timedelta(days=ahead) for ahead in range(time_range.days))
    return dict(Counter(part_of_day(day, part, names) for day in days))


def part_of_day(day: date, part: TimePart, names: Sequence[str]) -> str:
    """The value of a day. Raises KeyError for parts that every day has (hours)."""
    place = {
        TimePart.WEEKDAY: day.weekday(),
        TimePart.DAY_TYPE: int(day.weekday() >= 5),
        TimePart.MONTH: day.month - 1,
    }[part]
    return names[place]
