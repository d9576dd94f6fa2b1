"""A message after an answer: what it does to the last question, and what it points at in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from analytics.analyst.context import Context
from analytics.analyst.listed import things_pointed_at
from analytics.catalog.people import people_words
from analytics.text import Token, singulars, tokenize, words
from analytics.types import Issue, ParsedMessage, Query
from analytics.understand.dialogue.corrections import find_corrections, in_place_of
from analytics.understand.dialogue.followed import ALONE, Followed
from analytics.understand.dialogue.moves import Moves, read_moves, without
from analytics.understand.dialogue.pointing import Which, find_pointers
from analytics.understand.dialogue.shifted import told_from
from analytics.understand.read import read
from analytics.understand.reading import Reading
from analytics.understand.resolver.asked import Doubt
from analytics.understand.spans import parse_number


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
        _check_points_at_nothing(parsed, plain, context)
        return Heard(plain)
    parsed, plain = _dated_from(parsed, plain, previous, context, today)
    dialogue = known.vocabulary.dialogue
    corrected = _corrected(parsed, previous, context, today)
    moves, left = read_moves(corrected or parsed, dialogue, known.vocabulary.frame)
    if moves and not moves.hold(read(left, known, today)):
        moves, left = Moves(), corrected or parsed
    if corrected is not None:
        moves = replace(moves, said=moves.said | {"correct"})
    found = find_pointers(
        left, dialogue, _things(previous, context), _excluding(context), _speaking(context)
    )
    if not moves and not found.pointers:
        if plain.problems:
            plain = _without_courtesy(parsed, plain, context, today)
        return Heard(_completed(parsed, plain, previous, context, today))
    reading = plain if found.message is parsed else read(found.message, known, today)
    reading = _completed(found.message, reading, previous, context, today)
    if moves.has("as_pie"):
        reading = replace(reading, notes=(*reading.notes, _NO_PIES))
    mentions = things_pointed_at(found.pointers, previous, context)
    reading = replace(reading, values=(*reading.values, *mentions), words=plain.words)
    return Heard(reading, Followed(moves, bool(found.pointers)))


_NO_PIES = Issue("no_pies", "I draw no pies: bars show the same parts, and are read more exactly.")


def _dated_from(
    parsed: ParsedMessage, plain: Reading, previous: Query, context: Context, today: date
) -> tuple[ParsedMessage, Reading]:
    """ "and the month before?": before the month that was shown, not before the last one of all."""
    told_otherwise = len(plain.times) > 1 or (plain.comparisons and not plain.times)
    if told_otherwise or previous.time_range is None:
        return parsed, plain
    told, rest = told_from(parsed, previous.time_range, context.known.calendar)
    if told is parsed or read(rest, context.known, today).times:
        return parsed, plain
    return told, read(told, context.known, today)


def _completed(
    parsed: ParsedMessage, reading: Reading, previous: Query, context: Context, today: date
) -> Reading:
    """The reading with what the message leaves to the last answer: the figure of a condition or a ratio."""
    reading = _with_condition(parsed, reading, previous, context, today)
    reading = _of_people(parsed, reading, context)
    return _per_unit(parsed, reading, previous, context, today)


_NARROWING = frozenset("for only just to of from by with among on in limit restrict".split())
_ARTICLES = frozenset({"the", "our", "all", "those", "these"})


def _of_people(parsed: ParsedMessage, reading: Reading, context: Context) -> Reading:
    """ "only for customers in Spain": whom the figure is of, and no figure of its own."""
    if len(reading.metrics) != 1 or not reading.values:
        return reading
    mention = reading.metrics[0]
    lead = [t.word for t in tokenize(parsed.text)[: mention.at] if t.word not in _ARTICLES]
    people = singulars(mention.text) in people_words(context.catalog)
    narrows = bool(lead) and lead[-1] in _NARROWING and "many" not in lead
    return replace(reading, metrics=()) if people and narrows else reading


_PER = (("per",), ("divided", "by"), ("for", "each"), ("for", "every"), ("on", "average", "per"))
_DIVIDE = frozenset({"divide", "divided"})
_IT = frozenset({"it", "that", "this"})


def _per_unit(
    parsed: ParsedMessage, reading: Reading, previous: Query, context: Context, today: date
) -> Reading:
    """ "per order", "divide that by orders": the figure that was shown for each of another."""
    metric = context.catalog.metrics.get(previous.metrics[0]) if previous.metrics else None
    typed = [t.word for t in context.known.vocabulary.dialogue.core(tokenize(parsed.text))]
    if typed[:1] and typed[0] in _DIVIDE and typed[1:2] and typed[1] in _IT:
        typed = ["divided", *typed[2:]]
    lead = next((p for p in _PER if tuple(typed[: len(p)]) == p), None)
    if lead is None or metric is None or len(previous.metrics) != 1 or reading.times:
        return reading
    named = " ".join(typed[len(lead) :])
    found = read(
        replace(parsed, text=f"{metric.label} per {named}", mentions=()), context.known, today
    )
    own = {name for mention in found.metrics for name in mention.names}
    ratio = found.per is not None or (len(found.metrics) == 1 and metric.name not in own)
    usable = ratio and not found.problems
    return replace(found, words=reading.words) if usable else reading


def _check_points_at_nothing(parsed: ParsedMessage, reading: Reading, context: Context) -> None:
    """ "that product", where nothing was answered before: never all products instead."""
    if reading.values:
        return
    every = {
        name
        for model in context.catalog.models.values()
        for name in context.catalog.dimensions_of(model)
    }
    dialogue = context.known.vocabulary.dialogue
    found = find_pointers(parsed, dialogue, _called(every, context), _excluding(context))
    for pointer in found.pointers:
        if pointer.dimension is not None and pointer.which in {Which.THE_ONE, Which.ALL}:
            text = (
                f"Which do you mean by “{pointer.text}”? There is no answer before. Please name it."
            )
            raise Doubt(Issue("nothing_before", text))


def _without_courtesy(
    parsed: ParsedMessage, plain: Reading, context: Context, today: date
) -> Reading:
    """ "by month is enough": polite words around what is asked are not asked about."""
    tokens = tokenize(parsed.text)
    core = set(context.known.vocabulary.dialogue.core(tokens))
    bare = read(without(parsed, [t for t in tokens if t not in core]), context.known, today)
    return plain if bare.problems else replace(bare, words=plain.words)


def _corrected(
    parsed: ParsedMessage, previous: Query, context: Context, today: date
) -> ParsedMessage | None:
    """The message without what it puts away; None where it corrects nothing."""
    filtered = frozenset((f.dimension, str(v)) for f in previous.filters for v in f.values)
    for correction in find_corrections(parsed):
        right = without(parsed, correction.gone)
        gone = set(correction.away)
        wrong = without(parsed, [t for t in tokenize(parsed.text) if t not in gone])
        if correction.sure and not read(right, context.known, today).empty:
            return right
        readings = [read(one, context.known, today) for one in (right, wrong)]
        if in_place_of(readings[0], readings[1], filtered):
            return right
    return None


def _with_condition(
    parsed: ParsedMessage, reading: Reading, previous: Query, context: Context, today: date
) -> Reading:
    """ "only those above 10 %": of the figure that was shown, where the message names none."""
    tokens = tokenize(parsed.text)
    bare = any(parse_number(t.word) is not None for t in tokens) and _compares(tokens, context)
    metric = context.catalog.metrics.get(previous.metrics[0]) if previous.metrics else None
    if not bare or reading.conditions or reading.metrics or reading.times or metric is None:
        return reading
    with_metric = replace(parsed, text=f"{metric.label} {parsed.text}", mentions=())
    found = read(with_metric, context.known, today)
    own = tuple(c for c in found.conditions if metric.name in c.metrics)
    if len(own) != 1 or len(own) != len(found.conditions):
        return reading
    return replace(found, metrics=(), conditions=(replace(own[0], metrics=(metric.name,)),))


def _compares(tokens: tuple[Token, ...], context: Context) -> bool:
    concepts = context.known.vocabulary.concepts.get("condition", {})
    phrases = {words(phrase) for found in concepts.values() for phrase in found}
    typed = [t.word for t in tokens]
    return any(
        tuple(typed[i : i + len(p)]) == p for p in phrases for i in range(len(typed) - len(p) + 1)
    )


def _things(previous: Query, context: Context) -> dict[str, set[str]]:
    """What the dimensions of the last question are called, in the singular."""
    return _called({*previous.group_by, *(f.dimension for f in previous.filters)}, context)


def _called(names: set[str], context: Context) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for model in context.catalog.models.values():
        for dimension in context.catalog.dimensions_of(model).values():
            if dimension.name in names:
                said = (dimension.label, dimension.plural, *dimension.synonyms)
                found.setdefault(dimension.name, set()).update(" ".join(singulars(s)) for s in said)
    return found


def _speaking(context: Context) -> set[tuple[str, ...]]:
    """Phrases in which "they" are customers who say something."""
    phrases = context.known.vocabulary.concepts.get("form", {}).get("evidence", ())
    return {said for phrase in phrases if (said := words(phrase))[:1] in {("they",), ("their",)}}


def _excluding(context: Context) -> set[tuple[str, ...]]:
    concepts = context.known.vocabulary.concepts.get("exclusion", {})
    return {words(phrase) for phrases in concepts.values() for phrase in phrases}
