"""Passages that somebody may read, kept as an index under the home folder."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from pathlib import Path

from langchain_core.documents import Document

from knowledge.retrieval.retriever import HybridRetriever
from knowledge.retrieval.text_index import TextIndex, write_index
from models.vectors import VectorCache

_FORMAT = "1"
_KEPT = 6
"""Indexes kept: one for each audience and snapshot that was served lately."""


class Library:
    """Documents with their index. The index is written once for the same documents."""

    def __init__(self, documents: Sequence[Document], encoder: VectorCache, folder: Path) -> None:
        self.documents = tuple(documents)
        self.encoder = encoder.encoder
        """For questions, which nobody remembers."""
        self.has_articles = any(d.metadata["kind"] == "article" for d in documents)
        texts = [indexed_text(document) for document in documents]
        meanings = [meaning_text(document) for document in documents]
        digest = hashlib.sha256("\0".join([_FORMAT, *texts]).encode()).hexdigest()[:20]
        path = folder / digest
        try:
            self._index = TextIndex(path)
        except (OSError, ValueError, KeyError, RuntimeError):  # absent or damaged: made anew
            write_index(path, texts, encoder.encode(meanings))
            _prune(folder)
            self._index = TextIndex(path)

    def retriever(self, limit: int = 5, least: float = 0.0) -> HybridRetriever:
        """A LangChain retriever over the documents."""
        return HybridRetriever(
            index=self._index, encoder=self.encoder, document=self.documents.__getitem__,
            limit=limit, least=least,
        )  # fmt: skip


def meaning_text(document: Document) -> str:
    """What is encoded: the passage under its title and heading."""
    known = document.metadata
    head = ": ".join(known[key] for key in ("title", "heading") if known.get(key))
    return f"{head}. {document.page_content}" if head else document.page_content


def indexed_text(document: Document) -> str:
    """What is searched for words: the same, and other words for it."""
    return " ".join([meaning_text(document), *document.metadata.get("synonyms", ())])


def _prune(folder: Path) -> None:
    kept = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in kept[_KEPT:]:
        shutil.rmtree(path, ignore_errors=True)
