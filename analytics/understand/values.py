"""Values of the warehouse's dimensions, found in a message: exactly, in part, or nearly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from analytics.catalog.types import Catalog, Dimension, DimensionKind
from analytics.text import singular, stems, tokenize

_MOST_OF_A_KIND = 20
_TAIL = 3
"""Words that the end of a name has at least, to be looked for like a name."""


@dataclass(frozen=True, slots=True)
class Value:
    """A stored value of a dimension; ``words`` is how people say it (the value or a synonym).

    ``capitals``: a code that is meant only where it is typed in capitals ("IT").
    """

    dimension: str
    value: str
    words: str
    capitals: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """A value that resembles what was typed; ``score`` in [0, 100]."""

    value: Value
    score: float


@dataclass(frozen=True, slots=True)
class ValueIndex:
    """All values by the stems of their words; ``spoken`` and ``numbered``: those words in a row, the second
    those with a digit in them (ids, models), which a text without a digit is never a slip for. ``tails``:
    ends of long names that no other value holds."""

    exact: Mapping[tuple[str, ...], tuple[Value, ...]]
    by_stem: Mapping[str, frozenset[tuple[str, ...]]]
    words: frozenset[str]
    longest: int
    spoken: Mapping[tuple[str, ...], str]
    numbered: Mapping[tuple[str, ...], str]
    tails: Mapping[tuple[str, ...], tuple[Value, ...]]

    def lookup(self, key: tuple[str, ...]) -> tuple[Value, ...]:
        """Values whose words are exactly these stems, or the one whose long name ends in them."""
        return self.exact.get(key) or self.tails.get(key, ())

    def containing(self, key: tuple[str, ...]) -> tuple[Value, ...]:
        """Values whose words hold all these stems, in any order; the shortest first."""
        sets = [self.by_stem.get(s, frozenset()) for s in key]
        if not sets or any(not s for s in sets):
            return ()
        common = frozenset.intersection(*sets)
        return tuple(v for k in sorted(common, key=lambda k: (len(k), k)) for v in self.exact[k])

    def kind_in(
        self, text: str, dimensions: Container[str] | None, family: bool = True
    ) -> tuple[Value, ...]:
        """The values, of some dimensions only, that a text names as a kind or as a ``family``.

        A plural is a kind: "laptops" are all whose words hold "laptop". Words that one name ends in and the
        others go on from are a family: "robot vacuum" is "Nimbus Robot Vacuum" and its "Max". Empty where
        values of several dimensions hold the words, or one alone does.
        """
        hits = self.holding(text, dimensions)
        last = tokenize(text)[-1:]
        plural = bool(last) and singular(last[0].word) != last[0].word
        named = plural or (family and _are_family(stems(text), hits))
        return hits if named and len(hits) > 1 else ()

    def named_in(self, text: str, dimensions: Container[str]) -> tuple[Value, ...]:
        """What a text stands for among the values of some dimensions: the one that holds its words (the
        store "Vienna Ring" for "Vienna"), or a kind of them; empty where that is not clear."""
        hits = self.holding(text, dimensions)
        return hits if len(hits) == 1 else self.kind_in(text, dimensions)

    def holding(self, text: str, dimensions: Container[str] | None) -> tuple[Value, ...]:
        """Values of one dimension that hold all words of a text, each once; none where there are many."""
        found = {
            (v.dimension, v.value): v
            for v in reversed(self.containing(stems(text)))
            if not v.value.startswith("/") and (dimensions is None or v.dimension in dimensions)
        }
        one_sort = len({dimension for dimension, _ in found}) == 1
        return tuple(reversed(found.values())) if one_sort and len(found) <= _MOST_OF_A_KIND else ()

    def near(self, text: str, limit: int = 3, cutoff: float = 70.0) -> tuple[Near, ...]:
        """The values most like ``text`` by edit distance of their words, best first."""
        joined = " ".join(stems(text))
        sorts = [self.spoken, self.numbered] if any(c.isdigit() for c in joined) else [self.spoken]
        hits = [
            hit
            for choices in sorts
            for hit in process.extract(
                joined, choices, scorer=fuzz.WRatio, limit=limit * 3, score_cutoff=cutoff
            )
        ]
        ranked = sorted(hits, key=lambda h: (-fuzz.ratio(joined, h[0]), h[0]))
        found = [
            Near(value, fuzz.ratio(joined, said))
            for said, _, key in ranked
            for value in self.exact[key]
        ]
        return tuple(found[:limit])


def categorical(catalog: Catalog) -> Mapping[str, tuple[Dimension, ...]]:
    """Dimensions whose values people name, by dimension name (one entry per place it is stored)."""
    found: dict[str, dict[tuple[str, str], Dimension]] = defaultdict(dict)
    for model in catalog.models.values():
        for dimension in catalog.dimensions_of(model).values():
            if dimension.kind is DimensionKind.CATEGORICAL:
                found[dimension.name][dimension.table, dimension.column] = dimension
    return {name: tuple(places.values()) for name, places in found.items()}


def build_value_index(values: Iterable[Value]) -> ValueIndex:
    """Indexes values; the same words may name values of several dimensions."""
    exact: dict[tuple[str, ...], list[Value]] = defaultdict(list)
    by_stem: dict[str, set[tuple[str, ...]]] = defaultdict(set)
    words: set[str] = set()
    for value in values:
        key = stems(value.words)
        if not key or value in exact[key]:
            continue
        exact[key].append(value)
        for stem in key:
            by_stem[stem].add(key)
        words.update(token.word for token in tokenize(value.words))
    full = {key: tuple(found) for key, found in exact.items() if found}
    return ValueIndex(
        full,
        {s: frozenset(keys) for s, keys in by_stem.items()},
        frozenset(words),
        max((len(key) for key in full), default=1),
        {key: " ".join(key) for key in full if not _numbered(key)},
        {key: " ".join(key) for key in full if _numbered(key)},
        _tails(full),
    )


def _tails(
    full: Mapping[tuple[str, ...], tuple[Value, ...]],
) -> dict[tuple[str, ...], tuple[Value, ...]]:
    """ "Robot Vacuum Max" for "Nimbus Robot Vacuum Max": the ends of names that are in no other name."""
    owners: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    names = [key for key, found in full.items() if not found[0].value.startswith("/")]
    for key in names:
        for first in range(len(key) - _TAIL + 1):
            for last in range(first + _TAIL, len(key) + 1):
                owners[key[first:last]].add(key)
    return {
        part: full[next(iter(keys))]
        for part, keys in owners.items()
        if len(keys) == 1 and part not in full and next(iter(keys))[-len(part) :] == part
    }


def _are_family(key: tuple[str, ...], values: Iterable[Value]) -> bool:
    """Whether one value's words, a number of its model aside, end in these stems, and all hold them."""
    names = [stems(value.words) for value in values]
    held = [any(n[i : i + len(key)] == key for i in range(len(n))) for n in names]
    return all(held) and any(_without_model(n)[-len(key) :] == key for n in names)


def _without_model(name: tuple[str, ...]) -> tuple[str, ...]:
    """ "Nordlys Laptop 14" is a laptop."""
    while len(name) > 1 and _numbered(name[-1:]):
        name = name[:-1]
    return name


def _numbered(key: tuple[str, ...]) -> bool:
    return any(c.isdigit() for word in key for c in word)


def label_parts(catalog: Catalog, stored: Iterable[Value]) -> list[Value]:
    """A theme called by two words ("Sound, voices") is also known by each of them, if no other is."""
    tags = catalog.tags
    themes = [value for value in stored if value.dimension in tags]
    whole = {stems(value.words) for value in themes}
    owners: dict[tuple[str, ...], set[str]] = defaultdict(set)
    parts = []
    for value in themes:
        for part in value.value.split(", ") if ", " in value.value else ():
            owners[stems(part)].add(value.value)
            parts.append(Value(value.dimension, value.value, part))
    return [p for p in parts if stems(p.words) not in whole and len(owners[stems(p.words)]) == 1]


def value_synonyms(catalog: Catalog) -> list[Value]:
    """Other words for stored values, as the catalog gives them."""
    found = []
    for model in catalog.models.values():
        for dimension in catalog.dimensions_of(model).values():
            for value, words in dimension.value_synonyms.items():
                found += [Value(dimension.name, value, phrase) for phrase in words]
    return found
