"""Visitors of a page that shows the widget: a bearer of role guest, for a day's visit."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

from bot.state.database import StateDatabase
from bot.state.secrets import digest, new_secret
from bot.state.tables import WidgetSession

GUEST_PREFIX = "vbg_"
GUEST_LIFETIME = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Guest:
    """A visitor. ``origin`` is the page that they came by."""

    owner: str
    origin: str
    expires_at: datetime


def start_guest(database: StateDatabase, origin: str) -> tuple[str, Guest]:
    """A new visitor's secret, which is not kept, and who they are; old ones are swept out."""
    now = datetime.now(UTC)
    secret = new_secret(GUEST_PREFIX)
    guest = Guest(f"guest-{uuid.uuid4().hex}", origin, now + GUEST_LIFETIME)
    row = WidgetSession(
        digest=digest(secret),
        owner=guest.owner,
        origin=guest.origin,
        created_at=now,
        expires_at=guest.expires_at,
    )
    with database.session() as session:
        session.execute(delete(WidgetSession).where(WidgetSession.expires_at <= now))
        session.add(row)
    return secret, guest


def find_guest(database: StateDatabase, secret: str) -> Guest | None:
    """The visitor with this secret, where it has not expired."""
    with database.session() as session:
        row = session.get(WidgetSession, digest(secret))
        if row is None or row.expires_at <= datetime.now(UTC):
            return None
        return Guest(row.owner, row.origin, row.expires_at)
