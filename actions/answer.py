"""The one data action: tracker → ParsedMessage → Analyst → answers on the wire and the query slot."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.past import SLOT, past_of, stored_query
from analytics.analyst.past import Past
from analytics.answer.locale import DEFAULT
from analytics.request import REQUEST_ID
from analytics.types import (
    Act,
    Answer,
    Issue,
    Mention,
    ParsedMessage,
    Query,
    Reply,
    Role,
    Viewer,
    query_from_wire,
    to_wire,
)

if TYPE_CHECKING:  # it brings the query engine, which the server opens later
    from analytics.analyst.learning import Correction
    from analytics.analyst.service import Analyst

log = logging.getLogger(__name__)

BROKEN = "internal_error"
"""The code of an answer where something of ours broke."""
NOBODY = Viewer("", "")
"""Where no viewer came along, no role is assumed."""


class ActionAnswer(Action):  # type: ignore[misc]
    """Answers whatever a message asks; the intent is part of what the analyst is told."""

    def __init__(self, opened: Callable[[], Analyst]) -> None:
        """``opened`` gives the analyst; it is called in a thread, for it may take its time."""
        self._opened = opened

    def name(self) -> str:
        """The name in the domain."""
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """One message with the answers; the slot is set each turn, so that it is always recent."""
        message = tracker.latest_message
        metadata = message.get("metadata") or {}
        answers = given_before(tracker.events, metadata.get("message_id"))
        query = tracker.get_slot(SLOT)
        said: dict[str, Any] = {}
        if answers is None:
            past = past_of(tracker.events, metadata)
            reply = await self._reply(message, metadata, stored_query(query), past)
            answers, query = [to_wire(answer) for answer in reply.answers], to_wire(reply.query)
            said = await self._lessons(message, metadata)
            said |= {"back": True} if reply.back else {}
            said |= {"wish": to_wire(reply.wish)} if reply.wish is not None else {}
        dispatcher.utter_message(json_message={"answers": answers, **said})
        return [SlotSet(SLOT, query)]

    async def _reply(
        self,
        message: Mapping[str, Any],
        metadata: Mapping[str, Any],
        previous: Query | None,
        past: Past,
    ) -> Reply:
        request_id = str(metadata.get("request_id") or "")
        try:
            typed = typed_query(metadata.get("query"))
        except ValueError:
            return Reply((Answer(_UNREADABLE.message, issues=(_UNREADABLE,)),), previous)

        def answered() -> Reply:
            REQUEST_ID.set(request_id)  # of this thread's own context: nobody else sees it
            return self._opened().answer(
                parsed_message(message),
                previous,
                today_of(metadata),
                viewer_of(metadata),
                request_id,
                typed,
                past,
            )

        try:
            # A query may take seconds; meanwhile the server has to answer others.
            return await asyncio.to_thread(answered)
        except Exception:
            log.exception("no answer", extra={"request_id": request_id})
            return Reply((internal_error(request_id),), previous)

    async def _lessons(
        self, message: Mapping[str, Any], metadata: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Where the message corrects another one: what that could teach."""
        correction = correction_of(message, metadata)
        if correction is None:
            return {}
        try:
            found = await asyncio.to_thread(
                lambda: self._opened().lessons_from(
                    correction, today_of(metadata), viewer_of(metadata)
                )
            )
        except Exception:
            log.exception("no lessons", extra={"request_id": str(metadata.get("request_id") or "")})
            return {}
        return {"lessons": [to_wire(lesson) for lesson in found]}


_UNREADABLE = Issue("invalid_query", "The query cannot be read. Send one as an answer gave it.")


def given_before(events: Sequence[Mapping[str, Any]], message_id: Any) -> list[Any] | None:
    """The answers that the same message got earlier in this conversation; None where it is new.

    A sender that lost the reply sends its message again, with the same id: it is not answered twice.
    A failure of ours is no answer: sent again, the message is tried again.
    """
    asked = False
    for event in events[:-1] if message_id else ():
        if event.get("event") == "user":
            asked = (event.get("metadata") or {}).get("message_id") == message_id
        elif asked and event.get("event") == "bot":
            answers = ((event.get("data") or {}).get("custom") or {}).get("answers")
            if isinstance(answers, list) and not any(map(_broke, answers)):
                return answers
    return None


def _broke(answer: Any) -> bool:
    issues = answer.get("issues") if isinstance(answer, Mapping) else None
    return any(issue.get("code") == BROKEN for issue in issues or ())


def typed_query(wire: Any) -> Query | None:
    """The ready-made query that came along. Raises ValueError where it is none."""
    if wire is None:
        return None
    try:
        return query_from_wire(wire)
    except (TypeError, ValueError) as error:
        raise ValueError("not a query") from error


def correction_of(message: Mapping[str, Any], metadata: Mapping[str, Any]) -> Correction | None:
    """The correction that a message is; None where it is none."""
    corrects = metadata.get("corrects")
    if not isinstance(corrects, Mapping):
        return None
    from analytics.analyst.learning import Correction

    return Correction(
        str(corrects.get("message") or ""),
        str(message.get("text") or ""),
        corrects.get("declined") is True,
    )


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
    locale = str(metadata.get("locale") or DEFAULT)
    return Viewer(str(viewer.get("name") or ""), str(viewer.get("role") or ""), locale)


def internal_error(request_id: str) -> Answer:
    """The answer where something broke: no detail, but the id under which it is logged."""
    named = f" (request {request_id})" if request_id else ""
    text = f"Something went wrong on our side{named}. Try again; if it stays so, name the request."
    return Answer(text, issues=(Issue(BROKEN, text),))
