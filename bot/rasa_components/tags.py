"""Tags of words ("B-metric", "I-metric", "O") to spans and back, and the best well-formed sequence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

OUTSIDE = "O"
FORBIDDEN = -1e9

Entity = tuple[str, int, int]


def tags_of(tokens: Sequence[tuple[int, int]], entities: Sequence[Entity]) -> list[str]:
    """One tag per token, both given by character offsets."""
    tags = []
    for start, end in tokens:
        tag = OUTSIDE
        for role, first, last in entities:
            if start < last and end > first:
                tag = ("B-" if start <= first else "I-") + role
        tags.append(tag)
    return tags


def spans_of(tags: Sequence[str]) -> list[Entity]:
    """(role, first token, token after the last) of each run of tags."""
    spans: list[Entity] = []
    for i, tag in enumerate(tags):
        if tag.startswith("B-"):
            spans.append((tag[2:], i, i + 1))
        elif tag.startswith("I-") and spans and spans[-1][2] == i:
            role, first, _ = spans[-1]
            spans[-1] = (role, first, i + 1)
    return spans


def transitions(labels: Sequence[str]) -> np.ndarray:
    """(labels + 1, labels) log scores of what may follow what; the last row is the beginning."""
    follows = np.zeros((len(labels) + 1, len(labels)))
    for column, label in enumerate(labels):
        if label.startswith("I-"):
            for row, before in enumerate([*labels, OUTSIDE]):
                if before == OUTSIDE or before[2:] != label[2:]:
                    follows[row, column] = FORBIDDEN
    return follows


def best_path(scores: np.ndarray, follows: np.ndarray) -> list[int]:
    """Labels of the likeliest allowed sequence (Viterbi), for (n, labels) log probabilities."""
    best = follows[-1] + scores[0]
    back = []
    for row in scores[1:]:
        ways = best[:, None] + follows[:-1]
        back.append(ways.argmax(axis=0))
        best = ways.max(axis=0) + row
    path = [int(best.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return path[::-1]
