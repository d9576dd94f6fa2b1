"""The REST channel that the gateway speaks to; metadata travels with each message."""

from __future__ import annotations

from rasa.core.channels.rest import RestInput
from sanic.request import Request


class InternalRest(RestInput):  # type: ignore[misc]
    """Rasa's REST channel that takes a message for what people wrote, never for a command of Rasa's."""

    def _extract_message(self, req: Request) -> str | None:
        """The message, without slashes before it: they would make Rasa take it for a command."""
        message = req.json.get("message")
        return (message.lstrip("/ ") or "?") if isinstance(message, str) else None
