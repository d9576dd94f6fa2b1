# ruff: noqa: E501 — SQL reads best on one line
"""Time in figures, from the words to the rows, against SQL written by hand: parts of time, the company's
calendar, best and worst steps, averages of days."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from analytics.analyst.context import Context, open_context
from analytics.catalog.calendar import Calendar
from analytics.catalog.load import load_catalog
from analytics.query.execute import execute
from analytics.sources.warehouse import Warehouse
from analytics.types import Act, Clarification, Kind, ParsedMessage, TimeRange
from analytics.understand.language import load_vocabulary
from analytics.understand.read import read
from analytics.understand.reading import Reading, ValueMention
from analytics.understand.resolve import Resolution, resolve
from analytics.understand.resolver.asked import Asked
from analytics.understand.resolver.periods import main_and_baseline
from analytics.understand.values import Value
from tests.analytics.core.world import StemEncoder

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 5, 27)  # a Wednesday
_WRITE = """
CREATE TABLE order_items AS SELECT 'o' || i AS order_id, 1 AS line, 'c' || (i % 7) AS customer_id, 'p' || (i % 3) AS product_id,
    TIMESTAMP '2025-01-15 06:00:00' + to_minutes((i * 311)::int) AS ordered_at, 1 + i % 3 AS quantity, 10.0 AS unit_price,
    0.0 AS discount, ((i * 7919) % 101)::double AS revenue, ['web', 'store'][1 + i % 2] AS channel, NULL::varchar AS campaign_id,
    's' || (i % 2) AS store_id, false AS returned
    FROM range(2305) t(i) WHERE TIMESTAMP '2025-01-15 06:00:00' + to_minutes((i * 311)::int) < TIMESTAMP '2026-05-28';
CREATE TABLE products AS SELECT 'p' || i AS product_id, 'Product ' || i AS product_name, 'Things' AS category, 'Acme' AS brand,
    10.0 AS price, DATE '2025-03-03' + (i * 50)::int AS launched_on FROM range(3) t(i);
CREATE TABLE campaigns AS SELECT * FROM (VALUES ('m1', 'Black Friday', 'social', DATE '2025-11-20', DATE '2025-12-01'),
    ('m2', 'Spring Sale', 'email', DATE '2026-03-01', DATE '2026-03-31')) t(campaign_id, campaign_name, channel, started_on, ended_on);
CREATE TABLE stores AS SELECT 's' || i AS store_id, 'Store ' || i AS store_name, 'North' AS region FROM range(2) t(i);
CREATE TABLE ad_spend AS SELECT DATE '2025-01-15' + i::int AS day, NULL::varchar AS campaign_id, 'web' AS channel, (i % 13)::double AS spend,
    100 AS impressions, 5 AS clicks FROM range(498) t(i);
CREATE TABLE build_info AS SELECT 'b' AS build_id, TIMESTAMP '2026-05-27' AS built_at, DATE '2026-05-27' AS data_as_of, 'test' AS source, 0 AS rows;
"""
PLAIN, COMPANY = Calendar(), Calendar(week_start=6, fiscal_start=2)


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> dict[Calendar, Context]:
    """A shop's orders of 500 days, by two calendars."""
    path = tmp_path_factory.mktemp("time") / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(_WRITE)
    warehouse, catalog = Warehouse.open(path), load_catalog(ROOT / "knowledge" / "catalog")
    vocabulary = load_vocabulary(ROOT / "knowledge" / "language")
    return {
        cal: open_context(warehouse, catalog, vocabulary, StemEncoder(), (), cal)
        for cal in (PLAIN, COMPANY)
    }


def _resolved(text: str, context: Context) -> Resolution | Clarification:
    message = ParsedMessage(text, Act.ASK, 1.0)
    return resolve(message, read(message, context.known, TODAY), context.known, None, TODAY)


def _rows(text: str, context: Context) -> list[tuple[object, ...]]:
    resolved = _resolved(text, context)
    assert isinstance(resolved, Resolution), resolved
    plan = context.plans.of(resolved.query)
    result = execute(resolved.query, plan, context.catalog, context.warehouse).result
    return list(result.rows)


_MAY = "ordered_at >= '2026-05-01' AND ordered_at < '2026-05-28'"
_APRIL = "ordered_at >= '2026-04-01' AND ordered_at < '2026-05-01'"
PARTS = [
    ("revenue by day of the week", "SELECT dayname(ordered_at), sum(revenue) FROM order_items GROUP BY 1, isodow(ordered_at) ORDER BY isodow(ordered_at)"),
    ("revenue by weekday last month", f"SELECT dayname(ordered_at), sum(revenue) FROM order_items WHERE {_APRIL} GROUP BY 1, isodow(ordered_at) ORDER BY isodow(ordered_at)"),
    ("orders by hour of the day", "SELECT hour(ordered_at), count(DISTINCT order_id) FROM order_items GROUP BY 1 ORDER BY 1"),
    ("orders on weekends last month", f"SELECT count(DISTINCT order_id) FROM order_items WHERE {_APRIL} AND isodow(ordered_at) >= 6"),
    # A bare weekday beside a longer period is a part of it, not the last such day against the period.
    ("monday orders this month", f"SELECT count(DISTINCT order_id) FROM order_items WHERE {_MAY} AND isodow(ordered_at) = 1"),
    ("Saturday revenue in April", f"SELECT sum(revenue) FROM order_items WHERE {_APRIL} AND isodow(ordered_at) = 6"),
    ("orders on Mondays this month", f"SELECT count(DISTINCT order_id) FROM order_items WHERE {_MAY} AND isodow(ordered_at) = 1"),
    ("revenue weekday vs weekend last month", f"SELECT if(isodow(ordered_at) < 6, 'Weekday', 'Weekend'), sum(revenue) FROM order_items WHERE {_APRIL} GROUP BY 1 ORDER BY 1"),
    ("revenue in the morning last month", f"SELECT sum(revenue) FROM order_items WHERE {_APRIL} AND hour(ordered_at) BETWEEN 6 AND 11"),
    ("revenue at night last month", f"SELECT sum(revenue) FROM order_items WHERE {_APRIL} AND (hour(ordered_at) >= 22 OR hour(ordered_at) < 6)"),
    ("busiest day of the week for orders", "SELECT dayname(ordered_at), count(DISTINCT order_id) FROM order_items GROUP BY 1 ORDER BY 2 DESC, min(isodow(ordered_at)) LIMIT 1"),
    ("peak hour for orders", "SELECT hour(ordered_at), count(DISTINCT order_id) FROM order_items GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"),
    ("revenue by month of the year", "SELECT monthname(ordered_at), sum(revenue) FROM order_items GROUP BY 1, month(ordered_at) ORDER BY month(ordered_at)"),
    ("orders by weekday and hour", "SELECT dayname(ordered_at), hour(ordered_at), count(DISTINCT order_id) FROM order_items GROUP BY 1, 2, isodow(ordered_at) ORDER BY isodow(ordered_at), 2"),
    ("ad spend by day of the week", "SELECT dayname(day), sum(spend) FROM ad_spend GROUP BY 1, isodow(day) ORDER BY isodow(day)"),
]  # fmt: skip


def _same(rows: list[tuple[object, ...]], wanted: list[tuple[object, ...]]) -> None:
    assert len(rows) == len(wanted)
    for row, want in zip(rows, wanted, strict=True):
        assert row[: len(want)] == pytest.approx(want) if len(want) == 1 else True
        for got, expected in zip(row, want, strict=False):
            assert got == (pytest.approx(expected) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(("text", "sql"), PARTS, ids=[text for text, _ in PARTS])
def test_parts_of_time(text: str, sql: str, contexts: dict[Calendar, Context]) -> None:
    context = contexts[PLAIN]
    wanted = [tuple(r.values()) for r in context.warehouse.execute(sql).to_pylist()]
    _same(_rows(text, context), wanted)


def test_nothing_is_held_against_days_to_come(contexts: dict[Calendar, Context]) -> None:
    found = _resolved("revenue vs this year", contexts[PLAIN])
    assert isinstance(found, Clarification)
    assert found.issues[0].code == "no_other_period"
    assert found.issues[0].suggestions


def test_two_values_of_one_dimension_are_compared_whatever_else_their_words_mean(
    contexts: dict[Calendar, Context],
) -> None:
    """ "bigger in the app than on the web this year": the year is that of both, not a later one."""
    app = ValueMention((Value("traffic", "app", "app"), Value("channel", "app", "app")), "app", 3)
    web = ValueMention((Value("channel", "web", "web"), Value("traffic2", "web", "web")), "web", 7)
    year = TimeRange(date(2026, 1, 1), date(2026, 5, 28), "this year", partial=True)
    reading = Reading(values=(app, web), times=(year,), time_positions=(8,), versus_at=5)
    asked = Asked(reading, contexts[PLAIN].known, TODAY)
    assert main_and_baseline(asked) == (year, None)


def test_days_have_no_hours(contexts: dict[Calendar, Context]) -> None:
    spend = contexts[PLAIN].catalog.models["ad_spend"]
    names = {d.name for d in spend.dimensions}
    assert "weekday" in names
    assert not {"hour_of_day", "part_of_day"} & names


def test_the_average_monday_is_no_sum_of_mondays(contexts: dict[Calendar, Context]) -> None:
    context = contexts[PLAIN]
    sql = f"""SELECT w, avg(total) FROM (SELECT d::date AS day, dayname(d) AS w, isodow(d) AS n, coalesce(sum(revenue), 0) AS total
        FROM range(TIMESTAMP '2026-04-01', TIMESTAMP '2026-05-01', INTERVAL 1 DAY) t(d)
        LEFT JOIN order_items ON ordered_at::date = d::date AND {_APRIL} GROUP BY ALL) GROUP BY w, n ORDER BY n"""
    wanted = [tuple(r.values()) for r in context.warehouse.execute(sql).to_pylist()]
    _same([row[:2] for row in _rows("average revenue by weekday last month", context)], wanted)


CALENDAR = [
    ("revenue by week this month", "SELECT (date_trunc('week', ordered_at + INTERVAL 1 DAY) - INTERVAL 1 DAY)::date, sum(revenue) FROM order_items WHERE ordered_at >= '2026-05-01' AND ordered_at < '2026-05-28' GROUP BY 1 ORDER BY 1"),
    ("revenue by quarter", "SELECT (date_trunc('quarter', ordered_at - INTERVAL 1 MONTH) + INTERVAL 1 MONTH)::date, sum(revenue) FROM order_items GROUP BY 1 ORDER BY 1"),
    ("revenue by year", "SELECT make_date(year(ordered_at) - (month(ordered_at) < 2)::int, 2, 1), sum(revenue) FROM order_items GROUP BY 1 ORDER BY 1"),
    ("revenue this week", "SELECT sum(revenue) FROM order_items WHERE ordered_at >= '2026-05-24'"),
    ("revenue last quarter", "SELECT sum(revenue) FROM order_items WHERE ordered_at >= '2026-02-01' AND ordered_at < '2026-05-01'"),
    ("revenue this year", "SELECT sum(revenue) FROM order_items WHERE ordered_at >= '2026-02-01'"),
    ("revenue in FY26", "SELECT sum(revenue) FROM order_items WHERE ordered_at >= '2025-02-01' AND ordered_at < '2026-02-01'"),
    ("revenue in Q1 FY27", "SELECT sum(revenue) FROM order_items WHERE ordered_at >= '2026-02-01' AND ordered_at < '2026-05-01'"),
    ("revenue in calendar Q1", "SELECT sum(revenue) FROM order_items WHERE ordered_at >= '2026-01-01' AND ordered_at < '2026-04-01'"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sql"), CALENDAR, ids=[text for text, _ in CALENDAR])
def test_the_company_calendar(text: str, sql: str, contexts: dict[Calendar, Context]) -> None:
    context = contexts[COMPANY]
    wanted = [tuple(r.values()) for r in context.warehouse.execute(sql).to_pylist()]
    _same(_rows(text, context), wanted)


STEPS = [
    # The week of 12 January 2025 holds five days of data, that of 25 May 2026 three: neither is the worst.
    ("our worst week for revenue", "SELECT date_trunc('week', ordered_at)::date AS w, sum(revenue) FROM order_items WHERE ordered_at >= '2025-01-20' AND ordered_at < '2026-05-25' GROUP BY 1 ORDER BY 2, 1 LIMIT 1"),
    ("worst month for revenue this year", "SELECT date_trunc('month', ordered_at)::date, sum(revenue) FROM order_items WHERE ordered_at >= '2026-01-01' AND ordered_at < '2026-05-01' GROUP BY 1 ORDER BY 2, 1 LIMIT 1"),
    ("best month ever for revenue", "SELECT date_trunc('month', ordered_at)::date, sum(revenue) FROM order_items GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"),
    ("record day for revenue", "SELECT ordered_at::date, sum(revenue) FROM order_items GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1"),
    ("each store's best month by revenue", "SELECT m, store_name, r FROM (SELECT date_trunc('month', ordered_at)::date AS m, store_name, sum(revenue) AS r, row_number() OVER (PARTITION BY store_name ORDER BY sum(revenue) DESC, 1) AS n FROM order_items JOIN stores USING (store_id) GROUP BY 1, 2) WHERE n = 1 ORDER BY store_name"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sql"), STEPS, ids=[text for text, _ in STEPS])
def test_best_and_worst_steps(text: str, sql: str, contexts: dict[Calendar, Context]) -> None:
    context = contexts[PLAIN]
    wanted = [tuple(r.values()) for r in context.warehouse.execute(sql).to_pylist()]
    _same(_rows(text, context), wanted)


def test_a_period_without_a_whole_step_has_no_worst(contexts: dict[Calendar, Context]) -> None:
    found = _resolved("worst quarter for revenue this month", contexts[PLAIN])
    assert isinstance(found, Clarification)
    assert found.issues[0].code == "no_whole_step"


def test_when_asks_which_step(contexts: dict[Calendar, Context]) -> None:
    found = _resolved("when was revenue highest?", contexts[PLAIN])
    assert isinstance(found, Clarification)
    assert found.issues[0].code == "which_step"
    for text in found.issues[0].suggestions:
        again = _resolved(text, contexts[PLAIN])
        assert isinstance(again, Resolution)
        assert again.query.kind is Kind.RANKING


ANCHORS = [
    ("revenue since the launch of Product 1", "SELECT sum(revenue) FROM order_items WHERE ordered_at >= '2025-04-22'"),
    ("revenue of Product 1 since launch", "SELECT sum(revenue) FROM order_items WHERE product_id = 'p1' AND ordered_at >= '2025-04-22'"),
    ("revenue of Product 2 in the first 30 days after its launch", "SELECT sum(revenue) FROM order_items WHERE product_id = 'p2' AND ordered_at >= '2025-06-11' AND ordered_at < '2025-07-11'"),
    ("orders during the Black Friday campaign", "SELECT count(DISTINCT order_id) FROM order_items WHERE ordered_at >= '2025-11-20' AND ordered_at < '2025-12-02'"),
    ("orders after the black friday campaign", "SELECT count(DISTINCT order_id) FROM order_items WHERE ordered_at >= '2025-12-02'"),
    ("orders before the spring sale campaign", "SELECT count(DISTINCT order_id) FROM order_items WHERE ordered_at < '2026-03-01'"),
    ("orders before and after the spring sale campaign", "SELECT count(DISTINCT order_id) FILTER (WHERE ordered_at >= '2026-04-01'), count(DISTINCT order_id) FILTER (WHERE ordered_at >= '2026-01-03' AND ordered_at < '2026-03-01') FROM order_items"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sql"), ANCHORS, ids=[text for text, _ in ANCHORS])
def test_periods_told_from_things(text: str, sql: str, contexts: dict[Calendar, Context]) -> None:
    context = contexts[PLAIN]
    wanted = [tuple(r.values()) for r in context.warehouse.execute(sql).to_pylist()]
    _same([row[: len(wanted[0])] for row in _rows(text, context)], wanted)


@pytest.mark.parametrize("text", ["revenue since launch", "revenue before the campaign"])
def test_what_is_not_named_is_asked(text: str, contexts: dict[Calendar, Context]) -> None:
    found = _resolved(text, contexts[PLAIN])
    assert isinstance(found, Clarification)
    assert found.issues[0].code == "which_anchor"
    for suggestion in found.issues[0].suggestions:
        assert isinstance(_resolved(suggestion, contexts[PLAIN]), Resolution)


def test_the_average_weekend_day_is_over_weekend_days(contexts: dict[Calendar, Context]) -> None:
    context = contexts[PLAIN]
    sql = f"SELECT sum(revenue) / 8 FROM order_items WHERE {_APRIL} AND isodow(ordered_at) >= 6"
    wanted = [tuple(r.values()) for r in context.warehouse.execute(sql).to_pylist()]
    rows = _rows("average daily revenue on weekends last month", context)
    _same([row[:1] for row in rows], wanted)


def test_the_month_before_is_before_the_one_named(contexts: dict[Calendar, Context]) -> None:
    context = contexts[PLAIN]
    sql = "SELECT sum(revenue) FILTER (WHERE month(ordered_at) = 3), sum(revenue) FILTER (WHERE month(ordered_at) = 2) FROM order_items WHERE year(ordered_at) = 2026"
    wanted = [tuple(r.values()) for r in context.warehouse.execute(sql).to_pylist()]
    rows = _rows("revenue in March compared to the month before", context)
    _same([row[:2] for row in rows], wanted)
