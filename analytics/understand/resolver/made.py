"""Figures made of figures: shares, running totals, moving averages, means, ratios, counts of things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from dateutil.relativedelta import relativedelta

from analytics.catalog.figures import fits, home, needs_members
from analytics.catalog.types import Metric, Unit
from analytics.types import (
    Derived,
    Filter,
    Grain,
    How,
    Issue,
    Kind,
    OrderBy,
    Query,
    TimeRange,
)
from analytics.understand.reading import MetricMention
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.resolver.dimensions import shared_dimensions
from analytics.understand.resolver.metrics import check_average, choose_metric
from analytics.understand.resolver.weekdays import mean_of_days
from analytics.understand.times.units import start_of
from analytics.wording import inside, listed

_SHARES = {Unit.RATIO, Unit.POINTS}
_FORMS = {
    "running_total": How.RUNNING_TOTAL,
    "moving_average": How.MOVING_AVERAGE,
}
_USUAL_WINDOW = 7


def is_mean(asked: Asked) -> bool:
    """ "Average revenue per day", "average reviews per product": a mean over steps or groups."""
    reading = asked.reading
    over = reading.grain is not None or any(m.grouped for m in reading.dimensions)
    plain = "trend" not in reading.forms and reading.rank is None and reading.direction is None
    return "average" in reading.forms and over and plain


def made(asked: Asked, query: Query, metrics: Sequence[Metric]) -> Query:
    """The query with the figure that was asked for instead of the plain one. Raises Doubt."""
    query = _made(asked, query, metrics)
    if "average" in asked.reading.forms and query.derived is None:
        check_average(asked, metrics)  # what was not averaged must not be shown as if it were
    if query.derived is not None and not fits(query.derived.how, metrics[0]):
        raise Doubt(_no_such_figure(asked, metrics[0], query.derived.how))
    if needs_members(query, asked.catalog):
        _check_listed(asked, query, metrics[0])
    return query


def remade(asked: Asked, query: Query, metrics: Sequence[Metric]) -> Query:
    """A question that goes on: the figure it asks for, else that of the question before, if still one."""
    derived, within = query.derived, query.within
    steps = (*query.group_by, *(("time",) if query.grain is not None else ()))
    if within is not None and (query.kind is not Kind.RANKING or within not in steps):
        query = replace(query, within=None)
    plain = replace(query, derived=None)
    fresh = made(asked, plain, metrics)
    if fresh.derived is not None or derived is None or query.comparison is not None:
        return fresh
    if not fits(derived.how, metrics[0]) or len(query.metrics) != 1 + (derived.how is How.RATIO):
        return fresh
    filtered = {f.dimension for f in query.filters}
    holds = {
        How.SHARE: set(derived.part) <= filtered if derived.part else bool(query.group_by),
        How.RUNNING_TOTAL: query.kind is Kind.TREND,
        How.MOVING_AVERAGE: query.kind is Kind.TREND and query.grain is not Grain.HOUR,
        How.MEAN: query.grain is None,
        How.RATIO: True,
        How.COUNT: bool(steps and query.having),
    }
    return replace(query, derived=derived) if holds[derived.how] else fresh


def _made(asked: Asked, query: Query, metrics: Sequence[Metric]) -> Query:
    reading, metric = asked.reading, metrics[0]
    how = next((h for form, h in _FORMS.items() if form in reading.forms), None)
    if how is not None:
        return _over_time(asked, query, how)
    if reading.per is not None:
        return _ratio(asked, query, metric)
    if "average" in reading.forms and metric.additive | fits(How.MEAN, metric) and is_mean(asked):
        by_part = mean_of_days(asked, query, metric)
        return by_part if by_part is not None else _mean(asked, query, metric)
    percent = "percent" in reading.forms and query.comparison is None and query.having == ()
    if ("share" in reading.forms or percent) and metric.unit not in _SHARES:
        return _share(asked, query, metrics)
    counts = bool(query.having) or _counts_things_with_rows(asked, query)
    if reading.counted is not None and (query.group_by or query.grain) and counts:
        return replace(
            query, kind=Kind.VALUE, derived=Derived(How.COUNT), order_by=(), limit=None, chart=None
        )
    return query


def _counts_things_with_rows(asked: Asked, query: Query) -> bool:
    """ "How many people left a review": the people that have rows, not the rows of each."""
    reading = asked.reading
    counted = [m for m in reading.dimensions if m.at == reading.counted]
    rows = bool(reading.metrics) and all(m.rows for m in reading.metrics)
    return rows and len(query.group_by) == 1 and bool(counted) and query.comparison is None


def _no_such_figure(asked: Asked, metric: Metric, how: How) -> Issue:
    word = {
        How.RUNNING_TOTAL: "running total",
        How.MOVING_AVERAGE: "moving average",
        How.MEAN: "mean of its own",
        How.SHARE: "share of a whole",
    }.get(how, "such figure")
    label = inside(metric.label)
    others = [
        inside(m.label)
        for m in sorted(asked.catalog.metrics.values(), key=lambda m: -m.default_rank)
        if m.model == metric.model and fits(how, m)
    ][:2]
    return Issue(
        "no_such_figure",
        f"The {label} is a rate or an average, so it has no {word}. It can be shown over time, or by group.",
        (
            f"{label} by month",
            *(f"{word} of {o} by month" for o in others if how in _FORMS.values()),
        ),
    )


def _over_time(asked: Asked, query: Query, how: How) -> Query:
    if query.comparison is not None or query.kind is not Kind.TREND:
        label, name = (
            inside(asked.catalog.metrics[query.metrics[0]].label),
            how.value.replace("_", " "),
        )
        raise Doubt(
            Issue(
                "derived_over_time",
                f"A {name} runs over the steps of one period.",
                (f"{name} of {label} by month",),
            )
        )
    size = None
    if how is How.MOVING_AVERAGE:
        size = asked.reading.window or _USUAL_WINDOW
    return replace(query, derived=Derived(how, size=size))


def _ratio(asked: Asked, query: Query, metric: Metric) -> Query:
    """Two metrics, each aggregated over its own rows, then one for each of the other."""
    per = asked.reading.per
    assert per is not None
    below = choose_metric(asked, MetricMention(per.names, per.text, -1))
    shared = shared_dimensions(asked, [metric, below])
    used = {*query.group_by, *(f.dimension for f in query.filters)} - {"text"}
    if missing := sorted(used - set(shared)):
        labels = [asked.catalog.dimensions_of_metric(metric)[n].label for n in missing]
        raise Doubt(
            Issue(
                "dimension_not_available",
                f"{below.label} is not recorded by {listed(labels)}, so there is no such ratio.",
                (f"{inside(metric.label)} per {per.text}",),
            )
        )
    if query.comparison is not None or below.name == metric.name:
        raise Doubt(_no_such_figure(asked, metric, How.RATIO))
    return replace(
        query,
        metrics=(metric.name, below.name),
        derived=Derived(How.RATIO, size=per.size if per.size > 1 else None),
    )


def _mean(asked: Asked, query: Query, metric: Metric) -> Query:
    """Over the steps of the period, those without anything included, or over the groups."""
    step = asked.reading.grain
    if query.comparison is not None:
        raise Doubt(_no_such_figure(asked, metric, How.MEAN))
    plain = replace(query, grain=None, limit=None, order_by=())
    if step is None:
        return _mean_of_groups(asked, plain, metric)
    whole = _whole_steps(asked, query.time_range, step)
    kind = Kind.BREAKDOWN if query.group_by else Kind.VALUE
    order = (OrderBy(metric.name),) if query.group_by else ()
    return replace(
        plain, kind=kind, order_by=order, time_range=whole, derived=Derived(How.MEAN, step=step)
    )


def _mean_of_groups(asked: Asked, query: Query, metric: Metric) -> Query:
    """Over people, or over the only thing named; what else is named stays apart."""
    known = asked.catalog.dimensions_of_metric(metric)
    people = tuple(name for name in query.group_by if known[name].person)
    part = people or query.group_by
    if len(part) > 1:
        raise Doubt(_no_such_figure(asked, metric, How.MEAN))
    rest = tuple(name for name in query.group_by if name not in part)
    kind = Kind.BREAKDOWN if rest else Kind.VALUE
    order = (OrderBy(metric.name),) if rest else ()
    return replace(query, kind=kind, group_by=rest, order_by=order, derived=Derived(How.MEAN, part))


_WIDTH = {
    Grain.WEEK: relativedelta(weeks=1),
    Grain.MONTH: relativedelta(months=1),
    Grain.QUARTER: relativedelta(months=3),
    Grain.YEAR: relativedelta(years=1),
}


def _whole_steps(asked: Asked, time_range: TimeRange | None, step: Grain) -> TimeRange | None:
    """The period cut to whole steps: half a month is no month in a mean per month."""
    if time_range is None or step not in _WIDTH or time_range.start.year < 1000:
        return time_range
    start = _step_of(asked, time_range.start, step)
    if start < time_range.start:
        start += _WIDTH[step]
    end = _step_of(asked, time_range.end, step)
    if end <= start:
        raise Doubt(
            Issue(
                "no_whole_step",
                f"{time_range.label or 'That period'} holds no whole {step.value} to take a mean of.",
            )
        )
    if (start, end) == (time_range.start, time_range.end):
        return time_range
    return TimeRange(start, end, f"the whole {step.value}s of {time_range.label}".strip())


def _step_of(asked: Asked, day: date, step: Grain) -> date:
    return start_of(day, step.value, asked.known.calendar)


def _share(asked: Asked, query: Query, metrics: Sequence[Metric]) -> Query:
    """Of the whole of what is named: by group, or what a filter keeps of it."""
    metric = metrics[0]
    if len(metrics) > 1 or query.comparison is not None:
        raise Doubt(_unclear_share(asked, query, metric))
    filters = [f for f in query.filters if f.dimension not in query.group_by]
    part = _part(asked, query, filters)
    if part is None:
        raise Doubt(_unclear_share(asked, query, metric))
    return replace(query, derived=Derived(How.SHARE, part))


def _part(asked: Asked, query: Query, filters: Sequence[Filter]) -> tuple[str, ...] | None:
    """The dimensions whose filters make the part; nothing where the groups do; None where unclear."""
    if query.group_by and (not filters or not _names_part(asked, filters)):
        return ()
    if len(filters) == 1:
        return (filters[0].dimension,)
    named = _names_part(asked, filters)
    return named or None


def _names_part(asked: Asked, filters: Sequence[Filter]) -> tuple[str, ...]:
    """The filter that the message names as the part: "the app's share of …", "… comes from the app"."""
    return tuple(f.dimension for f in filters if f.dimension in asked.reading.parts)


def _unclear_share(asked: Asked, query: Query, metric: Metric) -> Issue:
    label = inside(metric.label)
    known = asked.catalog.dimensions_of_metric(metric)
    filters = [f for f in query.filters if f.dimension in known]
    choices = [f"share of {label} by {inside(known[f.dimension].label)}" for f in filters]
    return Issue(
        "unclear_share",
        f"A share of what? I can show which part of the {label} each group has.",
        tuple(dict.fromkeys(choices)) or (f"{label} by month",),
    )


def _check_listed(asked: Asked, query: Query, metric: Metric) -> None:
    """Groups of nothing must be known from somewhere, else they would be missing in silence."""
    name = query.group_by[0]
    if home(name, metric, asked.catalog) is not None:
        return
    known = asked.catalog.dimensions_of_metric(metric)[name]
    raise Doubt(
        Issue(
            "not_listed",
            f"Nothing lists all {inside(known.plural)}, so I cannot tell which have none.",
            (f"{inside(metric.label)} by {inside(known.label)}",),
        )
    )
