"""Daily advertising spend by campaign."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from analytics.demo import dice, season
from analytics.demo.company import CAMPAIGNS, Campaign
from analytics.demo.dice import Floats
from analytics.demo.orders import ORDERS, market, order_days

# Cost of a thousand impressions, and clicks per impression, by channel.
COST_PER_MILLE: Final = {
    "search": 18.0, "email": 1.5, "affiliate": 6.0, "social": 8.0, "display": 3.0,
}  # fmt: skip
CLICK_RATE: Final = {
    "search": 0.035, "email": 0.022, "affiliate": 0.012, "social": 0.011, "display": 0.0012,
}  # fmt: skip
ONLINE_SHARE: Final = 0.72
UNITS_PER_ORDER: Final = 1.85


def _revenue_by_day(scale: float, seed: int) -> Floats:
    """Expected revenue of web and app orders on each day."""
    offered = market(seed)
    days = order_days(seed, offered)
    orders = ORDERS * scale * days / days.sum()
    paid = offered.prices * (1 - offered.offers)
    mean_price = (offered.weights * paid).sum(axis=1) / offered.weights.sum(axis=1)
    return np.asarray(orders * mean_price * UNITS_PER_ORDER * ONLINE_SHARE)


def _campaign_days(number: int, campaign: Campaign, revenue: Floats, seed: int) -> pa.Table:
    rng = dice.generator(seed, "ad spend", number)
    span = season.day_span(campaign.started_on, campaign.ended_on)
    days = np.arange(span.start, span.stop)
    noise = np.exp(rng.normal(0, 0.15, len(days)))
    spend = np.round(revenue[days] * campaign.reach / campaign.roas * noise, 2)
    shown = rng.poisson(spend / COST_PER_MILLE[campaign.channel] * 1_000)
    picked = np.full(len(days), number)
    return pa.table(
        {
            "day": pa.array(season.date_column(days)),
            "campaign_id": dice.ids("M", picked + 1, 3),
            "channel": dice.named(tuple(c.channel for c in CAMPAIGNS), picked),
            "spend": pa.array(spend),
            "impressions": pa.array(shown),
            "clicks": pa.array(rng.binomial(shown, CLICK_RATE[campaign.channel])),
        }
    )


def ad_spend(scale: float, seed: int) -> pa.Table:
    """The `ad_spend` table: one row per campaign and day that it ran."""
    revenue = _revenue_by_day(scale, seed)
    return pa.concat_tables(
        _campaign_days(number, campaign, revenue, seed) for number, campaign in enumerate(CAMPAIGNS)
    )
