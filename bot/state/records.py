"""Writing down what happened: the audit trail, thumbs and live feedback."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot.state.database import StateDatabase
from bot.state.tables import AuditEntry, LiveFeedback, Thumb

READ_AT_ONCE = 1_000


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


@dataclass(frozen=True, slots=True)
class Received:
    """Live feedback as it was sent: ``fields`` are warehouse columns as JSON, instants in UTC."""

    kind: str
    id: str
    received_at: datetime
    fields: dict[str, Any]


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
    """Keep live feedback for every later build; an id sent again replaces what was there."""
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
    )


def live_feedback(database: StateDatabase) -> Iterator[Received]:
    """All live feedback as it is at one moment, in the order of kind and id; read as it is used."""
    wanted = (
        select(LiveFeedback)
        .order_by(LiveFeedback.kind, LiveFeedback.id)
        .execution_options(yield_per=READ_AT_ONCE)
    )
    with database.session() as session:
        for row in session.scalars(wanted):
            yield Received(row.kind, row.id, row.received_at, row.fields)
