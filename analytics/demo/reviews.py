"""Reviews of the demo company's products."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from analytics.demo import demand, dice, season
from analytics.demo.company import REGIONS
from analytics.demo.dice import Floats, Part
from analytics.demo.incidents import COURIER, SOURINGS
from analytics.demo.population import Population
from analytics.demo.writer import pens, review_text

REVIEWS: Final = 9_000
"""Reviews at scale 1."""
PART_ROWS: Final = 20_000


def reviews(people: Population, scale: float, seed: int) -> Iterator[pa.Table]:
    """The `reviews` table in parts, in time order."""
    weights = demand.review_weights()
    days = season.busyness(seed, "reviews", season.WEEK_OFFICE) * weights.sum(axis=1)
    for part in dice.parts(dice.clip_count(REVIEWS * scale), PART_ROWS):
        yield _part(part, days, people, seed)


def _part(part: Part, day_weights: Floats, people: Population, seed: int) -> pa.Table:
    rng = dice.generator(seed, "reviews", part.number)
    days = dice.days_of_part(part, day_weights, rng)
    customers = people.pick(rng, days)
    products = demand.pick_products(rng, demand.review_weights(), days, people, customers)
    late = demand.in_courier_trouble(days, people.region()[customers], REGIONS)
    late &= rng.random(part.rows) < COURIER.complaint_share
    given = demand.opinions(
        rng, days, products, people.mildness[customers], np.where(late, COURIER.rating_shift, 0.0)
    )
    troubles = [
        "courier" if is_late else SOURINGS[number].aspect if number >= 0 else None
        for is_late, number in zip(late, given.souring, strict=True)
    ]
    rows = zip(pens(rng, part.rows), products.tolist(), given.stars.tolist(), troubles, strict=True)
    texts = [review_text(pen, product, stars, trouble) for pen, product, stars, trouble in rows]
    anonymous = rng.random(part.rows) < 0.04
    untitled = rng.random(part.rows) < 0.08
    return pa.table(
        {
            "review_id": dice.ids("R", np.arange(part.first + 1, part.last + 1)),
            "product_id": dice.ids("P", products + 1, 3),
            "customer_id": dice.with_nulls(dice.ids("C", customers + 1), anonymous),
            "created_at": pa.array(season.moments(days, season.HOURS_ONLINE, rng)),
            "rating": pa.array(given.stars),
            "title": dice.with_nulls(pa.array([title for title, _ in texts]), untitled),
            "body": pa.array([body for _, body in texts]),
            "helpful_votes": pa.array(rng.negative_binomial(0.4, 0.2, part.rows)),
        }
    )
