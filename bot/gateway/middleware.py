"""Around every request: an id, security headers, limits on size and rate, one log line."""

import re
import time
import uuid
from collections.abc import MutableMapping
from math import ceil
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.gateway.addresses import address_of
from bot.gateway.errors import error_body
from bot.gateway.headers import FRAMING, SECURITY_HEADERS
from bot.gateway.limits import RateLimiter

log = structlog.get_logger("gateway")

MAX_PATH_CHARS = 200
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class BodyTooLarge(HTTPException):
    """The body went over the limit while it was read."""


class RequestFrame:
    """The outermost layer. ``/healthz`` has no rate limit: monitors ask as often as they like."""

    def __init__(self, app: ASGIApp, *, max_body_bytes: int, limiter: RateLimiter) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes
        self._limiter = limiter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        refusal = self._refusal(scope, exchange.request_id)
        if refusal is not None:
            await refusal(scope, receive, exchange.send)
        else:
            await self._serve(scope, receive, exchange)
        exchange.log()

    async def _serve(self, scope: Scope, receive: Receive, exchange: "_Exchange") -> None:
        try:
            await self._app(scope, self._counted(receive), exchange.send)
        except Exception:
            log.exception("request failed", request_id=exchange.request_id)
            if not exchange.status:
                message = (
                    "Something went wrong on our side. Name the request id when you report it."
                )
                failure = JSONResponse(error_body("internal", message, exchange.request_id), 500)
                await failure(scope, receive, exchange.send)

    def _refusal(self, scope: Scope, request_id: str) -> JSONResponse | None:
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > self._max_body_bytes:
            return JSONResponse(error_body("too_large", self._too_large, request_id), 413)
        if scope["path"] == "/healthz":
            return None
        seconds = self._limiter.wait_for(address_of(scope))
        return too_many(seconds, request_id) if seconds else None

    @property
    def _too_large(self) -> str:
        return f"The request is larger than {self._max_body_bytes // 1024} KB: send less at once."

    def _counted(self, receive: Receive) -> Receive:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._max_body_bytes:
                raise BodyTooLarge(413, self._too_large)
            return message

        return counted


class _Exchange:
    """One request and its response: adds headers on the way out and remembers the status."""

    def __init__(self, scope: Scope, send: Send) -> None:
        given = Headers(scope=scope).get("x-request-id", "")
        self.request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        self.status = 0
        self._state: MutableMapping[str, Any] = scope.setdefault("state", {})
        self._state["request_id"] = self.request_id
        self._method, self._path = scope["method"], scope["path"]
        self._address = address_of(scope)
        self._send = send
        self._started = time.perf_counter()

    async def send(self, message: Message) -> None:
        """Pass a message on, the first one with our headers."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-Id"] = self.request_id
            framed = "Content-Security-Policy" in headers
            for name, value in SECURITY_HEADERS.items():
                # It knows no list of origins: where a page has a policy of its own, that one says it.
                if not (framed and name == FRAMING):
                    headers.setdefault(name, value)
            if self._path.startswith("/api/"):
                headers.setdefault("Cache-Control", "no-store")
        await self._send(message)

    def log(self) -> None:
        """One line, without the query string: it can hold a login code.

        The address is there where nobody is signed in: those are the ones to look for in an attack.
        """
        owner = self._state.get("owner")
        log.info(
            "request",
            request_id=self.request_id,
            method=self._method,
            path=self._path[:MAX_PATH_CHARS],
            status=self.status,
            **({"owner": owner} if owner else {"address": self._address}),
            elapsed_ms=round((time.perf_counter() - self._started) * 1000, 1),
        )


def too_many(seconds: float, request_id: str) -> JSONResponse:
    """429 with the time to wait."""
    wait = ceil(seconds)
    message = f"Too many requests: try again in {wait} s."
    return JSONResponse(
        error_body("too_many_requests", message, request_id), 429, {"Retry-After": str(wait)}
    )
