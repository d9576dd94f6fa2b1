"""A turn as server-sent events: status, then headline and answer of each, then done (or error)."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import structlog
from starlette.responses import StreamingResponse

from bot.gateway.errors import ApiError, error_body
from bot.gateway.turns import Reply

log = structlog.get_logger("gateway")

KEEP_ALIVE_SECONDS = 5.0


def event_stream(
    task: asyncio.Task[Reply], head: Mapping[str, str], last_event_id: str
) -> StreamingResponse:
    """Stream a turn. Events up to ``last_event_id`` are left out: the client has them."""
    seen = int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < 10 else 0
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    events = _numbered(task, head, seen)
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def _numbered(
    task: asyncio.Task[Reply], head: Mapping[str, str], seen: int
) -> AsyncIterator[str]:
    if seen < 1:
        yield to_event(1, "status", {"state": "received", **head})
    while not task.done():
        # asyncio.wait leaves the turn running when this connection is cut.
        await asyncio.wait({task}, timeout=KEEP_ALIVE_SECONDS)
        if not task.done():
            yield ": still working\n\n"
    for number, (name, data) in enumerate(_of_turn(task, head["request_id"]), start=2):
        if number > seen:
            yield to_event(number, name, data)


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


def to_event(number: int, name: str, data: Mapping[str, Any]) -> str:
    """One event in the wire format; JSON has no bare line break, so ``data`` is one line."""
    body = json.dumps(data, ensure_ascii=False, allow_nan=False)
    return f"id: {number}\nevent: {name}\ndata: {body}\n\n"
