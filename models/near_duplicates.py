"""Find texts that say nearly the same, so that a test set holds nothing that was trained on."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

THRESHOLD = 0.85
"""Cosine of word TF-IDF from which two texts count as the same (measured on tweets: retweets with a
comment lie above it, two complaints about one topic below)."""
CHUNK = 1000

_NOISE = re.compile(r"https?://\S+|@\w+|[^\w\s]|\d+|_")


def normalise(text: str) -> str:
    """Lower case, without links, handles, digits and punctuation."""
    return " ".join(_NOISE.sub(" ", text.lower()).split())


def near_any(texts: Sequence[str], others: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each of `texts` is a near-duplicate of any of `others`: (len(texts),)."""
    left, right = [[normalise(text) for text in side] for side in (texts, others)]
    known = set(right)
    found = np.array([text in known for text in left], dtype=bool)
    if not any(left) or not any(right):
        return found
    vectorizer = TfidfVectorizer(token_pattern=r"\w+").fit(left + right)
    targets = vectorizer.transform(right).T.tocsc()
    for start in range(0, len(left), CHUNK):
        part = slice(start, start + CHUNK)
        nearest = (vectorizer.transform(left[part]) @ targets).max(axis=1).toarray().ravel()
        found[part] |= nearest >= THRESHOLD
    return found
