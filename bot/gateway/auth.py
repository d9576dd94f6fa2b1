"""Who asks: a bearer token, or the cookie of a signed-in browser.

Local accounts and widget visitors will be further ways to a ``Principal``; routes stay as they are.
"""

import hmac
from dataclasses import dataclass
from math import ceil
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool

from bot.gateway.errors import ApiError
from bot.gateway.services import Services, Serving
from bot.state.signin import find_session
from bot.state.tokens import find_token

COOKIE = "verbatim_session"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
WRITERS = ("admin", "analyst")


@dataclass(frozen=True, slots=True)
class Principal:
    """The person who asks. ``owner`` separates conversations; it never contains a colon."""

    owner: str
    name: str
    role: str
    csrf: str | None = None


# For the description of the API alone, which gets a button for the token by it.
Described = Annotated[object, Security(HTTPBearer(auto_error=False, description="A token."))]


async def signed_in(request: Request, services: Serving, _: Described) -> Principal:
    """Whoever asks. Raises ApiError: 401 unknown, 403 without the CSRF token, 429 too often."""
    principal = await _from_token(request, services) or await _from_cookie(request, services)
    if principal is None:
        message = (
            "Send `Authorization: Bearer TOKEN`; `verbatim token create --role viewer` prints one."
        )
        raise ApiError(401, "not_signed_in", message, {"WWW-Authenticate": "Bearer"})
    request.scope["state"]["owner"] = principal.owner
    seconds = services.people.wait_for(principal.owner)
    if seconds:
        wait = ceil(seconds)
        message = f"Too many requests: try again in {wait} s."
        raise ApiError(429, "too_many_requests", message, {"Retry-After": str(wait)})
    return principal


async def _from_token(request: Request, services: Services) -> Principal | None:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return None
    token = None
    if scheme.lower() == "bearer":
        token = await run_in_threadpool(find_token, services.database, secret.strip())
    if token is None:
        message = "This token is not valid: it is mistyped or was revoked."
        raise ApiError(401, "not_signed_in", message, {"WWW-Authenticate": "Bearer"})
    return Principal(f"token-{token.id}", token.label or f"token {token.id}", token.role)


async def _from_cookie(request: Request, services: Services) -> Principal | None:
    secret = request.cookies.get(COOKIE)
    if not secret:
        return None
    session = await run_in_threadpool(find_session, services.database, secret)
    if session is None:
        return None
    if request.method not in SAFE_METHODS:
        sent = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode(), session.csrf.encode()):
            raise ApiError(403, "not_permitted", f"The header {CSRF_HEADER} is missing or old.")
    return Principal(session.owner, session.person, session.role, session.csrf)


Signed = Annotated[Principal, Depends(signed_in)]


def writer(principal: Signed) -> Principal:
    """Somebody who may add data. Raises ApiError (403) otherwise."""
    if principal.role not in WRITERS:
        raise ApiError(403, "not_permitted", "This needs the role admin or analyst.")
    return principal


Writer = Annotated[Principal, Depends(writer)]
