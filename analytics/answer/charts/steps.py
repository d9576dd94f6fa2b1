"""Steps of time: which ones there should be, which get a label, and how they are written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from babel.dates import format_skeleton

from analytics.answer.charts.locales import locale_of
from analytics.answer.locale import quarter, year
from analytics.types import Grain

Step = date | datetime

MOST = 1500
"""More steps than this are no longer a line on a screen."""

_SPANS = {
    Grain.HOUR: timedelta(hours=1),
    Grain.DAY: timedelta(days=1),
    Grain.WEEK: timedelta(weeks=1),
}
_MONTHS = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LABELLED = 7
"""As many labels of steps fit on a phone."""
_STRIDES = {
    Grain.HOUR: (1, 2, 3, 6, 12, 24, 48, 96, 168),
    Grain.DAY: (1, 2, 7, 14),
    Grain.WEEK: (1, 2, 4),
    Grain.MONTH: (1, 2, 3, 6, 12, 24, 60),
    Grain.QUARTER: (1, 2, 4, 8, 20),
    Grain.YEAR: (1, 2, 5, 10, 20, 50),
}
_DAYS_OF_A_MONTH_BEGUN = {Grain.DAY: 1, Grain.WEEK: 7}


def after(step: Step, grain: Grain, count: int = 1) -> Step:
    """The step ``count`` steps later. Steps of months, quarters and years begin on a month's first
    days, so that each month has such a day."""
    if grain in _SPANS:
        return step + _SPANS[grain] * count
    year, month = divmod(step.year * 12 + step.month - 1 + _MONTHS[grain] * count, 12)
    return step.replace(year=year, month=month + 1)


def between(first: Step, last: Step, grain: Grain) -> list[Step]:
    """Every step from first to last, both included; at most ``MOST`` + 1 of them."""
    return list(_walk(first, last, grain))


def _walk(first: Step, last: Step, grain: Grain) -> Iterator[Step]:
    step, count = first, 0
    while step <= last and count <= MOST:
        yield step
        count += 1
        step = after(first, grain, count)


def iso(step: Step) -> str:
    """A step as the data holds it."""
    return step.isoformat()


def text(step: Step, grain: Grain, locale: str) -> str:
    """A step in words: "Aug 2026", "week of 3 Aug 2026", "Q3 2026"."""
    match grain:
        case Grain.YEAR:
            return year(step)
        case Grain.QUARTER:
            return quarter(step)
        case Grain.MONTH:
            return _written("yMMM", step, locale)
        case Grain.WEEK:
            return f"week of {_written('yMMMd', step, locale)}"
        case Grain.DAY:
            return _written("yMMMd", step, locale)
        case Grain.HOUR:
            return f"{_written('yMMMd', step, locale)} {_written('Hm', step, locale)}"


def _written(skeleton: str, step: Step, locale: str) -> str:
    """By the locale's pattern; in English as our sentences write dates, "3 Aug 2026"."""
    if locale_of(locale).language != "en":
        return _by_pattern(skeleton, step, locale)
    month = _NAMES[step.month - 1]
    match skeleton:
        case "Hm":
            return f"{_moment(step):%H:%M}"
        case "MMM":
            return month
        case "MMMd":
            return f"{step.day} {month}"
        case "yMMM":
            return f"{month} {step.year}"
        case _:
            return f"{step.day} {month} {step.year}"


@lru_cache(maxsize=8192)
def _by_pattern(skeleton: str, step: Step, locale: str) -> str:
    return str(format_skeleton(skeleton, _moment(step), locale=locale_of(locale)))


def _moment(step: Step) -> datetime:
    return step if isinstance(step, datetime) else datetime(step.year, step.month, step.day)


def ticks(steps: Sequence[Step], grain: Grain, most: int) -> list[Step]:
    """At most ``most`` steps to label, on round ones: January, the first of a month, midnight."""
    stride = next((s for s in _STRIDES[grain] if len(steps) <= s * most), None)
    if stride is not None:
        chosen = [step for step in steps if _place(step, grain) % stride == 0]
    elif grain in _DAYS_OF_A_MONTH_BEGUN:
        begun = [step for step in steps if step.day <= _DAYS_OF_A_MONTH_BEGUN[grain]]
        return ticks(begun, Grain.MONTH, most)
    else:
        chosen = list(steps[:: -(-len(steps) // most)])
    return chosen or [steps[0]]


def _place(step: Step, grain: Grain) -> int:
    """A step's number on a calendar on which multiples of the stride are round."""
    match grain:
        case Grain.YEAR:
            return step.year
        case Grain.QUARTER:
            return step.year * 4 + (step.month - 1) // 3
        case Grain.MONTH:
            return step.year * 12 + step.month - 1
        case Grain.WEEK:
            return (step.toordinal() - 1) // 7
        case Grain.DAY:
            return step.toordinal() - 1  # ordinal 1 was a Monday
        case Grain.HOUR:
            moment = _moment(step)
            return moment.toordinal() * 24 + moment.hour


def axis(
    steps: Sequence[Step], grain: Grain, locale: str, labelled: int = LABELLED
) -> dict[str, Any]:
    """A time axis over ordinal steps: labels below some, the year where it first shows."""
    chosen = ticks(steps, grain, labelled)
    words = json.dumps(_tick_words(chosen, grain, locale), ensure_ascii=False)
    return {
        "values": [iso(step) for step in chosen],
        "labelExpr": f"{words}[datum.value]",
        "labelAngle": 0,
        "labelOverlap": "greedy",
        "labelSeparation": 8,
        "title": "Week of" if grain is Grain.WEEK else None,
    }


def _tick_words(labelled: Sequence[Step], grain: Grain, locale: str) -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    shown = ""
    for step in labelled:
        top, below = _two_lines(step, grain, locale)
        words[iso(step)] = [top] if below in {"", shown} else [top, below]
        shown = below
    return words


def _two_lines(step: Step, grain: Grain, locale: str) -> tuple[str, str]:
    """A step and what it lies in: month and year, hour and day."""
    match grain:
        case Grain.YEAR:
            return year(step), ""
        case Grain.QUARTER:
            top, below = quarter(step).split()
            return top, below
        case Grain.MONTH:
            return _written("MMM", step, locale), str(step.year)
        case Grain.WEEK | Grain.DAY:
            return _written("MMMd", step, locale), str(step.year)
        case Grain.HOUR:
            return _written("Hm", step, locale), _written("MMMd", step, locale)
