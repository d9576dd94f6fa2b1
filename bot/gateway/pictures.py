"""Pictures of charts, each drawn by a process of its own.

Drawing holds the interpreter and about 100 MB for its time, and runs a chart's whole grammar: here it can
be waited for, stopped, and its memory given back, while questions are answered beside it.
"""

import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Mapping
from typing import Any

import structlog

from bot.gateway.errors import ApiError
from bot.settings import ROOT

log = structlog.get_logger("gateway")

DRAWN_AT_ONCE = 2
WAITING_AT_MOST = 8
SECONDS = 20.0


class Pictures:
    """Draws charts as PNG, two at once; a few wait, more are told to come back."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._room = asyncio.Semaphore(DRAWN_AT_ONCE)
        self._waiting = 0

    async def draw(self, spec: Mapping[str, Any], theme: str, request_id: str) -> bytes:
        """The chart as PNG. Raises ApiError where it cannot be drawn (500, 503, 504)."""
        if self._waiting >= DRAWN_AT_ONCE + WAITING_AT_MOST:
            text = "Many pictures are being drawn right now. Try again in a moment."
            raise ApiError(503, "busy", text, {"Retry-After": "5"})
        self._waiting += 1
        try:
            async with self._room:
                return await self._drawn(json.dumps(spec).encode(), theme, request_id)
        finally:
            self._waiting -= 1

    async def _drawn(self, spec: bytes, theme: str, request_id: str) -> bytes:
        # Without our environment: it has secrets in it, and drawing needs none.
        command = (sys.executable, "-m", "bot.gateway.pictures", theme)
        run = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env={}, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )
        try:
            async with asyncio.timeout(self._seconds):
                picture, _ = await run.communicate(spec)
        except TimeoutError:
            text = "Drawing this chart took too long. Ask for fewer groups or a shorter time."
            raise ApiError(504, "took_too_long", text) from None
        finally:
            if run.returncode is None:
                run.kill()
                await run.wait()
        if run.returncode:
            log.error("picture failed", request_id=request_id, status=run.returncode)
            raise ApiError(500, "internal", "This chart could not be drawn.")
        return picture


def main() -> None:
    """Read a Vega-Lite specification, write its picture."""
    from bot.render.png import to_png

    spec = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(to_png(spec, "dark" if sys.argv[1] == "dark" else "light"))


if __name__ == "__main__":
    main()
