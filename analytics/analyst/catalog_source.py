"""The catalog that serves, read again when a new NLU model was trained on it."""

from __future__ import annotations

from pathlib import Path

from analytics.catalog.load import load_catalog
from analytics.catalog.types import Catalog


class CatalogSource:
    """Reads the catalog again once an NLU model was trained on it (its pointer file is new).

    Not before: a file that somebody is still editing must not reach a question.
    """

    def __init__(self, folder: Path, pointer: Path) -> None:
        self._folder = folder
        self._pointer = pointer
        self._seen = self._mark()

    def renewed(self) -> Catalog | None:
        """The catalog, where a new model points at it; None where nothing changed."""
        mark = self._mark()
        if mark == self._seen:
            return None
        self._seen = mark
        return load_catalog(self._folder)

    def _mark(self) -> tuple[int, int] | None:
        try:
            stat = self._pointer.stat()
        except FileNotFoundError:
            return None
        return stat.st_ino, stat.st_mtime_ns
