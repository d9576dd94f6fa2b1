"""What customers talk about: what is asked for, and the answer on texts that can be counted."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from analytics.analyst.context import Context, open_context
from analytics.analyst.listed import about_the_list
from analytics.analyst.themes import show_themes, themes_result
from analytics.analyst.why import show_drivers
from analytics.answer.recommend import load_rules
from analytics.answer.themes import ThemeRow
from analytics.catalog.load import load_catalog
from analytics.query.validate import problems_of
from analytics.sources.warehouse import Warehouse
from analytics.types import (
    Act,
    Answer,
    Direction,
    Filter,
    Kind,
    Op,
    ParsedMessage,
    Query,
    query_from_wire,
    to_wire,
)
from analytics.understand.language import load_vocabulary
from analytics.understand.read import read
from analytics.understand.resolve import Resolution, resolve
from analytics.understand.times.units import Calendar
from tests.analytics.core.world import ROOT, StemEncoder

TODAY = date(2026, 3, 31)
NEGATIVE, POSITIVE = (Filter("sentiment", Op.IN, (mood,)) for mood in ("negative", "positive"))

# Per month: texts of a theme, their mood, product and region. In March the battery of the kettle goes bad.
FEBRUARY = [("Battery", 10, "negative", "k", "North"), ("Delivery", 30, "negative", "h", "South"),
            ("Sound, voices", 40, "positive", "h", "North"), (None, 20, "neutral", "h", "South")]  # fmt: skip
MARCH = [("Battery", 50, "negative", "k", "North"), ("Delivery", 30, "negative", "h", "South"),
         ("Sound, voices", 38, "positive", "h", "North"), (None, 20, "neutral", "h", "South")]  # fmt: skip

_SQL = """
CREATE TABLE build_info AS SELECT 'tiny' AS build_id, TIMESTAMP '2026-03-31' AS built_at,
    DATE '2026-03-31' AS data_as_of, 'test' AS source, 0 AS rows;
CREATE TABLE products AS SELECT * FROM (VALUES ('k', 'Nimbus Kettle', 'Kitchen'), ('h', 'Aurora Headphones', 'Audio'),
    ('j', 'Aurora Headphones Pro', 'Audio')) AS t(product_id, product_name, category);
CREATE TABLE customers AS SELECT * FROM (VALUES ('cN', 'North'), ('cS', 'South')) AS t(customer_id, region);
CREATE TABLE feedback (text_id VARCHAR, source VARCHAR, source_id VARCHAR, said_at TIMESTAMP, product_id VARCHAR,
    customer_id VARCHAR, rating DOUBLE, sentiment VARCHAR, sentiment_score DOUBLE, body VARCHAR, stance VARCHAR);
CREATE TABLE feedback_themes (source VARCHAR, source_id VARCHAR, theme_id VARCHAR, sentiment VARCHAR,
    text_id VARCHAR, theme VARCHAR);
"""  # noqa: E501


def fill(path: Path) -> Warehouse:
    texts, links = [], []
    for month, rows in ((2, FEBRUARY), (3, MARCH)):
        for theme, count, mood, product, region in rows:
            for n in range(count):
                key = f"r{len(texts)}"
                text = f"reviews/{key}"
                at = date(2026, month, 1) + timedelta(days=n % 28)
                stars, stance = (5, "promoters") if mood == "positive" else (1, "detractors")
                source = "tickets" if theme == "Delivery" else "reviews"
                body = f"Words of text {key}, which are many enough to be read with ease."
                who = f"c{region[0]}"
                texts.append([text, source, key, at, product, who, stars, mood, 0.9, body, stance])
                if theme:
                    links.append([source, key, theme, mood, text, theme])
                if theme == "Battery":  # speaks of both
                    links.append([source, key, "Delivery", mood, text, "Delivery"])
    with duckdb.connect(str(path)) as connection:
        connection.execute(_SQL)
        connection.executemany(f"INSERT INTO feedback VALUES ({', '.join('?' * 11)})", texts)
        connection.executemany("INSERT INTO feedback_themes VALUES (?, ?, ?, ?, ?, ?)", links)
    return Warehouse.open(path)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Context:
    warehouse = fill(tmp_path_factory.mktemp("themes") / "themes.duckdb")
    vocabulary = load_vocabulary(ROOT / "knowledge" / "language")
    catalog = load_catalog(ROOT / "knowledge" / "catalog")
    return open_context(warehouse, catalog, vocabulary, StemEncoder(), {"new"}, Calendar())


def asked(text: str, shop: Context, previous: Query | None = None, act: Act = Act.ASK) -> Query:
    message = ParsedMessage(text, act, 1.0)
    found = resolve(message, read(message, shop.known, TODAY), shop.known, previous, TODAY)
    assert isinstance(found, Resolution), found
    return found.query


def answer(text: str, shop: Context) -> Answer:
    query = asked(text, shop)
    assert query.kind is Kind.THEMES
    return show_themes(query, shop, TODAY, (), ())


@pytest.mark.parametrize(
    ("text", "filters", "direction"),
    [
        ("what do people talk about?", (), None),
        ("top themes this month", (), None),
        ("what do customers complain about?", (NEGATIVE,), None),
        ("most common complaints this month", (NEGATIVE,), None),
        ("what do promoters praise?", (Filter("stance", Op.IN, ("promoters",)), POSITIVE), None),
        ("what do customers complain about in the north?",
         (Filter("region", Op.IN, ("North",)), NEGATIVE), None),
        ("top complaints about headphones this month",
         (Filter("product", Op.IN, ("Aurora Headphones", "Aurora Headphones Pro")), NEGATIVE), None),
        ("what is new this month?", (), Direction.ROSE),
        ("which themes are growing?", (), Direction.ROSE),
        ("which themes are fading?", (), Direction.FELL),
    ],
)  # fmt: skip
def test_what_is_asked(text, filters, direction, shop):
    query = asked(text, shop)
    assert query.kind is Kind.THEMES
    assert query.group_by == ("theme",)
    assert set(query.filters) == set(filters)
    assert query.direction is direction
    assert (query.comparison is not None) == ("month" in text or direction is not None)
    assert problems_of(query, shop.catalog) == ()
    assert query_from_wire(to_wire(query)) == query


def test_things_that_are_complained_about_are_ranked_not_quoted(shop):
    query = asked("pieces of feedback by theme", shop)
    assert query.kind is Kind.BREAKDOWN


def test_a_text_of_two_themes_counts_in_both_and_once_in_the_whole(shop):
    rows = {row[0]: row[1:] for row in answer("top themes this month", shop).rows}
    assert rows["Battery"] == (50, pytest.approx(50 / 138), -1.0, 10, 40)
    assert rows["Delivery"][:2] == (80, pytest.approx(80 / 138))


def test_only_what_is_more_than_chance_is_new(shop):
    found = answer("what is new this month?", shop)
    assert [row[0] for row in found.rows] == ["Battery", "Delivery"]
    assert "Battery" in found.text
    assert "from 10 to 50 texts" in found.text


def test_nothing_new_is_said_in_so_many_words(shop):
    found = answer("what is new in praise this month?", shop)
    assert found.rows == ()
    assert found.text.startswith("No theme grew beyond chance")


def test_shares_are_of_the_group_where_there_are_groups(shop):
    rows = {(row[0], row[1]): row[2:4] for row in answer("themes by region this month", shop).rows}
    assert rows["Battery", "North"] == (50, pytest.approx(50 / 88))
    assert rows["Delivery", "South"] == (30, pytest.approx(30 / 50))


def test_each_theme_has_words_of_its_own(shop):
    found = answer("top complaints this month", shop)
    assert len(found.evidence) == 5
    assert {quote.sentiment for quote in found.evidence} == {"negative"}
    assert {quote.source for quote in found.evidence} <= {"reviews", "tickets"}


def test_a_source_named_is_a_filter(shop):
    assert asked("themes in reviews", shop).filters == (
        Filter("feedback_source", Op.IN, ("reviews",)),
    )


@pytest.mark.parametrize(
    ("then", "filters"),
    [
        ("and for the kettle?", {NEGATIVE, Filter("product", Op.IN, ("Nimbus Kettle",))}),
        ("only tickets", {NEGATIVE, Filter("feedback_source", Op.IN, ("tickets",))}),
    ],
)
def test_a_follow_up_keeps_the_question(then, filters, shop):
    first = asked("top complaints this month", shop)
    query = asked(then.replace("the kettle", "Nimbus Kettle"), shop, first, Act.REFINE)
    assert query.kind is Kind.THEMES
    assert set(query.filters) == filters
    assert query.time_range == first.time_range
    assert query.comparison == first.comparison


def test_a_new_period_moves_what_it_is_compared_with(shop):
    first = asked("what is new this month?", shop)
    query = asked("and in February?", shop, first, Act.REFINE)
    assert query.comparison is not None
    assert query.comparison.range.start == date(2026, 1, 1)
    assert query.direction is Direction.ROSE


def test_words_of_the_list_are_those_of_its_themes(shop):
    first = asked("what is new this month?", shop)
    message = ParsedMessage("show me what they say", Act.REFINE, 1.0)
    reading = read(message, shop.known, TODAY)
    query = about_the_list(reading, asked(message.text, shop, first, Act.REFINE), first, shop)
    assert query.kind is Kind.EVIDENCE
    assert Filter("theme", Op.IN, ("Battery", "Delivery")) in query.filters


def test_a_figure_of_its_own_leaves_the_mood_behind(shop):
    first = asked("top complaints this month", shop)
    query = asked("net sentiment of all feedback", shop, first, Act.REFINE)
    assert query.metrics == ("feedback_net_sentiment",)
    assert NEGATIVE not in query.filters


def test_the_rows_that_are_pointed_at_are_the_rows_shown(shop):
    query = asked("what is new this month?", shop)
    assert themes_result(query, shop).result.rows == answer("what is new this month?", shop).rows


@pytest.mark.parametrize(
    ("row", "sound"),
    [
        (ThemeRow("a", (), 50, 100, None, 10, 100), True),
        (ThemeRow("a", (), 4, 100, None, 0, 100), False),  # too few to say
        (ThemeRow("a", (), 50, 1000, None, 10, 200), False),  # more texts, the same share
        (ThemeRow("a", (), 50, 100, None, None, None), False),
    ],
)
def test_a_change_counts_by_its_share_of_all_texts(row, sound):
    assert (row.z >= 2.58) is sound


RULES = load_rules(ROOT / "knowledge" / "recommendations.yml")


def test_a_why_names_the_theme_that_grew_among_the_unhappy(shop):
    query = asked("why did net sentiment of all feedback fall this month?", shop, act=Act.EXPLAIN)
    found = show_drivers(query, shop, TODAY, (), RULES)
    assert found is not None
    assert found.text.count(". ") == 2
    assert "Battery (10 texts before, 50 now)" in found.text
    assert found.chart is not None
    assert found.chart["usermeta"]["kind"] == "waterfall"
    assert len(found.evidence) == 5
    keys = "', '".join(quote.id for quote in found.evidence)
    about = shop.warehouse.execute(
        f"SELECT count(DISTINCT source_id) AS n FROM feedback_themes WHERE theme = 'Battery' "
        f"AND source_id IN ('{keys}')"
    )
    assert about.to_pylist() == [{"n": 5}]
    assert "Battery" in found.recommendations[0].text
