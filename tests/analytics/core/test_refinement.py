# ruff: noqa: E501 — cases read best on one line
"""Whether a message goes on from the last question, in both directions: a filter that leaks is a wrong number."""

import pytest

from analytics.analyst.context import Context
from analytics.analyst.follow import hear
from analytics.text import tokenize
from analytics.types import Act, Filter, Kind, Op, OrderBy, ParsedMessage, Query, TimeRange
from analytics.understand.dialogue.refinement import is_refinement
from tests.analytics.core.world import TODAY

FEBRUARY = TimeRange(TODAY.replace(month=2, day=1), TODAY.replace(day=1), "last month")
NORTH = (Filter("region", Op.IN, ("north",)),)
VALUE = Query(Kind.VALUE, ("revenue",), filters=NORTH, time_range=FEBRUARY)
LIST = Query(
    Kind.RANKING, ("revenue",), ("sales_channel",), order_by=(OrderBy("revenue"),), limit=3
)

GOES_ON = [
    "and by product?", "by channel", "per product please", "only web", "just the south", "what about the south?",
    "and last year?", "this year instead", "in March?", "what about 2025", "and returns?", "and orders", "orders", "same for reviews",
    "the same for this month", "same thing by product", "now by channel", "now the orders", "what about orders?", "how about net sentiment",
    "without the split", "in total", "overall?", "zoom out", "go deeper", "drill down", "break that down by product", "split it by channel",
    "also orders", "add orders", "also the south", "include the south too", "not web", "except the store", "everything except web",
    "remove the region filter", "drop that filter", "no filters", "all regions", "all channels again", "everywhere",
    "as a table", "as a line", "show that as a bar chart", "plot it", "over time", "by month", "monthly please", "weekly",
    "compared to last year?", "versus March", "year over year", "and the month before?",
    "no, I meant orders", "I meant last year", "not revenue, orders", "orders not revenue", "sorry, the south", "actually by week", "make that this year",
    "why?", "why is that?", "how come", "show me what they say", "quotes please", "lowest first", "sort by orders", "again", "repeat that",
    "is that more than the month before?", "how does that compare to 2025?", "what is that in total?", "by product and channel", "only the north and the south",
]  # fmt: skip
ABOUT_A_LIST = [
    "the second one", "what about the last one?", "the first and the second", "those", "number 2", "the worst of them", "net sentiment of those",
    "how many orders do they have?", "which of them improved?", "which one is the worst?", "top 2 only", "only the top 2", "bottom 2 instead", "more",
    "next 3", "show me the rest", "the other way round", "sort by name", "only those above 100", "and their orders?",
]  # fmt: skip
ALONE = [
    "how many orders did we have last month?", "revenue by region in 2026", "top 3 products by revenue this year",
    "what is the average rating of Nimbus Kettle?", "net sentiment by product this month", "show me revenue by channel",
    "which products turned negative this month?", "what do customers say about Aurora Headphones?", "how many reviews did we get in March?",
    "average rating by category", "who are our best customers by revenue?", "orders in the south this year", "what was revenue in 2025?",
    "monthly revenue in 2026", "compare revenue in the north and the south", "revenue this month vs last month", "did revenue go up this month?",
    "list products with more than 5 reviews", "units sold per product last month", "give me the number of reviews by sentiment",
    "split revenue by region last month", "total revenue by channel", "what sells best this year?",     "and how many orders did we have in the south last month?", "tell me the revenue of Aurora Headphones in February", "show negative reviews of Nimbus Kettle",
    "what are the 2 worst rated products?", "how did net sentiment develop since January?", "reviews per month by product",
]  # fmt: skip


def goes_on(text: str, world: Context, previous: Query, act: Act) -> bool:
    words = world.known.vocabulary.dialogue
    message = ParsedMessage(text, act, 1.0)
    if words.asks_why(tokenize(text)):
        message = ParsedMessage(text, Act.EXPLAIN, 1.0)
    heard = hear(message, previous, world, TODAY)
    return is_refinement(message, heard.reading, world.known, previous, heard.followed)


@pytest.mark.parametrize("act", [Act.ASK, Act.REFINE])
@pytest.mark.parametrize("text", GOES_ON)
def test_it_goes_on(text: str, act: Act, world: Context) -> None:
    assert goes_on(text, world, VALUE if "split" not in text else LIST, act)


@pytest.mark.parametrize("act", [Act.ASK, Act.REFINE])
@pytest.mark.parametrize("text", ABOUT_A_LIST)
def test_it_is_about_the_list(text: str, act: Act, world: Context) -> None:
    assert goes_on(text, world, LIST, act)


@pytest.mark.parametrize("previous", [VALUE, LIST])
@pytest.mark.parametrize("act", [Act.ASK, Act.REFINE])
@pytest.mark.parametrize("text", ALONE)
def test_it_stands_alone(text: str, act: Act, previous: Query, world: Context) -> None:
    assert not goes_on(text, world, previous, act)


def test_the_table_is_large_enough() -> None:
    assert len(GOES_ON) + len(ABOUT_A_LIST) + len(ALONE) >= 80
