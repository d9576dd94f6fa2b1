"""What a why asks for, and that it can be asked ready-made."""

from dataclasses import replace
from datetime import date

import pytest

from analytics.analyst.context import Context
from analytics.answer.say import say
from analytics.query.validate import problems_of
from analytics.types import Act, Direction, Filter, Kind, Op, Query, query_from_wire, to_wire
from analytics.understand.resolve import Resolution
from tests.analytics.core.world import understand


def asked(text: str, world: Context, previous: Query | None = None) -> Query:
    found = understand(text, world, previous, Act.EXPLAIN)
    assert isinstance(found, Resolution)
    return found.query


def test_a_why_with_a_metric_stands_alone(world: Context) -> None:
    query = asked("why did net sentiment fall in february?", world)
    assert query.kind is Kind.DRIVERS
    assert query.metrics == ("net_sentiment",)
    assert query.direction is Direction.FELL
    assert query.time_range is not None
    assert query.comparison is not None
    assert query.time_range.start == date(2026, 2, 1)
    assert query.comparison.range.start == date(2026, 1, 1)
    assert query.group_by == ()


def test_a_bare_why_keeps_what_was_asked(world: Context) -> None:
    before = understand("revenue for north this month vs last month", world)
    assert isinstance(before, Resolution)
    query = asked("why?", world, before.query)
    assert query.kind is Kind.DRIVERS
    assert query.metrics == before.query.metrics
    assert query.filters == before.query.filters
    assert query.time_range == before.query.time_range
    assert query.comparison == before.query.comparison


def test_a_dimension_named_is_where_to_look(world: Context) -> None:
    assert asked("why did revenue fall by region?", world).group_by == ("region",)


def test_a_why_can_come_ready_made(world: Context) -> None:
    query = asked("why did revenue fall last month?", world)
    assert problems_of(query, world.catalog) == ()
    assert query_from_wire(to_wire(query)) == query
    assert problems_of(replace(query, comparison=None), world.catalog)
    assert problems_of(replace(query, metrics=("revenue", "orders")), world.catalog)


def test_two_groups_can_come_ready_made(world: Context) -> None:
    side = Filter("region", Op.IN, ("north", "south"))
    query = Query(Kind.DRIVERS, ("net_sentiment",), group_by=("region",), filters=(side,))
    assert problems_of(query, world.catalog) == ()
    assert problems_of(replace(query, filters=()), world.catalog)


@pytest.mark.parametrize(
    "text", ["why did revenue fall in february", "why did orders rise last month"]
)
def test_said_and_read_back(world: Context, text: str) -> None:
    query = asked(text, world)
    again = asked(say(query, world.catalog), world)
    assert replace(again, direction=query.direction) == query
