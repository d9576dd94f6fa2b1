"""Problems of a request as JSON: ``{"error": {"code", "message", "request_id"}}``, and no trace."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_permitted",
    404: "not_found",
    405: "wrong_method",
    413: "too_large",
    422: "invalid",
    429: "too_many_requests",
    500: "internal",
    503: "not_ready",
}
MESSAGES = {
    400: "The body cannot be read. Send a JSON object as UTF-8, with Content-Type: application/json.",
    404: "There is nothing at this address. The API is described at /docs.",
    405: "This address does not take that method. The API is described at /docs.",
}
SHOWN_PROBLEMS = 5


class ApiError(HTTPException):
    """A problem with words meant for the caller."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, message, dict(headers) if headers else None)
        self.code = code


def error_body(code: str, message: str, request_id: str) -> dict[str, Any]:
    """The body of every error."""
    return {"error": {"code": code, "message": message, "request_id": request_id}}


def request_id_of(request: Request) -> str:
    """The id that the request carries from the browser to the SQL."""
    return str(request.scope.get("state", {}).get("request_id", ""))


def install_handlers(app: FastAPI) -> None:
    """Turn every expected problem into an error body."""
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = error.status_code
    known = isinstance(error, ApiError)
    code = error.code if isinstance(error, ApiError) else CODES.get(status, "error")
    message = error.detail if known else MESSAGES.get(status, str(error.detail))
    return JSONResponse(
        error_body(code, message, request_id_of(request)), status, headers=error.headers
    )


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = [_in_words(problem) for problem in error.errors()]
    shown = problems[:SHOWN_PROBLEMS]
    if len(problems) > len(shown):
        shown.append(f"and {len(problems) - len(shown)} more")
    body = error_body("invalid", "; ".join(shown) + ".", request_id_of(request))
    return JSONResponse(body, 422)


def _in_words(problem: Mapping[str, Any]) -> str:
    """Where and what, without the value: it may be huge, or no valid text."""
    place = ".".join(str(part) for part in problem["loc"] if part != "body")
    if problem["type"] == "json_invalid":
        return "The body is not valid JSON"
    said = str(problem["msg"]).removeprefix("Value error, ")
    if not place and problem["type"] == "value_error":
        return _printable(f"{said[:1].upper()}{said[1:]}")
    if not place:
        return "Send a JSON object with Content-Type: application/json"
    return _printable(f"{place}: {said[:1].lower()}{said[1:]}")


def _printable(text: str, limit: int = 300) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)[:limit]
