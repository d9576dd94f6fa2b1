"""Logs as JSON lines on stderr: names and numbers, never secrets, questions or customers' words.

The words of an exception can quote a customer (a value that could not be converted) or a password
(the address of a database), so only those written for people are kept: a stack trace says where, and
of what kind. The level debug keeps them all.
"""

import logging
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

# Their words name files and modules of this machine, not data.
PLAIN_ERRORS = (OSError, ImportError, MemoryError)

SHOWN_FRAMES = 20


def configure_logs(process: str, level: str) -> None:
    """Set up structlog and the standard library's loggers for one process."""
    number: int = logging.getLevelName(level.upper())

    def named(_: Any, __: str, event: EventDict) -> EventDict:
        return {"process": process, **event}

    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        named,
        _without_words if number > logging.DEBUG else structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        # Looked up at each line: the stream may have been replaced since.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
            foreign_pre_chain=[
                structlog.stdlib.add_logger_name,
                structlog.stdlib.ExtraAdder(),
                *shared,
            ],
        )
    )
    logging.basicConfig(level=number, handlers=[handler], force=True)
    for own in ("uvicorn", "uvicorn.error"):  # it set up a form of its own
        logging.getLogger(own).handlers.clear()
        logging.getLogger(own).propagate = True
    for noisy in ("alembic", "faiss", "httpcore", "httpx", "httpx2", "rasa_sdk", "sanic"):
        logging.getLogger(noisy).setLevel(max(number, logging.WARNING))


def _without_words(_: Any, __: str, event: EventDict) -> EventDict:
    """An exception as its kind and its place, its words only where they are meant for people."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = _kind(error)
        frames = traceback.extract_tb(error.__traceback__)[-SHOWN_FRAMES:]
        event["where"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def _kind(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, PLAIN_ERRORS) or getattr(error, "user_facing", False):
        return f"{name}: {error}"
    return name
