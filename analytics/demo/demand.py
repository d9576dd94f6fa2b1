"""What is wanted when: weights of products by day, promotions, and the ratings products earn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from analytics.demo import dice, season
from analytics.demo.company import CAMPAIGNS, CATEGORIES, PRODUCTS
from analytics.demo.dice import Bools, Floats, Ints
from analytics.demo.incidents import CAMPAIGN_EFFECTS, COURIER, SOURINGS, VIRAL
from analytics.demo.population import Population, taste_weights

# Logit cut points between 1|2, 2|3, 3|4 and 4|5 stars for a product of quality 0.
STAR_CUTS: Final = np.array([-2.5, -1.8, -1.05, 0.25])

# Sales are spread more evenly over products than what people write about them.
SALES_EVENNESS: Final = 0.35


def product_index(name: str) -> int:
    """Position of a product in PRODUCTS."""
    return next(i for i, p in enumerate(PRODUCTS) if p.name == name)


def product_categories() -> Ints:
    """Index into CATEGORIES for each product."""
    return np.array([CATEGORIES.index(p.category) for p in PRODUCTS])


def on_sale() -> Bools:
    """(day, product): whether the product has been launched."""
    launched = np.array([season.day_number(p.launched_on) for p in PRODUCTS])
    return np.asarray(np.arange(season.DAYS)[:, None] >= launched)


def promotions(seed: int) -> Floats:
    """(day, product): price off as a share, 0 on most days. Weeks at a time, more in November."""
    rng = dice.generator(seed, "promotions")
    weeks = season.DAYS // 7 + 1
    depth = rng.choice([0.1, 0.15, 0.2, 0.3], size=(weeks, len(PRODUCTS)))
    month = np.array([d.month for d in season.dates()])
    busy = np.where(month == 11, 0.35, 0.11)
    lucky = rng.random((weeks, len(PRODUCTS)))
    week_of_day = np.arange(season.DAYS) // 7
    return np.where(lucky[week_of_day] < busy[:, None], depth[week_of_day], 0.0)


def prices() -> Floats:
    """(day, product): list price; each January prices rise by 3 % to today's."""
    years_ahead = season.dates()[-1].year - np.array([d.year for d in season.dates()])
    today = np.array([p.price for p in PRODUCTS])
    return np.asarray(np.round(today / 1.03 ** years_ahead[:, None], 2))


def interest(evenness: float = 0.0) -> Floats:
    """(day, product): how much a product is wanted, before promotions and incidents.

    `evenness` from 0 to 1 narrows the differences in popularity.
    """
    popularity = np.array([p.popularity for p in PRODUCTS]) ** (1 - evenness)
    seasons = season.category_seasons()[:, product_categories()]
    return np.asarray(popularity * seasons * on_sale())


def sales_weights(seed: int) -> Floats:
    """(day, product): weight of an order line; promotions, campaigns and the viral post lift it."""
    price_today = np.array([p.price for p in PRODUCTS])
    weights = interest(SALES_EVENNESS) * (1 + 2.2 * promotions(seed)) / price_today**0.25
    for effect in CAMPAIGN_EFFECTS:
        campaign = next(c for c in CAMPAIGNS if c.name == effect.campaign)
        days = season.day_span(campaign.started_on, campaign.ended_on)
        of_category = product_categories() == CATEGORIES.index(effect.category)
        weights[days, of_category] *= effect.sales_lift
    start = season.day_number(VIRAL.day)
    weights[start : start + VIRAL.sales_days, product_index(VIRAL.product)] *= VIRAL.sales_lift
    return weights


def review_weights() -> Floats:
    """(day, product): weight of a review; people write more when a product turns sour."""
    weights = interest()
    for souring in SOURINGS:
        days = season.day_span(souring.first_day, souring.last_day)
        weights[days, product_index(souring.product)] *= souring.review_lift
    return weights


def fault_weights() -> Floats:
    """(day, product): weight of a fault ticket."""
    weights = interest()
    for souring in SOURINGS:
        days = season.day_span(souring.first_day, souring.last_day)
        weights[days, product_index(souring.product)] *= souring.fault_lift
    return weights


def post_weights() -> Floats:
    """(day, product): weight of a social post."""
    weights = interest()
    start = season.day_number(VIRAL.day)
    days = slice(start, start + VIRAL.mention_days)
    weights[days, product_index(VIRAL.product)] *= VIRAL.mention_lift
    return weights


def souring_of(days: Ints, products: Ints) -> Ints:
    """Index into SOURINGS of the souring that each (day, product) falls into; -1 for none."""
    found = np.full(len(days), -1)
    for number, souring in enumerate(SOURINGS):
        span = season.day_span(souring.first_day, souring.last_day)
        inside = (days >= span.start) & (days < span.stop)
        found[inside & (products == product_index(souring.product))] = number
    return found


def in_courier_trouble(days: Ints, regions: Ints, region_names: tuple[str, ...]) -> Bools:
    """Whether each (day, region) is in the stretch of courier trouble."""
    span = season.day_span(COURIER.first_day, COURIER.last_day)
    here = regions == region_names.index(COURIER.region)
    return np.asarray((days >= span.start) & (days < span.stop) & here)


@dataclass(frozen=True)
class Opinions:
    """Stars (1 to 5) and the souring behind them (index of SOURINGS, -1 for none)."""

    stars: Ints
    souring: Ints


def opinions(
    rng: np.random.Generator, days: Ints, products: Ints, mildness: Floats, shift: Floats
) -> Opinions:
    """Ratings by an ordered logit of product quality, customer mildness, sourings and `shift`."""
    souring = souring_of(days, products)
    shifts = np.array([*(s.shift for s in SOURINGS), 0.0])
    quality = np.array([p.quality for p in PRODUCTS])[products]
    noise = rng.logistic(0, 1, len(days))
    level = quality + mildness + shift + shifts[souring] + noise
    return Opinions(1 + np.searchsorted(STAR_CUTS, level).astype(np.int64), souring)


def pick_products(
    rng: np.random.Generator, weights: Floats, days: Ints, people: Population, customers: Ints
) -> Ints:
    """A product for each (day, customer): day weights times the customer's taste."""
    taste = taste_weights()[people.taste[customers]][:, product_categories()]
    cumulated = np.cumsum(weights[days] * taste, axis=1)
    draws = rng.random(len(days))[:, None] * cumulated[:, -1:]
    picked: Ints = (cumulated <= draws).sum(axis=1)
    return np.asarray(np.minimum(picked, len(PRODUCTS) - 1))
