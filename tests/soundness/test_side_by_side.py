"""Two named values side by side: both figures, and a difference that is that of the figures."""

# ruff: noqa: E501 — SQL reads best on one line

import pytest

from analytics.analyst.context import Context
from analytics.answer.headline import headline
from analytics.catalog.types import Unit
from analytics.types import Clarification, Kind
from tests.analytics.core.world import understand
from tests.soundness.test_traps import rows, run, sql


def told(text: str, world: Context) -> str:
    found = understand(text, world)
    assert not isinstance(found, Clarification), found
    assert found.query.kind is Kind.BREAKDOWN
    return headline(found.query, run(found.query, world), world.catalog, "all")


@pytest.mark.parametrize("text", ["revenue of web vs store", "compare revenue of web and store"])
def test_both_figures_and_the_difference(text: str, world: Context) -> None:
    found = understand(text, world)
    assert not isinstance(found, Clarification), found
    wanted = sql(
        "SELECT channel, sum(revenue) FROM order_items WHERE channel IN ('web', 'store') GROUP BY 1 ORDER BY 2 DESC",
        world,
    )
    assert rows(run(found.query, world), "sales_channel", "revenue") == wanted
    (first, high), (second, low) = wanted
    assert told(text, world) == (
        f"Revenue over all data (all): {first} {high:,.2f}, {second} {low:,.2f}. "
        f"{first} is higher by {high - low:,.2f} ({(high - low) / low * 100:.1f} %)."
    )


def test_the_other_filters_are_told(world: Context) -> None:
    words = told("revenue of web vs store for Aurora Headphones", world)
    [(web, store)] = sql(
        "SELECT sum(revenue) FILTER (channel = 'web'), sum(revenue) FILTER (channel = 'store') FROM order_items WHERE product_id = 'p1'",
        world,
    )
    assert "Aurora Headphones" in words.split(" over all data")[0]
    assert f"web {web:,.2f}, store {store:,.2f}" in words


def test_the_one_without_a_figure_is_named(world: Context) -> None:
    words = told("revenue of web vs marketplace in February 2026", world)
    assert words.endswith("web 130.00; there is no figure for marketplace.")


def test_shares_differ_by_points(world: Context) -> None:
    text = "net sentiment north vs south"
    found = understand(text, world)
    assert not isinstance(found, Clarification), found
    metric = world.catalog.metrics[found.query.metrics[0]]
    assert metric.unit is Unit.RATIO
    wanted = sql(
        "SELECT region, avg((sentiment = 'positive')::INT) - avg((sentiment = 'negative')::INT) FROM reviews JOIN customers USING (customer_id) WHERE region IS NOT NULL GROUP BY 1 ORDER BY 2 DESC",
        world,
    )
    (first, high), (_, low) = wanted
    assert told(text, world).endswith(
        f"{first} is higher by {(high - low) * 100:.1f} percentage points."
    )
