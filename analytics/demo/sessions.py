"""Web sessions of the demo company, and the events within them.

The sessions are a sample of the traffic (about one in eight), as web analytics often are: they do
not add up to the orders.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pyarrow as pa

from analytics.demo import demand, dice, season
from analytics.demo.company import CATEGORIES, PLACES, PRODUCTS
from analytics.demo.dice import Bools, Floats, Ints, Part, Times
from analytics.demo.incidents import CHECKOUT_BUG
from analytics.demo.population import Population

SESSIONS: Final = 40_000
"""Sessions at scale 1; they have about 3.8 events each."""
PART_ROWS: Final = 50_000

DEVICES: Final = ("mobile", "desktop", "tablet")
CHANNELS: Final = (
    "direct", "organic search", "paid search", "email", "social", "display", "affiliate",
)  # fmt: skip
CHANNEL_SHARES: Final = np.array([0.24, 0.27, 0.16, 0.09, 0.12, 0.07, 0.05])
# Chance to put something in the cart, by channel and by device.
CART_BY_CHANNEL: Final = np.array([0.19, 0.16, 0.18, 0.24, 0.09, 0.05, 0.17])
CART_BY_DEVICE: Final = np.array([0.85, 1.25, 1.0])
BOUNCE_BY_CHANNEL: Final = np.array([0.33, 0.36, 0.38, 0.28, 0.52, 0.62, 0.4])
CHECKOUT_OF_CART: Final = 0.62
# Chance that a checkout completes, by device.
COMPLETION: Final = np.array([0.46, 0.6, 0.52])
PLAIN_PAGES: Final = ("/", "/offers", "/search", "/help", "/stores", "/blog/gift-guide")
CART_PAGE, CHECKOUT_PAGE, DONE_PAGE = "/cart", "/checkout", "/order/confirmed"
EVENT_TYPES: Final = ("page_view", "product_view", "add_to_cart", "checkout", "purchase")


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


@cache
def pages() -> tuple[str, ...]:
    """All pages: plain ones, categories, products, and the three of the checkout, in this order."""
    return (
        *PLAIN_PAGES,
        *(f"/category/{_slug(c)}" for c in CATEGORIES),
        *(f"/product/{_slug(p.name)}" for p in PRODUCTS),
        CART_PAGE,
        CHECKOUT_PAGE,
        DONE_PAGE,
    )


@cache
def first_product_page() -> int:
    """Index in `pages` of the first product's page."""
    return len(PLAIN_PAGES) + len(CATEGORIES)


@dataclass(frozen=True)
class Visits:
    """The sessions of one part, as arrays; pages are indices into `pages`."""

    days: Ints
    started: Times
    customers: Ints
    visitors: Ints
    place: Ints
    device: Ints
    channel: Ints
    focus: Ints
    browsed: Ints
    landing: Ints
    last_browsed: Ints
    seconds: Ints
    cart: Bools
    checkout: Bools
    purchased: Bools

    @property
    def page_views(self) -> Ints:
        """Views of pages, product pages and the cart; checkout steps are events of their own."""
        return self.browsed + self.cart

    def exit_page(self) -> Ints:
        """The last page of each session."""
        final = len(pages())
        steps = [self.purchased, self.checkout, self.cart]
        return np.select(steps, [final - 1, final - 2, final - 3], self.last_browsed)


def _devices(rng: np.random.Generator, days: Ints) -> Ints:
    """Mobile grows at the expense of desktop."""
    mobile = 0.52 + 0.12 * days / season.DAYS
    weights = np.stack([mobile, 0.92 - mobile, np.full(len(days), 0.08)], axis=1)
    return dice.choose_by_row(rng, weights)


def _landing(rng: np.random.Generator, focus: Ints) -> Ints:
    kind = dice.choose(rng, np.array([0.34, 0.08, 0.03, 0.03, 0.02, 0.05, 0.2, 0.25]), len(focus))
    category_page = len(PLAIN_PAGES) + demand.product_categories()[focus]
    return np.select([kind == 6, kind == 7], [category_page, first_product_page() + focus], kind)


def _browse(rng: np.random.Generator, focus: Ints) -> Ints:
    """A page after the landing page: often the product one came for, or its category."""
    kind = dice.choose(rng, np.array([0.4, 0.18, 0.22, 0.08, 0.07, 0.05]), len(focus))
    other = rng.integers(0, len(PRODUCTS), len(focus))
    category_page = len(PLAIN_PAGES) + demand.product_categories()[focus]
    first = first_product_page()
    return np.select(
        [kind == 0, kind == 1, kind == 2, kind == 3, kind == 4],
        [first + focus, first + other, category_page, 2, 1],
        rng.integers(0, len(PLAIN_PAGES), len(focus)),
    )


def _completion(days: Ints, device: Ints) -> Floats:
    chance = COMPLETION[device]
    bug = season.day_span(CHECKOUT_BUG.first_day, CHECKOUT_BUG.last_day)
    hit = (days >= bug.start) & (days < bug.stop) & (device == DEVICES.index(CHECKOUT_BUG.device))
    return np.where(hit, CHECKOUT_BUG.completion, chance)


def _visitors(rng: np.random.Generator, part: Part, customers: Ints, people: int) -> Ints:
    """Known customers keep one visitor number; others come back about every other time."""
    pool = max(1, part.total // 2)
    return np.where(customers >= 0, customers, people + rng.integers(0, pool, len(customers)))


def visits(
    part: Part, day_weights: Floats, weights: Floats, people: Population, seed: int
) -> Visits:
    """Draw the sessions of a part; the same part gives the same sessions every time."""
    rng = dice.generator(seed, "sessions", part.number)
    days = dice.days_of_part(part, day_weights, rng)
    somebody = people.pick(rng, days)
    focus = demand.pick_products(rng, weights, days, people, somebody)
    device, channel = _devices(rng, days), dice.choose(rng, CHANNEL_SHARES, part.rows)
    season_lift = season.shopping_year()[days] ** 0.5
    cart = rng.random(part.rows) < CART_BY_CHANNEL[channel] * CART_BY_DEVICE[device] * season_lift
    checkout = cart & (rng.random(part.rows) < CHECKOUT_OF_CART)
    purchased = checkout & (rng.random(part.rows) < _completion(days, device))
    bounced = (rng.random(part.rows) < BOUNCE_BY_CHANNEL[channel]) & ~cart
    browsed = np.where(bounced, 1, 2 + rng.geometric(0.34, part.rows) - 1)
    landing = _landing(rng, focus)
    signed_in = (rng.random(part.rows) < 0.3) | (purchased & (rng.random(part.rows) < 0.8))
    customers = np.where(signed_in, somebody, -1)
    seconds = np.exp(rng.normal(3.3, 0.7, part.rows)) * (browsed + 2.5 * cart + 3 * checkout)
    return Visits(
        days=days,
        started=season.moments(days, season.HOURS_ONLINE, rng),
        customers=customers,
        visitors=_visitors(rng, part, customers, len(people)),
        place=people.place[somebody],
        device=device,
        channel=channel,
        focus=focus,
        browsed=browsed,
        landing=landing,
        last_browsed=np.where(browsed == 1, landing, _browse(rng, focus)),
        seconds=3 + seconds.astype(np.int64),
        cart=cart,
        checkout=checkout,
        purchased=purchased,
    )


def _parts(people: Population, scale: float, seed: int) -> Iterator[tuple[Part, Visits]]:
    weights = demand.sales_weights(seed)
    days = season.busyness(seed, "sessions") * (weights.sum(axis=1) / weights.sum()) ** 0.5
    for part in dice.parts(dice.clip_count(SESSIONS * scale), PART_ROWS):
        yield part, visits(part, days, weights, people, seed)


def sessions(people: Population, scale: float, seed: int) -> Iterator[pa.Table]:
    """The `sessions` table in parts, in time order."""
    for part, visit in _parts(people, scale, seed):
        yield pa.table(
            {
                "session_id": dice.ids("W", np.arange(part.first + 1, part.last + 1), 8),
                "customer_id": dice.with_nulls(
                    dice.ids("C", visit.customers + 1), visit.customers < 0
                ),
                "visitor_id": dice.ids("V", visit.visitors + 1, 8),
                "started_at": pa.array(visit.started),
                "duration_seconds": pa.array(visit.seconds),
                "page_views": pa.array(visit.page_views),
                "landing_page": dice.named(pages(), visit.landing),
                "exit_page": dice.named(pages(), visit.exit_page()),
                "device": dice.named(DEVICES, visit.device),
                "channel": dice.named(CHANNELS, visit.channel),
                "country": dice.named(tuple(p.country for p in PLACES), visit.place),
                "reached_cart": pa.array(visit.cart),
                "reached_checkout": pa.array(visit.checkout),
                "purchased": pa.array(visit.purchased),
            }
        )


def events(people: Population, scale: float, seed: int) -> Iterator[pa.Table]:
    """The `events` table in parts: each session's page views and steps to the purchase."""
    for part, visit in _parts(people, scale, seed):
        yield _events_part(part, visit, dice.generator(seed, "events", part.number))


def _events_part(part: Part, visit: Visits, rng: np.random.Generator) -> pa.Table:
    steps = visit.browsed + 2 * visit.cart + visit.checkout + visit.purchased
    session = np.repeat(np.arange(part.rows), steps)
    starts = np.cumsum(steps) - steps
    position = np.arange(len(session)) - starts[session]
    after = position - visit.browsed[session]  # 0: add to cart, 1: cart, 2: checkout, 3: purchase

    page = _browse(rng, visit.focus[session])
    page = np.where(after == -1, visit.last_browsed[session], page)
    page = np.where(position == 0, visit.landing[session], page)
    first, final = first_product_page(), len(pages())
    focus_page = first + visit.focus[session]
    page = np.select(
        [after == 0, after == 1, after == 2, after == 3],
        [focus_page, final - 3, final - 2, final - 1],
        page,
    )
    product = np.where((page >= first) & (page < final - 3), page - first, -1)
    kind = np.select([after == 0, after == 2, after == 3, product >= 0], [2, 3, 4, 1], default=0)
    share = (position + rng.random(len(session)) * (position > 0)) / (steps[session] + 1)
    offset = (share * visit.seconds[session] * 1_000).astype(np.int64) * 1_000
    return pa.table(
        {
            "session_id": dice.ids("W", part.first + 1 + session, 8),
            "event_at": pa.array(visit.started[session] + offset.astype("timedelta64[us]")),
            "event_type": dice.named(EVENT_TYPES, kind),
            "page": dice.named(pages(), page),
            "product_id": dice.with_nulls(dice.ids("P", product + 1, 3), product < 0),
        }
    )
