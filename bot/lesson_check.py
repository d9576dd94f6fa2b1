"""Accepted lessons as regression tests."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analytics.analyst.service import Analyst
    from analytics.understand.lessons import Lesson


@dataclass(frozen=True, slots=True)
class Checked:
    """A lesson, its number in the state database, and whether it still holds."""

    number: int
    lesson: "Lesson"
    holds: bool


def check_lessons(analyst: "Analyst", home: Path) -> tuple[Checked, ...]:
    """Every accepted lesson, tried on the snapshot that serves now."""
    from analytics.analyst.learning import holds
    from analytics.analyst.service import LESSONS
    from analytics.understand.lessons import lesson_from_wire

    path = home / LESSONS
    if not path.is_file():
        return ()
    context = analyst.context()
    today = context.warehouse.data_as_of
    wires = json.loads(path.read_text(encoding="utf-8"))
    lessons = [(int(wire["id"]), lesson_from_wire(wire)) for wire in wires]
    return tuple(
        Checked(number, lesson, holds(lesson, context.known, today)) for number, lesson in lessons
    )
