"""Steps of time: which ones there should be, which get a label, and how they are written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from babel.dates import format_datetime, format_skeleton
from dateutil.relativedelta import relativedelta

from analytics.answer.charts.locales import locale_of
from analytics.types import Grain

Step = date | datetime

MOST = 1500
"""More steps than this are no longer a line on a screen."""

_LENGTH = {
    Grain.HOUR: relativedelta(hours=1),
    Grain.DAY: relativedelta(days=1),
    Grain.WEEK: relativedelta(weeks=1),
    Grain.MONTH: relativedelta(months=1),
    Grain.QUARTER: relativedelta(months=3),
    Grain.YEAR: relativedelta(years=1),
}
_ENGLISH = {
    "yMMM": "MMM y", "yMMMd": "d MMM y", "MMMd": "d MMM", "MMM": "MMM", "Hm": "HH:mm",
}  # fmt: skip
LABELLED = 7
"""As many labels of steps fit on a phone."""
_STRIDES = {
    Grain.HOUR: (1, 2, 3, 6, 12, 24, 48, 96, 168),
    Grain.DAY: (1, 2, 7, 14, 28, 56, 91, 182, 364),
    Grain.WEEK: (1, 2, 4, 8, 13, 26, 52),
    Grain.MONTH: (1, 2, 3, 6, 12, 24, 60),
    Grain.QUARTER: (1, 2, 4, 8, 20),
    Grain.YEAR: (1, 2, 5, 10, 20, 50),
}


def after(step: Step, grain: Grain, count: int = 1) -> Step:
    """The step ``count`` steps later."""
    return step + _LENGTH[grain] * count


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
            return str(step.year)
        case Grain.QUARTER:
            return f"Q{(step.month + 2) // 3} {step.year}"
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
    spoken = locale_of(locale)
    if spoken.language == "en":
        return str(format_datetime(_moment(step), _ENGLISH[skeleton], locale=spoken))
    return str(format_skeleton(skeleton, _moment(step), locale=spoken))


def _moment(step: Step) -> datetime:
    return step if isinstance(step, datetime) else datetime(step.year, step.month, step.day)


def ticks(steps: Sequence[Step], grain: Grain, most: int) -> list[Step]:
    """At most ``most`` steps to label, on round ones: January, the first of a quarter, midnight."""
    stride = next((s for s in _STRIDES[grain] if len(steps) <= s * most), len(steps))
    chosen = [step for step in steps if _place(step, grain, stride) % stride == 0]
    return chosen or [steps[0]]


def _place(step: Step, grain: Grain, stride: int) -> int:
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
            return str(step.year), ""
        case Grain.QUARTER:
            return f"Q{(step.month + 2) // 3}", str(step.year)
        case Grain.MONTH:
            return _written("MMM", step, locale), str(step.year)
        case Grain.WEEK | Grain.DAY:
            return _written("MMMd", step, locale), str(step.year)
        case Grain.HOUR:
            return _written("Hm", step, locale), _written("MMMd", step, locale)
