"""The lessons that serve, read again when a supervisor accepted another."""

from __future__ import annotations

import logging
from pathlib import Path

from analytics.understand.lessons import NO_LESSONS, Lessons, load_lessons

log = logging.getLogger(__name__)


class LessonsSource:
    """Follows the file of accepted lessons. One that cannot be read leaves those before in force."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self.lessons: Lessons = NO_LESSONS
        self.renewed()

    def renewed(self) -> bool:
        """Whether ``lessons`` changed since the last call."""
        mark = self._mark()
        if mark == self._seen:
            return False
        self._seen = mark
        try:
            self.lessons = load_lessons(self._path)
        except (OSError, ValueError):
            log.exception("the lessons cannot be read; those before stay in force")
            return False
        return True

    def _mark(self) -> tuple[int, int] | None:
        try:
            stat = self._path.stat()
        except FileNotFoundError:
            return None
        return stat.st_ino, stat.st_mtime_ns
