"""Single time expressions: the rules of every noun, the longest match winning.

Each noun has a file of rules, which says its conventions. Ranges are [start, end) and end with today at the
latest where they hold it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from analytics.types import TimeRange
from analytics.understand.times import (
    days,
    feasts,
    months,
    parts,
    quarters,
    relative,
    seasons,
    weeks,
)
from analytics.understand.times.days import NotWholeDays
from analytics.understand.times.feasts import UnknownFeast
from analytics.understand.times.rules import Rule
from analytics.understand.times.units import Calendar

_RULES: tuple[Rule, ...] = (
    *relative.RULES, *quarters.RULES, *days.RULES, *months.RULES, *weeks.RULES, *parts.RULES,
    *seasons.RULES, *feasts.RULES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A time expression at text[start:end] and the range it means.

    ``pair`` for "from A to B"; ``versus`` where its two periods are set against each other.
    """

    start: int
    end: int
    range: TimeRange
    pair: tuple[TimeRange, TimeRange] | None = None
    versus: bool = False


@dataclass(frozen=True, slots=True)
class Misfit:
    """Words for a time that no period can be made of, and why."""

    text: str
    error: ValueError | OverflowError


def misfits(text: str, today: date, cal: Calendar) -> tuple[Misfit, ...]:
    """Times that cannot be: days that no calendar has ("31 February"), hours, holidays of elsewhere."""
    found, kept = _matches(text.lower(), today, cal)
    bad = [
        Misfit(text[start:end], outcome)
        for start, end, outcome in found
        if not isinstance(outcome, TimeRange) and not _better(kept, start, end)
    ]
    return tuple({misfit.text: misfit for misfit in bad}.values())


def _better(kept: list[TimeSpan], start: int, end: int) -> bool:
    """Whether a reading at least as long as text[start:end] overlaps it."""
    return any(s.start < end and s.end > start and s.end - s.start >= end - start for s in kept)


def impossible_dates(text: str, today: date, cal: Calendar) -> tuple[str, ...]:
    """Days that no calendar has ("31 February"), as typed."""
    return tuple(
        dict.fromkeys(
            m.text
            for m in misfits(text, today, cal)
            if not isinstance(m.error, NotWholeDays | UnknownFeast)
        )
    )


Outcome = TimeRange | ValueError | OverflowError


def _matches(
    text: str, today: date, cal: Calendar
) -> tuple[list[tuple[int, int, Outcome]], list[TimeSpan]]:
    found: list[tuple[int, int, Outcome]] = []
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            try:
                outcome: Outcome = rule.handler(match, today, cal)
            except (ValueError, OverflowError) as error:
                outcome = error
            found.append((match.start(), match.end(), outcome))
    kept: list[TimeSpan] = []
    spans = [TimeSpan(s, e, o) for s, e, o in found if isinstance(o, TimeRange)]
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        if all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return found, kept


def single_times(text: str, today: date, cal: Calendar) -> Iterator[TimeSpan]:
    """Non-overlapping simple expressions, the longest winning, in the order of the text."""
    yield from sorted(_matches(text, today, cal)[1], key=lambda s: s.start)
