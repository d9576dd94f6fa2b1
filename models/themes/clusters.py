"""Vectors → clusters: Ward's hierarchy on a sample, cut to a number that people can look over.

Ward (1963) on unit vectors keeps clusters tight, and needs neither a seed nor a guess of densities.
Measured against k-means, NMF and BERTopic on labelled texts: ``docs/models/themes.md``. Joining clusters
whose centres are near was tried: where all texts share a subject (flights), it makes one heap of most.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

Vectors = NDArray[np.float32]
Labels = NDArray[np.int64]

NONE: Final = -1
FLOOR: Final = 0.45
"""Cosine to a centre below which a statement has no clear theme."""


def unit(vectors: NDArray[np.floating]) -> Vectors:
    """Each row scaled to length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def cluster(vectors: Vectors, count: int) -> Labels:
    """Labels from 0 of at most ``count`` clusters of unit vectors (n, d): (n,)."""
    if count < 2 or len(vectors) <= count:
        return np.zeros(len(vectors), dtype=np.int64)
    found = fcluster(linkage(vectors, "ward"), count, "maxclust") - 1
    return np.asarray(found, dtype=np.int64)


def centres_of(vectors: Vectors, labels: Labels) -> Vectors:
    """Unit centre of each label from 0 to the largest: (k, d)."""
    return unit(np.stack([vectors[labels == k].mean(axis=0) for k in range(int(labels.max()) + 1)]))


def nearest(vectors: Vectors, centres: Vectors, floor: float = FLOOR) -> Labels:
    """The nearest centre of each vector, NONE where none is near: (n,)."""
    if not len(centres) or not len(vectors):
        return np.full(len(vectors), NONE, dtype=np.int64)
    closeness = vectors @ centres.T
    found: Labels = closeness.argmax(axis=1).astype(np.int64)
    found[closeness.max(axis=1) < floor] = NONE
    return found
