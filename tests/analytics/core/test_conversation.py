# ruff: noqa: E501 — one conversation a line reads as a table
"""Conversations in the tiny world against hand-written SQL; today is 20 March 2026."""

from typing import Any

import pytest

from analytics.analyst.context import Context
from analytics.analyst.conversation import Conversation
from analytics.analyst.service import Analyst
from analytics.types import Answer, Kind, Query, Reply, WishKind
from tests.analytics.core.test_analyst import ADMIN, _Here
from tests.analytics.core.world import TODAY

SALES = "order_items JOIN products USING (product_id) LEFT JOIN customers USING (customer_id)"
REVIEWS = "reviews JOIN products USING (product_id) LEFT JOIN customers USING (customer_id)"
FEB = "ordered_at >= '2026-02-01' AND ordered_at < '2026-03-01'"
MARCH = "ordered_at >= '2026-03-01' AND ordered_at < '2026-03-21'"
YEAR = "ordered_at >= '2026-01-01' AND ordered_at < '2026-03-21'"


@pytest.fixture(scope="module")
def analyst(world: Context) -> Analyst:
    return _Here(world)


def talk(analyst: Analyst, *messages: str) -> Reply:
    """The last reply of a conversation."""
    conversation = Conversation(analyst, ADMIN, TODAY)
    for message in messages:
        reply = conversation.ask(message)
    return reply


def figures(answer: Answer) -> list[tuple[Any, ...]]:
    """Rows without counts beside the figures."""
    shown = [i for i, c in enumerate(answer.columns) if c.role.value not in {"count", "info"}]
    return [tuple(row[i] for i in shown) for row in answer.rows]


def rounded(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [tuple(round(v, 6) if isinstance(v, float) else v for v in row) for row in rows]


CONVERSATIONS: list[tuple[tuple[str, ...], str]] = [
    # Down and up.
    (("revenue last month", "by product"), f"SELECT product_name, sum(revenue) FROM {SALES} WHERE {FEB} GROUP BY 1"),
    (("revenue last month", "break that down by product"), f"SELECT product_name, sum(revenue) FROM {SALES} WHERE {FEB} GROUP BY 1"),
    (("revenue by region this year", "drill down by product within the north"), f"SELECT product_name, sum(revenue) FROM {SALES} WHERE {YEAR} AND region = 'north' GROUP BY 1"),
    (("revenue by region this year", "by product within the north"), f"SELECT product_name, sum(revenue) FROM {SALES} WHERE {YEAR} AND region = 'north' GROUP BY 1"),
    (("revenue by product this year", "without the split"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR}"),
    (("revenue by product this year", "what is that in total"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR}"),
    (("revenue by product this year", "just one number"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR}"),
    (("revenue by product this year", "sum of all products"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR}"),
    (("revenue in the north this year", "and overall?"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR}"),
    (("revenue by region and product this year", "zoom out"), f"SELECT region, sum(revenue) FROM {SALES} WHERE {YEAR} GROUP BY 1"),
    (("revenue by region this year", "only the north", "all regions again"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR}"),
    (("monthly revenue in 2026", "go deeper"), "SELECT date_trunc('week', ordered_at)::DATE, sum(revenue) FROM order_items WHERE ordered_at >= '2026-01-01' GROUP BY 1"),
    (("daily revenue in 2026", "too detailed, monthly please"), "SELECT date_trunc('month', ordered_at)::DATE, sum(revenue) FROM order_items WHERE ordered_at >= '2026-01-01' GROUP BY 1"),
    # Swaps.
    (("revenue last month", "same for orders"), f"SELECT count(DISTINCT order_id) FROM {SALES} WHERE {FEB}"),
    (("revenue last month", "orders"), f"SELECT count(DISTINCT order_id) FROM {SALES} WHERE {FEB}"),
    (("revenue by region last month", "now by product"), f"SELECT product_name, sum(revenue) FROM {SALES} WHERE {FEB} GROUP BY 1"),
    (("revenue by region last month", "swap region for product"), f"SELECT product_name, sum(revenue) FROM {SALES} WHERE {FEB} GROUP BY 1"),
    (("revenue last month", "what about this month?"), f"SELECT sum(revenue) FROM {SALES} WHERE {MARCH}"),
    (("revenue in the north last month", "what about the south?", "this year"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR} AND region = 'south'"),
    (("revenue in March 2026", "versus February"), f"SELECT sum(revenue) FILTER (WHERE {MARCH}), sum(revenue) FILTER (WHERE {FEB}), sum(revenue) FILTER (WHERE {MARCH}) - sum(revenue) FILTER (WHERE {FEB}), sum(revenue) FILTER (WHERE {MARCH}) / sum(revenue) FILTER (WHERE {FEB}) - 1 FROM {SALES}"),
    # Filters come and go.
    (("revenue this year", "only web"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR} AND channel = 'web'"),
    (("revenue this year", "only web", "also store"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR} AND channel IN ('web', 'store')"),
    (("revenue this year", "only web", "include store too", "not web"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR} AND channel = 'store'"),
    (("revenue this year", "not the marketplace"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR} AND channel <> 'marketplace'"),
    (("revenue this year", "only web", "everything except web"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR} AND channel <> 'web'"),
    (("revenue this year", "except web", "and not the store"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR} AND channel = 'marketplace'"),
    (("revenue this year", "only web", "all channels"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR}"),
    (("revenue in the north this year", "only web", "remove the region filter"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR} AND channel = 'web'"),
    (("revenue in the north this year", "drop that filter"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR}"),
    (("revenue in the north this year", "only web", "remove all filters"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR}"),
    (("revenue in the north this year", "drop the north"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR}"),
    (("revenue by region this year", "drop the north"), f"SELECT region, sum(revenue) FROM {SALES} WHERE {YEAR} AND region IS DISTINCT FROM 'north' GROUP BY 1"),
    (("reviews this year", "leave out reviews with 1 star"), "SELECT count(*) FROM reviews WHERE created_at >= '2026-01-01' AND rating <> 1"),
    (("reviews this year", "keep just the 5 star reviews"), "SELECT count(*) FROM reviews WHERE created_at >= '2026-01-01' AND rating = 5"),
    # Rows of the last answer.
    (("top 3 channels by revenue", "the second one"), "SELECT 120.0::DOUBLE"),
    (("top 3 channels by revenue", "number 3"), "SELECT 50.0::DOUBLE"),
    (("top 3 channels by revenue", "the last two"), "SELECT channel, sum(revenue) FROM order_items WHERE channel <> 'web' GROUP BY 1"),
    (("top 2 channels by revenue", "orders of those"), "SELECT channel, count(DISTINCT order_id) FROM order_items WHERE channel <> 'store' GROUP BY 1"),
    (("revenue by region this year", "the worst one"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR} AND region = 'south'"),
    (("which product has the most reviews", "what is that product's average rating"), f"SELECT avg(rating) FROM {REVIEWS} WHERE product_name = 'Aurora Headphones'"),
    (("which product has the most reviews", "how many stars does it have on average"), f"SELECT avg(rating) FROM {REVIEWS} WHERE product_name = 'Aurora Headphones'"),
    (("top 2 channels by revenue", "everything except the first one"), "SELECT channel, sum(revenue) FROM order_items WHERE channel <> 'web' GROUP BY 1"),
    # Order and length.
    (("revenue by channel", "lowest first"), "SELECT channel, sum(revenue) FROM order_items GROUP BY 1 ORDER BY 2"),
    (("top 2 channels by revenue", "the other way round"), "SELECT channel, sum(revenue) FROM order_items WHERE channel <> 'web' GROUP BY 1 ORDER BY 2"),
    (("revenue by channel", "sort by name"), "SELECT channel, sum(revenue) FROM order_items GROUP BY 1 ORDER BY 1"),
    (("top 1 channels by revenue", "next 2"), "SELECT channel, sum(revenue) FROM order_items WHERE channel <> 'web' GROUP BY 1"),
    (("top 1 channels by revenue", "show me the rest"), "SELECT channel, sum(revenue) FROM order_items GROUP BY 1"),
    (("top 1 channels by revenue", "1 more"), "SELECT channel, sum(revenue) FROM order_items WHERE channel <> 'store' GROUP BY 1"),
    (("revenue by channel", "top 2 only"), "SELECT channel, sum(revenue) FROM order_items WHERE channel <> 'store' GROUP BY 1"),
    (("top 2 channels by revenue", "sort by orders"), "SELECT channel, sum(revenue), count(DISTINCT order_id) FROM order_items WHERE channel <> 'store' GROUP BY 1 ORDER BY 3 DESC"),
    (("revenue by channel", "only those above 100"), "SELECT channel, sum(revenue) FROM order_items WHERE channel <> 'store' GROUP BY 1"),
    # Corrections.
    (("revenue last month", "no, I meant orders"), f"SELECT count(DISTINCT order_id) FROM {SALES} WHERE {FEB}"),
    (("revenue last month", "not revenue, orders"), f"SELECT count(DISTINCT order_id) FROM {SALES} WHERE {FEB}"),
    (("revenue last month", "orders, not revenue"), f"SELECT count(DISTINCT order_id) FROM {SALES} WHERE {FEB}"),
    (("revenue last month", "I meant this month"), f"SELECT sum(revenue) FROM {SALES} WHERE {MARCH}"),
    (("revenue in the north this year", "not the north, the south"), f"SELECT sum(revenue) FROM {SALES} WHERE {YEAR} AND region = 'south'"),
    (("revenue by region this year", "the channel not the region"), f"SELECT channel, sum(revenue) FROM {SALES} WHERE {YEAR} GROUP BY 1"),
    # Back and anew.
    (("revenue last month", "by product", "undo"), f"SELECT sum(revenue) FROM {SALES} WHERE {FEB}"),
    (("revenue last month", "by product", "only web", "go back", "undo please"), f"SELECT sum(revenue) FROM {SALES} WHERE {FEB}"),
    (("revenue last month", "purple elephants", "never mind"), f"SELECT sum(revenue) FROM {SALES} WHERE {FEB}"),
    # A question of its own inherits nothing.
    (("revenue in the north last month", "only web", "how many orders did we have in 2026?"), "SELECT count(DISTINCT order_id) FROM order_items WHERE ordered_at >= '2026-01-01'"),
    (("revenue in the north last month", "by product", "average rating by region"), f"SELECT region, avg(rating) FROM {REVIEWS} GROUP BY 1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("messages", "sql"), CONVERSATIONS, ids=[" > ".join(c[0]) for c in CONVERSATIONS]
)
def test_a_conversation_ends_in_the_right_figures(
    messages: tuple[str, ...], sql: str, analyst: Analyst, world: Context
) -> None:
    (answer,) = talk(analyst, *messages).answers
    expected = [tuple(row.values()) for row in world.warehouse.execute(sql).to_pylist()]
    ordered = "ORDER BY" in sql
    got = rounded(figures(answer))
    assert (got if ordered else sorted(got, key=str)) == (
        rounded(expected) if ordered else sorted(rounded(expected), key=str)
    ), answer.text


def test_a_name_that_several_things_share_is_no_way_to_point_at_one(analyst: Analyst) -> None:
    reply = talk(analyst, "top 2 products by revenue", "the second one")
    assert [issue.code for issue in reply.answers[0].issues] == ["same_name"]
    assert reply.answers[0].suggestions


TURNS = [
    "revenue by region last month", "only the north", "and this year?", "by product", "the first one", "undo",
    "top 1 only", "all products", "sort by orders", "lowest first", "without the split", "remove the region filter",
    "same for reviews", "xyzzy", "what about last month?",
]  # fmt: skip


def test_a_long_conversation_is_as_good_as_a_short_one(analyst: Analyst) -> None:
    conversation = Conversation(analyst, ADMIN, TODAY)
    queries: list[Query | None] = [conversation.ask(turn).query for turn in TURNS]
    assert len(TURNS) == 15
    last = queries[-1]
    assert last is not None
    assert (last.kind, last.metrics, last.filters) == (Kind.VALUE, ("review_count",), ())
    assert last.time_range is not None
    assert last.time_range.label == "last month"


def test_starting_over_forgets_all(analyst: Analyst) -> None:
    reply = talk(analyst, "revenue by region last month", "start over", "by product")
    assert [issue.code for issue in reply.answers[0].issues] == ["no_metric"]


def test_a_saved_question_moves_with_the_calendar(analyst: Analyst) -> None:
    conversation = Conversation(analyst, ADMIN, TODAY)
    conversation.ask("revenue last month")
    assert "weekly check" in conversation.ask("save this as weekly check").answers[0].text
    conversation.ask("orders by region")
    conversation.today = TODAY.replace(month=4)
    for message in ("run weekly check", "Weekly check", "run wekly check", "1"):
        reply = conversation.ask(message)
    assert reply.query is not None
    assert reply.query.time_range is not None
    assert reply.query.time_range.start == TODAY.replace(month=3, day=1)
    assert "weekly check" in conversation.ask("my saved questions").answers[0].text
    conversation.ask("delete the saved question weekly check")
    assert not conversation.saved


@pytest.mark.parametrize(
    "text", ["export", "as CSV", "send me the file please", "can I download that?"]
)
def test_the_table_again_with_the_wish_for_a_file(text: str, analyst: Analyst) -> None:
    reply = talk(analyst, "revenue by region", text)
    assert reply.wish is not None
    assert reply.wish.kind is WishKind.EXPORT
    assert reply.answers[0].rows
