"""Words with several roles: another reading that leaves nothing in doubt, or the question stays."""

import pytest

from analytics.analyst.context import Context
from analytics.types import Act, Clarification, ParsedMessage, Query
from analytics.understand.resolve import Resolution
from analytics.understand.second_look import second_look
from tests.analytics.core.world import TODAY, understand


def looked_again(text: str, world: Context) -> Query | None:
    first = understand(text, world)
    assert isinstance(first, Clarification), "the first reading was sure"
    again = second_look(ParsedMessage(text, Act.ASK, 1.0), world.known, None, TODAY, first)
    return again.query if isinstance(again, Resolution) else None


def test_people_who_act_on_the_rows_are_no_figure_of_another_table(world: Context) -> None:
    query = looked_again("how many negative reviews did buyers leave last month", world)
    assert query is not None
    assert query.metrics == ("review_count",)
    assert [f.values for f in query.filters] == [("negative",)]


def test_people_who_rank_things_are_counted(world: Context) -> None:
    query = looked_again("regions with the most buyers last month", world)
    assert query is not None
    assert (query.metrics, query.group_by) == (("buyers",), ("region",))


@pytest.mark.parametrize(
    "text",
    ["reviews that customers sold on the web", "average rating of the purple ones by region"],
)
def test_what_no_reading_holds_stays_a_question(text: str, world: Context) -> None:
    assert looked_again(text, world) is None
