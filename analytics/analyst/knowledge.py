"""What can be read up: articles and definitions that a person may see, and the index of verbatims."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analytics.analyst.context import Context
from analytics.catalog.types import Audience
from analytics.query.authorize import readable
from analytics.sources.warehouse import WORDS, Warehouse
from analytics.types import Viewer

if TYPE_CHECKING:  # they bring libraries that take seconds to import
    from knowledge.retrieval.library import Library
    from knowledge.retrieval.verbatims import Verbatims
    from models.vectors import TextEncoder

DEMO = "demo"
"""The source whose company the articles that ship are about."""
ALL_FEEDBACK = "feedback"
"""The table of all texts; ids there begin with the table that a text is of."""
_KEPT = 8


class Knowledge:
    """Libraries and indexes, each opened with the first question that needs it."""

    def __init__(
        self, home: Path, encoder: TextEncoder, articles: Path | None, demo_articles: Path
    ) -> None:
        """``articles`` is the company's own folder; ``demo_articles`` serve the demo company alone:
        what one company promises must not be quoted as another's word."""
        self._home = home
        self._encoder = encoder
        self._articles = articles
        self._demo_articles = demo_articles
        self._lock = threading.Lock()
        self._libraries: OrderedDict[tuple[object, frozenset[Audience]], Library] = OrderedDict()
        self._verbatims: OrderedDict[Path, Verbatims | None] = OrderedDict()

    def library(self, context: Context, viewer: Viewer) -> Library:
        """The articles and definitions that this viewer may read; anew once a file has changed."""
        audiences = readable(viewer)
        with self._lock:
            folder = self._folder(context.warehouse)
            served = (context.warehouse.snapshot, context.catalog.version, *_state(folder))
            key = (served, audiences)
            if key not in self._libraries:
                self._libraries[key] = self._open(context, audiences, folder)
                _forget(self._libraries)
            return self._libraries[key]

    def _open(
        self, context: Context, audiences: Collection[Audience], folder: Path | None
    ) -> Library:
        from knowledge.retrieval.articles import load_articles
        from knowledge.retrieval.definitions import metric_documents
        from knowledge.retrieval.library import Library
        from models.vectors import VectorCache

        articles = load_articles(folder) if folder is not None else []
        documents = [d for d in articles if d.metadata["audience"] in audiences]
        documents += metric_documents(context.catalog.metrics.values())
        cache = VectorCache(self._encoder, vector_folder(self._home))
        return Library(documents, cache, self._home / "knowledge")

    def _folder(self, warehouse: Warehouse) -> Path | None:
        if self._articles is not None:
            return self._articles
        return self._demo_articles if DEMO in warehouse.sources else None

    def verbatims(self, warehouse: Warehouse, table: str) -> Mapping[str, Verbatims]:
        """The indexes of a table's texts beside the snapshot, by what leads their ids.

        Several where the table brings the texts of others together, none where none was built.
        """
        folder = warehouse.path.with_suffix(WORDS)
        named = [table] if table != ALL_FEEDBACK else sorted(p.name for p in folder.glob("*"))
        found = {}
        for name in named:
            index = self._index(folder / name)
            if index is not None:
                found[f"{name}/" if table == ALL_FEEDBACK else ""] = index
        return found

    def _index(self, folder: Path) -> Verbatims | None:
        with self._lock:
            if folder not in self._verbatims:
                self._verbatims[folder] = self._open_verbatims(folder)
                _forget(self._verbatims)
            return self._verbatims[folder]

    def _open_verbatims(self, folder: Path) -> Verbatims | None:
        if not folder.is_dir():
            return None
        from knowledge.retrieval.verbatims import Verbatims

        return Verbatims(folder, self._encoder)


def vector_folder(home: Path) -> Path:
    """Where vectors of texts are remembered: a folder for each encoder, since theirs do not mix."""
    stamp = home / "models" / "encoder" / "inputs.sha256"
    return home / "cache" / "vectors" / stamp.read_text(encoding="utf-8")[:12]


def _state(folder: Path | None) -> Iterator[tuple[str, int]]:
    """Names and times of change of all files of a folder."""
    for path in sorted(folder.rglob("*")) if folder is not None else ():
        with suppress(FileNotFoundError):
            yield str(path), path.stat().st_mtime_ns


def _forget(kept: OrderedDict[Any, Any]) -> None:
    while len(kept) > _KEPT:
        kept.popitem(last=False)
