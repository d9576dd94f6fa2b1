"""Customers' own words, found by words and meaning: an index for each table, beside its snapshot.

The index holds no text, only ids: what is found is read from the snapshot under the rules that hold
there, so nothing is shown that the person who asks may not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.retrieval.text_index import Hit, TextIndex, write_index
from models.vectors import TextEncoder, VectorCache

_IDS = "ids.npy"


@dataclass(frozen=True, slots=True)
class Similar:
    """A text by its id, and how near it is."""

    id: str
    hit: Hit


class VerbatimIndexer:
    """Writes the index of a table's texts. Only texts without a vector are encoded, and of those no
    more than ``most`` in one build, the first ones first; the others are found by their words."""

    def __init__(self, cache: VectorCache, most: int) -> None:
        self._cache = cache
        self._left = most

    def write(self, folder: Path, ids: Sequence[str], texts: Sequence[str]) -> int:
        """Index ``texts`` in ``folder``; how many were encoded."""
        new = self._cache.missing(texts)
        late = {texts[i] for i in new[self._left :]}
        encoded = len({texts[i] for i in new} - late)
        self._left -= min(self._left, len(new))
        order = sorted(range(len(ids)), key=ids.__getitem__)
        ordered = [texts[i] for i in order]
        rows = [row for row, text in enumerate(ordered) if text not in late]
        write_index(folder, ordered, self._cache.encode([ordered[row] for row in rows]), rows)
        np.save(folder / _IDS, np.array([ids[i] for i in order], dtype=np.str_))
        return encoded

    def complete(self, folder: Path) -> bool:
        """Whether every text of an index that was written has a vector."""
        try:
            return TextIndex(folder).complete
        except (OSError, ValueError, KeyError, RuntimeError):
            return False


class Verbatims:
    """The index of one table, opened memory-mapped."""

    def __init__(self, folder: Path, encoder: TextEncoder) -> None:
        """Raises OSError where there is none."""
        self._index = TextIndex(folder)
        self._ids = np.load(folder / _IDS, mmap_mode="r")
        self._encoder = encoder

    def search(self, text: str, limit: int, allowed: Sequence[str] | None = None) -> list[Similar]:
        """The nearest texts, best first; ``allowed`` are the only ids that count."""
        rows = None
        if allowed is not None:
            wanted = np.array(sorted(allowed), dtype=self._ids.dtype)
            places = np.searchsorted(self._ids, wanted).clip(max=max(len(self._ids) - 1, 0))
            rows = places[self._ids[places] == wanted] if len(self._ids) else places[:0]
        vector = self._encoder.encode([text])[0]
        hits = self._index.search(text, vector, limit, rows)
        return [Similar(str(self._ids[hit.row]), hit) for hit in hits]
