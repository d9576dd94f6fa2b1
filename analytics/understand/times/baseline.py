"""The period to compare with: the one before, or the same one a year earlier."""

from __future__ import annotations

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from analytics.types import TimeRange
from analytics.understand.times.units import (
    MONDAY_AND_JANUARY,
    Calendar,
    period_name,
    step,
    unit_of,
)


def previous_range(
    current: TimeRange,
    cal: Calendar = MONDAY_AND_JANUARY,
    *,
    like_for_like: bool,
) -> TimeRange | None:
    """The period just before: the calendar unit before where ``current`` is one, else as many days.

    For a period that is not over, ``like_for_like`` takes only the same number of days from the start of
    the one before (sums would otherwise compare a part with a whole). None where nothing can be before.
    """
    if current.start.year < 1000:
        return None
    unit = unit_of(current, cal)
    if unit is None:
        return TimeRange(
            current.start - timedelta(days=current.days),
            current.start,
            f"the {current.days} days before",
        )
    start = current.start - step(unit)
    if current.partial and like_for_like:
        end = min(start + timedelta(days=current.days), current.start)
        return TimeRange(start, end, f"the same {current.days} days of the {unit} before")
    return TimeRange(start, current.start, period_name(start, unit))


def year_before(current: TimeRange) -> TimeRange:
    """The same dates one year earlier."""
    start = current.start - relativedelta(years=1)
    last = current.end - timedelta(days=1)
    end = last - relativedelta(years=1) + timedelta(days=1)
    return TimeRange(start, end, f"{start:%-d %b %Y} to {end - timedelta(days=1):%-d %b %Y}")
