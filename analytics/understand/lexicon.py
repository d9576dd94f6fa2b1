"""Phrases of the catalog and of the vocabulary of asking, keyed by their stems."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analytics.catalog.types import Catalog
from analytics.text import stems, tokenize, words
from analytics.understand.language import Vocabulary


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase means the concept ``name`` in the role ``role``.

    Roles: those of the vocabulary (rank, direction, comparison, grain, form, exclusion, condition) and of
    the catalog (metric, dimension, model, unit).
    """

    role: str
    name: str
    phrase: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Stems of a phrase -> what it can mean."""

    entries: Mapping[tuple[str, ...], tuple[Entry, ...]]
    words: frozenset[str]
    longest: int

    def lookup(self, key: tuple[str, ...]) -> tuple[Entry, ...]:
        """Everything that exactly this phrase (by stems) can mean."""
        return self.entries.get(key, ())


def _catalog_phrases(catalog: Catalog) -> Iterable[Entry]:
    for metric in catalog.metrics.values():
        for phrase in (metric.label, *metric.synonyms, *metric.verbs):
            yield Entry("metric", metric.name, phrase)
    for model in catalog.models.values():
        for phrase in model.row_words:
            yield Entry("model", model.name, phrase)
        for dimension in catalog.dimensions_of(model).values():
            for phrase in (dimension.label, dimension.plural, *dimension.synonyms):
                yield Entry("dimension", dimension.name, phrase)
            for phrase in dimension.unit_words:
                yield Entry("unit", dimension.name, phrase)


def build_lexicon(
    catalog: Catalog, vocabulary: Vocabulary, learned: Iterable[Entry] = ()
) -> Lexicon:
    """Indexes every phrase; the same phrase may mean several things."""
    found: dict[tuple[str, ...], dict[tuple[str, str, tuple[str, ...]], Entry]] = defaultdict(dict)
    language = (Entry(role, name, phrase) for role, name, phrase in vocabulary.phrases())
    for entry in (*_catalog_phrases(catalog), *language, *learned):
        key = stems(entry.phrase)
        if key:
            found[key].setdefault((entry.role, entry.name, words(entry.phrase)), entry)
    spelled = {
        token.word
        for entries in found.values()
        for e in entries.values()
        for token in tokenize(e.phrase)
    }
    return Lexicon(
        {key: tuple(entries.values()) for key, entries in found.items()},
        frozenset(spelled),
        max((len(key) for key in found), default=1),
    )
