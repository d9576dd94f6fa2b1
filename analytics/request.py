"""The request that is being answered, for the log lines of whatever works on it."""

from contextvars import ContextVar

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")
