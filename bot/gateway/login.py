"""Signing in to the page: by the link that the start prints, a password, or an access token."""

import time
from dataclasses import dataclass
from math import ceil

import structlog
from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.gateway.addresses import address_of
from bot.gateway.audit import audit
from bot.gateway.auth import Signed, check_own_page, cookie_name
from bot.gateway.errors import ApiError, request_id_of
from bot.gateway.services import Services, Serving
from bot.gateway.wire import ERRORS, Me, SignIn
from bot.state.accounts import find_account, owner_of
from bot.state.records import Audited
from bot.state.signin import SESSION_LIFETIME, end_session, exchange_code, start_session
from bot.state.tokens import find_token

router = APIRouter(tags=["sign-in"], responses=ERRORS)
log = structlog.get_logger("gateway")

NOBODY = ""
WRONG = {
    "password": "Login or password is wrong.",
    "token": "This token is not valid: it is mistyped or was revoked.",
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a try to sign in ended. Without a ``secret`` nobody is signed in."""

    owner: str
    role: str = ""
    secret: str | None = None


@router.get("/login", include_in_schema=False)
async def login(request: Request, services: Serving, code: str = "") -> Response:
    """Exchange a one-time code for a session and show the page."""
    started = time.perf_counter()
    secret = await run_in_threadpool(exchange_code, services.database, code) if code else None
    status = 303 if secret else 401
    await _audit(request, services, Attempt(NOBODY, "", secret), "link", status, started)
    if secret is None:
        return RedirectResponse("/?signin=expired", 303)
    response = RedirectResponse("/", 303)
    await _hand_over(request, services, response, secret)
    return response


@router.post("/api/v1/session", status_code=204, response_class=Response)
async def sign_in(body: SignIn, request: Request, services: Serving) -> Response:
    """Start a session of the page; its cookie is HttpOnly and same-site.

    A login that does not exist and a wrong password are refused in the same words, after the same
    work. Tries are limited for each login and each address.
    """
    check_own_page(request)
    started = time.perf_counter()
    way = "password" if body.token is None else "token"
    wait = services.sign_ins.wait_for(address_of(request.scope), body.login)
    if wait:
        await _refused(request, services, Attempt(NOBODY), way, 429, started)
        seconds = ceil(wait)
        message = f"Too many tries to sign in: wait {seconds} s."
        raise ApiError(429, "too_many_requests", message, {"Retry-After": str(seconds)})
    attempt = await to_thread.run_sync(_try, services, body, limiter=services.hashing)
    if attempt.secret is None:
        await _refused(request, services, attempt, way, 401, started)
        raise ApiError(401, "not_signed_in", WRONG[way])
    services.sign_ins.succeeded(address_of(request.scope), body.login)
    await _audit(request, services, attempt, way, 204, started)
    response = Response(status_code=204)
    await _hand_over(request, services, response, attempt.secret)
    return response


@router.delete("/api/v1/session", status_code=204, response_class=Response)
async def sign_out(request: Request, _: Signed, services: Serving) -> Response:
    """End the session of this browser."""
    name = cookie_name(request)
    await run_in_threadpool(end_session, services.database, request.cookies.get(name, ""))
    response = Response(status_code=204)
    response.delete_cookie(name, path="/", secure=_is_secure(request), httponly=True)
    return response


@router.get("/api/v1/me", response_model=Me)
async def me(principal: Signed) -> Response:
    """Who is signed in."""
    return JSONResponse({"name": principal.name, "role": principal.role, "csrf": principal.csrf})


def _try(services: Services, body: SignIn) -> Attempt:
    if body.token is not None:
        return _by_token(services, body.token.strip())
    return _by_password(services, body.login or "", body.password or "")


def _by_token(services: Services, secret: str) -> Attempt:
    token = find_token(services.database, secret)
    if token is None:
        return Attempt(NOBODY)
    owner, person = f"token-{token.id}", token.label or f"token {token.id}"
    started = start_session(services.database, owner, person, token.role, token_id=token.id)
    return Attempt(owner, token.role, started)


def _by_password(services: Services, login: str, password: str) -> Attempt:
    account = find_account(services.database, login, password)
    if account is None:
        # For the audit trail alone: whose account somebody tries to get into.
        return Attempt(owner_of(services.database, login) or NOBODY)
    owner, role = account.owner, account.role
    started = start_session(services.database, owner, account.name, role, account_id=account.id)
    return Attempt(owner, role, started)


async def _hand_over(request: Request, services: Services, response: Response, secret: str) -> None:
    """Give the browser its new session; the one that it had before, or was given, is over."""
    old = request.cookies.get(cookie_name(request))
    if old:
        await run_in_threadpool(end_session, services.database, old)
    response.set_cookie(
        cookie_name(request),
        secret,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        path="/",
        httponly=True,
        samesite="strict",
        secure=_is_secure(request),
    )


def _is_secure(request: Request) -> bool:
    return request.url.scheme == "https"


async def _refused(
    request: Request, services: Services, attempt: Attempt, way: str, status: int, started: float
) -> None:
    log.warning(
        "sign-in refused",
        request_id=request_id_of(request),
        address=address_of(request.scope),
        way=way,
        status=status,
    )
    await _audit(request, services, attempt, way, status, started)


async def _audit(
    request: Request, services: Services, attempt: Attempt, way: str, status: int, started: float
) -> None:
    """Never the login as typed: people type passwords there."""
    elapsed_ms = (time.perf_counter() - started) * 1000
    entry = Audited(
        request_id_of(request), attempt.owner, attempt.role, "sign_in", way, status, elapsed_ms
    )
    await audit(services.database, entry)
