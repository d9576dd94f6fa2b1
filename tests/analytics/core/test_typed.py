"""Queries that come ready-made: from a click, another system or a language model."""

from dataclasses import replace
from datetime import date

import pytest

from analytics.analyst.context import Context
from analytics.analyst.typed import asked
from analytics.answer.format import moment
from analytics.answer.locale import money, speaking
from analytics.catalog.audience import public
from analytics.catalog.load import load_catalog
from analytics.query.authorize import authorize, may_ask, visible
from analytics.types import (
    Act,
    Baseline,
    Comparison,
    Direction,
    Filter,
    Grain,
    Having,
    Issue,
    Kind,
    Op,
    OrderBy,
    ParsedMessage,
    Query,
    TimeRange,
    Viewer,
)
from analytics.understand.resolve import Resolution
from tests.analytics.core.test_analyst import ROOT, Analyst, analyst, reply
from tests.analytics.core.world import TODAY

__all__ = ["analyst"]

APRIL = TimeRange(date(2026, 4, 1), date(2026, 5, 1), "April 2026")
MARCH = TimeRange(date(2026, 3, 1), date(2026, 4, 1), "March 2026")
REVENUE = Query(Kind.VALUE, ("revenue",))
GUEST = Viewer("visitor", "guest")


def typed(analyst: Analyst, query: Query, role: str = "admin"):
    message = ParsedMessage("a click", Act.ASK, 1.0)
    return analyst.answer(message, None, TODAY, Viewer("x", role), "r1", query)


@pytest.mark.parametrize(
    "text",
    [
        "revenue by product last month",
        "top 2 products by revenue",
        "average rating of Aurora Headphones by month",
        "revenue this month compared to last month",
        "products with more than 2 reviews",
        "which products turned negative this month?",
        "show me reviews of Aurora Headphones",
    ],
)
def test_every_filter_can_be_taken_away_as_it_says(analyst: Analyst, text: str) -> None:
    (answer,) = reply(analyst, text).answers
    assert answer.query is not None
    for one in answer.filters:
        if one.without is not None:
            assert one.without != answer.query
            (less,) = typed(analyst, one.without).answers
            assert "invalid_query" not in [issue.code for issue in less.issues]
            assert one.text not in [left.text for left in less.filters]


def test_a_ready_made_query_gives_the_figures_of_the_question(analyst: Analyst) -> None:
    said = reply(analyst, "revenue by product last month")
    clicked = typed(analyst, said.query)
    assert clicked.answers[0].rows == said.answers[0].rows
    assert clicked.answers[0].text == said.answers[0].text
    assert clicked.query == said.query


def test_a_period_keeps_its_name_only_where_the_name_is_true(world: Context) -> None:
    honest = asked(replace(REVENUE, time_range=APRIL), world, TODAY)
    assert isinstance(honest, Resolution)
    assert honest.query.time_range is not None
    assert honest.query.time_range.label
    lying = asked(replace(REVENUE, time_range=replace(APRIL, label="March 2026")), world, TODAY)
    assert isinstance(lying, Resolution)
    assert lying.query.time_range == TimeRange(APRIL.start, APRIL.end)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        (Query(Kind.VALUE, ("password",)), "password"),
        (Query(Kind.FORECAST, ("revenue",)), "forecast"),
        (Query(Kind.BREAKDOWN, ("revenue",), ("hair_colour",)), "hair_colour"),
        (Query(Kind.BREAKDOWN, ("revenue",)), "split"),
        (Query(Kind.TREND, ("revenue",)), "width"),
        (Query(Kind.COMPARISON, ("revenue",), time_range=APRIL), "compare"),
        (
            Query(Kind.VALUE, ("revenue",), comparison=Comparison(Baseline.PREVIOUS_PERIOD, MARCH)),
            "compare",
        ),
        (
            Query(
                Kind.CHANGE,
                ("revenue",),
                ("product",),
                time_range=APRIL,
                comparison=Comparison(Baseline.PREVIOUS_PERIOD, MARCH),
            ),
            "direction",
        ),
        (
            Query(
                Kind.CHANGE,
                ("revenue",),
                ("product",),
                time_range=APRIL,
                comparison=Comparison(Baseline.PREVIOUS_PERIOD, MARCH),
                direction=Direction.TURNED_NEGATIVE,
            ),
            "cannot turn",
        ),
        (replace(REVENUE, filters=(Filter("product", Op.IN, (7,)),)), "wrong type"),
        (replace(REVENUE, filters=(Filter("product", Op.IN, ()),)), "no value"),
        (replace(REVENUE, filters=(Filter("product", Op.GT, ("A",)),)), "order"),
        (replace(REVENUE, filters=(Filter("nothing", Op.IN, ("A",)),)), "nothing"),
        (replace(REVENUE, filters=(Filter("text", Op.CONTAINS, ("A",)),)), "words"),
        (replace(REVENUE, having=(Having("revenue", Op.CONTAINS, 1.0),)), "comparison"),
        (replace(REVENUE, having=(Having("password", Op.GT, 1.0),)), "password"),
        (replace(REVENUE, order_by=(OrderBy("password"),)), "password"),
        (replace(REVENUE, limit=0), "limit"),
        (Query(Kind.EVIDENCE, ("order_items.verbatims",)), "order_items"),
        (Query(Kind.EVIDENCE, ("reviews",)), "reviews"),
        (replace(REVENUE, metrics=("revenue",) * 9), "9 metrics"),
    ],
)
def test_what_cannot_be_asked_is_said(analyst: Analyst, query: Query, named: str) -> None:
    found = typed(analyst, query)
    assert {issue.code for issue in found.answers[0].issues} == {"invalid_query"}
    assert named in found.answers[0].text
    assert found.query is None


def test_guests_know_only_what_is_for_everyone() -> None:
    catalog = load_catalog(ROOT / "knowledge" / "catalog")
    seen = visible(catalog, GUEST)
    assert set(seen.models) == {"reviews"}
    assert "net_sentiment" in seen.metrics
    assert "revenue" not in seen.metrics
    assert not [d for m in seen.models.values() for d in seen.dimensions_of(m).values() if d.person]
    assert set(seen.dimension_tables) == {"products"}
    assert visible(catalog, Viewer("x", "viewer")) is catalog


@pytest.mark.parametrize(
    "query",
    [
        REVENUE,
        Query(Kind.BREAKDOWN, ("average_rating",), ("customer",)),
        Query(Kind.BREAKDOWN, ("average_rating",), ("region",)),
        Query(Kind.VALUE, ("average_rating",), filters=(Filter("customer", Op.IN, ("c1",)),)),
        Query(Kind.EVIDENCE, ("tickets.verbatims",)),
    ],
)
def test_a_guest_is_refused_the_rest(world: Context, query: Query) -> None:
    refused = authorize(query, GUEST, world.catalog)
    assert isinstance(refused, Issue)
    assert refused.code == "not_permitted"
    assert authorize(query, Viewer("x", "viewer"), world.catalog) == query


def test_a_guest_may_ask_what_is_public(world: Context) -> None:
    query = Query(Kind.TREND, ("average_rating",), ("product",), Grain.MONTH)
    assert authorize(query, GUEST, world.catalog) == query
    assert public(world.catalog).metrics["average_rating"]


@pytest.mark.parametrize("role", ["", "root", "Admin", "guest ", "nobody"])
def test_a_role_that_does_not_exist_gets_nothing(analyst: Analyst, role: str) -> None:
    assert not may_ask(Viewer("x", role))
    found = typed(analyst, REVENUE, role)
    assert [issue.code for issue in found.answers[0].issues] == ["not_permitted"]
    assert found.answers[0].rows == ()


def test_figures_are_written_as_the_reader_writes_them(analyst: Analyst) -> None:
    message = ParsedMessage("average rating", Act.ASK, 1.0)
    english = analyst.answer(message, None, TODAY, Viewer("x", "admin"), "r").answers[0]
    german = analyst.answer(message, None, TODAY, Viewer("x", "admin", "de-DE"), "r").answers[0]
    odd = analyst.answer(message, None, TODAY, Viewer("x", "admin", "<b>"), "r").answers[0]
    assert german.text == english.text.replace(".", ",", 1)
    assert german.rows == english.rows
    assert odd.text == english.text


@pytest.mark.parametrize(
    ("locale", "written"),
    [
        ("en", "3 Mar 2026"),
        ("en-GB", "3 Mar 2026"),
        ("en-US", "Mar 3, 2026"),
        ("de-DE", "3 Mar 2026"),
    ],
)
def test_a_day_has_the_readers_order(locale: str, written: str) -> None:
    with speaking(locale):
        assert moment(date(2026, 3, 3)) == written


@pytest.mark.parametrize(
    ("locale", "currency", "written"),
    [
        ("en-US", None, "1,234"),
        ("en-US", "EUR", "€1,234"),
        ("de-DE", "EUR", "1.234\u00a0€"),
        ("en-GB", "GBP", "£1,234"),
        ("pt-BR", "BRL", "R$1.234"),
        ("en-US", "CHF", "CHF\u00a01,234"),
        ("not a locale", "EUR", "€1,234"),
    ],
)
def test_money_has_its_sign(locale: str, currency: str | None, written: str) -> None:
    with speaking(locale, currency):
        assert money(1234.4) == written
        assert money(-1234.4) == f"-{written}"
