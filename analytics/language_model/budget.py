"""How many tokens a day a language model may use, counted across restarts."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path


class Budget:
    """Tokens of one day, kept in a small file. Safe to share between threads of one process."""

    def __init__(self, path: Path, most: int, today: Callable[[], date]) -> None:
        self._path = path
        self._most = most
        self._today = today
        self._lock = threading.Lock()

    def reserve(self, tokens: int) -> bool:
        """Set ``tokens`` aside before a call; False where the day has not so many left."""
        with self._lock:
            used = self._used()
            if used + tokens > self._most:
                return False
            self._write(used + tokens)
            return True

    def settle(self, reserved: int, used: int) -> None:
        """Replace what was set aside by what the call took."""
        with self._lock:
            self._write(max(0, self._used() - reserved + used))

    @property
    def left(self) -> int:
        """Tokens that today has left."""
        with self._lock:
            return max(0, self._most - self._used())

    def _used(self) -> int:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            same_day = kept["day"] == self._today().isoformat()
            return max(0, int(kept["tokens"])) if same_day else 0
        except (OSError, ValueError, KeyError, TypeError):
            return 0

    def _write(self, tokens: int) -> None:
        """Written beside and renamed, so that a reader never sees half a file."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_name(f"{self._path.name}.{os.getpid()}.tmp")
        beside.write_text(
            json.dumps({"day": self._today().isoformat(), "tokens": tokens}), encoding="utf-8"
        )
        os.replace(beside, self._path)
