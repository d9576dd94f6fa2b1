"""Writing down what happened: the audit trail, thumbs and live feedback."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update

from bot.state.database import StateDatabase
from bot.state.tables import AuditEntry, LiveFeedback, Thumb


@dataclass(frozen=True, slots=True)
class Audited:
    """One line of the audit trail. ``kind`` is a query kind or an issue code, never free text."""

    request_id: str
    owner: str
    role: str
    action: str
    kind: str
    status: int
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class Feedback:
    """A validated live review, ticket or post, scored. ``fields`` are warehouse columns as JSON."""

    id: str
    kind: str
    fields: dict[str, Any]
    sentiment: str | None = None
    sentiment_score: float | None = None
    emotion: str | None = None


def write_audit(database: StateDatabase, entry: Audited) -> None:
    """Append one line."""
    row = AuditEntry(
        at=datetime.now(UTC),
        request_id=entry.request_id,
        owner=entry.owner,
        role=entry.role,
        action=entry.action,
        kind=entry.kind[:40],
        status=entry.status,
        elapsed_ms=round(entry.elapsed_ms, 1),
    )
    with database.session() as session:
        session.add(row)


def write_thumb(
    database: StateDatabase,
    owner: str,
    conversation_id: str,
    request_id: str,
    *,
    helped: bool,
    comment: str = "",
) -> None:
    """Keep whether the answers to a request helped; said again, the last word counts."""
    key = {"owner": owner, "conversation_id": conversation_id, "request_id": request_id}
    with database.session() as session:
        row = session.scalar(select(Thumb).filter_by(**key))
        if row is None:
            row = Thumb(**key)
            session.add(row)
        row.at, row.helped, row.comment = datetime.now(UTC), helped, comment


def write_feedback(database: StateDatabase, owner: str, items: Iterable[Feedback]) -> None:
    """Keep live feedback for the next build; an id sent again replaces what was there."""
    now = datetime.now(UTC)
    with database.session() as session:
        for item in items:
            session.merge(_feedback_row(item, owner, now))


def _feedback_row(item: Feedback, owner: str, now: datetime) -> LiveFeedback:
    return LiveFeedback(
        id=item.id,
        kind=item.kind,
        received_at=now,
        owner=owner,
        fields=item.fields,
        sentiment=item.sentiment,
        sentiment_score=item.sentiment_score,
        emotion=item.emotion,
        built_at=None,
    )


def pending_feedback(database: StateDatabase, kind: str) -> tuple[Feedback, ...]:
    """Live feedback of one kind ('review', 'ticket', 'post') that no build has taken yet."""
    wanted = (
        select(LiveFeedback)
        .where(LiveFeedback.kind == kind, LiveFeedback.built_at.is_(None))
        .order_by(LiveFeedback.received_at, LiveFeedback.id)
    )
    with database.session() as session:
        return tuple(
            Feedback(r.id, r.kind, r.fields, r.sentiment, r.sentiment_score, r.emotion)
            for r in session.scalars(wanted)
        )


def mark_built(database: StateDatabase, kind: str, ids: Iterable[str]) -> None:
    """Say that a published build holds these."""
    with database.session() as session:
        session.execute(
            update(LiveFeedback)
            .where(LiveFeedback.kind == kind, LiveFeedback.id.in_(list(ids)))
            .values(built_at=datetime.now(UTC))
        )
