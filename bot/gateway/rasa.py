"""The way to Rasa and back: one message in, answers on the wire out."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx

from bot.gateway.errors import ApiError

Answer = dict[str, Any]

# Rasa being restarted is back within seconds; nothing was sent yet, so asking again is safe.
CONNECT_WAITS = (0.25, 0.5, 1.0)


class RasaClient:
    """Talks to Rasa's REST channel on loopback."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, timeout_s: float) -> None:
        self._http = http
        self._url = f"{base_url}/webhooks/rest/webhook"
        self._timeout_s = timeout_s

    async def ask(self, sender: str, message: str, metadata: Mapping[str, Any]) -> list[Answer]:
        """The answers to a message. Raises ApiError where there is none (503, 504, 502)."""
        body = {"sender": sender, "message": message, "metadata": dict(metadata)}
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await self._post(body)
        except (TimeoutError, httpx.TimeoutException):
            text = "The answer took too long. Try again, or ask for a shorter time or fewer groups."
            raise ApiError(504, "took_too_long", text) from None
        except httpx.HTTPError:
            raise _starting() from None
        if response.status_code != httpx.codes.OK:
            raise _starting()
        return _answers(response.content)

    async def _post(self, body: Mapping[str, Any]) -> httpx.Response:
        for wait in CONNECT_WAITS:
            try:
                return await self._http.post(self._url, json=body, timeout=self._timeout_s)
            except httpx.ConnectError:
                await asyncio.sleep(wait)
        return await self._http.post(self._url, json=body, timeout=self._timeout_s)


def _starting() -> ApiError:
    text = "Questions are not answered at the moment: the bot is starting. Try again in a moment."
    return ApiError(503, "not_ready", text, {"Retry-After": "5"})


def _answers(content: bytes) -> list[Answer]:
    """Answers of all the bot's messages, in order; a plain text becomes an answer of its own."""
    try:
        # NaN and infinity are no JSON and no figure: no number rather than a wrong one.
        messages = json.loads(content, parse_constant=lambda _: None)
    except ValueError:
        messages = None
    parts = messages if isinstance(messages, list) else []
    found = [a for m in parts if isinstance(m, Mapping) for a in _of_message(m)]
    if not found:
        text = "The bot gave no answer. Ask again; if it stays so, name the request id."
        raise ApiError(502, "no_answer", text)
    return found


def _of_message(message: Mapping[str, Any]) -> list[Answer]:
    custom = message.get("custom")
    if isinstance(custom, Mapping) and isinstance(custom.get("answers"), list):
        return [{**EMPTY_ANSWER, **a} for a in custom["answers"] if isinstance(a, Mapping)]
    if isinstance(message.get("text"), str):
        return [{**EMPTY_ANSWER, "text": message["text"]}]
    return []


EMPTY_ANSWER: Mapping[str, Any] = {
    "text": "",
    "query": None,
    "columns": [],
    "rows": [],
    "chart": None,
    "evidence": [],
    "recommendations": [],
    "suggestions": [],
    "issues": [],
    "provenance": None,
}
