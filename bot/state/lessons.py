"""What corrections could teach, as it waits for a supervisor and as it was decided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from bot.state.database import StateDatabase
from bot.state.tables import LESSON_CHARS, LessonRow

MOST_LISTED = 200
FIELDS = ("kind", "phrase", "meaning", "role", "of")


class Status(StrEnum):
    """Where a lesson stands."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class StoredLesson:
    """A lesson with its history. ``times`` counts the corrections that proposed it."""

    id: int
    kind: str
    phrase: str
    meaning: str
    role: str
    of: str
    original: str
    meant: str
    proposed_at: datetime
    times: int
    status: Status
    decided_at: datetime | None
    decided_by: str | None


def propose_lessons(
    database: StateDatabase,
    owner: str,
    original: str,
    meant: str,
    lessons: Iterable[Mapping[str, Any]],
) -> int:
    """Keep what a correction could teach; one that is there already is counted. How many are new."""
    new = 0
    with database.session() as session:
        for lesson in lessons:
            key = {name: str(lesson.get(name) or "") for name in FIELDS}
            if max(map(len, key.values())) > LESSON_CHARS:
                continue
            row = session.scalar(select(LessonRow).filter_by(**key))
            if row is not None:
                row.times += 1
                continue
            new += 1
            session.add(
                LessonRow(
                    **key,
                    original=original,
                    meant=meant,
                    owner=owner,
                    proposed_at=datetime.now(UTC),
                    times=1,
                    status=Status.PENDING.value,
                )
            )
    return new


def list_lessons(database: StateDatabase, status: Status) -> tuple[StoredLesson, ...]:
    """Lessons that stand so: those proposed most often first, then the newest."""
    wanted = (
        select(LessonRow)
        .where(LessonRow.status == status.value)
        .order_by(LessonRow.times.desc(), LessonRow.id.desc())
        .limit(MOST_LISTED)
    )
    with database.session() as session:
        return tuple(map(_stored, session.scalars(wanted)))


def decide_lesson(database: StateDatabase, number: int, status: Status, by: str) -> bool:
    """Set where a lesson stands; whether there is such a lesson. A decision can be taken back."""
    with database.session() as session:
        row = session.get(LessonRow, number)
        if row is None:
            return False
        row.status, row.decided_at, row.decided_by = status.value, datetime.now(UTC), by
        return True


def accepted_lessons(database: StateDatabase) -> tuple[StoredLesson, ...]:
    """All that were accepted, in the order of the decisions."""
    wanted = (
        select(LessonRow)
        .where(LessonRow.status == Status.ACCEPTED.value)
        .order_by(LessonRow.decided_at, LessonRow.id)
    )
    with database.session() as session:
        return tuple(map(_stored, session.scalars(wanted)))


def _stored(row: LessonRow) -> StoredLesson:
    return StoredLesson(
        row.id,
        row.kind,
        row.phrase,
        row.meaning,
        row.role,
        row.of,
        row.original,
        row.meant,
        row.proposed_at,
        row.times,
        Status(row.status),
        row.decided_at,
        row.decided_by,
    )
