"""Texts on disk, found by their words (BM25) and by their meaning (vectors), opened memory-mapped.

Both scores of a text are absolute: the share of the query's weight that it carries, and its cosine.
Their weighted sum ranks (Bruch et al. 2022, "An Analysis of Fusion Functions for Hybrid Retrieval",
arXiv 2210.11934: it keeps what reciprocal ranks throw away) and can be held against a threshold.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import bm25s
import faiss
import numpy as np
from bm25s.stopwords import STOPWORDS_EN
from numpy.typing import NDArray

from analytics.text import tokenize

MEANING = 0.7
"""Weight of the cosine; the rest is that of the words (`python -m tests.retrieval.calibrate`)."""
CANDIDATES = 100
_K1, _B = 0.9, 0.5
_DENSE, _LEXICAL, _ROWS, _ABOUT = "dense.faiss", "lexical", "rows.npy", "about.json"
_STOPPED = frozenset(STOPWORDS_EN)

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hit:
    """A text by its row: ``words`` in [0, 1), ``meaning`` a cosine (0 where it has no vector)."""

    row: int
    words: float
    meaning: float

    @property
    def score(self) -> float:
        """What ranks."""
        return MEANING * self.meaning + (1 - MEANING) * self.words


class TextIndex:
    """An index as `write_index` left it. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        """Open memory-mapped: texts are read from disk as they are needed."""
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        self.size: int = about["size"]
        self._lexical = _open_lexical(folder / _LEXICAL) if about["words"] else None
        self._rows: Rows = np.load(folder / _ROWS, mmap_mode="r")
        self._dense = faiss.read_index(str(folder / _DENSE), faiss.IO_FLAG_MMAP_IFC)

    def search(
        self,
        text: str,
        vector: Vectors,
        limit: int,
        allowed: Rows | None = None,
    ) -> list[Hit]:
        """The best texts first; ``vector`` is that of ``text``, (d,).

        ``allowed`` narrows to these rows.
        """
        words = self._word_scores(content_stems(text))
        if allowed is not None:
            mask = np.zeros(self.size, dtype=bool)
            mask[allowed] = True
            words = np.where(mask, words, 0.0)
        candidates = {int(row) for row in _top(words, CANDIDATES)}
        candidates |= self._near(vector, allowed)
        rows = np.fromiter(candidates, dtype=np.int64)
        meaning = self._cosines(rows, vector)
        hits = [Hit(int(r), float(words[r]), float(m)) for r, m in zip(rows, meaning, strict=True)]
        return sorted(hits, key=lambda hit: (-hit.score, hit.row))[:limit]

    def _word_scores(self, query: Sequence[str]) -> NDArray[np.float64]:
        """For every text the share of the query's weight that it carries, (size,)."""
        none = np.zeros(self.size)
        if self._lexical is None or not query:
            return none
        known = [word for word in query if word in self._lexical.vocab_dict]
        if not known:
            return none
        weights = [self._weight(word) for word in query]
        scores = np.asarray(self._lexical.get_scores(known), dtype=np.float64)
        return scores / sum(weights)

    def _weight(self, word: str) -> float:
        """Inverse document frequency as Lucene has it; a word that no text has weighs most."""
        assert self._lexical is not None
        token = self._lexical.vocab_dict.get(word)
        pointers = self._lexical.scores["indptr"]
        found = 0 if token is None else int(pointers[token + 1] - pointers[token])
        return float(np.log(1 + (self.size - found + 0.5) / (found + 0.5)))

    def _near(self, vector: Vectors, allowed: Rows | None) -> set[int]:
        if not self._dense.ntotal:
            return set()
        parameters = None
        if allowed is not None:
            places = np.flatnonzero(np.isin(self._rows, allowed))
            if not len(places):
                return set()
            parameters = faiss.SearchParameters()
            parameters.sel = faiss.IDSelectorBatch(places)
        count = min(CANDIDATES, self._dense.ntotal)
        _, found = self._dense.search(_row(vector), count, params=parameters)
        return {int(self._rows[place]) for place in found[0] if place >= 0}

    def _cosines(self, rows: Rows, vector: Vectors) -> Vectors:
        """The best of each text's vectors; zero where it has none."""
        first = np.searchsorted(self._rows, rows, side="left")
        after = np.searchsorted(self._rows, rows, side="right")
        cosines = np.zeros(len(rows), dtype=np.float32)
        for i, (start, end) in enumerate(zip(first, after, strict=True)):
            if end > start:
                own = self._dense.reconstruct_n(int(start), int(end - start))
                cosines[i] = (own @ vector).max()
        return cosines


def write_index(
    folder: Path, texts: Sequence[str], vectors: Vectors, rows: Sequence[int] | None = None
) -> None:
    """Write an index of ``texts`` to ``folder``, which gets its name once everything is in it.

    ``vectors[i]`` belongs to the text ``rows[i]`` (ascending; default: one each). A text may have
    several, and is as near as the nearest; without one it is found by its words alone. A folder of
    that name is replaced.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        tokens = [content_stems(text) for text in texts]
        _write_lexical(fresh / _LEXICAL, tokens)
        np.save(fresh / _ROWS, np.arange(len(texts)) if rows is None else np.array(rows, np.int64))
        _write_dense(fresh / _DENSE, vectors)
        about = {"size": len(texts), "words": any(tokens)}
        (fresh / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
        fresh.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def content_stems(text: str) -> list[str]:
    """Stems of the words that carry something."""
    kept = (token for token in tokenize(text) if token.word not in _STOPPED)
    return [token.stem for token in kept if any(c.isalnum() for c in token.stem)]


def _write_lexical(folder: Path, tokens: Sequence[Sequence[str]]) -> None:
    if any(tokens):
        lexical = bm25s.BM25(method="lucene", k1=_K1, b=_B)
        lexical.index(list(map(list, tokens)), show_progress=False)
        lexical.save(folder)


def _open_lexical(folder: Path) -> bm25s.BM25:
    return bm25s.BM25.load(folder, mmap=True)


def _write_dense(file: Path, vectors: Vectors) -> None:
    index = faiss.IndexScalarQuantizer(
        vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    index.train(vectors)
    if len(vectors):
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    faiss.write_index(index, str(file))


def _row(vector: Vectors) -> Vectors:
    return np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)


def _top(scores: NDArray[np.float64], count: int) -> Rows:
    """Rows of the highest scores above zero."""
    count = min(count, len(scores))
    if not count:
        return np.zeros(0, dtype=np.int64)
    best = np.argpartition(-scores, count - 1)[:count]
    return best[scores[best] > 0]
