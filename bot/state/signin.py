"""Sessions of the page: started by a one-time link, a token or an account, found by their secret."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, update

from bot.processes.stack import address
from bot.settings import Settings
from bot.state.database import StateDatabase, open_state
from bot.state.secrets import check_role, digest, new_secret
from bot.state.tables import AccessToken, LoginCode, UserAccount, WebSession

CODE_LIFETIME = timedelta(minutes=15)
SESSION_LIFETIME = timedelta(hours=12)
LOCAL_OWNER = "local"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live web session. ``owner`` names whose conversations it sees."""

    owner: str
    person: str
    role: str
    csrf: str


def create_login_link(settings: Settings, role: str = "admin") -> str:
    """A link that signs one browser in, once, within 15 minutes. Opens the state database."""
    database = open_state(settings.database_url)
    try:
        code = create_login_code(database, role)
    finally:
        database.close()
    return f"{address(settings)}/login?code={code}"


def create_login_code(database: StateDatabase, role: str, person: str = "local user") -> str:
    """Make a one-time code; old ones are swept out. Raises ValueError on a bad role."""
    now = datetime.now(UTC)
    code = new_secret()
    row = LoginCode(
        digest=digest(code),
        person=person,
        role=check_role(role),
        expires_at=now + CODE_LIFETIME,
    )
    with database.session() as session:
        session.execute(delete(LoginCode).where(LoginCode.expires_at <= now))
        session.add(row)
    return code


def exchange_code(database: StateDatabase, code: str) -> str | None:
    """The secret of a new session for a live code; None where it is unknown, used or too old."""
    now = datetime.now(UTC)
    key = digest(code)
    use = (
        update(LoginCode)
        .where(LoginCode.digest == key, LoginCode.used_at.is_(None), LoginCode.expires_at > now)
        .values(used_at=now)
    )
    with database.session() as session:
        # One statement, so that two browsers cannot use the same code.
        if cast(CursorResult[None], session.execute(use)).rowcount != 1:
            return None
        row = session.get_one(LoginCode, key)
        person, role = row.person, row.role
    return start_session(database, LOCAL_OWNER, person, role)


def start_session(
    database: StateDatabase,
    owner: str,
    person: str,
    role: str,
    *,
    token_id: int | None = None,
    account_id: int | None = None,
) -> str:
    """Start a session and return its secret (for the cookie); old sessions are swept out.

    One that a token or an account started ends with it.
    """
    now = datetime.now(UTC)
    secret = new_secret()
    row = WebSession(
        digest=digest(secret),
        owner=owner,
        person=person,
        role=check_role(role),
        token_id=token_id,
        account_id=account_id,
        created_at=now,
        expires_at=now + SESSION_LIFETIME,
    )
    with database.session() as session:
        session.execute(delete(WebSession).where(WebSession.expires_at <= now))
        session.add(row)
    return secret


def find_session(database: StateDatabase, secret: str) -> SignedIn | None:
    """The live session with this secret."""
    with database.session() as session:
        row = session.get(WebSession, digest(secret))
        if row is None or row.expires_at <= datetime.now(UTC):
            return None
        token = session.get_one(AccessToken, row.token_id) if row.token_id else None
        account = session.get_one(UserAccount, row.account_id) if row.account_id else None
        if (token and token.revoked_at) or (account and account.disabled_at):
            return None
        return SignedIn(row.owner, row.person, row.role, csrf_token(secret))


def end_session(database: StateDatabase, secret: str) -> None:
    """Sign out."""
    with database.session() as session:
        session.execute(delete(WebSession).where(WebSession.digest == digest(secret)))


def csrf_token(session_secret: str) -> str:
    """The token that a page must send back with each change; follows from the session's secret."""
    return hashlib.sha256(f"csrf:{session_secret}".encode("utf-8", "surrogatepass")).hexdigest()
