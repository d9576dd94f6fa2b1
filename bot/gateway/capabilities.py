"""``GET /api/v1/catalog``: what can be asked of the data at hand, as the bot itself says it."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from bot.gateway.auth import Principal, Signed
from bot.gateway.chat import sender_of
from bot.gateway.errors import request_id_of
from bot.gateway.health import current_snapshot
from bot.gateway.locales import locale_of
from bot.gateway.services import Services, Serving
from bot.gateway.wire import ERRORS, AnswerWire

router = APIRouter(prefix="/api/v1", tags=["chat"], responses=ERRORS)

QUESTION = "What can you do?"
CONVERSATION = "catalog"
KEPT = 100


@router.get("/catalog", response_model=AnswerWire)
async def catalog(request: Request, principal: Signed, services: Serving) -> Response:
    """What can be asked, with questions to start from. Kept until the data changes."""
    locale = locale_of(None, request.headers.get("accept-language", ""))
    key = (current_snapshot(services.settings), principal.role, locale)
    kept = services.capabilities
    if key not in kept:
        answer = await _ask(services, principal, locale, request_id_of(request))
        if len(kept) >= KEPT or any(snapshot != key[0] for snapshot, _, _ in kept):
            kept.clear()
        kept[key] = answer
    return JSONResponse(kept[key])


async def _ask(
    services: Services, principal: Principal, locale: str, request_id: str
) -> dict[str, Any]:
    metadata = {
        "today": None,
        "viewer": {"name": principal.name, "role": principal.role},
        "request_id": request_id,
        "conversation_id": CONVERSATION,
        # Never the caller's: an answer of earlier data would be replayed under a known one.
        "message_id": uuid.uuid4().hex,
        "query": None,
        "locale": locale,
    }
    sender = sender_of(principal.owner, CONVERSATION)
    return (await services.rasa.ask(sender, QUESTION, metadata)).answers[0]
