"""The chat widget on other pages: its script, its frame, and a visitor's session."""

from math import ceil

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from bot.gateway.addresses import address_of
from bot.gateway.audit import audit
from bot.gateway.auth import GUEST
from bot.gateway.conversations import instant
from bot.gateway.errors import ApiError, request_id_of
from bot.gateway.services import Services, Serving
from bot.gateway.wire import ERRORS, WidgetSessionReply
from bot.state.guests import start_guest
from bot.state.records import Audited

router = APIRouter(prefix="/api/v1/widget", tags=["widget"], responses=ERRORS)

PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "content-type, x-request-id",
    "Access-Control-Max-Age": "600",
}


@router.post("/session", response_model=WidgetSessionReply)
async def session(request: Request, services: Serving) -> Response:
    """A visitor's bearer token for the page whose `Origin` this is, where it may show the widget."""
    origin = allowed_origin(request, services)
    wait = services.visits.wait_for(address_of(request.scope))
    if wait:
        headers = {"Retry-After": str(ceil(wait)), **_may_read(origin)}
        message = f"Too many visits: try again in {ceil(wait)} s."
        raise ApiError(429, "too_many_requests", message, headers)
    secret, guest = await run_in_threadpool(start_guest, services.database, origin)
    entry = Audited(request_id_of(request), guest.owner, GUEST, "sign_in", "widget", 200, 0.0)
    await audit(services.database, entry)
    reply = {"token": secret, "expires_at": instant(guest.expires_at)}
    return JSONResponse(reply, headers=_may_read(origin))


@router.options("/session", include_in_schema=False)
async def preflight(request: Request, services: Serving) -> Response:
    """Whether a page's script may ask for a session."""
    origin = allowed_origin(request, services)
    return Response(status_code=204, headers={**_may_read(origin), **PREFLIGHT})


def allowed_origin(request: Request, services: Services) -> str:
    """The asking page's origin. Raises ApiError (403) where it may not show the widget."""
    origin = request.headers.get("origin", "")
    if origin not in services.settings.widget_origins:
        message = "This page may not show the chat: its origin is not in VERBATIM_WIDGET_ORIGINS."
        raise ApiError(403, "not_permitted", message, {"Vary": "Origin"})
    return origin


def _may_read(origin: str) -> dict[str, str]:
    return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
