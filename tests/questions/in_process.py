"""Hold a question's conversation in this process: Rasa's part from parses, the rest is the product's own.

Events pile up as in Rasa's tracker and the real action answers, so that a follow-up finds what it would find
between the three processes.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import ActionAnswer
from actions.server import open_analyst
from analytics.analyst.service import Analyst
from bot.gateway.text import clean_message
from bot.settings import Settings
from tests.questions.parses import Parse, Parses
from tests.questions.questions import Question

SLOT = "query"
"""As domain.yml."""
VIEWER = {"name": "questions", "role": "admin"}
EVENTS_KEPT = 20
"""As bot/rasa_components/launch.py."""


def analyst_of(home: Path) -> Analyst:
    """The analyst on the warehouse of ``home``, as the action server opens it."""
    return open_analyst(replace(Settings.load(), home=home))


def messages_of(questions: Sequence[Question]) -> set[str]:
    """Every message of the questions, as the gateway hands it on."""
    return {clean_message(turn) for question in questions for turn in question.turns}


def ask(question: Question, analyst: Analyst, parses: Parses) -> list[dict[str, Any]]:
    """Say every turn in one conversation; return the last turn's answers, on the wire."""
    talk = Talk(analyst, question.today.isoformat() if question.today else None)
    answers: list[dict[str, Any]] = []
    for turn in question.turns:
        answers = talk.say(parses[clean_message(turn)])
    return answers


@dataclass
class Talk:
    """One conversation: the events so far, the slot, and questions that were saved in it."""

    analyst: Analyst
    today: str | None
    events: list[dict[str, Any]] = field(default_factory=list)
    query: dict[str, Any] | None = None
    saved: dict[str, Any] = field(default_factory=dict)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def say(self, parse: Parse) -> list[dict[str, Any]]:
        """The answers to a message, given what Rasa makes of it."""
        message = {**parse, "metadata": self._metadata()}
        self.events.append({"event": "user", **message, "parse_data": parse})
        dispatcher = CollectingDispatcher()
        changes = asyncio.run(
            ActionAnswer(lambda: self.analyst).run(dispatcher, self._tracker(message), {})
        )
        said = [each["custom"] for each in dispatcher.messages]
        self.events += [{"event": "bot", "data": {"custom": each}} for each in said]
        self.events += changes
        self.query = changes[-1]["value"]
        for each in said:
            self._grant(each.get("wish") or {})
        return [answer for each in said for answer in each["answers"]]

    def _metadata(self) -> dict[str, Any]:
        number = next(self.numbers)
        return {
            "today": self.today,
            "viewer": VIEWER,
            "request_id": f"r{number}",
            "message_id": f"m{number}",
            "conversation_id": "c",
            "query": None,
            "locale": "en",
            "saved": dict(self.saved),
        }

    def _tracker(self, message: Mapping[str, Any]) -> Tracker:
        state = {
            "sender_id": "questions",
            "slots": {SLOT: self.query},
            "latest_message": dict(message),
            "events": self.events[-EVENTS_KEPT:],
        }
        return Tracker.from_dict(state)

    def _grant(self, wish: Mapping[str, Any]) -> None:
        if wish.get("kind") == "save" and wish.get("query"):
            self.saved[wish["name"]] = wish["query"]
        if wish.get("kind") == "forget":
            self.saved.pop(wish["name"], None)
