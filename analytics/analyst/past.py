"""What was said before a message, as far as it matters: all of it is in the events of the conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analytics.types import Query


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggestion of the last answer, and the query that it asks, where it is one."""

    text: str
    query: Query | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """The conversation before a message.

    ``earlier``: the queries before the last one, the latest first; None stands for a fresh start.
    ``question``: what the last answer asked back, ``message`` what that was about; both empty where it did
    not ask. ``saved``: the person's saved questions by name.
    """

    earlier: tuple[Query | None, ...] = ()
    offers: tuple[Offer, ...] = ()
    question: str = ""
    message: str = ""
    saved: Mapping[str, Query] = field(default_factory=dict)


NOTHING = Past()
