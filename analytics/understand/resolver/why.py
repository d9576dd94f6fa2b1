"""A "why": the causes of a change between two periods, or of the distance between two groups."""

from __future__ import annotations

from dataclasses import replace

from analytics.catalog.types import Metric
from analytics.types import Direction, Filter, Kind, Op, Query
from analytics.understand.resolver.asked import Asked
from analytics.understand.resolver.grouping import compared_dimensions
from analytics.understand.resolver.periods import periods_after, with_comparison

_LEVELS = frozenset(
    "high higher highest low lower lowest good better best bad worse worst poor weak strong "
    "more less so".split()
)


def why(asked: Asked, query: Query, metric: Metric, previous: Query | None = None) -> Query:
    """A query for drivers out of scope and groups. Raises Doubt where no period can be compared.

    What was compared in the previous question stays compared, unless the message says otherwise.
    """
    main, baseline = periods_after(asked, previous)
    plain = Query(
        Kind.DRIVERS,
        metrics=(metric.name,),
        group_by=query.group_by,
        filters=query.filters,
        time_range=main or (previous.time_range if previous is not None else None),
        direction=_direction(asked),
        chart="table" if "table" in asked.reading.forms else None,
    )
    groups = _two_groups(asked, metric, plain, compared=main is not None and baseline is not None)
    if groups is not None:
        return groups
    kept = previous.comparison if previous is not None else None
    if kept is not None and main is None and baseline is None and not asked.reading.comparisons:
        return replace(plain, comparison=kept)
    return with_comparison(asked, plain, baseline)


def _direction(asked: Asked) -> Direction | None:
    named = Direction(asked.reading.direction) if asked.reading.direction else None
    return None if named is Direction.ANY else named


def _two_groups(asked: Asked, metric: Metric, query: Query, compared: bool) -> Query | None:
    """ "why is it higher in the North than in the South?", "why is it so low in the North?" """
    if compared or _direction(asked) is not None:
        return None
    dimensions = compared_dimensions(asked, [metric])
    pair = [f for f in query.filters if f.dimension in dimensions and len(f.values) == 2]
    one = [f for f in query.filters if _is_one(f)]
    if not pair and not (len(one) == 1 and _LEVELS & asked.reading.words):
        return None
    chosen = (pair or one)[0]
    return replace(query, group_by=(chosen.dimension,))


def _is_one(one: Filter) -> bool:
    return one.op is Op.IN and len(one.values) == 1
