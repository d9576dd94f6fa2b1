"""What the start shows: lines that stay, and one line that tells how far the work is."""

import shutil
from typing import TextIO

CLEAR = "\r\x1b[K"


class Screen:
    """Writes to a terminal or, where progress cannot be rewritten, plain lines to a file."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._rewrites = out.isatty()

    def line(self, text: str) -> None:
        """A line that stays."""
        self._write(f"{CLEAR if self._rewrites else ''}{text}\n")

    def progress(self, text: str) -> None:
        """How far the work is; on a terminal the next line takes its place."""
        if self._rewrites:
            self._write(CLEAR + text[: shutil.get_terminal_size().columns - 1])
        else:
            self._write(f"{text}\n")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
