"""A believable retailer, generated from a seed, for trying the bot without data of one's own."""

from analytics.demo.company import DEMO_AS_OF, DEMO_START
from analytics.demo.generate import generate

__all__ = ["DEMO_AS_OF", "DEMO_START", "generate"]
