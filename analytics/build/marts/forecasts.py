"""`forecasts`: where the main figures are heading, with the error of the past."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import duckdb
import numpy as np
import pandas as pd

from analytics.build.marts.forecasting import Floats, Forecast, forecast
from analytics.build.marts.mart import Mart, NotEnoughDataError
from analytics.build.marts.tables import has_column, read, record_run, write

COLUMNS: Final = {
    "metric": "VARCHAR", "entity_type": "VARCHAR", "entity_id": "VARCHAR", "period": "DATE",
    "grain": "VARCHAR", "yhat": "DOUBLE", "lo80": "DOUBLE", "hi80": "DOUBLE", "lo95": "DOUBLE",
    "hi95": "DOUBLE", "model": "VARCHAR", "mase": "DOUBLE",
}  # fmt: skip

EVERYTHING: Final = "all"
MAX_CATEGORIES: Final = 20
MAX_MISSING: Final = 0.2


@dataclass(frozen=True)
class Grain:
    """A length of period: how many make a year, and how many to forecast."""

    name: str
    season: int
    horizon: int


@dataclass(frozen=True)
class ForecastMetric:
    """What is forecast: `value` is SQL over one table, dated by `time`; `low`, `high` its bounds.

    A period without rows counts as 0 if `gaps_are_zero`, otherwise as unknown.
    """

    name: str
    table: str
    time: str
    value: str
    low: float
    high: float
    gaps_are_zero: bool


GRAINS: Final = (Grain("week", 52, 12), Grain("month", 12, 6))
METRICS: Final = (
    ForecastMetric("revenue", "order_items", "ordered_at", "sum(f.revenue)", 0, np.inf, True),
    ForecastMetric(
        "orders", "order_items", "ordered_at", "count(DISTINCT f.order_id)", 0, np.inf, True
    ),
    ForecastMetric("review_count", "reviews", "created_at", "count(*)", 0, np.inf, True),
    ForecastMetric(
        "net_sentiment",
        "reviews",
        "created_at",
        "avg(CASE f.sentiment WHEN 'positive' THEN 1 WHEN 'negative' THEN -1 "
        "WHEN 'neutral' THEN 0 END)",
        -1,
        1,
        False,
    ),
)


@dataclass(frozen=True)
class Series:
    """Complete periods of one metric for one entity; `starts` are their first days."""

    metric: ForecastMetric
    grain: Grain
    entity_type: str
    entity_id: str
    starts: pd.DatetimeIndex
    values: Floats


def _next(day: date, grain: Grain) -> date:
    """The first day of the period after the one that holds `day`."""
    if grain.name == "week":
        return day + timedelta(days=7 - day.weekday())
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _end_of_complete(as_of: date, grain: Grain) -> date:
    """First day of the period that is not complete at the end of `as_of`."""
    tomorrow = as_of + timedelta(days=1)
    starts = tomorrow.weekday() == 0 if grain.name == "week" else tomorrow.day == 1
    if starts:
        return tomorrow
    if grain.name == "week":
        return tomorrow - timedelta(days=tomorrow.weekday())
    return tomorrow.replace(day=1)


def _observed(
    connection: duckdb.DuckDBPyConnection, metric: ForecastMetric, grain: Grain, by_category: bool
) -> pd.DataFrame:
    """Values by entity and period."""
    entity = "p.category" if by_category else f"'{EVERYTHING}'"
    join = "JOIN products p ON p.product_id = f.product_id" if by_category else ""
    return read(
        connection,
        f"SELECT {entity} AS entity, date_trunc('{grain.name}', f.{metric.time})::DATE AS start, "
        f"({metric.value})::DOUBLE AS value FROM {metric.table} f {join} "
        f"WHERE {entity} IS NOT NULL GROUP BY ALL ORDER BY ALL",
    )


def _first_day(connection: duckdb.DuckDBPyConnection, metric: ForecastMetric) -> date | None:
    found = connection.execute(f"SELECT min({metric.time})::DATE FROM {metric.table}").fetchall()
    first: date | None = found[0][0]
    return first


def _complete(
    observed: pd.DataFrame, metric: ForecastMetric, grain: Grain, first: date, as_of: date
) -> tuple[pd.DatetimeIndex, Floats] | None:
    """The entity's complete periods in a row, or None where too many are unknown."""
    begins = _end_of_complete(first - timedelta(days=1), grain)
    begins = begins if begins >= first else _next(begins, grain)
    last = _end_of_complete(as_of, grain) - timedelta(days=1)
    frequency = "W-MON" if grain.name == "week" else "MS"
    starts = pd.date_range(begins, last, freq=frequency)
    values = observed.set_index(pd.DatetimeIndex(observed["start"]))["value"].reindex(starts)
    known = np.flatnonzero(values.notna())
    if len(known) == 0:
        return None
    values = values.iloc[known[0] :]
    if metric.gaps_are_zero:
        values = values.fillna(0.0)
    elif values.isna().mean() > MAX_MISSING:
        return None
    return pd.DatetimeIndex(values.index), values.ffill().to_numpy(dtype=np.float64)


def _all_series(connection: duckdb.DuckDBPyConnection, as_of: date) -> Iterator[Series]:
    categories = has_column(connection, "products", "category")
    for metric in METRICS:
        if not has_column(connection, metric.table, metric.time):
            continue
        first = _first_day(connection, metric)
        if first is None:
            continue
        for grain in GRAINS:
            for by_category in (False, True) if categories else (False,):
                yield from _series_of(connection, metric, grain, by_category, first, as_of)


def _series_of(
    connection: duckdb.DuckDBPyConnection,
    metric: ForecastMetric,
    grain: Grain,
    by_category: bool,
    first: date,
    as_of: date,
) -> Iterator[Series]:
    observed = _observed(connection, metric, grain, by_category)
    if observed["entity"].nunique() > MAX_CATEGORIES:
        return
    for entity, rows in observed.groupby("entity"):
        found = _complete(rows, metric, grain, first, as_of)
        if found is not None:
            kind = "category" if by_category else "total"
            yield Series(metric, grain, kind, str(entity), *found)


def _rows(series: Series, result: Forecast, as_of: date) -> pd.DataFrame:
    frequency = "W-MON" if series.grain.name == "week" else "MS"
    start = _end_of_complete(as_of, series.grain)
    bounds = {
        name: np.clip(values, series.metric.low, series.metric.high)
        for name, values in result.columns().items()
    }
    return pd.DataFrame(
        {
            "metric": series.metric.name,
            "entity_type": series.entity_type,
            "entity_id": series.entity_id,
            "period": pd.date_range(start, periods=series.grain.horizon, freq=frequency),
            "grain": series.grain.name,
            **bounds,
            "model": result.method,
            "mase": result.mase,
        }
    )


def run(connection: duckdb.DuckDBPyConnection, as_of: date) -> int:
    """Forecast revenue, orders, review count and net sentiment, in total and by category.

    By week (12 ahead) and by month (6 ahead), from complete periods only; the first period ahead
    is the one in progress. Per series, a rolling-origin backtest picks the method and gives its
    error and the intervals (see `forecasting`). Series that are too short are left out.
    """
    frames = []
    for series in _all_series(connection, as_of):
        result = forecast(series.values, series.grain.season, series.grain.horizon)
        if result is not None:
            frames.append(_rows(series, result, as_of))
    if not frames:
        raise NotEnoughDataError("no series of orders or reviews is long enough")
    rows = pd.concat(frames, ignore_index=True)
    named = "mase " + rows["metric"] + " " + rows["grain"]
    values = {str(name): float(mase) for name, mase in rows["mase"].groupby(named).mean().items()}
    record_run(connection, "forecasts", as_of, "rolling-origin backtest", values)
    return write(connection, "forecasts", COLUMNS, rows)


FORECASTS: Final = Mart("forecasts", ("order_items|reviews",), run)
