"""A saved question, asked again: "last week" is another week by then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from analytics.analyst.context import Context
from analytics.types import Act, Baseline, Comparison, ParsedMessage, Query, TimeRange
from analytics.understand.read import read
from analytics.understand.times.baseline import previous_range, year_before


def up_to_date(query: Query, context: Context, today: date) -> Query:
    """The query with its periods as their names are understood today; days without a name stay."""
    time_range = query.time_range and _today(query.time_range, context, today)
    if query.comparison is None:
        return replace(query, time_range=time_range)
    comparison = query.comparison
    moved = _baseline(query, comparison, time_range, context, today)
    return replace(query, time_range=time_range, comparison=replace(comparison, range=moved))


def _today(time_range: TimeRange, context: Context, today: date) -> TimeRange:
    """What the name of a range means today. "May 2026" is fixed, "last week" is not."""
    if not time_range.label:
        return time_range
    message = ParsedMessage(time_range.label, Act.ASK, 1.0)
    found = read(message, context.known, today).times
    return found[0] if len(found) == 1 else time_range


def _baseline(
    query: Query,
    comparison: Comparison,
    time_range: TimeRange | None,
    context: Context,
    today: date,
) -> TimeRange:
    if time_range is None or time_range == query.time_range:
        return comparison.range
    match comparison.baseline:
        case Baseline.SAME_PERIOD_LAST_YEAR:
            return year_before(time_range)
        case Baseline.PREVIOUS_PERIOD:
            additive = any(context.catalog.metrics[m].additive for m in query.metrics)
            before = previous_range(time_range, context.known.calendar, like_for_like=additive)
            return before or comparison.range
        case Baseline.CUSTOM:
            return _today(comparison.range, context, today)
