# ruff: noqa: E501 — cases read best on one line
"""How people ask: messages in the small world against SQL written by hand. Today is 20 March 2026."""

from typing import Any

import pytest

from analytics.analyst.context import Context
from analytics.query.compile import compile_query
from analytics.query.execute import execute
from analytics.types import Act, Clarification, ParsedMessage
from analytics.understand.questions import questions
from tests.analytics.core.test_analyst import Analyst, analyst, reply
from tests.analytics.core.world import TODAY, understand

__all__ = ["analyst"]

_WEB = "SELECT sum(revenue) FILTER (WHERE channel = 'web') / sum(revenue) FROM order_items"

ANSWERS: list[tuple[str, str]] = [
    # negation and exclusion
    ("revenue except web", "SELECT sum(revenue) FROM order_items WHERE channel <> 'web'"),
    ("revenue, all but the web", "SELECT sum(revenue) FROM order_items WHERE channel <> 'web'"),
    ("revenue outside the north", "SELECT sum(revenue) FROM order_items JOIN customers USING (customer_id) WHERE region IS DISTINCT FROM 'north'"),
    ("revenue from non-web channels", "SELECT sum(revenue) FROM order_items WHERE channel <> 'web'"),
    ("revenue that wasn't from the web", "SELECT sum(revenue) FROM order_items WHERE channel <> 'web'"),
    ("revenue w/o marketplace or store", "SELECT sum(revenue) FROM order_items WHERE channel = 'web'"),
    # conditions on rows
    ("reviews under 3 stars", "SELECT count(*) FROM reviews WHERE rating < 3"),
    ("reviews with 3 stars or less", "SELECT count(*) FROM reviews WHERE rating <= 3"),
    ("reviews between 2 and 4 stars", "SELECT count(*) FROM reviews WHERE rating BETWEEN 2 AND 4"),
    ("reviews from 2 to 4 stars", "SELECT count(*) FROM reviews WHERE rating BETWEEN 2 AND 4"),
    ("reviews with 4+ stars", "SELECT count(*) FROM reviews WHERE rating >= 4"),
    ("reviews with 1 or 2 stars", "SELECT count(*) FROM reviews WHERE rating IN (1, 2)"),
    # conditions on groups, and how many meet them
    ("channels with more than 100 revenue", "SELECT channel, sum(revenue) FROM order_items GROUP BY 1 HAVING sum(revenue) > 100 ORDER BY 2 DESC"),
    ("regions with at least 5 reviews and average rating below 3.5", "SELECT region, avg(rating) FROM reviews JOIN customers USING (customer_id) WHERE region IS NOT NULL GROUP BY 1 HAVING count(*) >= 5 AND avg(rating) < 3.5 ORDER BY 2 DESC"),
    ("how many products have more than 5 reviews?", "SELECT count(*) FROM (SELECT product_id FROM reviews GROUP BY 1 HAVING count(*) > 5)"),
    ("how many regions have more than 1 order?", "SELECT count(*) FROM (SELECT region FROM order_items JOIN customers USING (customer_id) WHERE region IS NOT NULL GROUP BY 1 HAVING count(DISTINCT order_id) > 1)"),
    ("how many products have no reviews?", "SELECT count(*) FROM products WHERE product_id NOT IN (SELECT product_id FROM reviews)"),
    ("how many products never sold?", "SELECT count(*) FROM products WHERE product_id NOT IN (SELECT product_id FROM order_items)"),
    ("how many customers sold twice", "SELECT count(*) FROM (SELECT customer_id FROM order_items GROUP BY 1 HAVING count(DISTINCT order_id) = 2)"),
    ("which products didn't sell in february", "SELECT coalesce(product_name, product_id), 0 FROM products WHERE product_id NOT IN (SELECT product_id FROM order_items WHERE ordered_at >= '2026-02-01' AND ordered_at < '2026-03-01') ORDER BY 1"),
    # order
    ("second best channel by revenue", "SELECT channel, sum(revenue) FROM order_items GROUP BY 1 ORDER BY 2 DESC LIMIT 1 OFFSET 1"),
    ("top category in each channel by revenue", "SELECT channel, category, sum(revenue) FROM order_items JOIN products USING (product_id) GROUP BY 1, 2 QUALIFY row_number() OVER (PARTITION BY channel ORDER BY sum(revenue) DESC) = 1 ORDER BY 1"),
    ("best channel of each month by revenue in 2026", "SELECT date_trunc('month', ordered_at)::DATE, channel, sum(revenue) FROM order_items WHERE ordered_at >= '2026-01-01' GROUP BY 1, 2 QUALIFY row_number() OVER (PARTITION BY 1 ORDER BY sum(revenue) DESC) >= 1 AND sum(revenue) >= 120 ORDER BY 1"),
    # shares, means, ratios, running figures
    ("share of revenue by channel", "SELECT channel, sum(revenue) / (SELECT sum(revenue) FROM order_items) FROM order_items GROUP BY 1 ORDER BY 2 DESC"),
    ("what part of sales comes from the web", _WEB),
    ("the web's share of revenue", _WEB),
    ("revenue by channel in percent", "SELECT channel, sum(revenue) / (SELECT sum(revenue) FROM order_items) FROM order_items GROUP BY 1 ORDER BY 2 DESC"),
    ("percentage of reviews under 3 stars", "SELECT avg((rating < 3)::INT) FROM reviews"),
    ("average revenue per day in february", "SELECT sum(revenue) / 28 FROM order_items WHERE ordered_at >= '2026-02-01' AND ordered_at < '2026-03-01'"),
    ("average number of reviews per region", "SELECT avg(n) FROM (SELECT region, count(*) AS n FROM reviews JOIN customers USING (customer_id) WHERE region IS NOT NULL GROUP BY 1)"),
    ("revenue per review", "SELECT (SELECT sum(revenue) FROM order_items) / (SELECT count(*) FROM reviews)"),
    ("units / orders", "SELECT sum(quantity) / count(DISTINCT order_id) FROM order_items"),
    ("units per 10 orders", "SELECT sum(quantity) * 10 / count(DISTINCT order_id) FROM order_items"),
    ("cumulative revenue in 2026 by month", "SELECT m, sum(r) OVER (ORDER BY m) FROM (SELECT date_trunc('month', ordered_at)::DATE AS m, sum(revenue) AS r FROM order_items WHERE ordered_at >= '2026-01-01' GROUP BY 1) ORDER BY 1"),
    ("28-day moving average of reviews in march", "SELECT d, (SELECT count(*) FROM reviews WHERE created_at::DATE BETWEEN d - 27 AND d) / least(28, d - DATE '2026-02-10' + 1) FROM (SELECT DISTINCT created_at::DATE AS d FROM reviews) WHERE d >= '2026-03-01' ORDER BY 1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sql"), ANSWERS, ids=[a[0] for a in ANSWERS])
def test_right_number(text: str, sql: str, world: Context) -> None:
    found = understand(text, world)
    assert not isinstance(found, Clarification), found
    plan = compile_query(found.query, world.catalog, world.tables)
    result = execute(found.query, plan, world.catalog, world.warehouse).result
    wanted = [tuple(row.values()) for row in world.warehouse.execute(sql).to_pylist()]
    got = [row[: len(wanted[0])] for row in result.rows]
    assert _rounded(got) == _rounded(wanted)


DOUBTS = [
    ("average sales by month and median reviews", "no_median"),
    ("median rating", "no_median"),
    ("share of average order value by region", "no_such_figure"),
    ("cumulative average rating by month", "no_such_figure"),
    ("revenue by day and by month", "two_grains"),
    ("distinct units", "not_distinct"),
    ("revenue without reviews", "unclear_negation"),
    ("average orders per week in the last 3 days", "no_whole_step"),
    ("average rating for customer 27 last month", "unknown_value"),
    ("share of revenue from web in north", "unclear_share"),
]


@pytest.mark.parametrize(("text", "code"), DOUBTS, ids=[d[0] for d in DOUBTS])
def test_doubt_rather_than_another_figure(text: str, code: str, world: Context) -> None:
    found = understand(text, world)
    assert isinstance(found, Clarification), found
    assert code in [issue.code for issue in found.issues]


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("did revenue go up this month?", "Yes. "),
        ("did the average rating fall this month?", "Not clearly"),
        ("did the rating of Aurora Headphones fall this month?", "Yes. "),
        ("is revenue higher in the north than in the south?", "No. "),
        ("is average rating higher in the south than in the north?", "Not clearly"),
        ("do we have more than 5 reviews?", "Yes. "),
        ("do we have fewer than 5 orders?", "Yes. "),
        ("is revenue this month lower than last month?", "No. "),
    ],
)
def test_yes_no_or_not_clearly(analyst: Analyst, text: str, begins: str) -> None:
    (answer,) = reply(analyst, text).answers
    assert answer.text.startswith(begins), answer.text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("How many orders did we have last month and what was the average rating in March?",
         ["How many orders did we have last month", "what was the average rating in March?"]),
        ("revenue in March? and which region was worst?", ["revenue in March?", "and which region was worst?"]),
        ("What was revenue last month and which region was best?",
         ["What was revenue last month", "which region was best last month"]),
        ("how many orders and how many reviews did we get last month?", None),
        ("Good morning! How many orders did we have?", None),
        ("What were reviews about in March? count by category", None),
        ("revenue by region and channel", None),
    ],
)  # fmt: skip
def test_two_questions_in_one_message(text: str, parts: list[str] | None, world: Context) -> None:
    found = questions(ParsedMessage(text, Act.ASK, 1.0), world.known, TODAY)
    assert [p.text for p in found] == (parts or [text])


def test_each_question_is_answered(analyst: Analyst) -> None:
    found = reply(analyst, "revenue last month? and how many reviews in March?")
    assert [a.query.metrics for a in found.answers if a.query] == [("revenue",), ("review_count",)]
    assert found.query == found.answers[-1].query


def _rounded(rows: Any) -> list[tuple[Any, ...]]:
    return [
        tuple(
            round(float(v), 9) if isinstance(v, int | float) else v if v is None else str(v)
            for v in row
        )
        for row in rows
    ]
