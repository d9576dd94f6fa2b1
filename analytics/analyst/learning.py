"""A correction ("I meant …") → what could be learned from it. Nothing is learned before it is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from analytics.text import Token, stems, tokenize
from analytics.types import Act, ParsedMessage, Query
from analytics.understand.dialogue.refinement import points_back
from analytics.understand.known import Known
from analytics.understand.lessons import Lesson, LessonKind
from analytics.understand.read import read
from analytics.understand.reading import Reading
from analytics.understand.resolve import Resolution, resolve

_FEWEST_WORDS = 3
"""A shorter message means too many things to be verified word for word."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A message that was answered wrongly, and what its author meant.

    ``declined``: it was taken for none of our business.
    """

    original: str
    meant: str
    declined: bool = False


def lessons_from(correction: Correction, known: Known, today: date) -> tuple[Lesson, ...]:
    """What a supervisor may accept, the surest first; nothing where the correction is unclear itself."""
    meant = _asked(correction.meant, known, today)
    if meant is None or _query(correction.original, known, today) == meant[1]:
        return _example(correction) if meant is not None and correction.declined else ()
    return (
        *_synonym(correction, meant, known),
        *_verified(correction, known),
        *(_example(correction) if correction.declined else ()),
    )


def _asked(text: str, known: Known, today: date) -> tuple[Reading, Query] | None:
    message = ParsedMessage(text, Act.ASK, 1.0)
    reading = read(message, known, today)
    resolved = resolve(message, reading, known, None, today)
    return (reading, resolved.query) if isinstance(resolved, Resolution) else None


def _query(text: str, known: Known, today: date) -> Query | None:
    found = _asked(text, known, today)
    return found[1] if found else None


def _verified(correction: Correction, known: Known) -> Iterator[Lesson]:
    """The message as a whole, where it stands alone: "and by region?" means another thing each time."""
    text = correction.original
    alone = not known.vocabulary.goes_on(text) and not points_back(text)
    if alone and len(tokenize(text)) >= _FEWEST_WORDS:
        yield Lesson(LessonKind.VERIFIED, text, correction.meant)


def _example(correction: Correction) -> tuple[Lesson, ...]:
    return (Lesson(LessonKind.EXAMPLE, correction.original, Act.ASK.value),)


def _synonym(
    correction: Correction, meant: tuple[Reading, Query], known: Known
) -> Iterator[Lesson]:
    """One run of words gave way to the name of one thing: the words may be another name for it.

    Not where the words mean something already: then the message was read, and read differently.
    """
    runs = _dropped(correction, known)
    named = tuple(_added(correction, *meant))
    if len(runs) != 1 or len(named) != 1:
        return
    phrase = correction.original[runs[0][0].start : runs[0][-1].end]
    key = stems(phrase)
    if known.lexicon.lookup(key) or known.values.lookup(key):
        return
    role, name, of = named[0]
    yield Lesson(LessonKind.SYNONYM, phrase, name, role, of)


def _dropped(correction: Correction, known: Known) -> list[list[Token]]:
    """Runs of content words of the original that the correction does without."""
    kept = set(stems(correction.meant))
    runs: list[list[Token]] = []
    last = -1
    for position, token in enumerate(tokenize(correction.original)):
        if token.stem in kept or token.word in known.vocabulary.frame:
            continue
        if runs and last == position - 1:
            runs[-1].append(token)
        else:
            runs.append([token])
        last = position
    return runs


def _added(correction: Correction, meant: Reading, query: Query) -> Iterator[tuple[str, str, str]]:
    """(role, name, dimension of a value) of each thing that only the correction names."""
    said = set(stems(correction.original))

    def fresh(text: str) -> bool:
        return not set(stems(text)) <= said

    for metric in meant.metrics:
        if fresh(metric.text):
            yield from (("metric", name, "") for name in query.metrics if name in metric.names)
    for dimension in meant.dimensions:
        if fresh(dimension.text):
            yield from (("dimension", n, "") for n in query.group_by if n in dimension.names)
    for value in meant.values:
        if fresh(value.text):
            yield "value", value.values[0].value, value.values[0].dimension


def holds(lesson: Lesson, known: Known, today: date) -> bool:
    """Whether an accepted lesson still does what it was accepted for: the regression test of each.

    An example teaches the NLU model, whose answer is not at hand here; the verified question that is
    proposed with it is what holds the message itself.
    """
    match lesson.kind:
        case LessonKind.VERIFIED:
            taken = known.lessons.meaning(lesson.phrase) == lesson.meaning
            return taken and _asked(lesson.meaning, known, today) is not None
        case LessonKind.SYNONYM:
            reading = read(ParsedMessage(lesson.phrase, Act.ASK, 1.0), known, today)
            return (lesson.role, lesson.meaning) in _named(reading)
        case LessonKind.EXAMPLE:
            return True


def _named(reading: Reading) -> set[tuple[str, str]]:
    return {
        *(("metric", name) for mention in reading.metrics for name in mention.names),
        *(("dimension", name) for mention in reading.dimensions for name in mention.names),
        *(("value", value.value) for mention in reading.values for value in mention.values),
    }
