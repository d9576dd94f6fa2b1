"""``GET /api/v1/catalog``: what can be asked of the data at hand, as the bot itself says it."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from bot.gateway.auth import Principal, Signed
from bot.gateway.errors import request_id_of
from bot.gateway.health import current_snapshot
from bot.gateway.locales import DEFAULT_LOCALE
from bot.gateway.services import Services, Serving
from bot.gateway.wire import ERRORS, AnswerWire

router = APIRouter(prefix="/api/v1", tags=["chat"], responses=ERRORS)

QUESTION = "What can you do?"
CONVERSATION = "catalog"


@router.get("/catalog", response_model=AnswerWire)
async def catalog(request: Request, principal: Signed, services: Serving) -> Response:
    """What can be asked, with questions to start from. Kept until the data changes."""
    key = (current_snapshot(services.settings), principal.role)
    if key not in services.capabilities:
        answer = await _ask(services, principal, request_id_of(request))
        services.capabilities.clear()
        services.capabilities[key] = answer
    return JSONResponse(services.capabilities[key])


async def _ask(services: Services, principal: Principal, request_id: str) -> dict[str, Any]:
    metadata = {
        "today": None,
        "message_id": request_id,
        "query": None,
        "locale": DEFAULT_LOCALE,
        "viewer": {"name": principal.name, "role": principal.role},
        "request_id": request_id,
        "conversation_id": CONVERSATION,
    }
    sender = f"{principal.owner}:{CONVERSATION}"
    return (await services.rasa.ask(sender, QUESTION, metadata))[0]
