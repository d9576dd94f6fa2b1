"""Hold a question's conversation with a running gateway."""

from __future__ import annotations

from typing import Any

import httpx

from tests.questions.questions import Question


def ask(question: Question, client: httpx.Client) -> list[dict[str, Any]]:
    """Send every turn in one conversation; return the last turn's answers.

    Raises httpx.HTTPError on a failure.
    """
    conversation: str | None = None
    answers: list[dict[str, Any]] = []
    for turn in question.turns:
        body: dict[str, Any] = {"message": turn}
        if conversation is not None:
            body["conversation_id"] = conversation
        if question.today is not None:
            body["today"] = question.today.isoformat()
        reply = client.post("/api/v1/chat", json=body)
        reply.raise_for_status()
        content = reply.json()
        conversation, answers = content["conversation_id"], content["answers"]
    return answers


def chat_client(address: str, token: str) -> httpx.Client:
    """A client of the API at ``address``."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.Client(base_url=address, headers=headers, timeout=60.0)
