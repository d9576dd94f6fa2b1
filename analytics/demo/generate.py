"""The demo company's source tables, generated from a seed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from analytics.demo import dice
from analytics.demo.ads import ad_spend
from analytics.demo.company import CAMPAIGNS, PRODUCTS, STORES
from analytics.demo.orders import order_items
from analytics.demo.population import Population, customers_table, populate
from analytics.demo.posts import social_posts
from analytics.demo.reviews import reviews
from analytics.demo.sessions import events, sessions
from analytics.demo.shops import footfall, positions, store_visits, zone_dwell
from analytics.demo.tickets import tickets

NamedTable = tuple[str, pa.Table]


def generate(scale: float = 1.0, seed: int = 7) -> Iterator[NamedTable]:
    """Yield (table name, rows) for every source table of the warehouse, dimensions first.

    A large table comes in several parts, so memory stays bounded whatever the `scale`; only
    customers are held whole. The same seed and scale give the same bytes. Columns that models fill
    (sentiment, emotion, segment) are absent.

    `scale` multiplies customers, feedback, orders, sessions, visits and spend; products, stores,
    campaigns and the hourly footfall stay as they are. Raises ValueError unless `scale` > 0.
    """
    if not scale > 0:
        raise ValueError(f"scale must be above 0, not {scale}")
    people = populate(scale, seed)
    yield from _dimensions(people)
    for name, tables in _facts(people, scale, seed):
        for table in tables:
            yield name, table


def _facts(people: Population, scale: float, seed: int) -> Iterator[tuple[str, Iterator[pa.Table]]]:
    yield "reviews", reviews(people, scale, seed)
    yield "tickets", tickets(people, scale, seed)
    yield "social_posts", social_posts(scale, seed)
    yield "order_items", order_items(people, scale, seed)
    yield "ad_spend", iter([ad_spend(scale, seed)])
    yield "sessions", sessions(people, scale, seed)
    yield "events", events(people, scale, seed)
    yield "store_visits", store_visits(scale, seed)
    yield "zone_dwell", zone_dwell(scale, seed)
    yield "footfall", footfall(seed)
    yield "positions", positions(scale, seed)


def _dimensions(people: Population) -> Iterator[NamedTable]:
    yield (
        "products",
        pa.table(
            {
                "product_id": dice.ids("P", np.arange(1, len(PRODUCTS) + 1), 3),
                "product_name": [p.name for p in PRODUCTS],
                "category": [p.category for p in PRODUCTS],
                "brand": [p.brand for p in PRODUCTS],
                "price": [p.price for p in PRODUCTS],
                "launched_on": [p.launched_on for p in PRODUCTS],
            }
        ),
    )
    yield "customers", customers_table(people)
    yield (
        "stores",
        pa.table(
            {
                "store_id": dice.ids("S", np.arange(1, len(STORES) + 1), 3),
                "store_name": [s.name for s in STORES],
                "region": [s.region for s in STORES],
                "city": [s.city for s in STORES],
                "country": [s.country for s in STORES],
            }
        ),
    )
    yield (
        "campaigns",
        pa.table(
            {
                "campaign_id": dice.ids("M", np.arange(1, len(CAMPAIGNS) + 1), 3),
                "campaign_name": [c.name for c in CAMPAIGNS],
                "channel": [c.channel for c in CAMPAIGNS],
                "started_on": [c.started_on for c in CAMPAIGNS],
                "ended_on": [c.ended_on for c in CAMPAIGNS],
            }
        ),
    )
