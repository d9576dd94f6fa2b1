"""The tables of the state database. A change here comes with a migration in ``migrations/``."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

DIGEST_CHARS = 64
NAME_CHARS = 120
LESSON_CHARS = 1_000


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
        list[dict[str, Any]]: JSON(),
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


class UserAccount(Base):
    """A person who signs in with a password. Only its Argon2id hash is kept."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(NAME_CHARS), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_CHARS))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]


class WebSession(Base):
    """A signed-in browser. ``owner`` names whose conversations it sees.

    A session that a token started ends when the token is revoked; one of an account ends when the
    account is disabled or gets another password.
    """

    __tablename__ = "web_sessions"

    digest: Mapped[str] = mapped_column(String(DIGEST_CHARS), primary_key=True)
    owner: Mapped[str] = mapped_column(String(NAME_CHARS))
    person: Mapped[str] = mapped_column(String(NAME_CHARS))
    role: Mapped[str] = mapped_column(String(20))
    token_id: Mapped[int | None] = mapped_column(ForeignKey("access_tokens.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class WidgetSession(Base):
    """A visitor of a page that shows the widget: a bearer of role guest, good for that origin."""

    __tablename__ = "widget_sessions"

    digest: Mapped[str] = mapped_column(String(DIGEST_CHARS), primary_key=True)
    owner: Mapped[str] = mapped_column(String(NAME_CHARS))
    origin: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class ConversationRow(Base):
    """A conversation. Its id is the client's, so it is unique for an owner only."""

    __tablename__ = "conversations"
    __table_args__ = (Index("conversations_newest", "owner", "updated_at"),)

    owner: Mapped[str] = mapped_column(String(NAME_CHARS), primary_key=True)
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    title: Mapped[str] = mapped_column(String(NAME_CHARS))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class TurnRow(Base):
    """A message and its answers as they went out."""

    __tablename__ = "turns"
    __table_args__ = (
        UniqueConstraint("owner", "conversation_id", "message_id", name="turns_message"),
        ForeignKeyConstraint(
            ["owner", "conversation_id"],
            ["conversations.owner", "conversations.id"],
            name="turns_conversation",
            ondelete="CASCADE",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(NAME_CHARS))
    conversation_id: Mapped[str] = mapped_column(String(80))
    message_id: Mapped[str] = mapped_column(String(80))
    request_id: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    message: Mapped[str] = mapped_column(Text)
    answers: Mapped[list[dict[str, Any]]]
    elapsed_ms: Mapped[float]


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
    """Whether the answers to a message helped: the last word on it."""

    __tablename__ = "thumbs"
    __table_args__ = (
        UniqueConstraint("owner", "conversation_id", "request_id", name="thumbs_request"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    owner: Mapped[str] = mapped_column(String(NAME_CHARS))
    conversation_id: Mapped[str] = mapped_column(String(80))
    request_id: Mapped[str] = mapped_column(String(80))
    helped: Mapped[bool]
    comment: Mapped[str] = mapped_column(Text, default="")


class LessonRow(Base):
    """What a correction could teach. It teaches once a supervisor accepted it."""

    __tablename__ = "lessons"
    __table_args__ = (
        UniqueConstraint("kind", "phrase", "meaning", "role", "of", name="lessons_once"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    phrase: Mapped[str] = mapped_column(String(LESSON_CHARS))
    meaning: Mapped[str] = mapped_column(String(LESSON_CHARS))
    role: Mapped[str] = mapped_column(String(20))
    of: Mapped[str] = mapped_column(String(NAME_CHARS))
    original: Mapped[str] = mapped_column(Text)
    meant: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(NAME_CHARS))
    proposed_at: Mapped[datetime]
    times: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(20))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(NAME_CHARS))


class SavedQuestion(Base):
    """A query that a person saved under a name, to ask it again."""

    __tablename__ = "saved_questions"

    owner: Mapped[str] = mapped_column(String(NAME_CHARS), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_CHARS), primary_key=True)
    query: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


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
