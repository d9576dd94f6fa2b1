# ruff: noqa: E501 — SQL reads best on one line
"""Figures made of figures, against SQL written by hand on the small world."""

from datetime import date
from typing import Any

import pytest

from analytics.analyst.context import Context
from analytics.query.compile import compile_query
from analytics.query.execute import execute
from analytics.query.validate import problems_of
from analytics.types import (
    Baseline,
    Claim,
    Comparison,
    Derived,
    Filter,
    Grain,
    Having,
    How,
    Kind,
    Op,
    OrderBy,
    Query,
    TimeRange,
    query_from_wire,
    to_wire,
)

FEBRUARY = TimeRange(date(2026, 2, 1), date(2026, 3, 1), "February 2026")
MARCH = TimeRange(date(2026, 3, 1), date(2026, 3, 21), "this month", partial=True)
YEAR = TimeRange(date(2026, 1, 1), date(2026, 3, 21), "this year", partial=True)
SHARE = Derived(How.SHARE)
UP, DOWN = (OrderBy("revenue", False),), (OrderBy("revenue"),)

CASES: list[tuple[str, Query, str]] = [
    (
        "share by group",
        Query(Kind.BREAKDOWN, ("revenue",), ("region",), order_by=DOWN, derived=SHARE),
        "SELECT region, sum(revenue) / (SELECT sum(revenue) FROM order_items) FROM order_items JOIN customers USING (customer_id) GROUP BY 1 ORDER BY 2 DESC",
    ),
    (
        "share of a part, the rest of the filters in both",
        Query(Kind.VALUE, ("revenue",), filters=(Filter("sales_channel", Op.IN, ("web",)), Filter("region", Op.IN, ("south",))), derived=Derived(How.SHARE, ("sales_channel",))),
        "SELECT sum(revenue) FILTER (WHERE channel = 'web') / sum(revenue) FROM order_items JOIN customers USING (customer_id) WHERE region = 'south'",
    ),
    (
        "share of a part by group, 0 where there is no such row",
        Query(Kind.BREAKDOWN, ("orders",), ("region",), filters=(Filter("sales_channel", Op.IN, ("web",)),), order_by=(OrderBy("region", False),), derived=Derived(How.SHARE, ("sales_channel",))),
        "SELECT region, count(DISTINCT order_id) FILTER (WHERE channel = 'web') / count(DISTINCT order_id) FROM order_items JOIN customers USING (customer_id) GROUP BY 1 ORDER BY 1 NULLS LAST",
    ),
    (
        "share by group over time: of each step",
        Query(Kind.TREND, ("revenue",), ("sales_channel",), Grain.MONTH, time_range=YEAR, order_by=(OrderBy("time", False),), derived=SHARE),
        "SELECT date_trunc('month', ordered_at)::DATE AS m, channel, sum(revenue) / sum(sum(revenue)) OVER (PARTITION BY date_trunc('month', ordered_at)) FROM order_items WHERE ordered_at >= '2026-01-01' GROUP BY date_trunc('month', ordered_at), channel ORDER BY 1, 2",
    ),
    (
        "share of a metric that counts things",
        Query(Kind.BREAKDOWN, ("orders",), ("product",), order_by=(OrderBy("orders"),), derived=SHARE),
        "SELECT CASE product_id WHEN 'p3' THEN 'Nimbus Kettle (p3)' WHEN 'p5' THEN 'Nimbus Kettle (p5)' ELSE product_name END, count(DISTINCT order_id) / 4 FROM order_items JOIN products USING (product_id) GROUP BY product_id, product_name ORDER BY 2 DESC, 1",
    ),
    (
        "running total",
        Query(Kind.TREND, ("revenue",), grain=Grain.MONTH, time_range=YEAR, order_by=(OrderBy("time", False),), derived=Derived(How.RUNNING_TOTAL)),
        "SELECT date_trunc('month', ordered_at)::DATE AS m, sum(sum(revenue)) OVER (ORDER BY date_trunc('month', ordered_at)) FROM order_items WHERE ordered_at >= '2026-01-01' GROUP BY date_trunc('month', ordered_at) ORDER BY 1",
    ),
    (
        "running total of distinct things counts each once",
        Query(Kind.TREND, ("buyers",), grain=Grain.MONTH, order_by=(OrderBy("time", False),), derived=Derived(How.RUNNING_TOTAL)),
        "SELECT m, (SELECT count(DISTINCT customer_id) FROM order_items WHERE date_trunc('month', ordered_at) <= m) FROM (SELECT DISTINCT date_trunc('month', ordered_at)::DATE AS m FROM order_items WHERE customer_id <> 'c3' OR true) WHERE m IN (SELECT date_trunc('month', min(ordered_at)) FROM order_items GROUP BY customer_id) ORDER BY m",
    ),
    (
        "moving average reads the days before and counts days without any",
        Query(Kind.TREND, ("review_count",), grain=Grain.DAY, time_range=MARCH, order_by=(OrderBy("time", False),), derived=Derived(How.MOVING_AVERAGE, size=28)),
        "SELECT d, (SELECT count(*) FROM reviews WHERE created_at::DATE BETWEEN d - 27 AND d) / least(28, d - DATE '2026-02-10' + 1) FROM (SELECT DISTINCT created_at::DATE AS d FROM reviews) WHERE d >= '2026-03-01' ORDER BY 1",
    ),
    (
        "moving average of an average is over all responses",
        Query(Kind.TREND, ("average_rating",), grain=Grain.DAY, order_by=(OrderBy("time", False),), derived=Derived(How.MOVING_AVERAGE, size=2)),
        "SELECT d, (SELECT avg(rating) FROM reviews WHERE created_at::DATE BETWEEN d - 1 AND d) FROM (SELECT DISTINCT created_at::DATE AS d FROM reviews) ORDER BY 1",
    ),
    (
        "mean per day counts days without any",
        Query(Kind.VALUE, ("revenue",), time_range=FEBRUARY, derived=Derived(How.MEAN, step=Grain.DAY)),
        "SELECT sum(revenue) / 28 FROM order_items WHERE ordered_at >= '2026-02-01' AND ordered_at < '2026-03-01'",
    ),
    (
        "mean per month from the first with data to the last, by group",
        Query(Kind.BREAKDOWN, ("orders",), ("sales_channel",), order_by=(OrderBy("sales_channel", False),), derived=Derived(How.MEAN, step=Grain.MONTH)),
        "SELECT channel, count(DISTINCT order_id) / 13 FROM order_items GROUP BY 1 ORDER BY 1",
    ),
    (
        "mean over groups, what belongs to nobody aside",
        Query(Kind.VALUE, ("review_count",), derived=Derived(How.MEAN, ("region",))),
        "SELECT avg(n) FROM (SELECT region, count(*) AS n FROM reviews JOIN customers USING (customer_id) WHERE region IS NOT NULL GROUP BY 1)",
    ),
    (
        "ratio of two facts: each aggregated first",
        Query(Kind.BREAKDOWN, ("review_count", "orders"), ("category",), order_by=(OrderBy("category", False),), derived=Derived(How.RATIO, size=10)),
        "SELECT category, (SELECT count(*) FROM reviews r JOIN products q USING (product_id) WHERE q.category = p.category) * 10.0 / count(DISTINCT order_id) FROM order_items JOIN products p USING (product_id) GROUP BY 1 ORDER BY 1",
    ),
    (
        "how many groups meet a condition",
        Query(Kind.BREAKDOWN, ("review_count",), ("product",), having=(Having("review_count", Op.GE, 3),), derived=Derived(How.COUNT)),
        "SELECT count(*) FROM (SELECT product_id FROM reviews GROUP BY 1 HAVING count(*) >= 3)",
    ),
    (
        "groups of nothing are groups",
        Query(Kind.BREAKDOWN, ("units",), ("product",), having=(Having("units", Op.EQ, 0),), time_range=FEBRUARY, order_by=(OrderBy("product", False),)),
        "SELECT coalesce(product_name, product_id), 0 FROM products WHERE product_id NOT IN (SELECT product_id FROM order_items WHERE ordered_at >= '2026-02-01' AND ordered_at < '2026-03-01') ORDER BY 1",
    ),
    (
        "how many of some kind had fewer than two",
        Query(Kind.BREAKDOWN, ("review_count",), ("product",), filters=(Filter("category", Op.IN, ("Kitchen",)),), having=(Having("review_count", Op.LT, 2),), derived=Derived(How.COUNT)),
        "SELECT count(*) FROM products WHERE category = 'Kitchen' AND (SELECT count(*) FROM reviews r WHERE r.product_id = products.product_id) < 2",
    ),
    (
        "regions without an order of a channel",
        Query(Kind.BREAKDOWN, ("orders",), ("region",), filters=(Filter("sales_channel", Op.IN, ("store",)),), having=(Having("orders", Op.EQ, 0),)),
        "SELECT 'north', 0",
    ),
    (
        "the first in each",
        Query(Kind.RANKING, ("revenue",), ("sales_channel", "product"), order_by=DOWN, limit=1, within="sales_channel"),
        "SELECT channel, product_name, revenue FROM (VALUES ('marketplace', 'Nimbus Kettle', 120), ('store', 'Aurora Headphones', 50), ('web', 'Aurora Headphones', 100)) AS t(channel, product_name, revenue)",
    ),
    (
        "the second",
        Query(Kind.RANKING, ("revenue",), ("sales_channel",), order_by=DOWN, limit=1, skip=1),
        "SELECT channel, sum(revenue) FROM order_items GROUP BY 1 ORDER BY 2 DESC LIMIT 1 OFFSET 1",
    ),
    (
        "a condition on the change",
        Query(Kind.COMPARISON, ("revenue",), ("sales_channel",), having=(Having("change_ratio", Op.LT, -0.5),), time_range=MARCH, comparison=Comparison(Baseline.CUSTOM, FEBRUARY), order_by=DOWN),
        "SELECT 'web', 0, 130, -130, -1.0::DOUBLE",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "query", "sql"), CASES, ids=[c[0] for c in CASES])
def test_against_sql_by_hand(name: str, query: Query, sql: str, world: Context) -> None:
    assert problems_of(query, world.catalog) == ()
    plan = compile_query(query, world.catalog, world.tables)
    result = execute(query, plan, world.catalog, world.warehouse).result
    wanted = [tuple(row.values()) for row in world.warehouse.execute(sql).to_pylist()]
    got = [row[: len(wanted[0])] for row in result.rows]
    assert _rounded(got) == _rounded(wanted)


@pytest.mark.parametrize(("name", "query", "sql"), CASES, ids=[c[0] for c in CASES])
def test_kept_plans_give_the_same_sql(name: str, query: Query, sql: str, world: Context) -> None:
    fresh = compile_query(query, world.catalog, world.tables)
    for _ in range(2):
        assert world.plans.of(query).sql == fresh.sql


@pytest.mark.parametrize("query", [c[1] for c in CASES], ids=[c[0] for c in CASES])
def test_there_and_back(query: Query) -> None:
    assert query_from_wire(to_wire(query)) == query


def test_a_claim_goes_there_and_back() -> None:
    query = Query(Kind.VALUE, ("revenue",), claim=Claim(Op.GT, 500.0), skip=2, within="region")
    assert query_from_wire(to_wire(query)) == query


@pytest.mark.parametrize(
    "query",
    [
        Query(Kind.BREAKDOWN, ("average_rating",), ("region",), derived=SHARE),
        Query(Kind.VALUE, ("revenue",), derived=SHARE),
        Query(Kind.TREND, ("aov",), grain=Grain.DAY, derived=Derived(How.RUNNING_TOTAL)),
        Query(Kind.VALUE, ("revenue",), derived=Derived(How.RUNNING_TOTAL)),
        Query(Kind.TREND, ("revenue",), grain=Grain.DAY, derived=Derived(How.MOVING_AVERAGE, size=1)),
        Query(Kind.VALUE, ("revenue",), derived=Derived(How.MEAN)),
        Query(Kind.VALUE, ("revenue",), derived=Derived(How.COUNT)),
        Query(Kind.BREAKDOWN, ("revenue",), ("region",), skip=1),
        Query(Kind.RANKING, ("revenue",), ("region",), within="product", limit=1),
        Query(Kind.BREAKDOWN, ("revenue",), ("sales_channel",), having=(Having("revenue", Op.EQ, 0),)),
        Query(Kind.VALUE, ("revenue",), having=(Having("change", Op.GT, 0),)),
    ],
)  # fmt: skip
def test_what_says_nothing_cannot_be_asked(query: Query, world: Context) -> None:
    assert problems_of(query, world.catalog)


def _rounded(rows: Any) -> list[tuple[Any, ...]]:
    return [
        tuple(
            round(float(v), 9) if isinstance(v, int | float) else v if v is None else str(v)
            for v in row
        )
        for row in rows
    ]
