"""The words that name a metric or a dimension, and the rule for two that claim the same words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analytics.catalog.types import Dimension, Metric


def normal(phrase: str) -> str:
    """A phrase as phrases are compared: small letters, words by single spaces, no hyphens."""
    return " ".join(re.sub(r"[-_/]", " ", phrase.casefold()).split())


def metric_phrases(metric: Metric) -> tuple[str, ...]:
    """Every phrase that names a metric, normalised and without repeats."""
    return _unique([metric.name, metric.label, *metric.synonyms, *metric.verbs])


def dimension_phrases(dimension: Dimension) -> tuple[str, ...]:
    """Every phrase that names a dimension, normalised and without repeats."""
    return _unique([dimension.name, dimension.label, dimension.plural, *dimension.synonyms])


@dataclass(frozen=True, slots=True)
class Claim:
    """A concept that claims phrases, with the rank that decides between claims."""

    name: str
    rank: int
    phrases: tuple[str, ...]


def undecided(claims: Iterable[Claim]) -> Iterator[tuple[str, Claim, Claim]]:
    """Phrases that two concepts claim with equal rank, so that nothing decides between them."""
    first: dict[tuple[str, int], Claim] = {}
    for claim in claims:
        for phrase in claim.phrases:
            earlier = first.setdefault((phrase, claim.rank), claim)
            if earlier.name != claim.name:
                yield phrase, earlier, claim


def _unique(phrases: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normal(phrase) for phrase in phrases))
