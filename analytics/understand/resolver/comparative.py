"""Yes-or-no questions about which is more: than before, than another group, than a number."""

from __future__ import annotations

from dataclasses import replace

from analytics.catalog.types import Better, Metric, Unit
from analytics.types import Claim, Direction, Issue, Kind, Op, OrderBy, Query
from analytics.understand.reading import Condition, MetricMention
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.resolver.metrics import choose_metric
from analytics.understand.resolver.ranking import DURATIONS
from analytics.wording import inside

_MOVED = {
    "more": Direction.ROSE,
    "less": Direction.FELL,
    "better": Direction.IMPROVED,
    "worse": Direction.WORSENED,
    "happier": Direction.IMPROVED,
    "unhappier": Direction.WORSENED,
    "slower": Direction.ROSE,
    "faster": Direction.FELL,
}


def aimed(asked: Asked) -> Asked:
    """A comparative that speaks of times is a direction: "is revenue higher than last month?"."""
    reading = asked.reading
    comparative = reading.comparative
    if comparative is None or reading.direction is not None:
        return asked
    than = comparative.than
    times = [at for at in reading.time_positions if than is not None and at > than]
    groups = [v.at for v in reading.values if than is not None and v.at > than]
    after_than = bool(times) and (not groups or min(times) < min(groups))
    alone = comparative.than is None and not reading.values and reading.supposes
    if not (after_than or alone):
        return asked
    return replace(asked, reading=replace(reading, direction=_MOVED[comparative.way].value))


def set_apart(asked: Asked, query: Query) -> Query:
    """ "Are tickets from the west slower …?": the group beside the others, not alone."""
    comparative = asked.reading.comparative
    if comparative is None or asked.reading.direction is not None:
        return query
    if not asked.reading.supposes or query.group_by:
        return query
    single = [f for f in query.filters if f.op is Op.IN and len(f.values) == 1]
    if len(single) != 1:
        raise Doubt(_unclear(asked, query))
    filters = tuple(f for f in query.filters if f is not single[0])
    return replace(query, filters=filters, group_by=(single[0].dimension,))


def _unclear(asked: Asked, query: Query) -> Issue:
    label = inside(asked.catalog.metrics[query.metrics[0]].label)
    return Issue(
        "unclear_comparison",
        f"I can't tell what the {label} is held against. Name two groups or two periods.",
        (f"{label} by month", f"{label} this month vs last month"),
    )


def claim_of_group(asked: Asked, query: Query, metric: Metric) -> Query:
    """Both groups, and which of them is supposed to be ahead."""
    comparative = asked.reading.comparative
    if comparative is None or not asked.reading.supposes or asked.reading.direction is not None:
        return query
    if query.kind is not Kind.BREAKDOWN or len(query.group_by) != 1:
        return query
    name = query.group_by[0]
    mentions = [v for v in asked.reading.values if any(x.dimension == name for x in v.values)]
    if not mentions:
        raise Doubt(_unclear(asked, query))
    first = min(mentions, key=lambda mention: mention.at)
    subject = next(v.value for v in first.values if v.dimension == name)
    return replace(query, claim=Claim(_op(comparative.way, metric), subject=subject))


def claim_on_list(asked: Asked, query: Query, metric: Metric) -> Query:
    """ "Is the app bigger than the web?", after a list: these two of it. Raises Doubt."""
    two = next((f for f in query.filters if f.op is Op.IN and len(f.values) == 2), None)
    if two is None:
        raise Doubt(_unclear(asked, query))
    plain = Query(
        Kind.BREAKDOWN,
        metrics=(metric.name,),
        group_by=(two.dimension,),
        filters=query.filters,
        time_range=query.time_range,
        order_by=(OrderBy(metric.name),),
    )
    return claim_of_group(asked, plain, metric)


def _op(way: str, metric: Metric) -> Op:
    lower_is_better = metric.better is Better.LOWER
    duration = metric.unit in DURATIONS
    up = {
        "more": True,
        "less": False,
        "better": not lower_is_better,
        "worse": lower_is_better,
        "happier": not lower_is_better,
        "unhappier": lower_is_better,
        "slower": duration,
        "faster": not duration,
    }
    return Op.GT if up[way] else Op.LT


def claim_of_value(asked: Asked, query: Query, condition: Condition) -> Query:
    """ "Do we have more than 500 reviews?": the figure, and what is supposed of it."""
    metric = choose_metric(
        asked, MetricMention(condition.metrics, condition.metrics[0], condition.at)
    )
    number = condition.number
    if metric.unit is Unit.RATIO and number > 1:
        number /= 100
    return replace(query, metrics=(metric.name,), claim=Claim(condition.op, number))
