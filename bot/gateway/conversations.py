"""``/api/v1/conversations``: the asker's own ones, listed, read, renamed, deleted."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from bot.gateway.auth import GUEST, Principal, Signed
from bot.gateway.chat import sender_of
from bot.gateway.errors import ApiError
from bot.gateway.services import Services, Serving
from bot.gateway.text import clean_message
from bot.gateway.turns import Reply
from bot.gateway.wire import ERRORS, ConversationReply, ConversationsReply, Identifier, Rename
from bot.state.conversations import (
    StoredTurn,
    Summary,
    delete_conversation,
    list_conversations,
    read_conversation,
    rename_conversation,
)

router = APIRouter(prefix="/api/v1/conversations", tags=["conversations"], responses=ERRORS)

MAX_LISTED = 200
TURNS_SHOWN = 200

ConversationId = Annotated[Identifier, Path()]


@router.get("", response_model=ConversationsReply)
async def conversations(
    principal: Signed,
    services: Serving,
    limit: Annotated[int, Query(ge=1, le=MAX_LISTED)] = 50,
    before: AwareDatetime | None = None,
) -> Response:
    """Your conversations, newest first. A visitor of the widget has no list."""
    found: tuple[Summary, ...] = ()
    if principal.role != GUEST:
        found = await run_in_threadpool(
            list_conversations, services.database, principal.owner, limit, before
        )
    return JSONResponse({"conversations": [_summary(one) for one in found]})


@router.get("/{conversation_id}", response_model=ConversationReply)
async def conversation(
    conversation_id: ConversationId, principal: Signed, services: Serving
) -> Response:
    """A conversation of yours with its newest 200 turns, in order."""
    found = await run_in_threadpool(
        read_conversation, services.database, principal.owner, conversation_id, TURNS_SHOWN
    )
    if found is None:
        raise no_such_conversation()
    summary, turns = found
    return JSONResponse({**_summary(summary), "turns": [_turn(turn) for turn in turns]})


@router.patch("/{conversation_id}", status_code=204, response_class=Response)
async def rename(
    conversation_id: ConversationId, body: Rename, principal: Signed, services: Serving
) -> Response:
    """Give a conversation of yours another title."""
    title = clean_message(body.title)
    if not title:
        raise ApiError(422, "invalid", "title: is empty.")
    if not await run_in_threadpool(
        rename_conversation, services.database, principal.owner, conversation_id, title
    ):
        raise no_such_conversation()
    return Response(status_code=204)


@router.delete("/{conversation_id}", status_code=204, response_class=Response)
async def delete(conversation_id: ConversationId, principal: Signed, services: Serving) -> Response:
    """Delete a conversation of yours: its turns, its thumbs, and what Rasa keeps of it."""
    removal = Removal(services, principal, conversation_id)
    # In its turn: a question that is still being answered would otherwise be kept after all.
    await services.turns.run(removal.sender, None, removal.work)
    return Response(status_code=204)


class Removal:
    """Deletes one conversation. Raises ApiError (404) where it is not the asker's."""

    def __init__(self, services: Services, principal: Principal, conversation_id: str) -> None:
        self._services = services
        self._owner, self._id = principal.owner, conversation_id
        self.sender = sender_of(principal.owner, conversation_id)

    async def work(self) -> Reply:
        """Delete it."""
        if not await run_in_threadpool(self._delete):
            raise no_such_conversation()
        self._services.turns.forget(self.sender)
        return {}

    def _delete(self) -> bool:
        # Rasa's part first: where it cannot be deleted, the conversation is still there to try again.
        self._services.tracker.forget(self.sender)
        return delete_conversation(self._services.database, self._owner, self._id)


def no_such_conversation() -> ApiError:
    """The same for one that does not exist and one of somebody else."""
    return ApiError(404, "not_found", "There is no such conversation of yours.")


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "id": summary.id,
        "title": summary.title,
        "created_at": instant(summary.created_at),
        "updated_at": instant(summary.updated_at),
        "turns": summary.turns,
    }


def _turn(turn: StoredTurn) -> dict[str, Any]:
    return {
        "message_id": turn.message_id,
        "request_id": turn.request_id,
        "at": instant(turn.at),
        "message": turn.message,
        "answers": turn.answers,
        "elapsed_ms": turn.elapsed_ms,
        "helped": turn.helped,
    }


def instant(moment: datetime) -> str:
    """In UTC with a Z: a plus sign would need escaping in an address."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
