"""Customers' own words, found by words and meaning: an index for each table, beside its snapshot.

The index holds no text, only ids: what is found is read from the snapshot under the rules that hold
there, so nothing is shown that the person who asks may not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge.retrieval.text_index import TextIndex, Vectors, write_index
from models.vectors import TextEncoder

_IDS = "ids.npy"


def write_verbatims(
    folder: Path, ids: Sequence[str], texts: Sequence[str], vectors: Vectors, rows: Sequence[int]
) -> None:
    """Index ``texts`` with their ``ids``; ``vectors[i]`` is of a statement of the text ``rows[i]``."""
    write_index(folder, texts, vectors, rows)
    np.save(folder / _IDS, np.array(ids, dtype=np.str_))


class Verbatims:
    """The index of one table, opened memory-mapped."""

    def __init__(self, folder: Path, encoder: TextEncoder) -> None:
        """Raises OSError where there is none."""
        self._index = TextIndex(folder)
        self._ids = np.load(folder / _IDS, mmap_mode="r")
        self._order = np.argsort(self._ids, kind="stable")
        self._encoder = encoder

    def search(
        self, text: str, limit: int, least: float = 0.0, allowed: Sequence[str] | None = None
    ) -> list[tuple[float, str]]:
        """Scores and ids of the nearest texts, best first; only ids ``allowed`` count."""
        rows = None if allowed is None else self._rows(allowed)
        vector = self._encoder.encode([text])[0]
        hits = self._index.search(text, vector, limit, rows)
        return [(hit.score, str(self._ids[hit.row])) for hit in hits if hit.score >= least]

    def _rows(self, ids: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        wanted = np.array(sorted(ids), dtype=np.str_)
        places = np.searchsorted(self._ids, wanted, sorter=self._order)
        inside = places < len(self._ids)
        rows = self._order[places[inside]]
        found: np.ndarray[tuple[int], np.dtype[np.int64]] = rows[self._ids[rows] == wanted[inside]]
        return found
