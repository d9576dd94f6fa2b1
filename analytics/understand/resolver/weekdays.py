"""Means by part of time: what an average Monday takes is the sum of all Mondays over their number."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from analytics.catalog.figures import fits
from analytics.catalog.types import COUNTED_DAYS, Metric
from analytics.types import Derived, Grain, How, Issue, Query, TimeRange
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.wording import inside


def mean_of_days(asked: Asked, query: Query, metric: Metric) -> Query | None:
    """ "Average revenue by weekday": per day of that kind. None where no part of time is grouped by.

    Raises Doubt where the days cannot be counted.
    """
    reachable = asked.catalog.dimensions_of_metric(metric)
    parts = [p for name in query.group_by if (p := reachable[name].part) is not None]
    if not parts:
        return None
    if (
        len(parts) > 1
        or asked.reading.grain not in {None, Grain.DAY}
        or parts[0] not in COUNTED_DAYS
        or not fits(How.MEAN, metric)
    ):
        label = inside(metric.label)
        words = asked.reading.dimensions[0].text if asked.reading.dimensions else "day of the week"
        raise Doubt(
            Issue(
                "unclear_average",
                f"I can give the {label} of each {words} in all, but not its average.",
                (f"{label} by {words}",),
            )
        )
    query = _with_period(asked, query, metric)
    if query.time_range is None:
        label = inside(metric.label)
        raise Doubt(
            Issue(
                "average_of_when",
                "Over which period should the days be averaged?",
                tuple(
                    f"average {label} by day of the week {w}" for w in ("last month", "last year")
                ),
            )
        )
    return replace(query, derived=Derived(How.MEAN, step=Grain.DAY))


def _with_period(asked: Asked, query: Query, metric: Metric) -> Query:
    """Days are counted in a period: where none is named, in that of the data."""
    named = query.time_range
    first = asked.known.first_days.get(asked.catalog.model_of(metric).name)
    until = asked.known.data_until
    if named is not None and first is not None and named.start >= first:
        return query
    end = named.end if named is not None else until + timedelta(days=1) if until else None
    if first is None or end is None or end <= first:
        return replace(query, time_range=None)
    label = (
        f"since {first.day} {first:%B %Y}"
        if named is None
        else f"{named.label}, from {first.day} {first:%B %Y} on"
    )
    return replace(query, time_range=TimeRange(first, end, label))
