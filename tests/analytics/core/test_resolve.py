# ruff: noqa: E501 — SQL and cases read best on one line
"""Messages against the queries they mean, in the tiny world; today is 20 March 2026."""

from typing import Any

import pytest

from analytics.analyst.context import Context
from analytics.types import Act, Clarification, Kind, Op, OrderBy, Query
from tests.analytics.core.world import understand


def query(text: str, world: Context, previous: Query | None = None, act: Act = Act.ASK) -> Query:
    """The query, or a failure that shows the clarification."""
    found = understand(text, world, previous, act)
    assert not isinstance(found, Clarification), found
    return found.query


def codes(text: str, world: Context, previous: Query | None = None) -> list[str]:
    """Issue codes of the clarification that a message leads to."""
    found = understand(text, world, previous)
    assert isinstance(found, Clarification), found
    return [issue.code for issue in found.issues]


SHAPES: list[tuple[str, Kind, dict[str, Any]]] = [
    ("average rating last month", Kind.VALUE, {"metrics": ("average_rating",)}),
    ("How many reviews did we get last month?", Kind.VALUE, {"metrics": ("review_count",)}),
    ("what's our turnover", Kind.VALUE, {"metrics": ("revenue",), "time_range": None}),
    ("revenue by region in 2026", Kind.BREAKDOWN, {"group_by": ("region",)}),
    ("sales by product and region", Kind.BREAKDOWN, {"group_by": ("product", "region")}),
    (
        "revenue and net sentiment by category",
        Kind.BREAKDOWN,
        {"metrics": ("revenue", "net_sentiment")},
    ),
    ("top 2 products by revenue", Kind.RANKING, {"limit": 2, "group_by": ("product",)}),
    ("the 3 worst rated products", Kind.RANKING, {"limit": 3, "metrics": ("average_rating",)}),
    (
        "which product has the most reviews",
        Kind.RANKING,
        {"limit": 1, "metrics": ("review_count",)},
    ),
    (
        "top 5 worst products by average rating",
        Kind.RANKING,
        {"limit": 5, "order_by": (OrderBy("average_rating", False),)},
    ),
    ("what sells best", Kind.RANKING, {"metrics": ("units",), "group_by": ("product",)}),
    ("best month for revenue", Kind.RANKING, {"limit": 1, "group_by": ()}),
    ("monthly revenue in 2026", Kind.TREND, {"metrics": ("revenue",)}),
    ("net sentiment over time", Kind.TREND, {"metrics": ("net_sentiment",)}),
    ("revenue this month vs last month", Kind.COMPARISON, {"group_by": ()}),
    ("did revenue go up this month?", Kind.COMPARISON, {"metrics": ("revenue",)}),
    ("did our products get better ratings this month?", Kind.COMPARISON, {"group_by": ()}),
    ("revenue growth last month", Kind.COMPARISON, {"metrics": ("revenue",)}),
    ("which products turned negative this month?", Kind.CHANGE, {"metrics": ("net_sentiment",)}),
    ("which products improved most", Kind.CHANGE, {"limit": 10}),
    ("compare north and south revenue", Kind.BREAKDOWN, {"group_by": ("region",)}),
    ("show me negative reviews of Aurora Headphones", Kind.EVIDENCE, {"limit": 5}),
    ("what do customers say about battery", Kind.EVIDENCE, {}),
    ("repeat purchase rate", Kind.VALUE, {"metrics": ("repeat_rate",)}),
    ("net sentiment of reviews by product", Kind.BREAKDOWN, {"metrics": ("net_sentiment",)}),
]


@pytest.mark.parametrize(("text", "kind", "expected"), SHAPES, ids=[s[0] for s in SHAPES])
def test_shape(text: str, kind: Kind, expected: dict[str, Any], world: Context) -> None:
    found = query(text, world)
    assert found.kind is kind
    for name, value in expected.items():
        assert getattr(found, name) == value


FILTERS = [
    ("revenue for Aurora Headphones", [("product", Op.IN, ("Aurora Headphones",))]),
    ("revenue for aurora headphones pro", [("product", Op.IN, ("Aurora Headphones Pro",))]),
    ("revenue for headphones", [("category", Op.IN, ("Headphones",))]),
    ("revenue in the north region", [("region", Op.IN, ("north",))]),
    ("orders except marketplace", [("sales_channel", Op.NOT_IN, ("marketplace",))]),
    ("how many unhappy reviews", [("sentiment", Op.IN, ("negative",))]),
    ("number of reviews under 3 stars", [("rating", Op.LT, (3.0,))]),
    ("1-star reviews by region", [("rating", Op.IN, (1.0,))]),
    ("4 and 5 star reviews by product", [("rating", Op.IN, (4.0, 5.0))]),
    ("how many reviews with 2 stars or less", [("rating", Op.LE, (2.0,))]),
    ("reviews with rating below 3", [("rating", Op.LT, (3.0,))]),
]


@pytest.mark.parametrize(("text", "filters"), FILTERS, ids=[f[0] for f in FILTERS])
def test_filters(text: str, filters: list[tuple[str, Op, tuple[Any, ...]]], world: Context) -> None:
    found = [(f.dimension, f.op, f.values) for f in query(text, world).filters]
    assert found == filters


def test_condition_on_groups(world: Context) -> None:
    (having,) = query("products with at least 5 reviews by average rating", world).having
    assert (having.metric, having.op, having.value) == ("review_count", Op.GE, 5.0)


def test_a_typing_slip_is_read_and_said(world: Context) -> None:
    found = understand("revenue for Auroa Headphones", world)
    assert not isinstance(found, Clarification)
    assert [note.code for note in found.notes] == ["read_as"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("average rating for purple products", "unknown_word"),
        ("best products", "no_metric"),
        ("best and worst products by revenue", "two_questions"),
        ("which products improved and which got worse", "two_questions"),
        ("which products did not improve", "unclear_negation"),
        ("top 10% products by revenue", "unknown_number"),
        ("revenue in March 2025, January 2026 and March 2026", "several_periods"),
        ("average revenue", "average_of_what"),
        ("revenue on 31 February", "impossible_date"),
        ("average rating by sales channel", "dimension_not_available"),
        ("net sentiment in marketplace", "dimension_not_available"),
    ],
)
def test_what_cannot_be_told_is_asked(text: str, code: str, world: Context) -> None:
    assert code in codes(text, world)


FOLLOW_UPS = [
    ("revenue in 2026", "and by region?", Act.REFINE, {"group_by": ("region",), "kind": Kind.BREAKDOWN}),
    ("revenue by region in 2026", "only for Headphones", Act.REFINE, {"group_by": ("region",)}),
    ("revenue by region", "what about last month?", Act.REFINE, {"group_by": ("region",)}),
    ("revenue by region", "as a table", Act.REFINE, {"chart": "table", "kind": Kind.BREAKDOWN}),
    ("revenue last month", "and orders?", Act.REFINE, {"metrics": ("orders",)}),
    ("revenue last month", "by month", Act.REFINE, {"kind": Kind.TREND}),
    ("revenue by product", "top 3", Act.REFINE, {"limit": 3}),
    ("which products turned negative this month?", "by category", Act.REFINE, {"group_by": ("category",), "kind": Kind.CHANGE}),
    ("revenue this month", "compared to last month", Act.REFINE, {"kind": Kind.COMPARISON}),
    ("net sentiment of Aurora Headphones", "show me what they say", Act.ASK, {"kind": Kind.EVIDENCE}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "then", "act", "expected"), FOLLOW_UPS, ids=[f"{a} / {b}" for a, b, *_ in FOLLOW_UPS]
)
def test_follow_up(
    first: str, then: str, act: Act, expected: dict[str, Any], world: Context
) -> None:
    previous = query(first, world)
    found = query(then, world, previous, act)
    for name, value in expected.items():
        assert getattr(found, name) == value
    if (
        found.kind is not Kind.EVIDENCE
        and "time_range" not in expected
        and previous.time_range
        and "month" not in then
    ):
        assert found.time_range == previous.time_range


@pytest.mark.parametrize("act", [Act.ASK, Act.REFINE])
def test_a_question_that_stands_alone_takes_no_old_filters(act: Act, world: Context) -> None:
    first = query("net sentiment of Aurora Headphones last month", world)
    then = query("revenue by region in 2026", world, first, act)
    assert then.filters == ()
    assert then.metrics == ("revenue",)


@pytest.mark.parametrize("act", [Act.ASK, Act.REFINE])
def test_and_goes_on_however_it_was_classed(act: Act, world: Context) -> None:
    first = query("revenue in the north last month", world)
    then = query("and orders by product?", world, first, act)
    assert [f.values for f in then.filters] == [("north",)]
    assert then.time_range == first.time_range


def test_a_new_filter_on_the_same_dimension_replaces_the_old_one(world: Context) -> None:
    first = query("revenue for Aurora Headphones", world)
    then = query("what about Aurora Headphones Pro?", world, first, Act.REFINE)
    assert [f.values for f in then.filters] == [("Aurora Headphones Pro",)]


def test_a_filter_that_the_new_metric_lacks_is_not_dropped_silently(world: Context) -> None:
    first = query("orders in marketplace", world)
    found = understand("and net sentiment?", world, first, Act.REFINE)
    assert isinstance(found, Clarification)
    assert found.issues[0].code == "filter_not_available"


@pytest.mark.parametrize("word", ["highest", "lowest", "best", "worst", "top"])
def test_a_rank_before_a_metric_leaves_its_name_whole(world: Context, word: str) -> None:
    found = query(f"products with the {word} net sentiment", world)
    assert (found.kind, found.metrics, found.group_by) == (
        Kind.RANKING,
        ("net_sentiment",),
        ("product",),
    )
