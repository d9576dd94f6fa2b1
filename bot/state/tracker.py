"""Rasa's own record of conversations: its events, deleted where a conversation is."""

import time
from datetime import datetime

from sqlalchemy import (
    URL,
    Column,
    Double,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    event,
    inspect,
    make_url,
    select,
)

from bot.state.database import BUSY_TIMEOUT_MS, sqlite_path

DELETED_AT_ONCE = 2000
PAUSE_SECONDS = 0.05

# As Rasa's SQLTrackerStore makes it; only the columns that are used here.
EVENTS = Table(
    "events",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255)),
    Column("timestamp", Double),
)


class TrackerEvents:
    """Deletes events from Rasa's tracker database; opens nothing before it is asked to."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._engine: Engine | None = None

    def forget(self, sender: str) -> None:
        """Delete every event of a conversation. ``sender`` is Rasa's name of it."""
        engine = self._opened()
        if engine is not None:
            with engine.begin() as connection:
                connection.execute(delete(EVENTS).where(EVENTS.c.sender_id == sender))

    def forget_older(self, moment: datetime) -> int:
        """Delete the events before ``moment``; their number.

        A few at a time, so that Rasa, which writes with each message, need not wait.
        """
        engine = self._opened()
        if engine is None:
            return 0
        old = select(EVENTS.c.id).where(EVENTS.c.timestamp < moment.timestamp())
        total = 0
        while True:
            with engine.begin() as connection:
                ids = connection.scalars(old.limit(DELETED_AT_ONCE)).all()
                connection.execute(delete(EVENTS).where(EVENTS.c.id.in_(ids)))
            total += len(ids)
            if len(ids) < DELETED_AT_ONCE:
                return total
            time.sleep(PAUSE_SECONDS)

    def close(self) -> None:
        """Close every connection."""
        if self._engine is not None:
            self._engine.dispose()

    def _opened(self) -> Engine | None:
        """The database, once Rasa has made its table."""
        path = sqlite_path(self._url)
        if path is not None and not path.exists():
            return None
        if self._engine is None:
            self._engine = _engine(self._url)
        return self._engine if inspect(self._engine).has_table(EVENTS.name) else None


def _engine(url: URL) -> Engine:
    engine = create_engine(url, hide_parameters=True)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _wait_for_rasa)
    return engine


def _wait_for_rasa(connection: object, _: object) -> None:
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")  # type: ignore[attr-defined]
