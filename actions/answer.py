"""The one data action: tracker → ParsedMessage → Analyst → answers on the wire and the query slot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from analytics.types import (
    Act,
    Answer,
    Issue,
    Mention,
    ParsedMessage,
    Query,
    Role,
    Viewer,
    query_from_wire,
    to_wire,
)

log = logging.getLogger(__name__)

SLOT = "query"
NOBODY = Viewer("", "")
"""Where no viewer came along, no role is assumed."""


class Reply(Protocol):
    """What an analyst gives back."""

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Answers in order, at least one."""

    @property
    def query(self) -> Query | None:
        """The query that a follow-up refines."""


class Analyst(Protocol):
    """The analytics behind the action."""

    def answer(
        self,
        parsed: ParsedMessage,
        previous: Query | None,
        today: date | None,
        viewer: Viewer,
        request_id: str,
    ) -> Reply:
        """Answers to one message."""


class ActionAnswer(Action):  # type: ignore[misc]
    """Answers whatever a message asks; the intent is part of what the analyst is told."""

    def __init__(self, analyst: Analyst) -> None:
        self._analyst = analyst

    def name(self) -> str:
        """The name in the domain."""
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """One message with the answers; the slot is set each turn, so that it is always recent."""
        message = tracker.latest_message
        metadata = message.get("metadata") or {}
        request_id = str(metadata.get("request_id") or "")
        previous = previous_query(tracker.get_slot(SLOT))
        try:
            # A query may take seconds; meanwhile the server has to answer others.
            reply = await asyncio.to_thread(
                self._analyst.answer,
                parsed_message(message),
                previous,
                today_of(metadata),
                viewer_of(metadata),
                request_id,
            )
            answers, query = reply.answers, reply.query
        except Exception:
            log.exception("no answer", extra={"request_id": request_id})
            answers, query = (internal_error(request_id),), previous
        dispatcher.utter_message(json_message={"answers": [to_wire(answer) for answer in answers]})
        return [SlotSet(SLOT, to_wire(query))]


def parsed_message(message: Mapping[str, Any]) -> ParsedMessage:
    """What Rasa made of a message, with only the acts and roles that exist."""
    intent = message.get("intent") or {}
    act = intent.get("name")
    return ParsedMessage(
        text=str(message.get("text") or ""),
        act=Act(act) if act in set(Act) else Act.UNSURE,
        confidence=float(intent.get("confidence") or 0.0),
        mentions=tuple(
            _mention(entity)
            for entity in message.get("entities") or []
            if entity.get("entity") in set(Role)
        ),
    )


def _mention(entity: Mapping[str, Any]) -> Mention:
    return Mention(
        Role(entity["entity"]),
        str(entity["value"]),
        int(entity["start"]),
        int(entity["end"]),
        float(entity.get("confidence_entity") or 1.0),
    )


def previous_query(wire: Any) -> Query | None:
    """The query in the slot; None where there is none or an older version wrote it."""
    if wire is None:
        return None
    try:
        return query_from_wire(wire)
    except (KeyError, TypeError, ValueError):
        log.warning("the stored query cannot be read; the conversation starts anew")
        return None


def today_of(metadata: Mapping[str, Any]) -> date | None:
    """The day that the asker calls today, where a valid one came along."""
    try:
        return date.fromisoformat(str(metadata.get("today")))
    except ValueError:
        return None


def viewer_of(metadata: Mapping[str, Any]) -> Viewer:
    """Who asks, as the gateway signed them in."""
    viewer = metadata.get("viewer")
    if not isinstance(viewer, Mapping):
        return NOBODY
    return Viewer(str(viewer.get("name") or ""), str(viewer.get("role") or ""))


def internal_error(request_id: str) -> Answer:
    """The answer where something broke: no detail, but the id under which it is logged."""
    named = f" (request {request_id})" if request_id else ""
    text = f"Something went wrong on our side{named}. Try again; if it stays so, name the request."
    return Answer(text, issues=(Issue("internal_error", text),))
