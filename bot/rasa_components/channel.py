"""The REST channel that the gateway speaks to; metadata travels with each message."""

from __future__ import annotations

import logging
from typing import Any

from rasa.core.channels.rest import RestInput
from sanic.request import Request

log = logging.getLogger(__name__)


class InternalRest(RestInput):  # type: ignore[misc]
    """Rasa's REST channel that takes a message for what people wrote, never for a command of Rasa's."""

    def _extract_message(self, req: Request) -> str | None:
        """The message, without slashes before it: they would make Rasa take it for a command."""
        message = req.json.get("message")
        return (message.lstrip("/ ") or "?") if isinstance(message, str) else None

    def get_metadata(self, request: Request) -> dict[str, Any] | None:
        """What came along with the message; logs that it came, by its request."""
        metadata = super().get_metadata(request)
        request_id = metadata.get("request_id") if isinstance(metadata, dict) else None
        log.info("message", extra={"fields": {"request_id": request_id}})
        return metadata  # type: ignore[no-any-return]
