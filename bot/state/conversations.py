"""Conversations as they are kept: begun, continued, listed, renamed, deleted, swept out when old."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from bot.state.database import StateDatabase
from bot.state.tables import ConversationRow, Thumb, TurnRow

TITLE_CHARS = 80
SWEPT_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A message and the answers to it. ``helped`` is the asker's own word on them."""

    message_id: str
    request_id: str
    at: datetime
    message: str
    answers: list[dict[str, Any]]
    elapsed_ms: float
    helped: bool | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation in a list. ``turns`` counts its messages."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    turns: int


def keep_turn(database: StateDatabase, owner: str, conversation_id: str, turn: StoredTurn) -> None:
    """Add a turn at the end of a conversation, which begins with its first one."""
    with database.session() as session:
        row = session.get(ConversationRow, (owner, conversation_id))
        if row is None:
            title = title_of(turn.message)
            row = ConversationRow(
                owner=owner, id=conversation_id, title=title, created_at=turn.at, updated_at=turn.at
            )
            session.add(row)
            session.flush()
        row.updated_at = turn.at
        session.add(
            TurnRow(
                owner=owner,
                conversation_id=conversation_id,
                message_id=turn.message_id,
                request_id=turn.request_id,
                at=turn.at,
                message=turn.message,
                answers=turn.answers,
                elapsed_ms=turn.elapsed_ms,
            )
        )


def title_of(message: str) -> str:
    """The beginning of a message, cut between words."""
    if len(message) <= TITLE_CHARS:
        return message
    kept = message[: TITLE_CHARS - 1]
    return (kept.rpartition(" ")[0] or kept) + "…"


def find_turn(
    database: StateDatabase, owner: str, conversation_id: str, message_id: str
) -> StoredTurn | None:
    """The stored turn of a message; None where there is none of this owner."""
    wanted = select(TurnRow).where(
        TurnRow.owner == owner,
        TurnRow.conversation_id == conversation_id,
        TurnRow.message_id == message_id,
    )
    with database.session() as session:
        row = session.scalar(wanted)
        return _turn(row, {}) if row else None


def find_request(
    database: StateDatabase, owner: str, conversation_id: str, request_id: str
) -> StoredTurn | None:
    """The stored turn of a request; None where there is none of this owner."""
    wanted = select(TurnRow).where(
        TurnRow.owner == owner,
        TurnRow.conversation_id == conversation_id,
        TurnRow.request_id == request_id,
    )
    with database.session() as session:
        row = session.scalar(wanted.limit(1))
        return _turn(row, {}) if row else None


def has_request(database: StateDatabase, owner: str, conversation_id: str, request_id: str) -> bool:
    """Whether a request of this owner was answered in this conversation."""
    return find_request(database, owner, conversation_id, request_id) is not None


def list_conversations(
    database: StateDatabase, owner: str, limit: int, before: datetime | None = None
) -> tuple[Summary, ...]:
    """The owner's conversations, newest first; with ``before``, those last used earlier."""
    counted = (
        select(func.count())
        .where(
            TurnRow.owner == ConversationRow.owner, TurnRow.conversation_id == ConversationRow.id
        )
        .scalar_subquery()
    )
    wanted = select(ConversationRow, counted).where(ConversationRow.owner == owner)
    if before is not None:
        wanted = wanted.where(ConversationRow.updated_at < before)
    newest_first = wanted.order_by(ConversationRow.updated_at.desc(), ConversationRow.id)
    with database.session() as session:
        return tuple(
            _summary(row, turns) for row, turns in session.execute(newest_first.limit(limit))
        )


def read_conversation(
    database: StateDatabase, owner: str, conversation_id: str, newest: int
) -> tuple[Summary, tuple[StoredTurn, ...]] | None:
    """A conversation and the ``newest`` of its turns in order; None where it is not the owner's."""
    mine = (TurnRow.owner == owner, TurnRow.conversation_id == conversation_id)
    with database.session() as session:
        row = session.get(ConversationRow, (owner, conversation_id))
        if row is None:
            return None
        turns = session.scalar(select(func.count()).where(*mine)) or 0
        last = select(TurnRow).where(*mine).order_by(TurnRow.id.desc()).limit(newest)
        helped = _thumbs(session, owner, conversation_id)
        found = tuple(_turn(turn, helped) for turn in session.scalars(last))
        return _summary(row, turns), found[::-1]


def rename_conversation(
    database: StateDatabase, owner: str, conversation_id: str, title: str
) -> bool:
    """Give a title; whether there is such a conversation of this owner."""
    change = (
        update(ConversationRow)
        .where(ConversationRow.owner == owner, ConversationRow.id == conversation_id)
        .values(title=title)
    )
    with database.session() as session:
        return cast(CursorResult[None], session.execute(change)).rowcount == 1


def delete_conversation(database: StateDatabase, owner: str, conversation_id: str) -> bool:
    """Delete it with its turns and thumbs; whether there was one of this owner."""
    with database.session() as session:
        row = session.get(ConversationRow, (owner, conversation_id))
        if row is None:
            return False
        _delete(session, row)
        return True


def delete_older(database: StateDatabase, moment: datetime) -> int:
    """Delete the conversations last used before ``moment``; their number.

    In small transactions, so that people who ask meanwhile need not wait.
    """
    wanted = select(ConversationRow).where(ConversationRow.updated_at < moment)
    total = 0
    while True:
        with database.session() as session:
            rows = session.scalars(wanted.limit(SWEPT_AT_ONCE)).all()
            for row in rows:
                _delete(session, row)
        total += len(rows)
        if len(rows) < SWEPT_AT_ONCE:
            return total


def _delete(session: Session, row: ConversationRow) -> None:
    session.execute(delete(Thumb).where(Thumb.owner == row.owner, Thumb.conversation_id == row.id))
    session.delete(row)


def _thumbs(session: Session, owner: str, conversation_id: str) -> dict[str, bool]:
    wanted = select(Thumb.request_id, Thumb.helped).where(
        Thumb.owner == owner, Thumb.conversation_id == conversation_id
    )
    return {row.request_id: row.helped for row in session.execute(wanted)}


def _summary(row: ConversationRow, turns: int) -> Summary:
    return Summary(row.id, row.title, row.created_at, row.updated_at, turns)


def _turn(row: TurnRow, helped: Mapping[str, bool]) -> StoredTurn:
    return StoredTurn(
        row.message_id,
        row.request_id,
        row.at.astimezone(UTC),
        row.message,
        row.answers,
        row.elapsed_ms,
        helped.get(row.request_id),
    )
