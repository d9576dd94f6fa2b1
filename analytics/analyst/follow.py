"""A message after an answer: what it does to the last question, and what it points at in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from analytics.analyst.context import Context
from analytics.analyst.listed import things_pointed_at
from analytics.text import singulars, words
from analytics.types import ParsedMessage, Query
from analytics.understand.dialogue.followed import ALONE, Followed
from analytics.understand.dialogue.moves import Moves, read_moves
from analytics.understand.dialogue.pointing import find_pointers
from analytics.understand.read import read
from analytics.understand.reading import Reading


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as read, and how it goes on from the last answer."""

    reading: Reading
    followed: Followed = ALONE


def hear(parsed: ParsedMessage, previous: Query | None, context: Context, today: date) -> Heard:
    """Reads a message in its conversation. Raises Doubt where it points at what is not there."""
    known = context.known
    plain = read(parsed, known, today)
    if previous is None:
        return Heard(plain)
    moves, left = read_moves(parsed, known.vocabulary.dialogue)
    if moves and not moves.hold(read(left, known, today)):
        moves, left = Moves(), parsed
    found = find_pointers(
        left, known.vocabulary.dialogue, _things(previous, context), _excluding(context)
    )
    if not moves and not found.pointers:
        return Heard(plain)
    reading = plain if found.message is parsed else read(found.message, known, today)
    mentions = things_pointed_at(found.pointers, previous, context)
    reading = replace(reading, values=(*reading.values, *mentions), words=plain.words)
    return Heard(reading, Followed(moves, bool(found.pointers)))


def _things(previous: Query, context: Context) -> dict[str, set[str]]:
    """What the dimensions of the last question are called, in the singular."""
    names = {*previous.group_by, *(f.dimension for f in previous.filters)}
    found: dict[str, set[str]] = {}
    for model in context.catalog.models.values():
        for dimension in context.catalog.dimensions_of(model).values():
            if dimension.name in names:
                said = (dimension.label, dimension.plural, *dimension.synonyms)
                found.setdefault(dimension.name, set()).update(" ".join(singulars(s)) for s in said)
    return found


def _excluding(context: Context) -> set[tuple[str, ...]]:
    concepts = context.known.vocabulary.concepts.get("exclusion", {})
    return {words(phrase) for phrases in concepts.values() for phrase in phrases}
