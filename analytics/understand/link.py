"""Nearest catalog entries by meaning: sentence embeddings in a FAISS index."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from analytics.catalog.types import Catalog

_SURE = 0.8
_MARGIN = 0.08
_POSSIBLE = 0.5


class Encoder(Protocol):
    """Texts to unit vectors, (n, d) float32."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row per text."""
        ...


class RememberingEncoder:
    """Keeps the vectors of long lists of phrases on disk: a restart encodes only what changed."""

    _WORTH_KEEPING = 50

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder = encoder
        self._folder = folder

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row per text."""
        if len(texts) < self._WORTH_KEEPING:
            return self._encoder.encode(texts)
        digest = hashlib.sha256("\x00".join(texts).encode()).hexdigest()[:24]
        path = self._folder / f"{digest}.npy"
        try:
            kept = np.load(path)
        except (OSError, ValueError, EOFError):
            kept = None
        if kept is not None and len(kept) == len(texts):
            return np.asarray(kept, dtype=np.float32)
        vectors = self._encoder.encode(texts)
        self._keep(path, vectors)
        return vectors

    def _keep(self, path: Path, vectors: NDArray[np.float32]) -> None:
        """Written beside and renamed, so that a reader never sees half a file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.stem}.{os.getpid()}.tmp.npy")
        np.save(beside, vectors)
        beside.replace(path)


@dataclass(frozen=True, slots=True)
class Link:
    """A catalog entry near in meaning. ``sure`` = close, and clearly closer than the next one."""

    name: str
    similarity: float
    sure: bool


class PhraseIndex:
    """Phrases of named entries; a lookup gives the entries, best phrase each."""

    def __init__(self, phrases: Sequence[tuple[str, str]], encoder: Encoder) -> None:
        self._names = [name for name, _ in phrases]
        self._encoder = encoder
        vectors = (
            encoder.encode([phrase for _, phrase in phrases]) if phrases else np.zeros((0, 384))
        )
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        if len(phrases):
            self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    def nearest(self, text: str, limit: int = 3) -> tuple[Link, ...]:
        """Entries above the possible threshold, best first."""
        if not self._names:
            return ()
        vector = np.ascontiguousarray(self._encoder.encode([text]), dtype=np.float32)
        scores, rows = self._index.search(vector, min(30, len(self._names)))
        best: dict[str, float] = {}
        for score, row in zip(scores[0], rows[0], strict=True):
            best.setdefault(self._names[row], float(score))
        ranked = [(n, s) for n, s in best.items() if s >= _POSSIBLE][: limit + 1]
        following = [s for _, s in ranked[1:]] + [0.0]
        return tuple(
            Link(name, score, i == 0 and score >= _SURE and score - following[0] >= _MARGIN)
            for i, (name, score) in enumerate(ranked[:limit])
        )


class Linker:
    """Metrics and dimensions of one catalog by meaning."""

    def __init__(self, catalog: Catalog, encoder: Encoder) -> None:
        self._metrics = PhraseIndex(_metric_phrases(catalog), encoder)
        self._dimensions = PhraseIndex(_dimension_phrases(catalog), encoder)

    def metrics(self, text: str) -> tuple[Link, ...]:
        """Metrics that a phrase may stand for."""
        return self._metrics.nearest(text)

    def dimensions(self, text: str) -> tuple[Link, ...]:
        """Dimensions that a phrase may stand for."""
        return self._dimensions.nearest(text)


def _metric_phrases(catalog: Catalog) -> list[tuple[str, str]]:
    return [
        (metric.name, phrase)
        for metric in catalog.metrics.values()
        for phrase in (metric.label, *metric.synonyms, *metric.verbs, metric.description)
        if phrase
    ]


def _dimension_phrases(catalog: Catalog) -> list[tuple[str, str]]:
    found: Mapping[tuple[str, str], None] = {
        (dimension.name, phrase): None
        for model in catalog.models.values()
        for dimension in catalog.dimensions_of(model).values()
        for phrase in (dimension.label, dimension.plural, *dimension.synonyms)
    }
    return list(found)
