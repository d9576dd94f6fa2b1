"""The kind of a query: value, trend, breakdown, ranking, comparison or change."""

from __future__ import annotations

from dataclasses import replace

from analytics.catalog.figures import fits
from analytics.catalog.types import Better, Metric, Unit
from analytics.types import Direction, Grain, How, Issue, Kind, OrderBy, Query
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.resolver.grouping import compared_dimensions
from analytics.understand.resolver.periods import main_and_baseline, with_comparison
from analytics.understand.resolver.ranking import (
    DEFAULT_LIMIT,
    USUAL_WITHIN,
    breakdown_order,
    descending,
    rank,
    rank_of_what,
)
from analytics.understand.resolver.superlative import of_whole_steps, which_step
from analytics.understand.times.units import default_grain
from analytics.wording import inside, outset

_OVER_TIME = {"running_total", "moving_average"}
TURNED = {Direction.TURNED_NEGATIVE, Direction.TURNED_POSITIVE}


def shape(asked: Asked, query: Query, metric: Metric) -> Query:
    """Decides the kind from what was said, and completes it."""
    main, baseline = main_and_baseline(asked)
    query = replace(query, time_range=main, chart=chart(asked))
    if "average" in asked.reading.forms and asked.reading.grain and fits(How.MEAN, metric):
        return query  # a mean over steps, which is no trend
    if _OVER_TIME & asked.reading.forms:
        return over_time(asked, query, metric)
    direction = Direction(asked.reading.direction) if asked.reading.direction else None
    compares = (
        baseline is not None
        or bool(asked.reading.comparisons & {"previous_period", "same_period_last_year", "change"})
        or (
            "versus" in asked.reading.comparisons
            and len(query.metrics) == 1
            and not compared_dimensions(asked, [metric])
            and main is not None
            and not query.group_by
        )
    )
    if direction is not None and (query.group_by or direction in TURNED):
        return change(asked, with_comparison(asked, query, baseline), metric, direction)
    if direction is not None and asked.reading.grain is None and "trend" not in asked.reading.forms:
        compares = True
    if asked.reading.grain is not None and baseline is not None:
        raise Doubt(_compare_over_time(asked, metric))
    if compares and asked.reading.grain is None:
        return compare(asked, with_comparison(asked, query, baseline), metric, direction)
    if asked.reading.grain is not None or "trend" in asked.reading.forms:
        return over_time(asked, query, metric)
    if query.group_by and (asked.reading.rank or _count_limits(asked, query)):
        return rank(asked, query, metric)
    if query.group_by:
        return replace(query, kind=Kind.BREAKDOWN, order_by=breakdown_order(asked, query, metric))
    if asked.reading.rank and not query.group_by:
        if "when" in asked.reading.words:
            raise Doubt(which_step(asked, metric))
        return rank(asked, replace(query, group_by=(_what(asked, metric),)), metric)
    return query


def _count_limits(asked: Asked, query: Query) -> bool:
    return asked.reading.count is not None and not query.having


def chart(asked: Asked) -> str | None:
    """The form that was asked for by name."""
    return next((c for c in ("table", "line", "bar") if c in asked.reading.forms), None)


def _what(asked: Asked, metric: Metric) -> str:
    """ "what sells best?" is about products, "who …" about customers; else it must be asked."""
    reachable = asked.catalog.dimensions_of_metric(metric)
    people = [d.name for d in reachable.values() if d.person]
    if "who" in asked.reading.words and people:
        return people[0]
    sellers = asked.reading.rank in {"best_selling", "worst_selling"}
    if (sellers or {"what", "which"} & asked.reading.words) and "product" in reachable:
        return "product"
    raise Doubt(rank_of_what(asked, metric))


def change(asked: Asked, query: Query, metric: Metric, direction: Direction) -> Query:
    """Which things changed, in the direction asked for."""
    if direction in TURNED and metric.average_of is None:
        phrase = asked.known.vocabulary.implied.get(direction.value, "")
        raise Doubt(
            Issue(
                "cannot_turn",
                f"{outset(metric.label)} has no sign to turn; {phrase or 'an opinion'} has.",
                (f"which products {direction.value.replace('_', ' ')} in {phrase}?",),
            )
        )
    group_by = query.group_by
    if not group_by:
        reachable = asked.catalog.dimensions_of_metric(metric)
        if "product" not in reachable:
            return compare(asked, query, metric, direction)
        group_by = ("product",)
    limit = asked.reading.count or (None if direction in TURNED else DEFAULT_LIMIT)
    if any(m.single for m in asked.reading.dimensions) and asked.reading.count is None:
        limit = 1 if direction not in TURNED else None
    down = direction in {Direction.WORSENED, Direction.IMPROVED} and metric.better is Better.LOWER
    falls = direction in {Direction.FELL, Direction.WORSENED, Direction.TURNED_NEGATIVE}
    return replace(
        query,
        kind=Kind.CHANGE,
        group_by=group_by,
        direction=direction,
        order_by=(OrderBy(_change_column(asked, metric), descending=falls is down),),
        limit=None if any(h.metric in {"change", "change_ratio"} for h in query.having) else limit,
    )


def _change_column(asked: Asked, metric: Metric) -> str:
    """ "Fastest growing" is about the relative change; of a share there is only the difference."""
    relative = "relative" in asked.reading.forms and metric.unit not in {Unit.RATIO, Unit.POINTS}
    return "change_ratio" if relative else "change"


def compare(asked: Asked, query: Query, metric: Metric, direction: Direction | None) -> Query:
    """Two periods side by side, in all or for each thing."""
    limit = asked.reading.count if query.group_by else None
    order = (OrderBy(metric.name, descending(asked, metric)),) if query.group_by else ()
    if direction in TURNED:
        direction = None
    return replace(query, kind=Kind.COMPARISON, direction=direction, order_by=order, limit=limit)


def _compare_over_time(asked: Asked, metric: Metric) -> Issue:
    label = inside(metric.label)
    times = [t.label for t in asked.reading.times[:2]]
    grain = f"by {asked.reading.grain}"
    return Issue(
        "compare_over_time",
        "I can compare two periods, or show one step by step, but not both at once.",
        (*(f"{label} {grain} in {t}" for t in times), f"{label} {' vs '.join(times)}"),
    )


def over_time(asked: Asked, query: Query, metric: Metric) -> Query:
    """A trend, or the best periods where a rank is asked for."""
    if asked.reading.rank and query.group_by:
        return _top_in_each_step(asked, query, metric)
    if asked.reading.rank:
        ranked = replace(
            query,
            kind=Kind.RANKING,
            grain=asked.reading.grain or Grain.MONTH,
            order_by=(OrderBy(metric.name, descending(asked, metric)),),
            limit=asked.reading.count or 1,
            skip=(asked.reading.place or 1) - 1,
        )
        return of_whole_steps(asked, ranked, metric)
    grain = asked.reading.grain or (
        default_grain(query.time_range)
        if query.time_range and query.time_range.start.year > 1000
        else Grain.MONTH
    )
    return replace(
        query, kind=Kind.TREND, grain=grain, order_by=(OrderBy("time", descending=False),)
    )


def _top_in_each_step(asked: Asked, query: Query, metric: Metric) -> Query:
    """ "The best product of each month": ranked anew in each step."""
    if asked.reading.grain_asked and len(query.group_by) == 1 and _of_each(asked):
        return of_whole_steps(asked, _best_step_of_each(asked, query, metric), metric)
    if asked.reading.grain_asked or len(query.group_by) > 1:
        raise Doubt(_top_per_period(asked, metric))
    return replace(
        query,
        kind=Kind.RANKING,
        grain=asked.reading.grain or Grain.MONTH,
        order_by=(OrderBy(metric.name, descending(asked, metric)),),
        limit=_in_each(asked),
        within="time",
    )


def _of_each(asked: Asked) -> bool:
    return bool({"each", "every"} & asked.reading.words) or any(
        m.each for m in asked.reading.dimensions
    )


def _best_step_of_each(asked: Asked, query: Query, metric: Metric) -> Query:
    """ "Each store's best month": the steps ranked anew in each thing."""
    return replace(
        query,
        kind=Kind.RANKING,
        grain=asked.reading.grain,
        order_by=(OrderBy(metric.name, descending(asked, metric)),),
        limit=asked.reading.count or 1,
        within=query.group_by[0],
    )


def _in_each(asked: Asked) -> int:
    single = any(m.single for m in asked.reading.dimensions)
    return asked.reading.count or (1 if single else USUAL_WITHIN)


def _top_per_period(asked: Asked, metric: Metric) -> Issue:
    text = asked.reading.dimensions[0].text if asked.reading.dimensions else "products"
    return Issue(
        "top_per_period",
        f"I can rank {text} over one period, or show {inside(metric.label)} over time, but "
        "not rank them anew in each period.",
        (
            f"top {text} by {inside(metric.label)} last month",
            f"{inside(metric.label)} by {text} by month",
        ),
    )
