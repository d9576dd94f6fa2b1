"""``/api/v1/saved``: the asker's saved questions, listed, renamed, deleted."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from bot.gateway.auth import Member
from bot.gateway.conversations import instant
from bot.gateway.errors import ApiError
from bot.gateway.services import Serving
from bot.gateway.text import clean_message
from bot.gateway.wire import ERRORS, NewName, SavedReply
from bot.state.saved import forget_saved, list_saved, rename_saved
from bot.state.tables import NAME_CHARS

router = APIRouter(prefix="/api/v1/saved", tags=["saved questions"], responses=ERRORS)

Name = Annotated[str, Path(min_length=1, max_length=NAME_CHARS)]


@router.get("", response_model=SavedReply)
async def saved(principal: Member, services: Serving) -> Response:
    """Your saved questions by name. Send “run NAME” in a conversation to ask one again."""
    found = await run_in_threadpool(list_saved, services.database, principal.owner)
    listed = [{"name": s.name, "query": s.query, "saved_at": instant(s.saved_at)} for s in found]
    return JSONResponse({"saved": listed})


@router.patch("/{name}", status_code=204, response_class=Response)
async def rename(name: Name, body: NewName, principal: Member, services: Serving) -> Response:
    """Give a saved question of yours another name."""
    new = clean_message(body.name)
    if not new:
        raise ApiError(422, "invalid", "name: is empty.")
    done = await run_in_threadpool(rename_saved, services.database, principal.owner, name, new)
    if done is None:
        raise ApiError(409, "name_taken", "You have a saved question of that name already.")
    if not done:
        raise _no_such()
    return Response(status_code=204)


@router.delete("/{name}", status_code=204, response_class=Response)
async def delete(name: Name, principal: Member, services: Serving) -> Response:
    """Delete a saved question of yours."""
    if not await run_in_threadpool(forget_saved, services.database, principal.owner, name):
        raise _no_such()
    return Response(status_code=204)


def _no_such() -> ApiError:
    return ApiError(404, "not_found", "There is no such saved question of yours.")
