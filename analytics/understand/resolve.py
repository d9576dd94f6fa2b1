"""Reading → Query, or the questions that stand in its way. Nothing is guessed silently.

The parts of a query are decided in ``analytics/understand/resolver``, a file each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from analytics.types import Act, Clarification, Direction, Issue, ParsedMessage, Query
from analytics.understand.dialogue.followed import ALONE, Followed
from analytics.understand.dialogue.refinement import is_refinement
from analytics.understand.known import Known
from analytics.understand.reading import Reading
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.resolver.fresh import fresh_query
from analytics.understand.resolver.left_out import left_out
from analytics.understand.resolver.refine import refine


@dataclass(frozen=True, slots=True)
class Resolution:
    """A query, and what was assumed on the way."""

    query: Query
    notes: tuple[Issue, ...] = ()


def resolve(
    message: ParsedMessage,
    reading: Reading,
    known: Known,
    previous: Query | None,
    today: date,
    followed: Followed = ALONE,
) -> Resolution | Clarification:
    """The query that a reading asks for. Issues accumulate in the clarification.

    ``followed``: how the message goes on from the last answer, where it does so in words.
    """
    if reading.problems:
        return Clarification(reading.problems)
    if message.act is Act.EXPLAIN and reading.direction is None:
        reading = replace(reading, direction=Direction.ANY.value)
    asked = Asked(reading, known, today, message.act, followed)
    try:
        if previous is not None and is_refinement(message, reading, known, previous, followed):
            query = refine(asked, previous)
        else:
            query = fresh_query(asked)
            lost = left_out(reading, query, known.catalog)
            if lost is not None:
                return Clarification((lost,))
    except Doubt as doubt:
        return Clarification(doubt.issues)
    return Resolution(query, reading.notes)
