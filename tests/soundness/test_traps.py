# ruff: noqa: E501 — SQL and cases read best on one line
"""The classic silent wrong numbers. Never weaken a test here: add to them."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.analyst.context import Context
from analytics.query.compile import compile_query
from analytics.query.execute import execute
from analytics.types import (
    Clarification,
    Filter,
    Kind,
    Op,
    Query,
    Result,
    query_from_wire,
    to_wire,
)
from tests.analytics.core.world import METRICS, understand


def run(query: Query, world: Context) -> Result:
    """The result of a query in the tiny world."""
    plan = compile_query(query, world.catalog, world.tables)
    return execute(query, plan, world.catalog, world.warehouse).result


def ask(text: str, world: Context) -> Result:
    """The result of a message."""
    found = understand(text, world)
    assert not isinstance(found, Clarification), found
    return run(found.query, world)


def rows(result: Result, *names: str) -> list[tuple[Any, ...]]:
    """Some columns of all rows."""
    positions = [[c.name for c in result.columns].index(name) for name in names]
    return [tuple(row[p] for p in positions) for row in result.rows]


def sql(text: str, world: Context) -> list[tuple[Any, ...]]:
    """Independent check by hand-written SQL."""
    return [tuple(row.values()) for row in world.warehouse.execute(text).to_pylist()]


def test_an_average_of_a_category_is_not_the_average_of_its_products(world: Context) -> None:
    by_category = dict(rows(ask("average rating by category", world), "category", "average_rating"))
    check = dict(
        sql(
            "SELECT category, avg(rating) FROM reviews JOIN products USING (product_id) GROUP BY 1",
            world,
        )
    )
    assert by_category == check


def test_two_facts_do_not_multiply_each_other(world: Context) -> None:
    both = rows(
        ask("revenue and number of reviews by category", world),
        "category",
        "revenue",
        "review_count",
    )
    revenue = dict(
        sql(
            "SELECT category, sum(revenue) FROM order_items JOIN products USING (product_id) GROUP BY 1",
            world,
        )
    )
    count = dict(
        sql(
            "SELECT category, count(*) FROM reviews JOIN products USING (product_id) GROUP BY 1",
            world,
        )
    )
    assert {r[0]: r[1] for r in both} == revenue
    assert {r[0]: r[2] for r in both} == count


def test_rows_without_a_region_stay_in_the_total(world: Context) -> None:
    parts = rows(ask("revenue by region", world), "region", "revenue")
    assert None in [name for name, _ in parts]
    assert sum(value for _, value in parts) == ask("revenue", world).rows[0][0]


def test_things_of_one_name_are_kept_apart(world: Context) -> None:
    found = dict(rows(ask("revenue by product", world), "product", "revenue"))
    assert found["Nimbus Kettle (p3)"] == 30.0
    assert found["Nimbus Kettle (p5)"] == 120.0


def test_a_thing_without_a_name_shows_its_key(world: Context) -> None:
    assert "p4" in [name for (name,) in rows(ask("number of reviews by product", world), "product")]


def test_absent_before_is_no_change_in_an_average(world: Context) -> None:
    compared = ask("average rating by product compared to last month", world)
    row = {r[0]: r[1:] for r in rows(compared, "product", "average_rating__before", "change")}
    assert row["p4"] == (None, None)


def test_absent_before_is_zero_in_a_sum(world: Context) -> None:
    compared = ask("revenue by product this month compared to last month", world)
    before = {r[0]: r[1] for r in rows(compared, "product", "revenue__before")}
    assert before["Nimbus Kettle (p5)"] == 0


def test_turned_negative_needs_enough_responses(world: Context) -> None:
    """The kettle fell from +1 to -1 on one review each; only Aurora Headphones fell on six."""
    turned = ask("which products turned negative this month?", world)
    assert [r[0] for r in rows(turned, "product")] == ["Aurora Headphones"]


def test_turned_negative_needs_more_than_chance(world: Context) -> None:
    turned = ask("which regions turned negative this month?", world)
    assert [r[0] for r in rows(turned, "region")] == ["north"]


def test_a_sum_of_a_running_month_is_compared_like_for_like(world: Context) -> None:
    found = understand("did revenue go up this month?", world)
    assert not isinstance(found, Clarification)
    assert found.query.comparison is not None
    assert found.query.time_range is not None
    assert found.query.comparison.range.days == found.query.time_range.days == 20


def test_a_repeat_rate_counts_customers_once(world: Context) -> None:
    (check,) = sql(
        "SELECT avg((n >= 2)::int) FROM (SELECT customer_id, count(DISTINCT order_id) n FROM order_items GROUP BY 1)",
        world,
    )
    assert ask("repeat purchase rate", world).rows[0][0] == check[0]


def test_a_ratio_of_two_facts_divides_sums(world: Context) -> None:
    assert ask("reviews per order", world).rows[0][0] == 27 / 4


def test_a_cut_list_says_so(world: Context) -> None:
    query = Query(Kind.BREAKDOWN, metrics=("review_count",), group_by=("product",))
    plan = compile_query(query, world.catalog, world.tables, max_rows=2)
    result = execute(query, plan, world.catalog, world.warehouse).result
    assert result.provenance.truncated
    assert len(result.rows) == 2


def test_ranking_of_opinions_leaves_out_single_voices(world: Context) -> None:
    names = [name for (name,) in rows(ask("top 10 products by average rating", world), "product")]
    assert names == ["Aurora Headphones Pro", "Aurora Headphones"]


_values = {
    "product": ["Aurora Headphones", "Aurora Headphones Pro", "Nimbus Kettle", "p4"],
    "category": ["Headphones", "Kitchen"], "region": ["north", "south"],
}  # fmt: skip
_filters = st.sampled_from(sorted(_values)).flatmap(
    lambda d: st.builds(
        Filter, st.just(d), st.sampled_from([Op.IN, Op.NOT_IN]),
        st.lists(st.sampled_from(_values[d]), min_size=1, max_size=3, unique=True).map(tuple),
    )
)  # fmt: skip
_additive = [m.name for m in METRICS if m.additive]
_settings = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_settings
@given(
    st.sampled_from(_additive),
    st.sampled_from(sorted(_values)),
    st.lists(_filters, max_size=2).map(tuple),
)
def test_a_breakdown_of_an_additive_metric_sums_to_its_total(
    world: Context, metric: str, group: str, filters: tuple[Filter, ...]
) -> None:
    total = run(Query(Kind.VALUE, metrics=(metric,), filters=filters), world).rows[0][0] or 0
    parts = run(Query(Kind.BREAKDOWN, metrics=(metric,), group_by=(group,), filters=filters), world)
    assert sum(value or 0 for (value,) in rows(parts, metric)) == total


@_settings
@given(st.sampled_from(_additive), st.lists(_filters, max_size=1).map(tuple), _filters)
def test_a_filter_never_raises_a_count(
    world: Context, metric: str, filters: tuple[Filter, ...], more: Filter
) -> None:
    wide = run(Query(Kind.VALUE, metrics=(metric,), filters=filters), world).rows[0][0] or 0
    narrow = (
        run(Query(Kind.VALUE, metrics=(metric,), filters=(*filters, more)), world).rows[0][0] or 0
    )
    assert narrow <= wide


@_settings
@given(
    st.lists(_filters, max_size=3).map(tuple),
    st.sampled_from(list(Kind)),
    st.none() | st.integers(1, 50),
)
def test_query_to_wire_and_back_is_the_identity(
    world: Context, filters: tuple[Filter, ...], kind: Kind, limit: int | None
) -> None:
    query = Query(kind, metrics=("revenue",), filters=filters, limit=limit)
    assert query_from_wire(to_wire(query)) == query
