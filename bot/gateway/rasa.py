"""The way to Rasa and back: one message in, answers on the wire out."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from bot.gateway.errors import ApiError

Answer = dict[str, Any]
Lesson = Mapping[str, Any]

# Longer than Rasa takes to start again. Asking again is safe: the action gives the answers of a
# message id that it answered before, and a question changes nothing.
PATIENCE_S = 30.0
LOOK_AGAIN_S = 0.2
PROBE_S = 2.0
# A bot that is well and says nothing has nothing to say: asked once more, in case it just came back.
SILENCES = 2


@dataclass(frozen=True, slots=True)
class Said:
    """Answers to a message; what they want done; where it was a correction, what that could teach."""

    answers: list[Answer]
    lessons: tuple[Lesson, ...] = ()
    wishes: tuple[Mapping[str, Any], ...] = ()


class RasaClient:
    """Talks to Rasa's REST channel on loopback; waits out a restart of Rasa or the actions."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        base_url: str,
        timeout_s: float,
        actions_url: str,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._http = http
        self._url = f"{base_url}/webhooks/rest/webhook"
        self._probes = (f"{base_url}/status", f"{actions_url}/health")
        self._timeout_s = timeout_s
        self._patience_s = patience_s
        self._waiting = 0

    @property
    def waiting(self) -> bool:
        """Whether messages wait for a process that is starting again."""
        return self._waiting > 0

    async def ask(self, sender: str, message: str, metadata: Mapping[str, Any]) -> Said:
        """The answers to a message. Raises ApiError where there is none (503, 504, 502)."""
        body = {"sender": sender, "message": message, "metadata": dict(metadata)}
        give_up = asyncio.get_running_loop().time() + self._patience_s
        silences = 0
        while True:
            found = await self._once(body)
            if found is not None and found.answers:
                return found
            silences += found is not None
            if silences == SILENCES:
                text = "The bot gave no answer. Ask again; if it stays so, name the request id."
                raise ApiError(502, "no_answer", text)
            await self._until_back(give_up)

    async def _once(self, body: Mapping[str, Any]) -> Said | None:
        """Answers; none where the bot said nothing; None where it is away."""
        try:
            async with asyncio.timeout(self._timeout_s):
                response = await self._http.post(self._url, json=body, timeout=self._timeout_s)
        except httpx.PoolTimeout:
            raise busy() from None
        except (TimeoutError, httpx.TimeoutException):
            text = "The answer took too long. Try again, or ask for a shorter time or fewer groups."
            raise ApiError(504, "took_too_long", text) from None
        except httpx.HTTPError:
            return None
        if response.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise _starting()  # another Rasa holds the port: waiting does not help
        return _said(response.content) if response.status_code == httpx.codes.OK else None

    async def _until_back(self, give_up: float) -> None:
        """Return once Rasa and the actions are live. Raises ApiError (503) at ``give_up``."""
        self._waiting += 1
        try:
            async with asyncio.timeout_at(give_up):
                while not all(await asyncio.gather(*map(self._live, self._probes))):
                    await asyncio.sleep(LOOK_AGAIN_S)
                await asyncio.sleep(LOOK_AGAIN_S)
        except TimeoutError:
            raise _starting() from None
        finally:
            self._waiting -= 1

    async def _live(self, url: str) -> bool:
        try:
            response = await self._http.get(url, timeout=PROBE_S)
            body = response.json() if response.status_code == httpx.codes.OK else None
        except (httpx.HTTPError, ValueError):
            return False
        # Rasa answers before it has its model; the actions say nothing of one.
        return isinstance(body, dict) and body.get("model_id", True) is not None


def busy() -> ApiError:
    """More questions than can be worked on; the caller may come back."""
    text = "Many questions are being answered right now. Try again in a moment."
    return ApiError(503, "busy", text, {"Retry-After": "2"})


def _starting() -> ApiError:
    text = "Questions are not answered at the moment: the bot is starting. Try again in a moment."
    return ApiError(503, "not_ready", text, {"Retry-After": "5"})


def _said(content: bytes) -> Said:
    """What all the bot's messages hold, in order; a plain text becomes an answer of its own."""
    try:
        # NaN and infinity are no JSON and no figure: no number rather than a wrong one.
        messages = json.loads(content, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        messages = None
    parts = [m for m in messages if isinstance(m, Mapping)] if isinstance(messages, list) else []
    return Said(
        [answer for part in parts for answer in _of_message(part)],
        tuple(lesson for part in parts for lesson in _lessons(part)),
        tuple(wish for part in parts for wish in _wishes(part)),
    )


def _wishes(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    custom = message.get("custom")
    wish = custom.get("wish") if isinstance(custom, Mapping) else None
    return [wish] if isinstance(wish, Mapping) else []


def _lessons(message: Mapping[str, Any]) -> list[Lesson]:
    custom = message.get("custom")
    found = custom.get("lessons") if isinstance(custom, Mapping) else None
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


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
