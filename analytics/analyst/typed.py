"""A query that came ready-made: checked against the catalog, its periods named truthfully."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from analytics.analyst.context import Context
from analytics.query.validate import problems_of
from analytics.types import Act, Clarification, ParsedMessage, Query, TimeRange
from analytics.understand.read import read
from analytics.understand.resolve import Resolution


def asked(query: Query, context: Context, today: date) -> Resolution | Clarification:
    """The query as it can be run, or what is wrong with it."""
    problems = problems_of(query, context.catalog)
    if problems:
        return Clarification(problems)
    comparison = query.comparison
    if comparison is not None:
        comparison = replace(comparison, range=_named(comparison.range, context, today))
    time_range = query.time_range and _named(query.time_range, context, today)
    return Resolution(replace(query, time_range=time_range, comparison=comparison))


def _named(time_range: TimeRange, context: Context, today: date) -> TimeRange:
    """The range with its name only where the name means these days: labels are the sender's words."""
    if time_range.label:
        message = ParsedMessage(time_range.label, Act.ASK, 1.0)
        for found in read(message, context.known, today).times:
            if (found.start, found.end) == (time_range.start, time_range.end):
                return found
    partial = time_range.start <= today < time_range.end - timedelta(days=1)
    return TimeRange(time_range.start, time_range.end, "", partial)
