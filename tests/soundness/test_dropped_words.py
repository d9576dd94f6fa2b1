"""Words that were read and then dropped in silence gave a figure that answers another question."""

from dataclasses import replace
from datetime import date

import pytest

from analytics.analyst.acts import spoken_act
from analytics.analyst.context import Context
from analytics.analyst.follow import Heard
from analytics.types import Act, How, Mention, Op, ParsedMessage, Role
from analytics.understand.link import Link
from analytics.understand.read import read
from analytics.understand.resolve import Resolution
from analytics.understand.resolver.left_out import left_out
from analytics.understand.second_look import second_look
from analytics.understand.values import Value, build_value_index
from tests.analytics.core.conftest import world
from tests.analytics.core.world import TODAY, understand

__all__ = ["world"]


def test_things_right_behind_a_figure_split_it(world: Context) -> None:
    found = understand("revenue products last month", world)
    assert isinstance(found, Resolution)
    assert found.query.group_by == ("product",)


def test_one_of_two_figures_never_swallows_the_other(world: Context) -> None:
    class Sure:
        def metrics(self, text: str) -> tuple[Link, ...]:
            return (Link("average_rating", 0.95, True),)

    text = "average rating furthermore orders"
    message = ParsedMessage(text, Act.ASK, 1.0, (Mention(Role.METRIC, text, 0, len(text)),))
    reading = read(message, replace(world.known, linker=Sure()), TODAY)
    assert reading.problems or len(reading.metrics) == 2


def test_the_rows_of_a_figure_are_no_kind_of_all_feedback(world: Context) -> None:
    """ "Reviews" may be a stored value, too: beside a figure of reviews it says where that is from."""
    values = build_value_index([Value("region", "reviews", "reviews")])
    message = ParsedMessage("average rating of reviews last month", Act.ASK, 1.0)
    reading = read(message, replace(world.known, values=values), TODAY)
    assert not reading.values
    assert [mention.names for mention in reading.metrics] == [("average_rating",)]


@pytest.mark.parametrize("text", ["how does that compare to the year before", "vs the year before"])
def test_the_year_before_is_the_one_before_what_was_shown(text: str, world: Context) -> None:
    shown = understand("revenue in march 2026", world)
    assert isinstance(shown, Resolution)
    found = understand(text, world, shown.query, Act.REFINE)
    assert isinstance(found, Resolution)
    assert found.query.comparison is not None
    before = found.query.comparison.range
    assert (before.start, before.end.year) == (date(2025, 3, 1), 2025)


@pytest.mark.parametrize(
    ("text", "defined"), [("revenue?? explain", True), ("why revenue?", False)]
)
def test_a_figure_alone_is_explained_in_words(text: str, defined: bool, world: Context) -> None:
    message = ParsedMessage(text, Act.EXPLAIN, 1.0)
    reading = read(message, world.known, TODAY)
    assert (spoken_act(message, Heard(reading), world, None) is not None) is defined


def test_a_figure_that_the_query_lacks_is_asked_about(world: Context) -> None:
    shown = understand("revenue last month", world)
    assert isinstance(shown, Resolution)
    reading = read(ParsedMessage("revenue last month", Act.ASK, 1.0), world.known, TODAY)
    catalog = world.known.catalog
    assert left_out(reading, shown.query, catalog) is None
    other = replace(shown.query, metrics=("orders",))
    assert left_out(reading, other, catalog) is not None
    for text in ("revenue in the north", "revenue by region", "cumulative revenue by month"):
        more = read(ParsedMessage(text, Act.ASK, 1.0), world.known, TODAY)
        assert left_out(more, shown.query, catalog) is not None, text


def test_two_figures_of_different_tables_need_a_word_that_joins_them(world: Context) -> None:
    """ "Revenue of customers acquired in Q1" once gave both figures of Q1 side by side."""
    assert not isinstance(understand("revenue of average rating last month", world), Resolution)
    found = understand("revenue and average rating last month", world)
    assert isinstance(found, Resolution)
    assert len(found.query.metrics) == 2


def test_people_who_left_rows_are_counted_not_the_rows_of_each(world: Context) -> None:
    for text in ("how many customers left a review", "how many different customers left a review"):
        found = understand(f"{text} in february 2026", world)
        assert isinstance(found, Resolution), text
        assert found.query.derived is not None
        assert found.query.derived.how is How.COUNT


def test_different_things_are_never_all_rows(world: Context) -> None:
    """ "How many different products were reviewed" once gave the number of reviews."""
    for text in ("number of different reviews", "different reviews last month"):
        assert not isinstance(understand(text, world), Resolution), text


def test_people_who_are_counted_are_not_let_go_in_a_second_look(world: Context) -> None:
    """ "How many different buyers wrote reviews" once gave the number of reviews."""
    for text in ("how many buyers left negative reviews", "how many different buyers left reviews"):
        first = understand(text, world)
        if isinstance(first, Resolution):
            query = first.query
        else:
            message = ParsedMessage(text, Act.ASK, 1.0)
            again = second_look(message, world.known, None, TODAY, first)
            if again is None:
                continue
            query = again.query
        assert query.derived is not None or query.metrics == ("buyers",), text


def test_a_bound_on_rows_keeps_them_and_does_not_split(world: Context) -> None:
    for text in (
        "number of reviews ≤ 2 stars",
        "number of reviews of products with at most 2 stars",
    ):
        found = understand(text, world)
        assert isinstance(found, Resolution), text
        assert found.query.group_by == ()
        assert any(f.op is Op.LE and f.values == (2.0,) for f in found.query.filters), text
