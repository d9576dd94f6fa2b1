"""Saved questions: queries under names, each person's own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select

from bot.state.database import StateDatabase
from bot.state.tables import SavedQuestion

MOST_SAVED = 50


@dataclass(frozen=True, slots=True)
class Saved:
    """A query on the wire, and the name that its owner gave it."""

    name: str
    query: dict[str, Any]
    saved_at: datetime


class TooManySaved(Exception):
    """The owner has as many saved questions as one person can have."""


def save_question(database: StateDatabase, owner: str, name: str, query: dict[str, Any]) -> None:
    """Keep it, in place of one of the same name. Raises TooManySaved."""
    with database.session() as session:
        row = session.get(SavedQuestion, (owner, name))
        if row is not None:
            row.query, row.saved_at = query, datetime.now(UTC)
            return
        mine = select(func.count()).where(SavedQuestion.owner == owner)
        if (session.scalar(mine) or 0) >= MOST_SAVED:
            raise TooManySaved
        session.add(SavedQuestion(owner=owner, name=name, query=query, saved_at=datetime.now(UTC)))


def list_saved(database: StateDatabase, owner: str) -> tuple[Saved, ...]:
    """The owner's saved questions by name."""
    wanted = select(SavedQuestion).where(SavedQuestion.owner == owner).order_by(SavedQuestion.name)
    with database.session() as session:
        return tuple(Saved(row.name, row.query, row.saved_at) for row in session.scalars(wanted))


def saved_names(database: StateDatabase, owner: str) -> tuple[str, ...]:
    """Their names alone."""
    with database.session() as session:
        wanted = select(SavedQuestion.name).where(SavedQuestion.owner == owner)
        return tuple(session.scalars(wanted))


def rename_saved(database: StateDatabase, owner: str, name: str, new: str) -> bool | None:
    """Whether there is such a question of the owner; None where the new name is taken."""
    with database.session() as session:
        row = session.get(SavedQuestion, (owner, name))
        if row is None:
            return False
        if new != name and session.get(SavedQuestion, (owner, new)) is not None:
            return None
        row.name = new
        return True


def forget_saved(database: StateDatabase, owner: str, name: str) -> bool:
    """Whether there was such a question of the owner."""
    gone = delete(SavedQuestion).where(SavedQuestion.owner == owner, SavedQuestion.name == name)
    with database.session() as session:
        return cast(CursorResult[None], session.execute(gone)).rowcount == 1
