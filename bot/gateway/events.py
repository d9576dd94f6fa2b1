"""A turn as server-sent events: status, then headline and answer of each, then done (or error)."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from typing import Any

import structlog
from starlette.responses import StreamingResponse

from bot.gateway.errors import ApiError, error_body
from bot.gateway.turns import Reply

log = structlog.get_logger("gateway")

KEEP_ALIVE_SECONDS = 5.0
LOOK_SECONDS = 0.5
WAITING = "This takes a moment: a part of the bot is starting again."


def event_stream(
    task: asyncio.Task[Reply],
    head: Mapping[str, str],
    last_event_id: str,
    is_waiting: Callable[[], bool],
) -> StreamingResponse:
    """Stream a turn. Events up to ``last_event_id`` are left out: the client has them.

    ``is_waiting`` tells whether answers wait for a restart; the client is told, once.
    """
    seen = int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < 10 else 0
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    events = _numbered(task, head, seen, is_waiting)
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def _numbered(
    task: asyncio.Task[Reply], head: Mapping[str, str], seen: int, is_waiting: Callable[[], bool]
) -> AsyncIterator[str]:
    if seen < 1:
        yield to_event(1, "status", {"state": "received", **head})
    async for sign in _while_working(task, is_waiting):
        yield sign
    for number, (name, data) in enumerate(_of_turn(task, head["request_id"]), start=2):
        if number > seen:
            yield to_event(number, name, data)


async def _while_working(
    task: asyncio.Task[Reply], is_waiting: Callable[[], bool]
) -> AsyncIterator[str]:
    """Signs of life until the turn is done; they have no number, for nobody needs them again."""
    clock = asyncio.get_running_loop().time
    said, told = clock(), False
    while not task.done():
        # asyncio.wait leaves the turn running when this connection is cut.
        await asyncio.wait({task}, timeout=LOOK_SECONDS)
        if task.done():
            return
        if is_waiting() and not told:
            told = True
            yield to_event(None, "status", {"state": "waiting", "message": WAITING})
        elif clock() - said >= KEEP_ALIVE_SECONDS:
            said = clock()
            yield ": still working\n\n"


def _of_turn(task: asyncio.Task[Reply], request_id: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    error = task.exception()
    if isinstance(error, ApiError):
        yield "error", error_body(error.code, error.detail, request_id)["error"]
        return
    if error is not None:
        log.error("turn failed", request_id=request_id, exc_info=error)
        words = "Something went wrong on our side. Name the request id when you report it."
        yield "error", error_body("internal", words, request_id)["error"]
        return
    reply = task.result()
    for index, answer in enumerate(reply["answers"]):
        yield "headline", {"index": index, "text": answer["text"]}
        yield "answer", {"index": index, "answer": answer}
    rest = {key: value for key, value in reply.items() if key != "answers"}
    yield "done", {**rest, "answers": len(reply["answers"])}


def to_event(number: int | None, name: str, data: Mapping[str, Any]) -> str:
    """One event in the wire format; JSON has no bare line break, so ``data`` is one line."""
    body = json.dumps(data, ensure_ascii=False, allow_nan=False)
    named = "" if number is None else f"id: {number}\n"
    return f"{named}event: {name}\ndata: {body}\n\n"
