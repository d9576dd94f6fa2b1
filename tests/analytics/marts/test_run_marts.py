"""Marts as a whole: contract columns, same rows every time, skips and failures that harm nothing."""

from datetime import date
from functools import partial
from typing import Any

import duckdb

from analytics.build.marts import Mart, all_marts
from analytics.build.marts import run_marts as run_all_marts
from analytics.build.marts.mart import run_all
from tests.analytics.marts.conftest import AS_OF, TOOLS

MARTS = all_marts(TOOLS)
run_marts = partial(run_all_marts, tools=TOOLS)

CONTRACT = {
    "customer_segments": "customer_id segment recency_days frequency monetary behaviour",
    "forecasts": "metric entity_type entity_id period grain yhat lo80 hi80 lo95 hi95 model mase",
    "recommendations": "customer_id product_id rank score reason",
    "similar_products": "product_id similar_id score",
    "similar_customers": "customer_id similar_id score",
    "turning_points": "entity_type entity_id day metric before after p_value direction",
    "feedback": "text_id source source_id said_at product_id customer_id rating sentiment "
    "sentiment_score body stance",
    "themes": "theme_id label keywords texts first_seen found_on recent_texts earlier_texts",
    "feedback_themes": "source source_id theme_id sentiment text_id theme",
    "model_runs": "model version trained_at dataset metric value",
}


def contents(connection: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Any, ...]]]:
    return {name: connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall()
            for name in CONTRACT}  # fmt: skip


def test_all_marts_run_on_a_tiny_warehouse(tiny: duckdb.DuckDBPyConnection) -> None:
    seen: list[str] = []
    outcomes = run_marts(tiny, AS_OF, seen.append)
    assert [o.error for o in outcomes] == [None] * len(MARTS)
    assert all(o.rows > 0 and o.seconds > 0 for o in outcomes)
    assert [o.name for o in outcomes] == [mart.name for mart in MARTS]
    assert seen == [f"Computing {mart.name}" for mart in MARTS]
    for table, columns in CONTRACT.items():
        found = tiny.execute(f"SELECT * FROM {table} LIMIT 0").df()
        assert list(found.columns) == columns.split(), table


def test_running_again_changes_nothing(tiny: duckdb.DuckDBPyConnection) -> None:
    run_marts(tiny, AS_OF)
    first = contents(tiny)
    run_marts(tiny, AS_OF)
    assert contents(tiny) == first


def test_an_empty_warehouse_skips_every_mart_with_a_reason(
    empty: duckdb.DuckDBPyConnection,
) -> None:
    outcomes = run_marts(empty, AS_OF)
    assert all(o.rows == 0 and str(o.error).startswith("skipped: no table") for o in outcomes)
    assert empty.execute("SELECT count(*) FROM information_schema.tables").fetchall() == [(0,)]


def test_empty_tables_skip_or_give_no_rows(tiny: duckdb.DuckDBPyConnection) -> None:
    for table in ("order_items", "reviews", "products", "customers"):
        tiny.execute(f"DELETE FROM {table}")
    for outcome in run_marts(tiny, AS_OF):
        assert outcome.rows == 0
        assert not str(outcome.error).startswith("failed"), outcome


def test_reviews_alone_still_give_what_they_can(tiny: duckdb.DuckDBPyConnection) -> None:
    for table in ("order_items", "products", "customers"):
        tiny.execute(f"DROP TABLE {table}")
    outcomes = {o.name: o for o in run_marts(tiny, AS_OF)}
    assert outcomes["customer_segments"].error == "skipped: no table order_items"
    assert outcomes["turning_points"].rows == 1
    assert outcomes["themes"].rows > 0
    assert not [o for o in outcomes.values() if str(o.error).startswith("failed")]


def test_columns_without_values_do_not_fail_a_mart(tiny: duckdb.DuckDBPyConnection) -> None:
    tiny.execute("UPDATE products SET category = NULL, product_name = NULL, brand = NULL")
    tiny.execute("UPDATE order_items SET discount = NULL, returned = NULL")
    tiny.execute("UPDATE reviews SET sentiment = NULL, product_id = NULL")
    for outcome in run_marts(tiny, AS_OF):
        assert not str(outcome.error).startswith("failed"), outcome


def test_a_failing_mart_leaves_nothing_and_the_others_go_on(
    tiny: duckdb.DuckDBPyConnection,
) -> None:
    def half(connection: duckdb.DuckDBPyConnection, as_of: date) -> int:
        connection.execute("CREATE TABLE half AS SELECT 1 AS x")
        raise ZeroDivisionError("oops")

    def good(connection: duckdb.DuckDBPyConnection, as_of: date) -> int:
        connection.execute("CREATE TABLE good AS SELECT 1 AS x")
        return 1

    marts = (Mart("half", ("reviews",), half), Mart("good", ("reviews",), good))
    failed, went = run_all(marts, tiny, AS_OF)
    assert (failed.rows, failed.error) == (0, "failed: ZeroDivisionError: oops")
    assert (went.rows, went.error) == (1, None)
    tables = {row[0] for row in tiny.execute("SHOW TABLES").fetchall()}
    assert "half" not in tables
    assert "good" in tables


def test_data_after_the_as_of_date_is_not_seen(tiny: duckdb.DuckDBPyConnection) -> None:
    run_marts(tiny, date(2026, 5, 31))
    latest = tiny.execute("SELECT count(*) FROM turning_points").fetchall()
    assert latest == [(0,)]
    assert tiny.execute("SELECT min(recency_days) FROM customer_segments").fetchall() >= [(0,)]
