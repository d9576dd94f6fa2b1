"""The tables of the state database. A change here comes with a migration in ``migrations/``."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

DIGEST_CHARS = 64
NAME_CHARS = 120


class UtcDateTime(TypeDecorator[datetime]):
    """An instant in UTC. SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive instant is a bug."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always with a zone."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Common base of the tables."""

    type_annotation_map = {  # noqa: RUF012
        datetime: UtcDateTime(),
        float: Double(),
        dict[str, Any]: JSON(),
    }


class AccessToken(Base):
    """A secret for the API. Only its digest is kept."""

    __tablename__ = "access_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(DIGEST_CHARS), unique=True)
    label: Mapped[str] = mapped_column(String(NAME_CHARS))
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class LoginCode(Base):
    """A one-time code that a link exchanges for a web session."""

    __tablename__ = "login_codes"

    digest: Mapped[str] = mapped_column(String(DIGEST_CHARS), primary_key=True)
    person: Mapped[str] = mapped_column(String(NAME_CHARS))
    role: Mapped[str] = mapped_column(String(20))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class WebSession(Base):
    """A signed-in browser. ``owner`` names whose conversations it sees.

    A session that a token started ends when the token is revoked.
    """

    __tablename__ = "web_sessions"

    digest: Mapped[str] = mapped_column(String(DIGEST_CHARS), primary_key=True)
    owner: Mapped[str] = mapped_column(String(NAME_CHARS))
    person: Mapped[str] = mapped_column(String(NAME_CHARS))
    role: Mapped[str] = mapped_column(String(20))
    token_id: Mapped[int | None] = mapped_column(ForeignKey("access_tokens.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class AuditEntry(Base):
    """Who asked what kind of thing when. Never the words of the question or of a customer."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    request_id: Mapped[str] = mapped_column(String(80))
    owner: Mapped[str] = mapped_column(String(NAME_CHARS))
    role: Mapped[str] = mapped_column(String(20))
    action: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    status: Mapped[int]
    elapsed_ms: Mapped[float]


class Thumb(Base):
    """Whether an answer helped."""

    __tablename__ = "thumbs"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    owner: Mapped[str] = mapped_column(String(NAME_CHARS))
    conversation_id: Mapped[str] = mapped_column(String(80))
    request_id: Mapped[str] = mapped_column(String(80))
    helped: Mapped[bool]
    comment: Mapped[str] = mapped_column(Text, default="")


class LiveFeedback(Base):
    """A review, ticket or post sent by API; every build takes them all."""

    __tablename__ = "live_feedback"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    received_at: Mapped[datetime]
    owner: Mapped[str] = mapped_column(String(NAME_CHARS))
    fields: Mapped[dict[str, Any]]
    sentiment: Mapped[str | None] = mapped_column(String(20))
    sentiment_score: Mapped[float | None]
    emotion: Mapped[str | None] = mapped_column(String(40))
