"""The demo's calendar: how busy each day is, through the week, the year and with growth."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

import numpy as np

from analytics.demo import dice
from analytics.demo.company import CATEGORIES, DEMO_AS_OF, DEMO_START
from analytics.demo.dice import Floats, Ints, Times

DAYS: Final = (DEMO_AS_OF - DEMO_START).days + 1
"""Number of days with data; day 0 is DEMO_START."""

YEARLY_GROWTH: Final = 0.16
WEEK_SHOPPING: Final = (0.92, 0.9, 0.94, 1.0, 1.1, 1.2, 1.05)
WEEK_OFFICE: Final = (1.25, 1.15, 1.1, 1.08, 1.0, 0.72, 0.7)

# Weight of each hour of the day, 0 to 23.
HOURS_ONLINE: Final = (
    2, 1, 1, 1, 1, 1, 2, 4, 5, 6, 6, 6, 7, 7, 6, 6, 6, 7, 9, 11, 13, 12, 8, 4,
)  # fmt: skip
HOURS_SHOP: Final = (
    0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 5, 7, 9, 8, 7, 7, 8, 10, 9, 5, 0, 0, 0, 0,
)  # fmt: skip


def day_number(day: date) -> int:
    """Days since DEMO_START (may be negative or beyond the last)."""
    return (day - DEMO_START).days


def day_span(first: date, last: date) -> slice:
    """The day numbers from `first` to `last`, both included, cut to the demo's time."""
    return slice(max(day_number(first), 0), max(min(day_number(last) + 1, DAYS), 0))


@cache
def dates() -> tuple[date, ...]:
    """Every day of the demo."""
    return tuple(DEMO_START + timedelta(days=n) for n in range(DAYS))


@cache
def weekdays() -> Ints:
    """Weekday of each day, Monday = 0."""
    return np.array([d.weekday() for d in dates()], dtype=np.int64)


@cache
def year_part() -> Floats:
    """Position of each day in its year, 0 (1 January) to 1."""
    return np.array([(d.timetuple().tm_yday - 1) / 365.25 for d in dates()])


def bump(center: float, width: float) -> Floats:
    """A bell of height 1 around `center` (part of the year), wrapping over the new year."""
    distance = np.abs(year_part() - center)
    distance = np.minimum(distance, 1 - distance)
    return np.asarray(np.exp(-0.5 * (distance / width) ** 2))


def growth(yearly: float = YEARLY_GROWTH) -> Floats:
    """Compound growth since the first day."""
    return np.asarray((1 + yearly) ** (np.arange(DAYS) / 365.25))


def week(pattern: tuple[float, ...]) -> Floats:
    """The weekly pattern laid over all days."""
    return np.asarray(pattern)[weekdays()]


def shopping_year() -> Floats:
    """Black Friday and Christmas up, July and August down."""
    return 1 + 0.75 * bump(0.905, 0.018) + 0.7 * bump(0.955, 0.02) - 0.16 * bump(0.58, 0.06)


def jitter(seed: int, name: str, size: float = 0.06) -> Floats:
    """Day-to-day noise, a factor around 1."""
    return np.asarray(np.exp(dice.generator(seed, "jitter " + name).normal(0, size, DAYS)))


def busyness(seed: int, name: str, pattern: tuple[float, ...] = WEEK_SHOPPING) -> Floats:
    """How busy each day is, relative to others: growth, year, week and noise."""
    return growth() * shopping_year() * week(pattern) * jitter(seed, name)


@cache
def category_seasons() -> Floats:
    """Demand factor by (day, category)."""
    factors = np.ones((DAYS, len(CATEGORIES)))
    column = {name: CATEGORIES.index(name) for name in CATEGORIES}
    factors[:, column["Climate"]] += 1.9 * bump(0.52, 0.07) + 0.5 * bump(0.98, 0.06) - 0.35
    factors[:, column["Kitchen"]] += 0.3 * bump(0.95, 0.03)
    factors[:, column["Wearables"]] += 0.5 * bump(0.02, 0.03)
    factors[:, column["Computing"]] += 0.45 * bump(0.66, 0.035)
    factors[:, column["TV and Gaming"]] += 0.5 * bump(0.93, 0.04)
    return factors


def moments(days: Ints, hours: tuple[int, ...], rng: np.random.Generator) -> Times:
    """A timestamp (UTC, whole seconds) within each day, its hour drawn from `hours`."""
    weights = np.cumsum(np.asarray(hours, dtype=np.float64))
    hour = np.searchsorted(weights, rng.random(len(days)) * weights[-1], side="right")
    seconds = days * 86_400 + hour * 3_600 + rng.integers(0, 3_600, len(days))
    return moments_from_seconds(seconds)


def moments_from_seconds(seconds: Ints) -> Times:
    """Seconds since the start of DEMO_START to timestamps in microseconds."""
    start = np.datetime64(DEMO_START, "us")
    return start + (seconds * 1_000_000).astype("timedelta64[us]")


def end_of_demo() -> np.datetime64:
    """The first moment without data."""
    return np.datetime64(DEMO_AS_OF + timedelta(days=1), "us")


def date_column(days: Ints) -> Times:
    """Day numbers to dates."""
    return np.datetime64(DEMO_START, "D") + days.astype("timedelta64[D]")
