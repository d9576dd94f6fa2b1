"""``POST /api/v1/chat``: a message in, answers out, as one reply or as a stream of events."""

import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from bot.gateway.audit import audit_now
from bot.gateway.auth import GUEST, Principal, Signed
from bot.gateway.errors import ApiError, request_id_of
from bot.gateway.events import event_stream
from bot.gateway.locales import locale_of
from bot.gateway.rasa import EMPTY_ANSWER, Answer, Lesson
from bot.gateway.services import Services, Serving
from bot.gateway.text import clean_message
from bot.gateway.turns import Reply, broke
from bot.gateway.wire import ERRORS, ChatReply, ChatRequest
from bot.gateway.wishes import grant, saved_for
from bot.state.conversations import StoredTurn, find_request, find_turn, keep_turn
from bot.state.lessons import propose_lessons
from bot.state.records import Audited

router = APIRouter(prefix="/api/v1", tags=["chat"], responses=ERRORS)
log = structlog.get_logger("gateway")

OUTSIDE = "out_of_scope"
EVENT_STREAM = "text/event-stream"


@router.post("/chat", response_model=ChatReply)
async def chat(
    body: ChatRequest, request: Request, principal: Signed, services: Serving
) -> Response:
    """Ask a question. With `Accept: text/event-stream`, the reply is streamed."""
    turn = Turn(services, principal, body, request)
    if EVENT_STREAM in request.headers.get("accept", ""):
        return turn.stream()
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
    return Turn(services, principal, body, request).stream()


class Turn:
    """One message of one person, checked. Raises ApiError (422) on one that cannot be used."""

    def __init__(
        self, services: Services, principal: Principal, body: ChatRequest, request: Request
    ) -> None:
        self._services = services
        self._principal = principal
        self._body = body
        self._message = checked_message(body.message, services.settings.max_message_chars)
        self._locale = locale_of(body.locale, request.headers.get("accept-language", ""))
        self._request_id = request_id_of(request)
        self._last_event_id = request.headers.get("last-event-id", "")
        self._message_id = body.message_id or uuid.uuid4().hex
        self.conversation_id = body.conversation_id or uuid.uuid4().hex

    async def reply(self) -> Reply:
        """The whole reply."""
        return await self._services.turns.run(self._sender, self._message_id, self._work)

    def stream(self) -> Response:
        """The reply as events."""
        task = self._services.turns.start(self._sender, self._message_id, self._work)
        head = {
            "conversation_id": self.conversation_id,
            "message_id": self._message_id,
            "request_id": self._request_id,
        }
        return event_stream(task, head, self._last_event_id, lambda: self._services.rasa.waiting)

    @property
    def _sender(self) -> str:
        return sender_of(self._principal.owner, self.conversation_id)

    async def _work(self) -> Reply:
        """The stored reply of a message that was answered before, else a new one."""
        # Only an id that the client chose can have been answered before.
        stored = await run_in_threadpool(self._stored) if self._body.message_id else None
        return stored or await self._answered()

    def _stored(self) -> Reply | None:
        turn = find_turn(
            self._services.database, self._principal.owner, self.conversation_id, self._message_id
        )
        return self._reply(turn) if turn else None

    async def _answered(self) -> Reply:
        started = time.perf_counter()
        at = datetime.now(UTC)
        corrected = await run_in_threadpool(self._corrected) if self._body.corrects else None
        extra = {"corrects": _as_corrected(corrected)} if corrected else {}
        extra |= await run_in_threadpool(saved_for, self._message, self._principal, self._services)
        try:
            said = await self._services.rasa.ask(
                self._sender, self._message, self._metadata | extra
            )
        except ApiError as error:
            await run_in_threadpool(self._audit, error.code, error.status_code, _since(started))
            raise
        answers = said.answers
        for wish in said.wishes:
            answers = await run_in_threadpool(self._granted, wish, answers)
        turn = StoredTurn(
            self._message_id, self._request_id, at, self._message, answers, _since(started)
        )
        await run_in_threadpool(self._write_down, turn)
        if corrected and said.lessons:
            await run_in_threadpool(self._propose, corrected, said.lessons)
        return self._reply(turn)

    def _granted(self, wish: Mapping[str, Any], answers: list[Answer]) -> list[Answer]:
        """The answers after what they want was done: a file is named, a question saved or forgotten."""
        if wish.get("kind") == "export":
            return [
                {**one, "download": self._table_at(i)} if one.get("columns") else one
                for i, one in enumerate(answers)
            ]
        instead = grant(wish, self._principal, self._services)
        return answers if instead is None else [{**EMPTY_ANSWER, **instead}]

    def _table_at(self, index: int) -> str:
        return (
            f"/api/v1/conversations/{self.conversation_id}/turns/{self._message_id}"
            f"/answers/{index}/table.csv"
        )

    def _corrected(self) -> StoredTurn | None:
        """The turn that this message says in other words. Raises ApiError (404) where there is none."""
        database, owner = self._services.database, self._principal.owner
        wanted = self._body.corrects or ""
        turn = find_request(database, owner, self.conversation_id, wanted)
        if turn is None:
            raise ApiError(404, "not_found", "There is no such answer of yours to correct.")
        return turn

    def _propose(self, corrected: StoredTurn, lessons: Sequence[Lesson]) -> None:
        """Visitors teach nothing: nobody knows them."""
        if self._principal.role == GUEST:
            return
        propose_lessons(
            self._services.database,
            self._principal.owner,
            corrected.message,
            self._message,
            lessons,
        )

    def _reply(self, turn: StoredTurn) -> Reply:
        return {
            "conversation_id": self.conversation_id,
            "message_id": turn.message_id,
            "answers": turn.answers,
            "elapsed_ms": turn.elapsed_ms,
            "request_id": turn.request_id,
        }

    @property
    def _metadata(self) -> dict[str, Any]:
        today = self._body.today
        return {
            "today": today.isoformat() if today else None,
            "viewer": {"name": self._principal.name, "role": self._principal.role},
            "request_id": self._request_id,
            "conversation_id": self.conversation_id,
            "message_id": self._message_id,
            "query": self._body.query,
            "locale": self._locale,
        }

    def _write_down(self, turn: StoredTurn) -> None:
        """Keep the turn before the reply goes out, so that the same message finds it again.

        Not one where something of ours broke: sent again, its message is tried again.
        """
        try:
            if not broke(turn.answers):
                owner = self._principal.owner
                keep_turn(self._services.database, owner, self.conversation_id, turn)
        except Exception:
            # An answer that was found is given even where it cannot be kept.
            log.exception("turn not kept", request_id=self._request_id)
        self._audit(_kind(turn.answers[0]), 200, turn.elapsed_ms)

    def _audit(self, kind: str, status: int, elapsed_ms: float) -> None:
        who = self._principal
        entry = Audited(self._request_id, who.owner, who.role, "chat", kind, status, elapsed_ms)
        audit_now(self._services.database, entry)


def _as_corrected(turn: StoredTurn) -> dict[str, Any]:
    codes = {issue.get("code") for answer in turn.answers for issue in answer.get("issues") or ()}
    return {"message": turn.message, "declined": OUTSIDE in codes}


def sender_of(owner: str, conversation_id: str) -> str:
    """Rasa's name of a conversation: the owner's own, whatever id somebody else guesses."""
    return f"{owner}:{conversation_id}"


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


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
