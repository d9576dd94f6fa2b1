"""Ways to rank by words and meaning, and what each of them is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.retrieval.text_index import MEANING, content_stems
from models.vectors import TextEncoder
from tests.retrieval.collections import Collection, Ranking, Scores

RRF_K = 60


def reciprocal(words: Scores, meaning: Scores) -> Scores:
    """Reciprocal rank fusion (Cormack et al. 2009)."""
    return _reciprocal(words) * (words > 0) + _reciprocal(meaning)


def _reciprocal(scores: Scores) -> Scores:
    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return 1 / (RRF_K + ranks)


def weighted(weight: float) -> Ranking:
    """The weighted sum that is served."""
    return lambda words, meaning: weight * meaning + (1 - weight) * words


RANKINGS: Mapping[str, Ranking] = {
    "BM25 alone": lambda words, meaning: words,
    "dense alone": lambda words, meaning: meaning,
    "reciprocal rank fusion": reciprocal,
    "hybrid, as served": weighted(MEANING),
}


@dataclass(frozen=True)
class Scored:
    """Words and meaning of every text of a collection for one question."""

    question: str
    words: Scores
    meaning: Scores


def scored(collection: Collection, encoder: TextEncoder, questions: Sequence[str]) -> list[Scored]:
    """Both scores of all texts, so that every ranking sees the same."""
    index, every = collection.index, np.arange(collection.index.size)
    found = []
    for question, vector in zip(questions, encoder.encode(list(questions)), strict=True):
        words = index._word_scores(content_stems(question))
        meaning = np.asarray(index._cosines(every, vector), dtype=np.float64)
        found.append(Scored(question, words, meaning))
    return found


def ranks(collection: Collection, found: Sequence[Scored], ranking: Ranking) -> list[int]:
    """The place of the right text for each pair, ties counted against it."""
    places = []
    for one, (_, key) in zip(found, collection.pairs, strict=True):
        scores = ranking(one.words, one.meaning)
        right = [i for i, own in enumerate(collection.keys) if own == key]
        assert right, f"{key} is no text of {collection.name}"
        places.append(min(int((scores >= scores[i]).sum()) for i in right))
    return places
