"""Access tokens for the API: created, found by their secret, listed, revoked."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.state.database import StateDatabase
from bot.state.secrets import TOKEN_PREFIX, check_role, digest, new_secret
from bot.state.tables import NAME_CHARS, AccessToken

# Written at most this often, so that reading a token does not cost a write for each request.
LAST_USED_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Token:
    """What is known about a token; its secret is not."""

    id: int
    label: str
    role: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


def create_token(database: StateDatabase, role: str, label: str = "") -> str:
    """Make a token and return its secret, which is not kept. Raises ValueError on a bad role."""
    secret = new_secret(TOKEN_PREFIX)
    row = AccessToken(
        digest=digest(secret),
        label=label[:NAME_CHARS],
        role=check_role(role),
        created_at=datetime.now(UTC),
    )
    with database.session() as session:
        session.add(row)
    return secret


def find_token(database: StateDatabase, secret: str) -> Token | None:
    """The live token with this secret, marked as used; None where there is none."""
    now = datetime.now(UTC)
    wanted = select(AccessToken).where(
        AccessToken.digest == digest(secret), AccessToken.revoked_at.is_(None)
    )
    with database.session() as session:
        row = session.scalar(wanted)
        if row is None:
            return None
        if row.last_used_at is None or now - row.last_used_at > LAST_USED_STEP:
            row.last_used_at = now
        return _token(row)


def list_tokens(database: StateDatabase) -> tuple[Token, ...]:
    """All tokens, oldest first, the revoked ones included."""
    with database.session() as session:
        return tuple(_token(row) for row in session.scalars(select(AccessToken).order_by("id")))


def revoke_token(database: StateDatabase, token_id: int) -> bool:
    """End a token at once; whether there was a live one with this number."""
    with database.session() as session:
        row = session.get(AccessToken, token_id)
        if row is None or row.revoked_at is not None:
            return False
        row.revoked_at = datetime.now(UTC)
        return True


def _token(row: AccessToken) -> Token:
    return Token(row.id, row.label, row.role, row.created_at, row.last_used_at, row.revoked_at)
