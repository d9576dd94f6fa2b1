"""The period asked about, and the one to compare it with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from analytics.catalog.figures import is_count
from analytics.types import Baseline, Comparison, Issue, Query, TimeRange
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.times.baseline import previous_range, year_before
from analytics.understand.times.units import start_of, unit_of, unit_range


def main_and_baseline(asked: Asked) -> tuple[TimeRange | None, TimeRange | None]:
    """(main range, explicit baseline)."""
    ranges, positions = list(asked.reading.times), list(asked.reading.time_positions)
    versus = asked.reading.versus_at
    if not ranges:
        return None, None
    if _pair_is_change(asked):
        assert asked.reading.pair is not None
        return asked.reading.pair[1], asked.reading.pair[0]
    if len(ranges) == 1:
        if versus is not None and positions[0] > versus and not _compares_values(asked):
            return _opposite(asked, ranges[0]), ranges[0]
        return _open(ranges[0]), None
    if len(ranges) > 2 and versus is not None:
        ranges, positions = _narrowed_sides(ranges, positions, versus)
    if len(ranges) > 2:
        return _several(asked, ranges), None
    first, second = ranges[0], ranges[1]
    if (first.start, first.end) == (second.start, second.end):
        # "the last 4 weeks vs the previous 4 weeks": as many days, just before
        return first, previous_range(first, asked.known.calendar, like_for_like=False)
    if versus is not None or asked.reading.comparisons or asked.reading.direction:
        if versus is not None and positions[0] > versus and second.start > first.start:
            first, second = second, first  # "compare April with May": the later one is the news
        return first, baseline_range(asked, first, second)
    start, end = max(first.start, second.start), min(first.end, second.end)
    if start < end:
        return TimeRange(start, end, f"{first.label}, {second.label}"), None
    early, late = sorted((first, second), key=lambda r: r.start)
    if early.end == late.start:
        label = f"{early.label} and {late.label}"
        return TimeRange(early.start, late.end, label, late.partial), None
    return late, early


def _narrowed_sides(
    ranges: list[TimeRange], positions: list[int], versus: int
) -> tuple[list[TimeRange], list[int]]:
    """ "H1 revenue this year vs last year": on each side what lies in all that is named there."""
    sides = [
        [(r, p) for r, p in zip(ranges, positions, strict=True) if (p < versus) is first]
        for first in (True, False)
    ]
    narrowed = []
    for side in sides:
        if not side:
            return ranges, positions
        narrow = min(side, key=lambda one: one[0].days)
        if any(r.start > narrow[0].start or r.end < narrow[0].end for r, _ in side):
            return ranges, positions
        narrowed.append(narrow)
    return [r for r, _ in narrowed], [p for _, p in narrowed]


def periods_after(
    asked: Asked, previous: Query | None
) -> tuple[TimeRange | None, TimeRange | None]:
    """(main range, explicit baseline) of a follow-up.

    A lone period after "versus" is what the last question's own period is compared with.
    """
    main, baseline = main_and_baseline(asked)
    current = previous.time_range if previous is not None else None
    if baseline is None or len(asked.reading.times) != 1 or current is None:
        return main, baseline
    same = (baseline.start, baseline.end) == (current.start, current.end)
    if same or asked.reading.pair is not None:
        return main, baseline
    return None, baseline_range(asked, current, baseline)


def _several(asked: Asked, ranges: Sequence[TimeRange]) -> TimeRange:
    """Three or more periods are one range where each begins as the one before ends."""
    ordered = sorted(ranges, key=lambda r: r.start)
    if all(a.end == b.start for a, b in pairwise(ordered)):
        label = f"{ordered[0].label} to {ordered[-1].label}"
        return TimeRange(ordered[0].start, ordered[-1].end, label, ordered[-1].partial)
    raise Doubt(
        Issue(
            "several_periods",
            "I can take one period, or compare two, at a time.",
            tuple(_with_metric_in(asked, r) for r in ordered[:3]),
        )
    )


def _with_metric_in(asked: Asked, time_range: TimeRange) -> str:
    names = [m.text for m in asked.reading.metrics[:1]]
    return " ".join((*names, "in", time_range.label))


def _compares_values(asked: Asked) -> bool:
    """Two values of one dimension are named, in whichever of its meanings each word stands."""
    named = Counter(d for v in asked.reading.values for d in {x.dimension for x in v.values})
    return any(count > 1 for count in named.values())


def _pair_is_change(asked: Asked) -> bool:
    if asked.reading.pair is None or len(asked.reading.times) != 1:
        return False
    return (
        bool(asked.reading.direction or {"change", "versus"} & asked.reading.comparisons)
        and asked.reading.grain is None
    )


def baseline_range(asked: Asked, main: TimeRange, named: TimeRange) -> TimeRange:
    """ "this month vs last year": the same month of that year."""
    if (
        named.label in {"last year", "last fiscal year"}
        and main.start.year > 1000
        and main.days < named.days - 1
    ):
        return year_before(main)
    return named


def _opposite(asked: Asked, baseline: TimeRange) -> TimeRange:
    """The current unit that a lone baseline is compared with ("... vs last month").

    Raises Doubt where that baseline is the current one: nothing later is known.
    """
    unit = unit_of(baseline, asked.known.calendar) or "month"
    start = start_of(asked.today, unit, asked.known.calendar)
    if start < baseline.end:
        start = baseline.end
    if start > asked.today:
        words = f"I can't tell what {baseline.label} is compared with. Name the other period too."
        raise Doubt(Issue("no_other_period", words, (_with_metric_in(asked, baseline),)))
    return unit_range(start, unit, asked.today, f"this {unit}")


def with_comparison(asked: Asked, query: Query, baseline: TimeRange | None) -> Query:
    """Adds the resolved period to compare with (and a main period, where none was given)."""
    additive = any(is_count(asked.catalog.metrics[name]) for name in query.metrics)
    if baseline is not None and additive and query.time_range is not None:
        baseline = _as_far(asked, query.time_range, baseline)
    if baseline is not None:
        return replace(query, comparison=Comparison(Baseline.CUSTOM, baseline))
    main = query.time_range or _current(asked)
    if "same_period_last_year" in asked.reading.comparisons:
        return replace(
            query,
            time_range=main,
            comparison=Comparison(Baseline.SAME_PERIOD_LAST_YEAR, year_before(main)),
        )
    before = previous_range(main, asked.known.calendar, like_for_like=additive)
    if before is None:
        raise Doubt(Issue("no_baseline", "There is no period before that to compare with."))
    return replace(query, time_range=main, comparison=Comparison(Baseline.PREVIOUS_PERIOD, before))


_RELATIVE = re.compile(r"(?:the )?(?:last|previous) (?:week|month|quarter|year)", re.IGNORECASE)


def _as_far(asked: Asked, main: TimeRange, baseline: TimeRange) -> TimeRange:
    """ "This month vs last month": counts of a month that runs are held against as many days of the last.

    A period told by its name ("vs September") is taken whole.
    """
    cal = asked.known.calendar
    whole = previous_range(main, cal, like_for_like=False)
    told = _RELATIVE.fullmatch(baseline.label) is not None
    if not (main.partial and told and whole is not None):
        return baseline
    if (whole.start, whole.end) != (baseline.start, baseline.end):
        return baseline
    return previous_range(main, cal, like_for_like=True) or baseline


def _current(asked: Asked) -> TimeRange:
    """The unit that now runs: a week for "week over week", else a month."""
    said = (c.removeprefix("previous_") for c in sorted(asked.reading.comparisons))
    unit = next((u for u in said if u in {"day", "week", "month", "quarter"}), "month")
    start = start_of(asked.today, unit, asked.known.calendar)
    return unit_range(start, unit, asked.today, "today" if unit == "day" else f"this {unit}")


def _open(time_range: TimeRange) -> TimeRange | None:
    """All time is no restriction."""
    return None if time_range.label == "all time" else time_range
