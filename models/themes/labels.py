"""Clusters → keywords and a name: class-based TF-IDF, and the phrase nearest to the centre.

Keywords: c-TF-IDF (Grootendorst 2022, "BERTopic", section 3.3) with the statements of a cluster that
hold a word as its frequency. Name: of the strongest words and word pairs, the one whose own vector is
nearest to the cluster's centre (as KeyBERT does), that covers most of it and that reads as a noun.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

from models.themes.clusters import Vectors
from models.themes.statements import is_content, stem

Encode = Callable[[Sequence[str]], Vectors]
Stems = tuple[str, ...]

KEYWORDS: Final = 8
_CANDIDATES: Final = 12
_PAIR_SHARE: Final = 0.35
"""A pair of words stands for its stronger word if it makes up this share of its uses."""
_RARE: Final = 0.08
"""A word with fewer uses than this share of the strongest one's is no keyword (a slip of the pen)."""
_WIDE: Final = 0.3
"""A name that covers less of its theme than this gets a second word."""
_NO_NOUN: Final = 0.5
_DETERMINERS: Final = frozenset(
    "the a an my your our their his her its this that these those no any some every each of".split()
)
"""What stands before a noun phrase: a word that often follows one reads well as a name."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A theme in words: the label, its keywords, and the share of statements with the label's words."""

    label: str
    keywords: tuple[str, ...]
    coverage: float


def name_clusters(
    groups: Sequence[Sequence[str]], centres: Vectors, encode: Encode
) -> list[Naming]:
    """Names for clusters of plain statements; an empty label where nothing sets a cluster apart."""
    spelled = _spellings(groups)
    counted = [_counts(group) for group in groups]
    ranked = [_ranked(own, counted) for own in counted]
    candidates = [_without_parts(words, own) for words, own in zip(ranked, counted, strict=True)]
    texts = list(dict.fromkeys(spelled[c] for found in candidates for c, _ in found))
    vectors = dict(zip(texts, encode(texts), strict=True)) if texts else {}
    taken: set[str] = set()
    namings = []
    for group, own, found, centre in zip(groups, counted, candidates, centres, strict=True):
        nouns = _nouns(group)
        scored = sorted(
            (
                (
                    weight
                    * max(float(vectors[spelled[c]] @ centre), 0.0)
                    * sqrt(own[c] / len(group))
                    * (_NO_NOUN + (1 - _NO_NOUN) * nouns.get(c, 0.0)),
                    c,
                )
                for c, weight in found
            ),
            key=lambda item: (-item[0], item[1]),
        )
        label, coverage = _label([c for _, c in scored], own, len(group), spelled, taken)
        taken.add(label)
        namings.append(Naming(label, tuple(spelled[c] for c, _ in found[:KEYWORDS]), coverage))
    return namings


def _grams(plain: str) -> set[Stems]:
    """Content words and pairs of neighbouring content words, by stem."""
    words = plain.split()
    found: set[Stems] = set()
    for first, second in zip(words, [*words[1:], ""], strict=True):
        if is_content(first):
            found.add((stem(first),))
            if second and is_content(second) and stem(first) != stem(second):
                found.add((stem(first), stem(second)))
    return found


def _nouns(group: Sequence[str]) -> dict[Stems, float]:
    """How often words and pairs follow a determiner, from 0 to 1."""
    after, used = Counter[Stems](), Counter[Stems]()
    for plain in group:
        words = ["", *plain.split(), ""]
        for before, first, second in zip(words, words[1:], words[2:], strict=False):
            if first:
                grams: list[Stems] = [(stem(first),)]
                grams += [(stem(first), stem(second))] if second else []
                used.update(grams)
                after.update(grams if before in _DETERMINERS else [])
    return {gram: min(1.0, 2 * after[gram] / n) for gram, n in used.items()}


def _counts(group: Sequence[str]) -> Counter[Stems]:
    return Counter(gram for plain in group for gram in _grams(plain))


def _ranked(own: Counter[Stems], all_counts: Sequence[Counter[Stems]]) -> list[tuple[Stems, float]]:
    """c-TF-IDF: the share of the cluster's words times log(1 + mean words per cluster / frequency)."""
    total: Counter[Stems] = Counter()
    for counts in all_counts:
        total.update(counts)
    mean = sum(total.values()) / max(len(all_counts), 1)
    size = max(sum(own.values()), 1)
    least = max(2.0, _RARE * max(own.values(), default=0))
    weights = [
        (gram, n / size * log(1 + mean / total[gram])) for gram, n in own.items() if n >= least
    ]
    return sorted(weights, key=lambda item: (-item[1], item[0]))[: 2 * _CANDIDATES]


def _without_parts(
    ranked: Sequence[tuple[Stems, float]], own: Mapping[Stems, int]
) -> list[tuple[Stems, float]]:
    """A pair replaces its words where they mostly come together ("battery life")."""
    replaced: dict[Stems, Stems] = {}
    for gram, _ in ranked:
        if len(gram) == 2:
            for part in ((gram[0],), (gram[1],)):
                if own[gram] >= _PAIR_SHARE * own[part]:
                    replaced[part] = gram
    weights: dict[Stems, float] = defaultdict(float)
    for gram, weight in ranked:
        target = replaced.get(gram, gram)
        weights[target] = max(weights[target], weight)
    return sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES]


def _label(
    best: Sequence[Stems],
    own: Mapping[Stems, int],
    size: int,
    spelled: Mapping[Stems, str],
    taken: set[str],
) -> tuple[str, float]:
    if not best:
        return "", 0.0
    first = best[0]
    label, coverage = spelled[first], own[first] / size
    if coverage < _WIDE or _sentence(label) in taken:
        for other in best[1:]:
            if not set(other) & set(first):
                label = f"{label}, {spelled[other]}"
                coverage = min(1.0, coverage + own[other] / size)
                break
    return _sentence(label), coverage


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _spellings(groups: Sequence[Sequence[str]]) -> dict[Stems, str]:
    """The commonest spelling of each word and pair."""
    forms: dict[Stems, Counter[str]] = defaultdict(Counter)
    for group in groups:
        for plain in group:
            words = plain.split()
            for first, second in zip(words, [*words[1:], ""], strict=True):
                forms[(stem(first),)][first] += 1
                if second:
                    forms[stem(first), stem(second)][f"{first} {second}"] += 1
    return {key: min(found, key=lambda w: (-found[w], w)) for key, found in forms.items()}
