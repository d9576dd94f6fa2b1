"""Rasa's logs as JSON lines on stderr, without what people wrote.

Rasa's own lines carry the message (`text`), slots and events, at errors too, and its exceptions may
quote them. Kept are the name of the event, the kind of an error and its place.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections.abc import MutableMapping
from typing import Any


class JsonLines(logging.Formatter):
    """One line for each record of the standard library's loggers."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON; ``extra={"fields": {...}}`` adds fields."""
        error = record.exc_info[1] if record.exc_info else None
        fields = getattr(record, "fields", {})
        return _line(record.getMessage(), record.levelname, record.name, error, fields)


def configure_logs(level: str) -> None:
    """Set up the standard library's loggers and structlog. Rasa says less than warnings to nobody."""
    import structlog

    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level.upper())
    for name in ("rasa", "sanic", "sanic.error", "sanic.root", "sanic.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.WARNING)
    structlog.configure(
        processors=[_structured],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _structured(_: Any, level: str, event: MutableMapping[str, Any]) -> str:
    """A line of Rasa's structured logger; of its fields none is kept."""
    info = event.get("exc_info")
    error = sys.exc_info()[1] if info is True else None
    return _line(str(event.get("event")), level, "rasa", error, {})


def _line(
    event: str, level: str, logger: str, error: BaseException | None, fields: dict[str, Any]
) -> str:
    line: dict[str, Any] = {"process": "rasa", "event": event, "level": level.lower(), **fields}
    line["logger"] = logger
    line["timestamp"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    if error is not None:
        line["error"] = type(error).__name__
        line["where"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return json.dumps(line, ensure_ascii=False)
