"""Each mart on a warehouse whose answers can be seen by eye."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import duckdb
import numpy as np
import pytest

from analytics.build.marts import run_marts
from analytics.build.marts.forecasting import exponential_smoothing, forecast, seasonal_naive
from analytics.build.marts.turning_points import adjust
from tests.analytics.marts.conftest import AS_OF, TOOLS, fill


@pytest.fixture(scope="module")
def built() -> Iterator[duckdb.DuckDBPyConnection]:
    """The tiny warehouse with its marts; tests only read it."""
    connection = duckdb.connect()
    fill(connection)
    run_marts(connection, AS_OF, tools=TOOLS)
    yield connection
    connection.close()


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()


def test_only_the_lamp_turned(built: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        built,
        "SELECT entity_type, entity_id, day, before, after, direction FROM turning_points "
        "WHERE entity_type <> 'region' ORDER BY ALL",
    )
    assert found == [
        ("category", "Home", date(2026, 6, 1), 1.0, -0.8, "down"),
        ("product", "lamp", date(2026, 6, 1), 1.0, -0.8, "down"),
    ]


def test_too_few_reviews_turn_nothing(tiny: duckdb.DuckDBPyConnection) -> None:
    tiny.execute("DELETE FROM reviews WHERE month(created_at) = 6 AND day(created_at) > 9")
    run_marts(tiny, AS_OF)
    assert rows(tiny, "SELECT * FROM turning_points WHERE entity_type = 'product'") == []


def test_recency_frequency_and_value_are_those_of_the_orders(
    built: duckdb.DuckDBPyConnection,
) -> None:
    assert rows(
        built,
        "SELECT recency_days, frequency, monetary FROM customer_segments WHERE customer_id = 'c05'",
    ) == [(5, 12, 96.0)]


def test_segments_reach_the_customers_who_ordered(built: duckdb.DuckDBPyConnection) -> None:
    assert rows(built, "SELECT customer_id FROM customers WHERE segment IS NULL ORDER BY 1") == [
        ("c61",), ("c62",),
    ]  # fmt: skip
    frequent, seldom = (
        {row[0] for row in rows(built, f"SELECT segment FROM customers WHERE customer_id {which}")}
        for which in ("<= 'c10'", "BETWEEN 'c51' AND 'c60'")
    )
    assert frequent <= {"Champions", "Loyal"}
    assert not frequent & seldom


def test_what_goes_together_is_similar(built: duckdb.DuckDBPyConnection) -> None:
    assert rows(built, "SELECT product_id, similar_id FROM similar_products ORDER BY 1") == [
        ("cup", "saucer"), ("saucer", "cup"),
    ]  # fmt: skip


def test_who_lacks_the_saucer_is_offered_it_first(built: duckdb.DuckDBPyConnection) -> None:
    offers = rows(
        built,
        "SELECT product_id, rank, reason FROM recommendations WHERE customer_id = 'c30' "
        "ORDER BY rank",
    )
    assert offers[0] == ("saucer", 1, "Often bought together with Blue Cup")
    assert offers[1] == ("lamp", 2, "Popular in the last 90 days")


def test_nobody_is_offered_what_they_have(built: duckdb.DuckDBPyConnection) -> None:
    assert rows(
        built, "SELECT * FROM recommendations SEMI JOIN order_items USING (customer_id, product_id)"
    ) == []  # fmt: skip


def test_like_customers_buy_alike(built: duckdb.DuckDBPyConnection) -> None:
    across = rows(
        built,
        "SELECT count(*) FROM similar_customers "
        "WHERE (customer_id <= 'c30') <> (similar_id <= 'c30') OR customer_id = similar_id",
    )
    assert across == [(0,)]


def test_themes_tell_the_two_products_apart(built: duckdb.DuckDBPyConnection) -> None:
    mixed = rows(
        built,
        "SELECT theme_id FROM feedback_themes f JOIN reviews r ON r.review_id = f.source_id "
        "WHERE f.source = 'reviews' GROUP BY theme_id HAVING count(DISTINCT product_id) > 1",
    )
    assert mixed == []
    assert len(rows(built, "SELECT DISTINCT theme_id FROM feedback_themes")) > 1


def test_forecasts_start_with_the_period_in_progress(built: duckdb.DuckDBPyConnection) -> None:
    first = dict(rows(built, "SELECT grain, min(period) FROM forecasts GROUP BY 1"))
    # 30 June 2026 is a Tuesday and the last day of a month.
    assert first["week"] == date(2026, 6, 29)
    assert first["month"] == date(2026, 7, 1)


def test_intervals_are_nested_and_bounded(built: duckdb.DuckDBPyConnection) -> None:
    nested = "lo95 <= lo80 AND lo80 <= yhat AND yhat <= hi80 AND hi80 <= hi95"
    low = "CASE metric WHEN 'net_sentiment' THEN -1 ELSE 0 END"
    assert rows(built, f"SELECT * FROM forecasts WHERE NOT ({nested} AND lo95 >= {low})") == []


def test_model_runs_carry_the_date_of_the_data(built: duckdb.DuckDBPyConnection) -> None:
    assert rows(built, "SELECT DISTINCT trained_at FROM model_runs") == [
        (datetime(2026, 6, 30, 23, 59, 59),)
    ]


def test_benjamini_hochberg_by_hand() -> None:
    # Four tests: p * 4 / rank, made monotone from the largest down.
    adjusted = adjust(np.array([0.01, 0.04, 0.03, 0.5]))
    assert np.allclose(adjusted, [0.04, 0.04 * 4 / 3, 0.04 * 4 / 3, 0.5])


@pytest.mark.parametrize("seed", range(20))
def test_adjusting_never_makes_a_finding_surer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p_values = rng.random(rng.integers(1, 30)) ** 3
    adjusted = adjust(p_values)
    assert np.all(adjusted >= p_values - 1e-12)
    assert np.all(adjusted <= 1)
    order = np.argsort(p_values)
    assert np.all(np.diff(adjusted[order]) >= -1e-12)


def test_the_seasonal_method_repeats_the_season() -> None:
    past = np.array([9.0, 1.0, 2.0, 3.0])
    assert seasonal_naive(3)(past, 5).tolist() == [1, 2, 3, 1, 2]


def test_smoothing_a_constant_gives_the_constant() -> None:
    assert exponential_smoothing(np.full(20, 4.0), 3).tolist() == [4, 4, 4]


def test_a_short_series_has_no_forecast() -> None:
    assert forecast(np.arange(11.0), 12, 3) is None


def test_a_pure_season_is_found_and_forecast_without_error() -> None:
    series = np.tile([1.0, 5.0, 2.0, 8.0], 8)
    found = forecast(series, 4, 4)
    assert found is not None
    assert found.method == "seasonal naive"
    assert found.yhat.tolist() == [1, 5, 2, 8]
    assert found.mase == 0


def test_a_wandering_level_is_smoothed() -> None:
    steps = np.random.default_rng(1).normal(0, 1, 120)
    found = forecast(100 + steps.cumsum(), 52, 8)
    assert found is not None
    assert found.method == "exponential smoothing"


def test_intervals_cover_about_what_they_promise() -> None:
    """On noise around a level, 80 % intervals hold about 80 % of the values to come."""
    rng = np.random.default_rng(3)
    inside80, inside95 = [], []
    for _ in range(60):
        series = 50 + rng.normal(0, 5, 66)
        found = forecast(series[:60], 12, 6)
        assert found is not None
        bounds = found.columns()
        inside80.append((bounds["lo80"] <= series[60:]) & (series[60:] <= bounds["hi80"]))
        inside95.append((bounds["lo95"] <= series[60:]) & (series[60:] <= bounds["hi95"]))
    assert 0.72 <= np.mean(inside80) <= 0.92
    assert 0.9 <= np.mean(inside95) <= 1.0
