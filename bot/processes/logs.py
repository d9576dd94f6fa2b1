"""The log of one process: what it prints, in a file that rotates, its end kept at hand."""

import codecs
import logging
from collections import deque
from logging.handlers import RotatingFileHandler
from pathlib import Path

MAX_BYTES = 5_000_000
KEPT_FILES = 3
TAIL_LINES = 20


class ProcessLog:
    """Takes the raw output of a process; anything that is not UTF-8 is replaced, never fatal."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._rest = ""
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._file = RotatingFileHandler(
            path, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8"
        )

    def write(self, output: bytes) -> None:
        """Append output; a line reaches the file once it is whole (or 64 kB long)."""
        *lines, self._rest = (self._rest + self._decoder.decode(output)).split("\n")
        if len(self._rest) > 65_536:
            lines, self._rest = [*lines, self._rest], ""
        for line in lines:
            self._emit(line)

    def begin(self) -> None:
        """A new run begins: the end of the one before is not its own."""
        self._tail.clear()

    def flush(self) -> None:
        """Write out a last line that had no end."""
        if self._rest:
            self._emit(self._rest)
            self._rest = ""

    def tail(self) -> tuple[str, ...]:
        """The last lines of this run."""
        return tuple(self._tail)

    def close(self) -> None:
        """Close the file."""
        self.flush()
        self._file.close()

    def _emit(self, line: str) -> None:
        self._tail.append(line.rstrip("\r"))
        self._file.emit(logging.makeLogRecord({"msg": line.rstrip("\r")}))
