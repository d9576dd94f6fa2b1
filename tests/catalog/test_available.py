"""A warehouse may hold any subset; the catalog narrows to it and says what the rest needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from analytics.catalog.available import available, metric_columns, missing
from analytics.catalog.load import load_catalog
from analytics.catalog.types import Catalog, SemanticModel
from tests.catalog.small_warehouse import CATALOG, SCHEMA


@dataclass(frozen=True)
class Info:
    columns: Mapping[str, str]
    rows: int = 1


FULL = {table: Info(columns) for table, columns in SCHEMA.items()}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog(CATALOG)


def without(table: str, *columns: str) -> dict[str, Info]:
    kept = {name: kind for name, kind in SCHEMA[table].items() if name not in columns}
    return FULL | {table: Info(kept)}


def only(*tables: str) -> dict[str, Info]:
    return {table: FULL[table] for table in tables}


def without_hours(model: SemanticModel) -> SemanticModel:
    kept = tuple(d for d in model.dimensions if d.name not in {"hour_of_day", "part_of_day"})
    return replace(model, dimensions=kept)


def test_everything_is_there_but_hours_where_only_days_are_kept(catalog: Catalog) -> None:
    days = {name: without_hours(catalog.models[name]) for name in ("ad_spend", "customers")}
    assert all(days[name] != catalog.models[name] for name in days)
    assert available(catalog, FULL) == replace(catalog, models={**catalog.models, **days})
    assert all(missing(catalog, FULL, name) == "" for name in catalog.metrics)


def test_reviews_alone(catalog: Catalog) -> None:
    found = available(catalog, only("reviews", "products"))
    assert list(found.models) == ["reviews"]
    assert found.models["reviews"].joins == ("products",)
    assert "net_sentiment" in found.metrics
    assert "revenue" not in found.metrics
    assert "reviews_per_order" not in found.metrics
    assert {"product", "rating", "customer"} <= found.dimensions_of(found.models["reviews"]).keys()
    assert "region" not in found.dimensions_of(found.models["reviews"])


def test_an_empty_table_is_not_there(catalog: Catalog) -> None:
    found = available(catalog, FULL | {"tickets": Info(SCHEMA["tickets"], 0)})
    assert "tickets" not in found.models
    assert "tickets_per_order" not in found.metrics


def test_a_missing_column(catalog: Catalog) -> None:
    tables = without("tickets", "reopened_count", "product_id", "agent", "sentiment")
    found = available(catalog, tables)
    tickets = found.models["tickets"]
    assert "reopen_rate" not in found.metrics
    assert "tickets_opened" in found.metrics
    assert "products" not in tickets.joins
    assert "agent" not in found.dimensions_of(tickets)
    assert tickets.verbatims is not None
    assert tickets.verbatims.sentiment is None
    assert missing(catalog, tables, "reopen_rate") == (
        'Reopen rate needs values in "reopened_count" of support tickets (table "tickets").'
    )


def test_a_column_without_values(catalog: Catalog) -> None:
    empty = {"order_items": {"discount", "channel"}, "customers": ["region"]}
    found = available(catalog, FULL, empty)
    assert "discount_rate" not in found.metrics
    assert "revenue" in found.metrics
    dimensions = found.dimensions_of(found.models["orders"])
    assert not {"sales_channel", "region"} & dimensions.keys()
    assert missing(catalog, FULL, "discount_rate", empty) == (
        'Discount rate needs values in "discount" of orders (table "order_items").'
    )


def test_own_country_else_that_of_the_customer(catalog: Catalog) -> None:
    def country(tables: Mapping[str, Info]) -> str:
        found = available(catalog, tables)
        return found.dimensions_of(found.models["orders"])["country"].table

    assert country(FULL) == "order_items"
    assert country(without("order_items", "country")) == "customers"


def test_no_text_no_verbatims(catalog: Catalog) -> None:
    found = available(catalog, without("reviews", "body"))
    assert found.models["reviews"].verbatims is None
    assert "average_review_length" not in found.metrics


def test_no_time_no_model(catalog: Catalog) -> None:
    assert "reviews" not in available(catalog, without("reviews", "created_at")).models


def test_what_is_missing_in_words(catalog: Catalog) -> None:
    tables = only("reviews")
    assert missing(catalog, tables, "return_rate") == (
        'Return rate needs a source of orders (table "order_items").'
    )
    assert missing(catalog, tables, "roas") == (
        'ROAS needs a source of orders (table "order_items")'
        ' and a source of advertising (table "ad_spend").'
    )
    assert missing(catalog, tables, "store") == 'Store needs a source of stores (table "stores").'
    assert missing(catalog, tables, "sentiment") == ""
    with pytest.raises(KeyError):
        missing(catalog, tables, "profit")


def test_columns_of_a_metric(catalog: Catalog) -> None:
    def columns(name: str) -> frozenset[str]:
        return metric_columns(catalog.metrics[name])

    assert columns("return_rate") == {"returned", "quantity"}
    assert columns("repeat_purchase_rate") == {"customer_id", "order_id", "quantity"}
    assert columns("cart_abandonment") == {"purchased", "reached_cart"}
    assert columns("review_count") == set()
