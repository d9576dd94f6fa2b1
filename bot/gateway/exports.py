"""An answer's table as CSV and its chart as PNG, of a stored turn."""

import re
from datetime import UTC
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from bot.gateway.auth import Member, Principal
from bot.gateway.errors import ApiError, request_id_of
from bot.gateway.services import Services, Serving
from bot.gateway.table_csv import table_csv
from bot.gateway.wire import ERRORS, Identifier
from bot.state.conversations import StoredTurn, find_turn

router = APIRouter(
    prefix="/api/v1/conversations/{conversation_id}/turns/{message_id}/answers/{index}",
    tags=["conversations"],
    responses=ERRORS,
)

MAX_NAME_CHARS = 60

PathId = Annotated[Identifier, Path()]
Index = Annotated[int, Path(ge=0, le=100)]


@router.get("/table.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
async def table(
    conversation_id: PathId,
    message_id: PathId,
    index: Index,
    principal: Member,
    services: Serving,
) -> Response:
    """The answer's table: raw values, units in the heads, UTF-8."""
    turn = await _turn(services, principal, conversation_id, message_id)
    answer = _answer(turn, index)
    if not answer.get("columns"):
        raise ApiError(404, "not_found", "This answer has no table.")
    content = await run_in_threadpool(table_csv, answer)
    return _download(content.encode("utf-8", "replace"), "text/csv; charset=utf-8", turn, "csv")


@router.get("/chart.png", response_class=Response, responses={200: {"content": {"image/png": {}}}})
async def chart(
    conversation_id: PathId,
    message_id: PathId,
    index: Index,
    request: Request,
    principal: Member,
    services: Serving,
    theme: Literal["light", "dark"] = "light",
) -> Response:
    """The answer's chart as a picture, 1,520 pixels wide."""
    turn = await _turn(services, principal, conversation_id, message_id)
    spec = _answer(turn, index).get("chart")
    if not spec:
        raise ApiError(404, "not_found", "This answer has no chart.")
    picture = await services.pictures.draw(spec, theme, request_id_of(request))
    return _download(picture, "image/png", turn, "png")


async def _turn(
    services: Services, principal: Principal, conversation_id: str, message_id: str
) -> StoredTurn:
    turn = await run_in_threadpool(
        find_turn, services.database, principal.owner, conversation_id, message_id
    )
    if turn is None:
        raise ApiError(404, "not_found", "There is no such answer of yours.")
    return turn


def _answer(turn: StoredTurn, index: int) -> dict[str, Any]:
    if index >= len(turn.answers):
        raise ApiError(404, "not_found", "There is no such answer of yours.")
    return turn.answers[index]


def _download(content: bytes, kind: str, turn: StoredTurn, ending: str) -> Response:
    disposition = f'attachment; filename="{file_name(turn)}.{ending}"'
    return Response(content, media_type=kind, headers={"Content-Disposition": disposition})


def file_name(turn: StoredTurn) -> str:
    """The question and its day, in letters that any system takes ('top-products-2026-10-20')."""
    words = re.sub(r"[^a-z0-9]+", "-", turn.message.lower())[:MAX_NAME_CHARS].strip("-")
    return f"{words or 'answer'}-{turn.at.astimezone(UTC):%Y-%m-%d}"
