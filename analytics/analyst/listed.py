"""What a message is about that speaks of the last answer's list: its things by name."""

from __future__ import annotations

from dataclasses import replace

from analytics.analyst.context import Context
from analytics.query.execute import execute
from analytics.types import ColumnRole, Filter, Kind, Op, Query
from analytics.understand.reading import Reading

_LISTED = 3


def about_the_list(reading: Reading, query: Query, previous: Query, context: Context) -> Query:
    """ "Show me what they say", "why?", after a list: about its first things."""
    most = _things_meant(reading, query, previous)
    if not most:
        return query
    plan = context.plans.of(previous)
    result = execute(previous, plan, context.catalog, context.warehouse).result
    position = next(i for i, c in enumerate(result.columns) if c.role is ColumnRole.DIMENSION)
    named = [row[position] for row in result.rows[:most] if isinstance(row[position], str)]
    values = tuple(str(value) for value in named)
    if not values:
        return query
    return replace(query, filters=(*query.filters, Filter(previous.group_by[0], Op.IN, values)))


def _things_meant(reading: Reading, query: Query, previous: Query) -> int:
    """How many things of the list before a message is about; 0 where it is not about the list."""
    named = reading.values or reading.models or reading.times or reading.search
    if named or not previous.group_by or reading.metrics:
        return 0
    if any(f.dimension == previous.group_by[0] for f in query.filters):
        return 0
    if query.kind is Kind.EVIDENCE and previous.kind in {Kind.CHANGE, Kind.RANKING}:
        return _LISTED
    return 1 if query.kind is Kind.DRIVERS and previous.kind is Kind.CHANGE else 0
