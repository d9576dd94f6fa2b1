"""Signing in to the page: by the link that the start prints, or with an access token."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.gateway.auth import COOKIE, Signed
from bot.gateway.errors import ApiError
from bot.gateway.services import Services, Serving
from bot.gateway.wire import ERRORS, Me, TokenSignIn
from bot.state.signin import SESSION_LIFETIME, end_session, exchange_code, start_session
from bot.state.tokens import find_token

router = APIRouter(tags=["sign-in"], responses=ERRORS)


@router.get("/login", include_in_schema=False)
async def login(request: Request, services: Serving, code: str = "") -> Response:
    """Exchange a one-time code for a session and show the page."""
    secret = await run_in_threadpool(exchange_code, services.database, code) if code else None
    if secret is None:
        return RedirectResponse("/?signin=expired", 303)
    response = RedirectResponse("/", 303)
    _set_cookie(request, response, secret)
    return response


@router.post("/api/v1/session", status_code=204, response_class=Response)
async def sign_in(body: TokenSignIn, request: Request, services: Serving) -> Response:
    """Start a session of the page with an access token; the cookie is HttpOnly and same-site."""
    secret = await run_in_threadpool(_start, services, body.token.strip())
    if secret is None:
        raise ApiError(401, "not_signed_in", "This token is not valid: mistyped or revoked.")
    response = Response(status_code=204)
    _set_cookie(request, response, secret)
    return response


@router.delete("/api/v1/session", status_code=204, response_class=Response)
async def sign_out(request: Request, _: Signed, services: Serving) -> Response:
    """End the session of this browser."""
    secret = request.cookies.get(COOKIE, "")
    await run_in_threadpool(end_session, services.database, secret)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path="/")
    return response


@router.get("/api/v1/me", response_model=Me)
async def me(principal: Signed) -> Response:
    """Who is signed in."""
    return JSONResponse({"name": principal.name, "role": principal.role, "csrf": principal.csrf})


def _start(services: Services, token_secret: str) -> str | None:
    token = find_token(services.database, token_secret)
    if token is None:
        return None
    owner, person = f"token-{token.id}", token.label or f"token {token.id}"
    return start_session(services.database, owner, person, token.role, token.id)


def _set_cookie(request: Request, response: Response, secret: str) -> None:
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
