"""Statements → themes: found once, then carried on from build to build.

A theme that is known keeps its centre, id and label, so that figures of the past stay as they are when
a few texts come. What new texts say that is near to nothing known can make new themes. All is found
anew (and matched with what was known) only where the texts have changed altogether.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log2
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.themes.clusters import FLOOR, NONE, Labels, Vectors, centres_of, cluster, nearest
from models.themes.labels import Encode, name_clusters
from models.themes.statements import content

VERSION: Final = "2"
"""Changes whenever the same statements may give other themes."""
MOST_THEMES: Final = 60
"""More are hard to look over; fewer put unlike things together."""
LEARNED: Final = 3_000
"""Statements that the themes are learned from; all are then assigned."""
LEAST_STATEMENTS: Final = 40
_PER_THEME: Final = 15
_COHERENT: Final = 0.5
"""Mean cosine to its centre below which a cluster is a mixed bag and no theme."""
_COVERED: Final = 0.2
"""Share of statements that a theme's label must stand for."""
_LEAST_NEW: Final = 8
_SAME: Final = 0.75


@dataclass(frozen=True)
class Theme:
    """A cluster of statements. ``kept`` is false for one that is no theme: it only catches its own."""

    theme_id: str
    label: str
    keywords: tuple[str, ...]
    centre: Vectors
    kept: bool
    found_on: str


def find_themes(
    statements: Sequence[str],
    counts: Sequence[int],
    vectors: Vectors,
    encode: Encode,
    found_on: str,
    most: int = MOST_THEMES,
) -> tuple[Theme, ...]:
    """Themes of plain statements, each given once with how often it is made. Empty where too few.

    ``vectors`` (n, d) are unit vectors of the statements, by the same ``encode`` that names are
    compared with.
    """
    chosen = _sample(statements, counts)
    if len(chosen) < LEAST_STATEMENTS:
        return ()
    most = max(2, min(most, len(chosen) // _PER_THEME))
    return _clusters([statements[i] for i in chosen], vectors[chosen], most, encode, found_on)


def carry_on(
    known: Sequence[Theme],
    statements: Sequence[str],
    vectors: Vectors,
    new: NDArray[np.bool_],
    encode: Encode,
    found_on: str,
) -> tuple[Theme, ...]:
    """The known themes, and those that new statements make which are near to none of them.

    ``new`` says which statements no earlier text holds.
    """
    unheard = new & (nearest(vectors, centres(known)) == NONE)
    fresh = [i for i in np.flatnonzero(unheard).tolist() if len(content(statements[i])) > 1]
    if len(fresh) < LEAST_STATEMENTS:
        return tuple(known)
    most = max(2, min(MOST_THEMES, len(fresh) // _PER_THEME))
    found = _clusters([statements[i] for i in fresh], vectors[fresh], most, encode, found_on)
    labels = {theme.label for theme in known}
    return (*known, *(one for one in found if one.kept and one.label not in labels))


def recognised(found: Sequence[Theme], known: Sequence[Theme]) -> tuple[Theme, ...]:
    """Themes found anew under the id and label of the known one that each comes nearest to."""
    free = {theme.theme_id: theme for theme in known if theme.kept}
    pairs = sorted(
        (
            (-float(one.centre @ other.centre), i, other.theme_id)
            for i, one in enumerate(found)
            for other in free.values()
            if one.kept
        ),
    )
    names: dict[int, Theme] = {}
    for distance, i, theme_id in pairs:
        if -distance >= _SAME and i not in names and theme_id in free:
            names[i] = free.pop(theme_id)
    taken = {theme.label for theme in names.values()}
    result = []
    for i, one in enumerate(found):
        if i in names:
            old = names[i]
            one = replace(one, theme_id=old.theme_id, label=old.label, found_on=old.found_on)
        elif one.label in taken:
            one = replace(one, label=f"{one.label}, {one.keywords[-1]}")
        result.append(one)
    return tuple(result)


def assign(themes: Sequence[Theme], vectors: Vectors) -> Labels:
    """Place of each vector's theme among ``themes``, NONE where it is near to none: (n,)."""
    found = nearest(vectors, centres(themes), FLOOR)
    kept = np.array([theme.kept for theme in themes] or [False])
    return np.where((found != NONE) & kept[found], found, NONE)


def centres(themes: Sequence[Theme]) -> Vectors:
    """Their centres: (k, d)."""
    if not themes:
        return np.zeros((0, 1), dtype=np.float32)
    return np.stack([theme.centre for theme in themes])


def _sample(statements: Sequence[str], counts: Sequence[int]) -> list[int]:
    """Places of statements to learn from: the same ones, whatever others come along.

    One that is made often comes in several times, though not in proportion: a stock phrase is no
    hundred opinions.
    """
    drawn = [
        (_digest(f"{draw} {statements[i]}"), i)
        for i, count in enumerate(counts)
        if len(content(statements[i])) > 1
        for draw in range(1 + int(log2(count)))
    ]
    return [i for _, i in sorted(drawn)[:LEARNED]]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _clusters(
    statements: Sequence[str], vectors: Vectors, most: int, encode: Encode, found_on: str
) -> tuple[Theme, ...]:
    labels = cluster(vectors, most)
    middle = centres_of(vectors, labels)
    groups = [[statements[int(i)] for i in np.flatnonzero(labels == k)] for k in range(len(middle))]
    themes = []
    for k, naming in enumerate(name_clusters(groups, middle, encode)):
        close = float((vectors[labels == k] @ middle[k]).mean())
        kept = (
            bool(naming.label)
            and close >= _COHERENT
            and naming.coverage >= _COVERED
            and len(groups[k]) >= _LEAST_NEW
        )
        key = _digest(", ".join((naming.label, *naming.keywords)))[:8]
        themes.append(Theme(key, naming.label, naming.keywords, middle[k], kept, found_on))
    return tuple(themes)
