"""Social posts about the demo company's products and brands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from analytics.demo import demand, dice, season
from analytics.demo.company import PRODUCTS
from analytics.demo.dice import Bools, Floats, Ints, Part
from analytics.demo.incidents import SOURINGS, VIRAL
from analytics.demo.writer import pens, post_text

POSTS: Final = 2_500
"""Posts at scale 1."""
PART_ROWS: Final = 20_000

PLATFORMS: Final = ("Instagram", "TikTok", "X", "Reddit", "Facebook", "YouTube")
PLATFORM_SHARES: Final = np.array([0.28, 0.2, 0.22, 0.12, 0.13, 0.05])
PLATFORM_REACH: Final = np.array([1.6, 2.6, 0.8, 1.0, 0.5, 1.8])


def social_posts(scale: float, seed: int) -> Iterator[pa.Table]:
    """The `social_posts` table in parts, in time order."""
    weights = demand.post_weights()
    days = season.busyness(seed, "posts") * weights.sum(axis=1)
    for part in dice.parts(dice.clip_count(POSTS * scale), PART_ROWS):
        yield _part(part, days, weights, seed)


def _viral_row(part: Part, day_weights: Floats) -> int | None:
    """Row of the part that holds the viral post: the middle of its day; None in other parts."""
    day = season.day_number(VIRAL.day)
    middle = (day_weights[:day].sum() + day_weights[day] / 2) / day_weights.sum()
    row = int(middle * part.total) - part.first
    return row if 0 <= row < part.rows else None


def _in_viral_days(days: Ints, products: Ints) -> Bools:
    start = season.day_number(VIRAL.day)
    near = (days >= start) & (days < start + VIRAL.mention_days)
    return np.asarray(near & (products == demand.product_index(VIRAL.product)))


def _part(part: Part, day_weights: Floats, weights: Floats, seed: int) -> pa.Table:
    rng = dice.generator(seed, "posts", part.number)
    days = dice.days_of_part(part, day_weights, rng)
    products = dice.choose_by_row(rng, weights[days])
    platform = dice.choose(rng, PLATFORM_SHARES, part.rows)
    hype = _in_viral_days(days, products)
    # Posts are sharper than reviews: fewer of them praise.
    mood = rng.normal(-0.9, 0.6, part.rows)
    told = demand.opinions(rng, days, products, mood, np.where(hype, 1.5, 0.0))
    about_brand = (rng.random(part.rows) < 0.3) & ~hype
    rows = zip(
        pens(rng, part.rows), products.tolist(), told.stars.tolist(), told.souring.tolist(),
        about_brand.tolist(), strict=True,
    )  # fmt: skip
    bodies = [
        post_text(pen, product, stars, SOURINGS[number].aspect if number >= 0 else None, brand)
        for pen, product, stars, number, brand in rows
    ]
    reach = PLATFORM_REACH[platform] * np.exp(rng.normal(2.2, 1.3, part.rows)) * (1 + 3 * hype)
    likes = rng.poisson(reach)
    shares, comments = rng.poisson(reach * 0.12), rng.poisson(reach * 0.2)
    at = season.moments(days, season.HOURS_ONLINE, rng)
    row = _viral_row(part, day_weights)
    if row is not None:
        bodies[row] = VIRAL.body
        products[row], about_brand[row] = demand.product_index(VIRAL.product), False
        platform[row] = PLATFORMS.index(VIRAL.platform)
        likes[row], shares[row], comments[row] = VIRAL.likes, VIRAL.shares, VIRAL.comments
        at[row] = np.datetime64(VIRAL.day, "us") + np.timedelta64(17, "h")
    return pa.table(
        {
            "post_id": dice.ids("X", np.arange(part.first + 1, part.last + 1)),
            "platform": dice.named(PLATFORMS, platform),
            "author_id": dice.ids("U", rng.integers(1, 1 + part.total, part.rows)),
            "posted_at": pa.array(at),
            "product_id": dice.with_nulls(dice.ids("P", products + 1, 3), about_brand),
            "brand": dice.named(tuple(p.brand for p in PRODUCTS), products),
            "body": pa.array(bodies),
            "likes": pa.array(likes),
            "shares": pa.array(shares),
            "comments": pa.array(comments),
        }
    )
