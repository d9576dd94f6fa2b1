"""What happens in the demo company: the planted events, with their dates and sizes.

Only the generator reads this file. `docs/demo.md` tells people what to look for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from analytics.demo.company import DEMO_AS_OF


@dataclass(frozen=True)
class Souring:
    """A stretch in which one product is worse than usual.

    `shift` moves ratings (logit units); `review_lift`, `fault_lift` and `return_lift` multiply how
    many reviews, fault tickets and returns it draws; `aspect` names what people write about.
    """

    product: str
    first_day: date
    last_day: date
    shift: float
    aspect: str
    review_lift: float = 1.0
    fault_lift: float = 1.0
    return_lift: float = 1.0


@dataclass(frozen=True)
class CourierTrouble:
    """A stretch in which deliveries of one region go wrong."""

    region: str
    first_day: date
    last_day: date
    rating_shift: float
    complaint_share: float
    ticket_lift: float
    slower_replies: float
    csat_shift: float


@dataclass(frozen=True)
class CheckoutBug:
    """A stretch in which one device's checkout rarely completes."""

    device: str
    first_day: date
    last_day: date
    completion: float
    app_orders_kept: float


@dataclass(frozen=True)
class Relayout:
    """A shop moves its shelves: dwell (a multiple of the usual) goes from one zone to another."""

    store: str
    day: date
    dwell_after: tuple[tuple[str, float], ...]
    swapped: tuple[str, str]


@dataclass(frozen=True)
class ViralPost:
    """One post that travels, and the mentions and sales that follow."""

    product: str
    day: date
    platform: str
    body: str
    likes: int
    shares: int
    comments: int
    mention_lift: float
    mention_days: int
    sales_lift: float
    sales_days: int


@dataclass(frozen=True)
class CampaignEffect:
    """What a campaign does to sales of one category while it runs."""

    campaign: str
    category: str
    sales_lift: float


SOURINGS: Final[tuple[Souring, ...]] = (
    Souring(
        "Aurora Headphones Pro", date(2026, 10, 1), DEMO_AS_OF, -3.6, "firmware_dropouts",
        review_lift=1.7, fault_lift=9.0, return_lift=2.5,
    ),
    Souring(
        "Pulse Watch 2", date(2026, 8, 1), date(2026, 10, 31), -3.3, "wrong_heart_rate",
        review_lift=1.3, fault_lift=5.0, return_lift=1.8,
    ),
    Souring(
        "Brisa Air Fryer XL", date(2026, 3, 1), date(2026, 5, 31), -3.1, "flaking_basket",
        review_lift=1.4, fault_lift=6.0, return_lift=2.2,
    ),
    Souring(
        "Nimbus Robot Vacuum", date(2025, 2, 4), date(2026, 6, 30), -2.9, "lost_map",
        review_lift=1.2, fault_lift=3.0, return_lift=1.5,
    ),
)  # fmt: skip

COURIER: Final = CourierTrouble(
    region="North",
    first_day=date(2026, 5, 4),
    last_day=date(2026, 5, 31),
    rating_shift=-3.2,
    complaint_share=0.9,
    ticket_lift=9.0,
    slower_replies=2.2,
    csat_shift=-1.6,
)

CHECKOUT_BUG: Final = CheckoutBug(
    device="mobile",
    first_day=date(2026, 9, 7),
    last_day=date(2026, 9, 20),
    completion=0.14,
    app_orders_kept=0.55,
)

RELAYOUT: Final = Relayout(
    store="Berlin Mitte",
    day=date(2026, 6, 15),
    dwell_after=(("Kitchen", 2.3), ("TV and Gaming", 0.45)),
    swapped=("Kitchen", "TV and Gaming"),
)

VIRAL: Final = ViralPost(
    product="Brisa Ice Cream Maker",
    day=date(2026, 7, 9),
    platform="TikTok",
    body=(
        "POV: it is 35 degrees and your Brisa Ice Cream Maker does pistachio gelato in 20 minutes. "
        "I am never leaving the house again, this thing is unreal 🍨🔥 #icecream #brisa"
    ),
    likes=184_300,
    shares=41_250,
    comments=6_870,
    mention_lift=110.0,
    mention_days=10,
    sales_lift=6.0,
    sales_days=24,
)

CAMPAIGN_EFFECTS: Final[tuple[CampaignEffect, ...]] = (
    CampaignEffect("Spring Kitchen", "Kitchen", 1.45),
    CampaignEffect("Back to School", "Computing", 1.25),
    CampaignEffect("Summer Breeze 2025", "Climate", 1.2),
)
