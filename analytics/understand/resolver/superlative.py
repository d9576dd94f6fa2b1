"""Best and worst steps in time: only whole ones take part, or a week cut short is "the worst week".

Of what adds up, a step that runs can be the best: it can only grow. Everywhere else whole steps are ranked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from analytics.catalog.types import Metric
from analytics.types import Grain, Issue, Query, TimeRange
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.times.units import start_of, step
from analytics.wording import inside, outset


def of_whole_steps(asked: Asked, query: Query, metric: Metric) -> Query:
    """The ranking over steps that lie whole in the period and in the data. Raises Doubt where none does."""
    grain = query.grain
    if grain is None or grain is Grain.HOUR or (metric.additive and query.order_by[0].descending):
        return query
    bounds = _bounds(asked, query, metric)
    if bounds is None or (grain is Grain.DAY and query.time_range is None):
        return query
    cal = asked.known.calendar
    start, end = start_of(bounds[0], grain.value, cal), start_of(bounds[1], grain.value, cal)
    if start < bounds[0]:
        start += step(grain.value)
    if end <= start:
        raise Doubt(_no_whole(asked, query, metric, grain))
    if query.time_range is not None and (start, end) == (
        query.time_range.start, query.time_range.end,
    ):  # fmt: skip
        return query
    return replace(query, time_range=TimeRange(start, end, _label(query, grain, end)))


def _bounds(asked: Asked, query: Query, metric: Metric) -> tuple[date, date] | None:
    """[first day, day after the last) that both the period and the data hold."""
    known, named = asked.known, query.time_range
    first = known.first_days.get(asked.catalog.model_of(metric).name)
    last = asked.today if known.data_until is None else min(asked.today, known.data_until)
    end = last + timedelta(days=1)
    if named is not None:
        end = min(end, named.end)
        first = named.start if first is None else max(first, named.start)
    return None if first is None or first >= end else (first, end)


def _label(query: Query, grain: Grain, end: date) -> str:
    last = end - timedelta(days=1)
    if query.time_range is not None and query.time_range.label:
        return f"the whole {grain.value}s of {query.time_range.label}"
    return f"the whole {grain.value}s up to {last.day} {last:%B %Y}"


def _no_whole(asked: Asked, query: Query, metric: Metric, grain: Grain) -> Issue:
    named = query.time_range.label if query.time_range is not None else "the data"
    return Issue(
        "no_whole_step",
        f"{outset(named)} holds no whole {grain.value} to rank.",
        (f"{inside(metric.label)} by day",),
    )


def which_step(asked: Asked, metric: Metric) -> Issue:
    """ "When did we sell most?": the day, the week or the month."""
    label = inside(metric.label)
    rank = "lowest" if asked.reading.rank in {"lowest", "worst"} else "highest"
    return Issue(
        "which_step",
        f"The day, the week or the month with the {rank} {label}?",
        tuple(f"{grain} with the {rank} {label}" for grain in ("day", "week", "month")),
    )
