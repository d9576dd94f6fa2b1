"""The demo's customers: where they live, how old they are, what they like, how often they buy."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa

from analytics.demo import dice, season
from analytics.demo.company import CATEGORIES, PLACES, REGIONS
from analytics.demo.dice import Bools, Floats, Ints

CUSTOMERS: Final = 4_000
"""Customers at scale 1."""

AGE_BANDS: Final = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
GENDERS: Final = ("female", "male", "other")
ACQUISITION: Final = ("search", "social", "email", "referral", "store", "affiliate", "display")
TASTES: Final = ("audio", "gaming", "cooking", "home", "office")

# Taste (rows) by category (columns, as in CATEGORIES): how much more likely a purchase is.
TASTE_FOR_CATEGORY: Final = np.array(
    [
        [4.0, 0.8, 0.8, 1.2, 0.4, 0.4, 0.7, 1.2],
        [1.4, 1.6, 0.7, 0.6, 0.4, 0.3, 0.7, 4.5],
        [0.5, 0.4, 0.8, 0.8, 4.2, 1.3, 1.0, 0.4],
        [0.5, 0.4, 2.2, 0.8, 1.3, 3.2, 1.8, 0.5],
        [1.3, 4.0, 1.0, 1.3, 0.6, 0.4, 0.8, 0.6],
    ]
)
# Age band (rows) by taste (columns).
AGE_FOR_TASTE: Final = np.array(
    [
        [3.0, 3.5, 0.6, 0.4, 1.5],
        [2.2, 2.2, 1.5, 1.3, 2.2],
        [1.3, 1.3, 2.0, 2.2, 2.2],
        [1.0, 0.6, 2.2, 2.4, 1.6],
        [0.8, 0.3, 2.2, 2.6, 0.9],
        [0.5, 0.1, 2.0, 2.8, 0.4],
    ]
)
FIRST_ACQUISITION: Final = date(2022, 3, 1)


@dataclass(frozen=True)
class Population:
    """Columns of all customers, sorted by the day they were acquired.

    `acquired` and `leaves` are day numbers (before the demo's start: negative); `rate` is how
    often a customer buys relative to others; `place`, `age`, `gender` (-1 unknown), `channel` and
    `taste` index the tuples of this module and of `company`.
    """

    acquired: Ints
    leaves: Ints
    rate: Floats
    place: Ints
    age: Ints
    gender: Ints
    channel: Ints
    taste: Ints
    mildness: Floats
    account: Ints

    def __len__(self) -> int:
        return len(self.acquired)

    def region(self) -> Ints:
        """Index into REGIONS for each customer."""
        of_place = np.array([REGIONS.index(p.region) for p in PLACES])
        return np.asarray(of_place[self.place])

    def only(self, members: Ints) -> Population:
        """The population of the given members (sorted indices) alone."""
        return Population(**{f.name: getattr(self, f.name)[members] for f in fields(self)})

    def pick(self, rng: np.random.Generator, days: Ints) -> Ints:
        """A customer for each day: acquired by then, mostly one who still buys, by rate."""
        cumulated = np.cumsum(self.rate)
        known = np.searchsorted(self.acquired, days, side="right")
        ceiling = cumulated[np.maximum(known - 1, 0)]
        picked = np.searchsorted(cumulated, rng.random(len(days)) * ceiling)
        for _ in range(4):
            gone = self.leaves[picked] < days
            again = np.searchsorted(cumulated, rng.random(int(gone.sum())) * ceiling[gone])
            picked[gone] = again
        return np.asarray(np.minimum(picked, len(self) - 1))


def _acquisition_days(rng: np.random.Generator, count: int) -> Ints:
    """Two in five customers came before the demo starts, the rest over its time, growing."""
    earlier = rng.random(count) < 0.4
    first = season.day_number(FIRST_ACQUISITION)
    before = (first * rng.random(count) ** 1.5).astype(np.int64) - 1
    during = dice.choose(rng, season.growth(0.1) * season.shopping_year(), count)
    return np.sort(np.where(earlier, before, during))


def _accounts(rng: np.random.Generator, count: int) -> Ints:
    """One account each; one customer in eight shares a company account with about seven others."""
    shared = rng.random(count) < 0.125
    companies = 1 + count // 64
    return np.where(
        shared, rng.integers(1, companies + 1, count), companies + np.arange(1, count + 1)
    )


def populate(scale: float, seed: int) -> Population:
    """Draw `CUSTOMERS * scale` customers."""
    rng = dice.generator(seed, "customers")
    count = dice.clip_count(CUSTOMERS * scale)
    acquired = _acquisition_days(rng, count)
    age = dice.choose(rng, np.array([0.13, 0.24, 0.22, 0.18, 0.13, 0.10]), count)
    channel_weights = np.array([0.28, 0.2, 0.1, 0.16, 0.14, 0.07, 0.05])
    unknown: Bools = rng.random(count) < 0.05
    return Population(
        acquired=acquired,
        leaves=acquired + 60 + rng.exponential(700, count).astype(np.int64),
        rate=rng.gamma(0.9, 1.0, count) + 0.02,
        place=dice.choose(rng, np.array([p.weight for p in PLACES]), count),
        age=age,
        gender=np.where(unknown, -1, dice.choose(rng, np.array([0.5, 0.48, 0.02]), count)),
        channel=dice.choose(rng, channel_weights, count),
        taste=dice.choose_by_row(rng, AGE_FOR_TASTE[age]),
        mildness=rng.normal(0, 0.35, count),
        account=_accounts(rng, count),
    )


def customers_table(people: Population) -> pa.Table:
    """The `customers` table, without `segment`."""
    picked = people.place
    return pa.table(
        {
            "customer_id": dice.ids("C", np.arange(1, len(people) + 1)),
            "country": dice.named(tuple(p.country for p in PLACES), picked),
            "region": dice.named(tuple(p.region for p in PLACES), picked),
            "city": dice.named(tuple(p.city for p in PLACES), picked),
            "gender": dice.named(GENDERS, people.gender),
            "age_band": dice.named(AGE_BANDS, people.age),
            "acquired_on": pa.array(season.date_column(people.acquired)),
            "acquisition_channel": dice.named(ACQUISITION, people.channel),
            "account_id": dice.ids("A", people.account, 6),
        }
    )


def taste_weights() -> Floats:
    """How strongly each taste (rows) is drawn to each category (columns)."""
    assert TASTE_FOR_CATEGORY.shape == (len(TASTES), len(CATEGORIES))
    return TASTE_FOR_CATEGORY
