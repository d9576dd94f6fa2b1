"""A made-up shop for cases whose cause is known: dimensions, two periods of rows, realistic noise.

Noise: weekdays, good and bad days (shared by all, and of single groups, with memory from day to day),
groups of different size and level, products nested in categories, unknown values, heavy tails.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from analytics.catalog.types import Catalog, Dimension, Metric, SemanticModel, Unit
from analytics.query.relation import Tables, schemas
from analytics.types import Baseline, Comparison, Filter, Kind, Query, TimeRange

DAYS = 28
BEFORE = TimeRange(date(2026, 4, 1), date(2026, 4, 29))
NOW = TimeRange(date(2026, 4, 29), date(2026, 5, 27))
SIZES = {
    "region": 5,
    "channel": 4,
    "device": 3,
    "age": 6,
    "category": 8,
    "product": 40,
    "source": 7,
}
FREE = tuple(name for name in SIZES if name not in {"category", "product"})
METRICS = {
    "score": ("average_of", "x", Unit.NUMBER),
    "conversion": ("average_of", "case when x > 0 then 1 else 0 end", Unit.RATIO),
    "margin": ("expression", "sum(x) / sum(y)", Unit.RATIO),
    "revenue": ("expression", "sum(x)", Unit.CURRENCY),
    "orders": ("expression", "count(*)", Unit.COUNT),
}


def catalog() -> Catalog:
    """One fact with seven dimensions and five metrics."""
    dimensions = tuple(Dimension(n, n, f"{n}s", "facts", n) for n in SIZES)
    metrics = {
        name: Metric(name, name, name, "facts", unit, **{how: sql}, additive=name in {"revenue", "orders"})
        for name, (how, sql, unit) in METRICS.items()
    }  # fmt: skip
    model = SemanticModel("facts", "facts", "facts", "at", (), dimensions, tuple(metrics.values()))
    return Catalog({"facts": model}, {}, metrics, "cases")


def query(metric: str, *filters: Filter) -> Query:
    """Why did the metric change from one period to the other?"""
    comparison = Comparison(Baseline.PREVIOUS_PERIOD, BEFORE)
    return Query(
        Kind.DRIVERS, metrics=(metric,), filters=filters, time_range=NOW, comparison=comparison
    )


@dataclass(frozen=True)
class Frame:
    """A warehouse of one table, in memory."""

    rows: pd.DataFrame
    connection: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)

    def __post_init__(self) -> None:
        self.connection.register("rows", self.rows)
        self.connection.execute("CREATE TABLE facts AS SELECT * FROM rows")

    @property
    def tables(self) -> Tables:
        """Its schema."""
        described = self.connection.execute("DESCRIBE facts").fetchall()
        return schemas({"facts": {row[0]: row[1] for row in described}})

    def execute(self, sql: str) -> pa.Table:
        """The rows of a SELECT."""
        return self.connection.sql(sql).to_arrow_table()


@dataclass
class Shop:
    """One made-up world: group sizes, levels and shocks, drawn once and shared by both periods."""

    random: np.random.Generator
    spread: float = 0.3
    """How far group levels lie apart, in standard deviations of a unit."""
    shaken: float = 0.08
    """Size of day-to-day shocks to single groups' volumes."""

    def __post_init__(self) -> None:
        self.shares = {n: self._shares(size) for n, size in SIZES.items()}
        self.levels = {n: self.random.normal(0, self.spread / 2, size) for n, size in SIZES.items()}
        self.home = self.random.permutation(np.arange(SIZES["product"]) % SIZES["category"])
        self.shocked = list(self.random.choice(list(SIZES), 2, replace=False))

    def _shares(self, size: int) -> np.ndarray:
        shares = self.random.dirichlet(np.full(size, 3.0)) + 0.25 / size
        return shares / shares.sum()

    def draw(self, units: int, first: date, shares: dict[str, np.ndarray]) -> pd.DataFrame:
        """Codes of each unit of a period, and its day."""
        volume = self._volume()
        day = self.random.choice(DAYS, units, p=volume / volume.sum())
        codes = {}
        for name in SIZES:
            if name == "category":
                continue
            codes[name] = self._codes(name, day, shares[name])
        codes["category"] = self.home[codes["product"]]
        frame = pd.DataFrame(codes)
        frame["day"] = day
        frame["at"] = pd.Timestamp(first) + pd.to_timedelta(day, unit="D")
        return frame

    def _volume(self) -> np.ndarray:
        week = np.array([1, 1, 1.05, 1.1, 1.2, 1.3, 0.9])
        return week[np.arange(DAYS) % 7] * np.exp(self.random.normal(0, 0.12, DAYS))

    def _codes(self, name: str, day: np.ndarray, shares: np.ndarray) -> np.ndarray:
        size = len(shares)
        daily = np.tile(shares, (DAYS, 1))
        if name in self.shocked:
            daily = daily * np.exp(self.shaken * self._memory(size))
        daily /= daily.sum(axis=1, keepdims=True)
        edges = daily.cumsum(axis=1)[day]
        return (self.random.random((len(day), 1)) > edges[:, :-1]).sum(axis=1)

    def _memory(self, size: int) -> np.ndarray:
        """Shocks (days, size) that fade by half from a day to the next."""
        noise = self.random.normal(0, 1, (DAYS, size))
        for t in range(1, DAYS):
            noise[t] = 0.5 * noise[t - 1] + np.sqrt(0.75) * noise[t]
        return noise

    def level(self, frame: pd.DataFrame) -> np.ndarray:
        """Where a unit's group lies, in standard deviations, with good and bad days."""
        level = sum(self.levels[name][frame[name].to_numpy()] for name in SIZES)
        return np.asarray(level) + self.random.normal(0, 0.05, DAYS)[frame["day"].to_numpy()]


def named(frame: pd.DataFrame) -> pd.DataFrame:
    """Codes as words; the last source is not known."""
    words = {
        n: np.array([f"{n} {i}" for i in range(size)], dtype=object) for n, size in SIZES.items()
    }
    words["source"][-1] = None
    return frame.assign(**{n: words[n][frame[n].to_numpy()] for n in SIZES})
