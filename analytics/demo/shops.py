"""What sensors see in the demo company's shops: visits, dwell by zone, footfall and positions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from analytics.demo import dice, season
from analytics.demo.company import STORES, ZONES
from analytics.demo.dice import Bools, Floats, Ints, Part, Times
from analytics.demo.incidents import RELAYOUT

VISITS: Final = 20_000
"""Tracked visits at scale 1; they have about three zone dwells each."""
TRACKS: Final = 500
"""Tracks at scale 1, of TRACK_POINTS positions each."""
TRACK_POINTS: Final = 40
TRACK_STEP_SECONDS: Final = 4
TRACK_DAYS: Final = 210
PART_ROWS: Final = 40_000
PART_TRACKS: Final = 2_000

OPENING_HOURS: Final = range(9, 20)
PEOPLE_PER_HOUR: Final = 30.0
# Chance weight and median seconds of a stay, by zone.
ZONE_PULL: Final = np.array([1.6, 1.1, 1.0, 1.2, 0.8, 1.0, 1.3])
ZONE_SECONDS: Final = np.array([28.0, 150.0, 125.0, 185.0, 130.0, 170.0, 105.0])
CHECKOUT: Final = ZONES.index("Checkout")
# Centre of each zone in metres, in a room of 24 by 16; the door is at (12, 0).
ZONE_CENTRES: Final = np.array(
    [[12.0, 2.0], [4.0, 5.0], [20.0, 13.0], [20.0, 5.0], [4.0, 13.0], [12.0, 9.0], [12.0, 14.0]]
)


def _after_relayout(days: Ints, stores: Ints) -> Bools:
    names = [s.name for s in STORES]
    changed = stores == names.index(RELAYOUT.store)
    return np.asarray(changed & (days >= season.day_number(RELAYOUT.day)))


def _relayout_factor() -> Floats:
    """What the new layout multiplies each zone's dwell by."""
    factors = np.ones(len(ZONES))
    for zone, factor in RELAYOUT.dwell_after:
        factors[ZONES.index(zone)] = factor
    return factors


@dataclass(frozen=True)
class Walks:
    """Visits of a part; `zone` and `stay` are by (visit, stop), -1 and 0 beyond the last stop."""

    stores: Ints
    visitors: Ints
    entered: Times
    zone: Ints
    stay: Floats
    gap: Floats

    def arrival(self) -> Floats:
        """Seconds from the door to each stop, by (visit, stop)."""
        return np.asarray(np.cumsum(self.gap + self.stay, axis=1) - self.stay)


def _stops(rng: np.random.Generator, pull: Floats, count: Ints) -> Ints:
    """Distinct zones for each visit, `count` of them, drawn by weight; the checkout comes last.

    Weighted sampling without replacement by exponential keys (Efraimidis and Spirakis, 2006).
    """
    order = np.argsort(rng.exponential(1, pull.shape) / pull, axis=1)
    order = np.where(np.arange(len(ZONES)) < count[:, None], order, -1)
    rank = np.where(order == CHECKOUT, len(ZONES), np.arange(len(ZONES)))
    rank = np.where(order < 0, len(ZONES) + 1, rank)
    return np.take_along_axis(order, np.argsort(rank, axis=1), axis=1)


def _walks(part: Part, day_weights: Floats, seed: int) -> Walks:
    rng = dice.generator(seed, "store visits", part.number)
    days = dice.days_of_part(part, day_weights, rng)
    stores = dice.choose(rng, np.array([s.busyness for s in STORES]), part.rows)
    changed = _after_relayout(days, stores)
    factor = np.where(changed[:, None], _relayout_factor(), 1.0)
    count = 1 + rng.binomial(5, 0.4, part.rows)
    zone = _stops(rng, ZONE_PULL * np.sqrt(factor), count)
    there = zone >= 0
    median = np.take_along_axis(ZONE_SECONDS * factor, np.maximum(zone, 0), axis=1)
    stay = np.rint(median * np.exp(rng.normal(0, 0.6, zone.shape))) * there
    gap = rng.integers(6, 40, zone.shape) * there
    return Walks(
        stores=stores,
        visitors=rng.integers(0, max(1, int(part.total * 0.7)), part.rows),
        entered=season.moments(days, season.HOURS_SHOP, rng),
        zone=zone,
        stay=np.maximum(stay, there),
        gap=gap.astype(np.float64),
    )


def _all_walks(scale: float, seed: int) -> Iterator[tuple[Part, Walks]]:
    days = season.busyness(seed, "shops")
    for part in dice.parts(dice.clip_count(VISITS * scale), PART_ROWS):
        yield part, _walks(part, days, seed)


def _later(start: Times, seconds: Floats) -> Times:
    return np.asarray(start + (seconds * 1_000_000).astype("timedelta64[us]"))


def _visit_ids(part: Part, rows: Ints) -> pa.Array:
    return dice.ids("K", part.first + 1 + rows, 8)


def store_visits(scale: float, seed: int) -> Iterator[pa.Table]:
    """The `store_visits` table in parts, in time order."""
    for part, walks in _all_walks(scale, seed):
        total = (walks.gap + walks.stay).sum(axis=1) + 15
        yield pa.table(
            {
                "visit_id": _visit_ids(part, np.arange(part.rows)),
                "store_id": dice.ids("S", walks.stores + 1, 3),
                "visitor_id": dice.ids("B", walks.visitors + 1),
                "entered_at": pa.array(walks.entered),
                "left_at": pa.array(_later(walks.entered, total)),
            }
        )


def zone_dwell(scale: float, seed: int) -> Iterator[pa.Table]:
    """The `zone_dwell` table in parts: each stop of each visit."""
    for part, walks in _all_walks(scale, seed):
        visit, stop = np.nonzero(walks.zone >= 0)
        arrival = walks.arrival()[visit, stop]
        yield pa.table(
            {
                "visit_id": _visit_ids(part, visit),
                "store_id": dice.ids("S", walks.stores[visit] + 1, 3),
                "zone": dice.named(ZONES, walks.zone[visit, stop]),
                "entered_at": pa.array(_later(walks.entered[visit], arrival)),
                "seconds": pa.array(walks.stay[visit, stop].astype(np.int64)),
            }
        )


def footfall(seed: int) -> Iterator[pa.Table]:
    """The `footfall` table, hour by hour, one part per store. It does not grow with scale."""
    hours = np.array(OPENING_HOURS)
    by_hour = np.array(season.HOURS_SHOP)[hours]
    by_hour = by_hour / by_hour.mean()
    by_day = season.busyness(seed, "shops")
    by_day = by_day / by_day.mean()
    for number, store in enumerate(STORES):
        rng = dice.generator(seed, "footfall", number)
        expected = PEOPLE_PER_HOUR * store.busyness * np.outer(by_day, by_hour)
        sensors = ("entrance", "upper floor") if store.busyness > 1.2 else ("entrance",)
        for share, sensor in zip((1.0, 0.35), sensors, strict=False):
            yield _footfall_part(number, sensor, rng.poisson(expected * share), hours)


def _footfall_part(store: int, sensor: str, people: Ints, hours: Ints) -> pa.Table:
    days = np.repeat(np.arange(season.DAYS), len(hours))
    seconds = days * 86_400 + np.tile(hours, season.DAYS) * 3_600
    return pa.table(
        {
            "store_id": dice.ids("S", np.full(len(days), store + 1), 3),
            "sensor": pa.array([sensor] * len(days)),
            "counted_at": pa.array(season.moments_from_seconds(seconds)),
            "people": pa.array(people.ravel()),
        }
    )


def positions(scale: float, seed: int) -> Iterator[pa.Table]:
    """The `positions` table in parts: where tracked people stood, in metres, every few seconds."""
    days = season.busyness(seed, "shops")
    days[: season.DAYS - TRACK_DAYS] = 0
    for part in dice.parts(dice.clip_count(TRACKS * scale), PART_TRACKS):
        yield _positions_part(part, days, seed)


def _centres(changed: Bools) -> Floats:
    """(track, zone, 2): zone centres, two of them swapped where the layout has changed."""
    first, second = (ZONES.index(zone) for zone in RELAYOUT.swapped)
    moved = ZONE_CENTRES.copy()
    moved[[first, second]] = moved[[second, first]]
    return np.where(changed[:, None, None], moved, ZONE_CENTRES)


def _positions_part(part: Part, day_weights: Floats, seed: int) -> pa.Table:
    rng = dice.generator(seed, "positions", part.number)
    days = dice.days_of_part(part, day_weights, rng)
    stores = dice.choose(rng, np.array([s.busyness for s in STORES]), part.rows)
    changed = _after_relayout(days, stores)
    factor = np.where(changed[:, None], _relayout_factor(), 1.0)
    zone = _stops(rng, ZONE_PULL * factor, np.full(part.rows, 4))[:, :4]
    door = np.tile([12.0, 0.2], (part.rows, 1, 1))
    rows = np.arange(part.rows)[:, None]
    way = np.concatenate([door, _centres(changed)[rows, zone]], axis=1)
    way = way + rng.normal(0, 0.9, way.shape)
    # People walk for a fifth of a leg and stand for the rest of it.
    leg, along = np.divmod(np.arange(TRACK_POINTS) / TRACK_POINTS * 4, 1)
    walked = np.minimum(along / 0.2, 1.0)[:, None]
    start = leg.astype(np.int64)
    xy = way[:, start] * (1 - walked) + way[:, start + 1] * walked
    xy = np.round(np.clip(xy + rng.normal(0, 0.15, xy.shape), 0, [24.0, 16.0]), 2)
    entered = season.moments(days, season.HOURS_SHOP, rng)
    offset = np.arange(TRACK_POINTS) * TRACK_STEP_SECONDS
    at = entered[:, None] + (offset * 1_000_000).astype("timedelta64[us]")
    track = np.repeat(part.first + 1 + np.arange(part.rows), TRACK_POINTS)
    return pa.table(
        {
            "store_id": dice.ids("S", np.repeat(stores + 1, TRACK_POINTS), 3),
            "track_id": dice.ids("L", track),
            "at": pa.array(at.ravel()),
            "x": pa.array(xy[:, :, 0].ravel()),
            "y": pa.array(xy[:, :, 1].ravel()),
        }
    )
