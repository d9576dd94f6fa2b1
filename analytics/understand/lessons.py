"""What people taught the bot and a supervisor accepted: verified questions and other words for things."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from analytics.text import stems, words
from analytics.types import Act
from analytics.understand.lexicon import Entry
from analytics.understand.values import Value


class LessonKind(StrEnum):
    """What a lesson teaches."""

    VERIFIED = "verified"
    SYNONYM = "synonym"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing learned from a correction.

    ``phrase`` is what was typed; ``meaning`` what was meant: for a verified question a message that reads
    well, for an example its act, for a synonym the name of a metric or dimension, or a stored value. ``role``
    is ``metric``, ``dimension`` or ``value`` for a synonym; ``of`` the dimension of a value.
    """

    kind: LessonKind
    phrase: str
    meaning: str
    role: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class Lessons:
    """Accepted lessons, ready to be looked up."""

    verified: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    values: tuple[Value, ...] = ()
    examples: tuple[tuple[str, Act], ...] = ()

    def meaning(self, message: str) -> str | None:
        """What a verified question means; None where the message is none, word for word."""
        return self.verified.get(_key(message))


NO_LESSONS = Lessons()


def lessons_of(accepted: Iterable[Lesson]) -> Lessons:
    """Lessons by what they teach. Where two contradict each other, the later one stands."""
    verified: dict[tuple[str, ...], str] = {}
    entries: dict[tuple[str, ...], Entry] = {}
    values: list[Value] = []
    examples: dict[str, Act] = {}
    for lesson in accepted:
        match lesson.kind:
            case LessonKind.VERIFIED:
                verified[_key(lesson.phrase)] = lesson.meaning
            case LessonKind.EXAMPLE:
                examples[lesson.phrase] = Act(lesson.meaning)
            case LessonKind.SYNONYM if lesson.role == "value":
                values.append(Value(lesson.of, lesson.meaning, lesson.phrase))
            case LessonKind.SYNONYM:
                key = (lesson.role, *stems(lesson.phrase))
                entries[key] = Entry(lesson.role, lesson.meaning, lesson.phrase)
    return Lessons(verified, tuple(entries.values()), tuple(values), tuple(examples.items()))


def _key(message: str) -> tuple[str, ...]:
    """A message word for word, whatever its marks and capitals."""
    return tuple(word for word in words(message) if any(map(str.isalnum, word)))


def load_lessons(path: Path) -> Lessons:
    """The lessons of a file; none where there is no file. Raises ValueError where it cannot be read."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return NO_LESSONS
    try:
        return lessons_of(lesson_from_wire(one) for one in raw)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{path.name} does not hold lessons") from error


def lesson_from_wire(wire: Mapping[str, Any]) -> Lesson:
    """The lesson that ``to_wire`` wrote. Raises KeyError or ValueError."""
    return Lesson(
        LessonKind(wire["kind"]),
        str(wire["phrase"]),
        str(wire["meaning"]),
        str(wire.get("role") or ""),
        str(wire.get("of") or ""),
    )
