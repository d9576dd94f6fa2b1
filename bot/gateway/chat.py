"""``POST /api/v1/chat``: a message in, answers out, as one reply or as a stream of events."""

import time
import uuid
from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from bot.gateway.auth import Principal, Signed
from bot.gateway.errors import ApiError, request_id_of
from bot.gateway.events import event_stream
from bot.gateway.services import Services, Serving
from bot.gateway.text import clean_message
from bot.gateway.turns import Reply
from bot.gateway.wire import ERRORS, ChatReply, ChatRequest
from bot.state.records import Audited, write_audit

router = APIRouter(prefix="/api/v1", tags=["chat"], responses=ERRORS)
log = structlog.get_logger("gateway")

EVENT_STREAM = "text/event-stream"


@router.post("/chat", response_model=ChatReply)
async def chat(
    body: ChatRequest, request: Request, principal: Signed, services: Serving
) -> Response:
    """Ask a question. With `Accept: text/event-stream`, the reply is streamed."""
    turn = Turn(services, principal, body, request_id_of(request))
    if EVENT_STREAM in request.headers.get("accept", ""):
        return turn.stream(request)
    # The answers go out as the bot gave them: checked where they are made, not reshaped here.
    return JSONResponse(await turn.reply())


@router.post(
    "/chat/stream", response_class=Response, responses={200: {"content": {EVENT_STREAM: {}}}}
)
async def chat_stream(
    body: ChatRequest, request: Request, principal: Signed, services: Serving
) -> Response:
    """Ask a question and get events: `status`, per answer `headline` and `answer`, then `done`.

    A problem on the way is an `error` event. After a cut, send the same `message_id` again with the
    header `Last-Event-ID`: the events after it follow, and the question is not answered twice.
    """
    return Turn(services, principal, body, request_id_of(request)).stream(request)


class Turn:
    """One message of one person, checked. Raises ApiError (422) on one that cannot be used."""

    def __init__(
        self, services: Services, principal: Principal, body: ChatRequest, request_id: str
    ) -> None:
        self._services = services
        self._principal = principal
        self._message = checked_message(body.message, services.settings.max_message_chars)
        self._today = body.today.isoformat() if body.today else None
        self._message_id = body.message_id
        self._request_id = request_id
        self.conversation_id = body.conversation_id or uuid.uuid4().hex

    async def reply(self) -> Reply:
        """The whole reply."""
        return await self._services.turns.run(self._sender, self._message_id, self._work)

    def stream(self, request: Request) -> Response:
        """The reply as events."""
        task = self._services.turns.start(self._sender, self._message_id, self._work)
        head = {"conversation_id": self.conversation_id, "request_id": self._request_id}
        last_seen = request.headers.get("last-event-id", "")
        return event_stream(task, head, last_seen, lambda: self._services.rasa.waiting)

    @property
    def _sender(self) -> str:
        """Rasa's name of the conversation: the owner's own, whatever id somebody else guesses."""
        return f"{self._principal.owner}:{self.conversation_id}"

    async def _work(self) -> Reply:
        started = time.perf_counter()
        kind, status = "", 200
        try:
            answers = await self._services.rasa.ask(self._sender, self._message, self._metadata)
            kind = _kind(answers[0])
        except ApiError as error:
            kind, status = error.code, error.status_code
            raise
        finally:
            elapsed_ms = (time.perf_counter() - started) * 1000
            await self._audit(kind, status, elapsed_ms)
        return {
            "conversation_id": self.conversation_id,
            "answers": answers,
            "elapsed_ms": round(elapsed_ms, 1),
            "request_id": self._request_id,
        }

    @property
    def _metadata(self) -> dict[str, Any]:
        return {
            "today": self._today,
            "viewer": {"name": self._principal.name, "role": self._principal.role},
            "request_id": self._request_id,
            "conversation_id": self.conversation_id,
        }

    async def _audit(self, kind: str, status: int, elapsed_ms: float) -> None:
        who = self._principal
        entry = Audited(self._request_id, who.owner, who.role, "chat", kind, status, elapsed_ms)
        try:
            await run_in_threadpool(write_audit, self._services.database, entry)
        except Exception:
            # An answer that was found is given even where its audit line cannot be written.
            log.exception("audit failed", request_id=self._request_id)


def checked_message(raw: str, max_chars: int) -> str:
    """The message, cleaned. Raises ApiError (422) where it is too long or empty."""
    if len(raw) > max_chars:
        text = f"The message has {len(raw)} characters; at most {max_chars} are read: shorten it."
        raise ApiError(422, "message_too_long", text)
    message = clean_message(raw)
    if not message:
        raise ApiError(422, "message_empty", "The message is empty: ask a question in words.")
    return message


def _kind(answer: Mapping[str, Any]) -> str:
    """Kind of the query, or the code of the issue: never words of the person or a customer."""
    query, issues = answer.get("query"), answer.get("issues")
    if isinstance(query, Mapping):
        return str(query.get("kind", ""))
    if isinstance(issues, list) and issues and isinstance(issues[0], Mapping):
        return str(issues[0].get("code", ""))
    return "text"
