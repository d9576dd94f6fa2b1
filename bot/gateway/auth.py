"""Who asks: a bearer token, a visitor of the widget, or the cookie of a signed-in browser."""

import hmac
from dataclasses import dataclass
from math import ceil
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool

from bot.gateway.errors import ApiError
from bot.gateway.services import Services, Serving
from bot.state.guests import GUEST_PREFIX, find_guest
from bot.state.signin import find_session
from bot.state.tokens import find_token

COOKIE = "verbatim_session"
# Browsers take this one from https alone and for this host alone, so no neighbour can plant it.
SECURE_COOKIE = f"__Host-{COOKIE}"
CSRF_HEADER = "X-CSRF-Token"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
OWN_SITE = ("same-origin", "none")
WRITERS = ("admin", "analyst")
GUEST = "guest"


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


def cookie_name(request: Request) -> str:
    """The name of the session's cookie on this connection."""
    return SECURE_COOKIE if request.url.scheme == "https" else COOKIE


def check_own_page(request: Request) -> None:
    """Raises ApiError (403) where the browser says that another site's page sends this."""
    if request.headers.get("sec-fetch-site", "none") not in OWN_SITE:
        raise ApiError(403, "not_permitted", "This can be sent from the bot's own page only.")


async def _from_token(request: Request, services: Services) -> Principal | None:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return None
    found = None
    if scheme.lower() == "bearer":
        found = await run_in_threadpool(_bearer, request, services, secret.strip())
    if found is None:
        message = "This token is not valid: it is mistyped, was revoked or has expired."
        raise ApiError(401, "not_signed_in", message, {"WWW-Authenticate": "Bearer"})
    return found


def _bearer(request: Request, services: Services, secret: str) -> Principal | None:
    if secret.startswith(GUEST_PREFIX):
        return _visitor(request, services, secret)
    token = find_token(services.database, secret)
    if token is None:
        return None
    return Principal(f"token-{token.id}", token.label or f"token {token.id}", token.role)


def _visitor(request: Request, services: Services, secret: str) -> Principal | None:
    """A visitor, as long as the page that they came by may show the widget.

    The widget's own frame speaks from the bot's origin; another page's script has no use of a token.
    """
    guest = find_guest(services.database, secret)
    if guest is None or guest.origin not in services.settings.widget_origins:
        return None
    if not _from_own_page(request) and request.headers["origin"] != guest.origin:
        return None
    return Principal(guest.owner, "Visitor", GUEST)


def _from_own_page(request: Request) -> bool:
    """Whether no page of another origin sends this: none at all, or one that the bot served.

    A proxy may change the host's name, so the browser's own word on it counts as well.
    """
    origin = request.headers.get("origin")
    if origin is None or request.headers.get("sec-fetch-site") == "same-origin":
        return True
    return urlsplit(origin).netloc == request.url.netloc


async def _from_cookie(request: Request, services: Services) -> Principal | None:
    secret = request.cookies.get(cookie_name(request))
    if not secret:
        return None
    session = await run_in_threadpool(find_session, services.database, secret)
    if session is None:
        return None
    if request.method not in SAFE_METHODS:
        check_own_page(request)
        sent = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode(), session.csrf.encode()):
            raise ApiError(403, "not_permitted", f"The header {CSRF_HEADER} is missing or old.")
    return Principal(session.owner, session.person, session.role, session.csrf)


Signed = Annotated[Principal, Depends(signed_in)]


def member(principal: Signed) -> Principal:
    """Somebody who belongs to the house. Raises ApiError (403) for a visitor."""
    if principal.role == GUEST:
        raise ApiError(403, "not_permitted", "Visitors can ask questions only: sign in for this.")
    return principal


def writer(principal: Signed) -> Principal:
    """Somebody who may add data. Raises ApiError (403) otherwise."""
    if principal.role not in WRITERS:
        raise ApiError(403, "not_permitted", "This needs the role admin or analyst.")
    return principal


Member = Annotated[Principal, Depends(member)]
Writer = Annotated[Principal, Depends(writer)]
