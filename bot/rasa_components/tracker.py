"""Conversations in SQL, of which a turn reads back only the end."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine.url import make_url
from sqlalchemy.orm import Query, Session

SLOTS_KEPT = 10
"""Values of the slot that a turn reads back: so many steps can be undone in a row."""


class RecentTrackerStore(SQLTrackerStore):  # type: ignore[misc]
    """Rasa's SQL store with a limit: a turn costs the same in a long conversation as in a short one.

    The last `max_event_history` events are enough, with the events that set the one slot last: turns that
    failed may have come since, and "undo" goes back over what the slot held before.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str = "sqlite://",
        event_broker: EventBroker | None = None,
        max_event_history: int = 60,
        **kwargs: dict[str, Any],
    ) -> None:
        """`host` is an SQLAlchemy URL: Rasa hands the setting `url` of the endpoint over by that name."""
        self._url = make_url(host)
        self._limit = max_event_history
        super().__init__(domain=domain, event_broker=event_broker, **kwargs)
        if self._url.get_backend_name() == "sqlite" and self._url.database:
            self._keep_connections()

    def _keep_connections(self) -> None:
        """SQLAlchemy opens a file anew for each session, and closing the last one rewrites the file."""
        self.engine.dispose()
        self.engine: Any = sa.create_engine(
            self._url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False}
        )
        sa.event.listen(self.engine, "connect", _prepare_sqlite)
        self.sessionmaker.configure(bind=self.engine)

    def get_db_url(self, *_: Any) -> Any:
        """The URL as given."""
        return self._url

    async def _retrieve(
        self, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> DialogueStateTracker | None:
        tracker = await super()._retrieve(sender_id, fetch_events_from_all_sessions)
        if tracker is not None:
            tracker.stored_events = len(tracker.events)
        return tracker

    def _event_query(
        self, session: Session, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> Query[Any]:
        """Events in order: all of them, or the newest up to the limit."""
        event = self.SQLEvent
        every = session.query(event).filter(event.sender_id == sender_id)
        if fetch_events_from_all_sessions:
            return every.order_by(event.id)
        newest_first = every.with_entities(event.id).order_by(event.id.desc())
        newest = newest_first.limit(self._limit).subquery()
        slots = newest_first.filter(event.type_name == SlotSet.type_name)
        slot = slots.limit(SLOTS_KEPT).subquery()
        wanted = sa.or_(event.id.in_(sa.select(newest.c.id)), event.id.in_(sa.select(slot.c.id)))
        return every.filter(wanted).order_by(event.id)

    def _additional_events(
        self, session: Session, tracker: DialogueStateTracker
    ) -> Iterator[Event]:
        """Events that came since the tracker was read or last saved."""
        stored = getattr(tracker, "stored_events", 0)
        tracker.stored_events = len(tracker.events)
        return itertools.islice(tracker.events, stored, None)


def _prepare_sqlite(connection: Any, _: Any) -> None:
    """Readers and the writer do not wait for each other, and a crash loses no finished turn."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=5000")
