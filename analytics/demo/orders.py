"""Order lines of the demo company."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from analytics.demo import demand, dice, season
from analytics.demo.company import CAMPAIGNS, COMPANIONS, PLACES, PRODUCTS, STORES
from analytics.demo.dice import Bools, Floats, Ints, Part
from analytics.demo.incidents import CHECKOUT_BUG, SOURINGS
from analytics.demo.population import Population

ORDERS: Final = 18_700
"""Orders at scale 1; they have about 1.6 lines each."""
PART_ROWS: Final = 40_000

CHANNELS: Final = ("web", "app", "store", "marketplace")
LINES: Final = np.array([0.57, 0.28, 0.11, 0.04])
APP_SHARE: Final = 0.26
RETURN_RATE: Final = {
    "Audio": 0.06, "Computing": 0.05, "Smart Home": 0.06, "Wearables": 0.08,
    "Kitchen": 0.04, "Home Care": 0.05, "Climate": 0.05, "TV and Gaming": 0.05,
}  # fmt: skip


@dataclass(frozen=True)
class Market:
    """What the days hold for orders: weights and prices by (day, product), offers as price off."""

    weights: Floats
    prices: Floats
    offers: Floats


def market(seed: int) -> Market:
    """The demo's market for one seed."""
    return Market(demand.sales_weights(seed), demand.prices(), demand.promotions(seed))


def order_days(seed: int, market: Market) -> Floats:
    """Relative number of orders on each day."""
    wanted = market.weights.sum(axis=1)
    days = season.busyness(seed, "orders") * (wanted / wanted.mean()) ** 0.7
    bug = season.day_span(CHECKOUT_BUG.first_day, CHECKOUT_BUG.last_day)
    days[bug] *= 1 - APP_SHARE * (1 - CHECKOUT_BUG.app_orders_kept)
    return np.asarray(days)


def order_items(people: Population, scale: float, seed: int) -> Iterator[pa.Table]:
    """The `order_items` table in parts, in time order."""
    offered = market(seed)
    days = order_days(seed, offered)
    for part in dice.parts(dice.clip_count(ORDERS * scale), PART_ROWS):
        yield _part(part, days, offered, people, seed)


def _channels(rng: np.random.Generator, days: Ints, ages: Ints) -> Ints:
    weights = np.tile([0.46, APP_SHARE, 0.2, 0.08], (len(days), 1))
    weights[:, 1] *= 1.5 - 0.2 * ages
    weights[:, 2] *= 0.6 + 0.2 * ages
    bug = season.day_span(CHECKOUT_BUG.first_day, CHECKOUT_BUG.last_day)
    weights[(days >= bug.start) & (days < bug.stop), 1] *= CHECKOUT_BUG.app_orders_kept
    return dice.choose_by_row(rng, weights)


def _campaigns(rng: np.random.Generator, days: Ints, channels: Ints) -> Ints:
    """The campaign credited with each order; -1 for none. Only web and app orders have one."""
    running = np.zeros((season.DAYS, len(CAMPAIGNS) + 1))
    for number, campaign in enumerate(CAMPAIGNS):
        running[season.day_span(campaign.started_on, campaign.ended_on), number] = campaign.reach
    running[:, -1] = 1 - running[:, :-1].sum(axis=1)
    picked = dice.choose_by_row(rng, running[days])
    return np.where((picked < len(CAMPAIGNS)) & (channels < 2), picked, -1)


def _stores(rng: np.random.Generator, people: Population, customers: Ints, channels: Ints) -> Ints:
    """A store of the customer's region for store orders; -1 for others."""
    near = np.array([[s.region == p.region for s in STORES] for p in PLACES], dtype=np.float64)
    near *= np.array([s.busyness for s in STORES])
    picked = dice.choose_by_row(rng, near[people.place[customers]])
    return np.where(channels == CHANNELS.index("store"), picked, -1)


def _companions() -> Ints:
    """(product, choice): what goes with each product, repeated to equal width; -1 for nothing."""
    table = np.full((len(PRODUCTS), 2), -1)
    for product, others in COMPANIONS.items():
        found = [demand.product_index(name) for name in others]
        table[demand.product_index(product)] = (found * 2)[:2]
    return table


def _first_and_others(
    rng: np.random.Generator, first: Ints, order: Ints, line: Ints, fresh: Ints
) -> Ints:
    """Products of all lines: the order's first product, its companions, or a fresh pick."""
    companion = _companions()[first[order], rng.integers(0, 2, len(order))]
    follows = (companion >= 0) & (rng.random(len(order)) < 0.45)
    return np.where(line == 0, first[order], np.where(follows, companion, fresh))


def _distinct(order: Ints, products: Ints) -> Ints:
    """Positions of the first line of each (order, product), in order."""
    key = order * len(PRODUCTS) + products
    return np.sort(np.unique(key, return_index=True)[1])


def _line_numbers(order: Ints) -> Ints:
    starts = np.flatnonzero(np.r_[True, order[1:] != order[:-1]])
    return np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)])) + 1


def _returned(rng: np.random.Generator, days: Ints, products: Ints) -> Bools:
    base = np.array([RETURN_RATE[p.category] for p in PRODUCTS])[products]
    lifts = np.array([*(s.return_lift for s in SOURINGS), 1.0])
    return np.asarray(rng.random(len(days)) < base * lifts[demand.souring_of(days, products)])


def _part(part: Part, weights: Floats, offered: Market, people: Population, seed: int) -> pa.Table:
    rng = dice.generator(seed, "orders", part.number)
    days = dice.days_of_part(part, weights, rng)
    customers = people.pick(rng, days)
    channels = _channels(rng, days, people.age[customers])
    at = season.moments(days, season.HOURS_ONLINE, rng)
    campaigns = _campaigns(rng, days, channels)
    stores = _stores(rng, people, customers, channels)

    lines = 1 + dice.choose_by_row(rng, np.tile(LINES, (part.rows, 1)))
    order = np.repeat(np.arange(part.rows), lines)
    position = _line_numbers(order) - 1
    fresh = demand.pick_products(rng, offered.weights, days[order], people, customers[order])
    products = _first_and_others(rng, fresh[position == 0], order, position, fresh)
    kept = _distinct(order, products)
    order, products = order[kept], products[kept]

    quantity = 1 + dice.choose_by_row(rng, np.tile([0.88, 0.09, 0.03], (len(order), 1)))
    price = offered.prices[days[order], products]
    discount = np.round(quantity * price * offered.offers[days[order], products], 2)
    return pa.table(
        {
            "order_id": dice.ids("O", part.first + 1 + order),
            "line": pa.array(_line_numbers(order)),
            "customer_id": dice.ids("C", customers[order] + 1),
            "product_id": dice.ids("P", products + 1, 3),
            "ordered_at": pa.array(at[order]),
            "quantity": pa.array(quantity),
            "unit_price": pa.array(price),
            "discount": pa.array(discount),
            "revenue": pa.array(np.round(quantity * price - discount, 2)),
            "channel": dice.named(CHANNELS, channels[order]),
            "campaign_id": dice.with_nulls(
                dice.ids("M", campaigns[order] + 1, 3), campaigns[order] < 0
            ),
            "store_id": dice.with_nulls(dice.ids("S", stores[order] + 1, 3), stores[order] < 0),
            "returned": pa.array(_returned(rng, days[order], products)),
        }
    )
