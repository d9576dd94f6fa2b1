"""The catalog that ships: it loads, every metric runs, and the conventions give hand-computed values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import ibis
import pytest
import yaml

from analytics.catalog.load import load_catalog
from analytics.catalog.phrases import dimension_phrases, metric_phrases, normal
from analytics.catalog.reference import to_markdown
from analytics.catalog.types import Catalog, Unit
from tests.catalog.small_warehouse import CATALOG, SCHEMA, aggregated, figure, small_warehouse

SHIPPED = load_catalog(CATALOG)
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with small_warehouse() as connection:
        yield connection


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return SHIPPED


def test_covers_the_facts(catalog: Catalog) -> None:
    facts = {model.table for model in catalog.models.values()}
    assert facts == {
        "reviews", "tickets", "social_posts", "order_items", "ad_spend", "sessions", "events",
        "store_visits", "zone_dwell", "footfall", "customers", "feedback",
    }  # fmt: skip
    assert len(catalog.metrics) >= 60
    assert all(model.metrics for model in catalog.models.values())


@pytest.mark.parametrize("name", SHIPPED.metrics)
def test_metric_is_complete(catalog: Catalog, name: str) -> None:
    metric = catalog.metrics[name]
    assert len(metric.examples) >= 2
    assert metric.description.endswith(".")
    assert metric.synonyms
    assert metric.owner
    assert len(metric.version) == 8
    file, line = metric.source.split(":")
    text = (CATALOG / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert text == f"  {name}:"


@pytest.mark.parametrize("name", SHIPPED.metrics)
def test_metric_runs(con: duckdb.DuckDBPyConnection, catalog: Catalog, name: str) -> None:
    value = figure(con, catalog, name)
    if catalog.metrics[name].unit is Unit.RATIO and value is not None:
        assert value >= 0


@pytest.mark.parametrize("name", [n for n, m in SHIPPED.metrics.items() if not m.ratio_of])
def test_metric_compiles_for_spark(catalog: Catalog, name: str) -> None:
    assert ibis.to_sql(aggregated(catalog, catalog.metrics[name]), dialect="databricks")


@pytest.mark.parametrize("name", [n for n, m in SHIPPED.metrics.items() if m.additive])
def test_additive_metric_adds_up(
    con: duckdb.DuckDBPyConnection, catalog: Catalog, name: str
) -> None:
    table = catalog.models[catalog.metrics[name].model].table
    time = catalog.models[catalog.metrics[name].model].time
    total = figure(con, catalog, name)
    days = con.execute(
        f"select distinct {time}::date from {table} where {time} is not null"
    ).fetchall()
    parts = []
    for (day,) in days:
        con.execute("begin")
        con.execute(f"delete from {table} where {time}::date <> ?", [day])
        parts.append(figure(con, catalog, name))
        con.execute("rollback")
    assert total == (pytest.approx(sum(p for p in parts if p is not None)) if total else total)


CONVENTIONS = {
    "review_count": 5,
    "reviewers": 2,
    "average_rating": 3.0,
    "net_sentiment": 0.25,
    "share_negative": 0.25,
    "share_positive": 0.5,
    "share_neutral": 0.25,
    "share_low_ratings": 0.4,
    "share_high_ratings": 0.4,
    "net_rating": -0.4,
    "share_anger": 0.25,
    "share_joy": 0.5,
    "average_review_length": 4.5,
    "reviews_per_reviewer": 1.5,
    "revenue": 150,
    "orders": 4,
    "units": 8,
    "average_order_value": 37.5,
    "median_order_value": 40,
    "largest_order_value": 60,
    "units_per_order": 2,
    "average_unit_price": 18.75,
    "gross_revenue": 160,
    "discount_given": 10,
    "discount_rate": 0.0625,
    "share_discounted": 0.2,
    "buyers": 2,
    "revenue_per_customer": 50,
    "orders_per_customer": 1.5,
    "repeat_purchase_rate": 0.5,
    "repeat_customers": 1,
    "one_time_buyers": 1,
    "returned_units": 4,
    "return_rate": 0.5,
    "returned_orders": 2,
    "order_return_rate": 0.5,
    "returned_revenue": 70,
    "campaign_revenue": 60,
    "campaign_orders": 1,
    "campaign_revenue_share": 0.4,
    "store_orders": 1,
    "sessions": 5,
    "visitors": 4,
    "conversion_rate": 0.2,
    "purchases_online": 1,
    "cart_rate": 0.6,
    "cart_abandonment": 2 / 3,
    "abandoned_carts": 2,
    "checkout_rate": 0.4,
    "checkout_abandonment": 0.5,
    "bounce_rate": 0.4,
    "page_views": 12,
    "pages_per_session": 2.4,
    "session_duration": 40,
    "logged_in_share": 0.2,
    "tickets_opened": 4,
    "tickets_resolved": 2,
    "open_tickets": 2,
    "unanswered_tickets": 1,
    "resolution_rate": 0.5,
    "first_response_time": 2.0,
    "median_first_response_time": 2.0,
    "share_answered_within_1h": 0.25,
    "resolution_time": 30.0,
    "share_resolved_within_24h": 0.25,
    "reopen_rate": 0.25,
    "csat": 0.5,
    "average_satisfaction": 3.5,
    "tickets_per_customer": 1.5,
    "urgent_share": 0.25,
    "ticket_net_sentiment": -0.25,
    "posts": 3,
    "engagement": 21,
    "engagement_per_post": 7,
    "social_net_sentiment": -1 / 3,
    "spend": 30,
    "click_through_rate": 1 / 30,
    "cost_per_click": 0.6,
    "cost_per_mille": 20,
    "product_views": 2,
    "view_to_cart_rate": 0.5,
    "store_visits": 2,
    "store_visitor_count": 1,
    "visit_duration": 15,
    "dwell_time": 60,
    "total_dwell_time": 0.05,
    "zones_per_visit": 1.5,
    "footfall": 12,
    "new_customers": 2,
    "roas": 2,
    "advertising_cost_of_sales": 0.5,
    "cost_per_order": 30,
    "customer_acquisition_cost": 15,
    "tickets_per_order": 1,
    "reviews_per_order": 1.25,
    "revenue_per_session": 30,
    "store_conversion": 0.5,
}


@pytest.mark.parametrize("name", CONVENTIONS)
def test_convention(con: duckdb.DuckDBPyConnection, catalog: Catalog, name: str) -> None:
    assert figure(con, catalog, name) == pytest.approx(CONVENTIONS[name])


def test_cancellations_of_negative_quantity(catalog: Catalog) -> None:
    """Some shops book a return as an order of its own: 5 pieces sold, 2 of them cancelled."""
    with small_warehouse() as con:
        con.execute("delete from order_items")
        con.execute(
            "insert into order_items (order_id, line, customer_id, product_id, quantity,"
            " revenue, returned) values ('O1', 1, 'C1', 'P1', 5, 50, false),"
            " ('C2', 1, 'C1', 'P1', -2, -20, true)"
        )
        names = ["units", "revenue", "returned_units", "return_rate", "returned_revenue"]
        assert [figure(con, catalog, name) for name in names] == [3, 30, 2, 0.4, 20]
        assert figure(con, catalog, "repeat_purchase_rate") == 0
        assert figure(con, catalog, "one_time_buyers") == 1


def test_a_mean_counts_only_rows_with_a_value(
    con: duckdb.DuckDBPyConnection, catalog: Catalog
) -> None:
    query = aggregated(catalog, catalog.metrics["net_sentiment"])
    assert con.execute(ibis.to_sql(query, "duckdb")).fetchall() == [(0.25, 4)]


def test_metrics_divide_by_zero_to_nothing(catalog: Catalog) -> None:
    with small_warehouse() as con:
        for table in SCHEMA:
            con.execute(f"delete from {table}")
        for name, metric in catalog.metrics.items():
            if metric.unit is Unit.RATIO:
                assert figure(con, catalog, name) is None


def test_dimensions_run(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    for model in catalog.models.values():
        for dimension in catalog.dimensions_of(model).values():
            con.execute(f"select {dimension.column}, {dimension.key or 1} from {dimension.table}")


def test_named_dimensions(catalog: Catalog) -> None:
    reachable = {name: set(catalog.dimensions_of(m)) for name, m in catalog.models.items()}
    assert {"product", "category", "brand", "region", "country", "rating"} <= reachable["reviews"]
    assert {"sales_channel", "campaign", "store", "store_region"} <= reachable["orders"]
    assert "campaign" in catalog.dimensions_of_metric(catalog.metrics["roas"])
    assert catalog.dimensions_of(catalog.models["sessions"])["country"].table == "sessions"
    assert all(
        "channel" in dimension_phrases(d)
        for m in catalog.models.values()
        for name, d in catalog.dimensions_of(m).items()
        if name.endswith("_channel")
    )


def test_highest_rank_of_a_shared_word(catalog: Catalog) -> None:
    def named(phrase: str) -> str:
        found = [m for m in catalog.metrics.values() if phrase in metric_phrases(m)]
        return max(found, key=lambda m: m.default_rank).name

    assert named("net sentiment") == "net_sentiment"
    assert named("visitors") == "visitors"
    assert named("complaints") == "negative_reviews"
    assert named("csat") == "csat"
    assert named("aov") == "average_order_value"
    assert named("frt") == "first_response_time"


def test_leaves_the_words_of_asking_alone(catalog: Catalog) -> None:
    path = ROOT / "knowledge" / "language" / "en.yml"
    roles = yaml.safe_load(path.read_text(encoding="utf-8")).values()
    words = {
        normal(phrase)
        for role in roles
        if isinstance(role, dict)
        for phrases in role.values()
        if isinstance(phrases, list)
        for phrase in phrases
        if isinstance(phrase, str)
    }
    assert "top" in words
    for metric in catalog.metrics.values():
        assert not words & set(metric_phrases(metric)), metric.name
    for model in catalog.models.values():
        for dimension in catalog.dimensions_of(model).values():
            assert not words & set(dimension_phrases(dimension)), dimension.name


def test_reference_page_is_current(catalog: Catalog) -> None:
    page = (ROOT / "docs" / "catalog.md").read_text(encoding="utf-8")
    assert page == to_markdown(catalog), "run `verbatim catalog docs`"
