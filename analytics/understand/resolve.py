"""Reading → Query, or the questions that stand in its way. Nothing is guessed silently.

The parts of a query are decided in ``analytics/understand/resolver``, a file each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from analytics.types import Act, Clarification, Direction, Issue, ParsedMessage, Query
from analytics.understand.known import Known
from analytics.understand.reading import Reading
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.resolver.fresh import fresh_query
from analytics.understand.resolver.refine import refine

_IMPLYING = ("most_", "best_", "worst_")
_POINTS_BACK = re.compile(
    r"\b(?:of|for|about|with|on|in|by|to)\s+(?:it|that|this|those|these|them)(?:\s+(?:by|over|per|in|last|this)\b|\W*$)"
    r"|\b(?:that|this|those|these) (?:product|region|store|category|brand|campaign|customer|group|one)s?\b"
    r"|\bthe (?:first|second|third|fourth|fifth|last|top|other|same) ones?\b"
)


@dataclass(frozen=True, slots=True)
class Resolution:
    """A query, and what was assumed on the way."""

    query: Query
    notes: tuple[Issue, ...] = ()


def resolve(
    message: ParsedMessage, reading: Reading, known: Known, previous: Query | None, today: date
) -> Resolution | Clarification:
    """The query that a reading asks for. Issues accumulate in the clarification."""
    if reading.problems:
        return Clarification(reading.problems)
    if message.act is Act.EXPLAIN and reading.direction is None:
        reading = replace(reading, direction=Direction.ANY.value)
    asked = Asked(reading, known, today, message.act)
    try:
        if previous is not None and _is_refinement(message, reading, known):
            _check_pointed(message, previous)
            query = refine(asked, previous)
        else:
            query = fresh_query(asked)
    except Doubt as doubt:
        return Clarification(doubt.issues)
    return Resolution(query, reading.notes)


def points_back(text: str) -> bool:
    """Whether a message points at something said before ("of that", "the second one")."""
    return _POINTS_BACK.search(text.lower()) is not None


def _check_pointed(message: ParsedMessage, previous: Query) -> None:
    """ "of that", where the last answer listed several things: which one must be said."""
    if previous.group_by and points_back(message.text):
        raise Doubt(
            Issue(
                "which_one",
                "The last answer listed several things. Please name the one you mean.",
                ("What can you do?",),
            )
        )


def _is_refinement(message: ParsedMessage, reading: Reading, known: Known) -> bool:
    """Whether a message changes the last question or stands alone.

    A message with a metric, and with something to hold it by, stands alone however it was classed,
    unless it opens as one that goes on: filters of the last question must not leak into it.
    """
    if message.act is Act.EXPLAIN:
        return not reading.metrics
    if points_back(message.text):
        return True
    own_metric = bool(reading.metrics) or _implies(reading)
    if own_metric and known.vocabulary.goes_on(message.text):
        return True
    if message.act is Act.REFINE:
        return not (own_metric and (reading.times or reading.values or reading.dimensions))
    if "evidence" in reading.forms:
        return not (reading.values or reading.models or reading.search or reading.times)
    return not own_metric


def _implies(reading: Reading) -> bool:
    return reading.direction is not None or (reading.rank or "").startswith(_IMPLYING)
