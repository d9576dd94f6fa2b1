"""NLU training examples: sentence frames filled from catalog, vocabulary and pools, beside written ones.

The catalog gives words for what can be asked, the frames the ways of asking. Values are invented, so
that the tagger learns a value's place in a sentence and needs no list of the warehouse's.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from analytics.catalog.types import Catalog, Dimension
from analytics.types import Act, Mention, Role
from bot.nlu.annotated import Annotated, read_folder

HERE = Path(__file__).parent
SEED = 17
FRAMES_PER_METRIC = 5
FILLS_PER_FRAME = 4
INVENTED_SHARE = 0.3
"""Share of metric and dimension slots filled from the pools: words that no catalog holds."""

_SLOT = re.compile(r"\{(\w+)(?::(\w+(?:\+\w+)*))?\}")
_BARE = frozenset(
    ("by", "per", "across", "each", "split", "all", "every", "up", "down", "over", "under", "than")
)
"""Words too common to be tagged on their own; the resolver reads them by their neighbours."""
_ROLES = {"verb": Role.METRIC, "row": Role.METRIC, "company": Role.VALUE}
"""Slots that are no roles themselves."""

Vocabulary = Mapping[str, Mapping[str, Sequence[str]]]
Frames = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Words:
    """Phrases to fill slots with: by slot, and for vocabulary roles by concept."""

    slots: Mapping[str, tuple[str, ...]]
    vocabulary: Vocabulary
    invented: Mapping[str, tuple[str, ...]]

    def pick(self, slot: str, concepts: str | None, chance: random.Random) -> str:
        """A phrase for a slot such as `value` or `form:trend+table`."""
        if slot in self.vocabulary:
            named = concepts.split("+") if concepts else sorted(self.vocabulary[slot])
            return chance.choice([p for c in named for p in _phrases(self.vocabulary[slot][c])])
        known, invented = self.slots.get(slot, ()), self.invented.get(slot, ())
        if invented and (not known or chance.random() < INVENTED_SHARE):
            return chance.choice(invented)
        return chance.choice(known)


def generate(
    catalog: Catalog,
    vocabulary: Vocabulary,
    folder: Path = HERE,
    learned: Iterable[tuple[str, Act]] = (),
    seed: int = SEED,
) -> tuple[Annotated, ...]:
    """All training examples: learned ones first, then the written, no text twice.

    The same inputs give the same list.
    """
    chance = random.Random(seed)
    pools = _lines(folder / "pools.yml")
    frames = yaml.safe_load((folder / "templates.yml").read_text(encoding="utf-8"))
    words = _words(catalog, vocabulary, pools)
    made = [*_of_metrics(catalog, frames, words, chance), *_of_samples(frames, words, chance)]
    written = read_folder(folder / "examples")
    taught = (Annotated(text, act, ()) for text, act in learned)
    return tuple(_unique([*taught, *written, *(_roughened(example, chance) for example in made)]))


def to_rasa(examples: Iterable[Annotated]) -> str:
    """The examples as a Rasa NLU file."""
    by_act: dict[Act, list[str]] = {}
    for example in examples:
        by_act.setdefault(example.act, []).append(f"- {example.marked()}\n")
    nlu = [{"intent": act.value, "examples": "".join(lines)} for act, lines in by_act.items()]
    return yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, width=10_000)


def _of_metrics(
    catalog: Catalog, frames: Frames, words: Words, chance: random.Random
) -> Iterator[Annotated]:
    """Frames for each metric; words beyond the first few are left to the resolver, which knows them."""
    for act, groups in frames.items():
        ring = _Ring(groups.get("metric", ()), chance)
        verbs = _Ring(groups.get("verb", ()), chance)
        for metric in catalog.metrics.values():
            phrases = (metric.label.lower(), *metric.synonyms)
            count = FRAMES_PER_METRIC if act == Act.ASK else 1
            for i in range(count if ring else 0):
                yield _fill(
                    ring.next(), Act(act), words, chance, {"metric": phrases[i % len(phrases)]}
                )
            for verb in metric.verbs if verbs else ():
                yield _fill(verbs.next(), Act(act), words, chance, {"verb": verb})
    yield from _asked_in_catalog(catalog)


def _asked_in_catalog(catalog: Catalog) -> Iterator[Annotated]:
    """Example questions of the metrics, with the metric's own words marked where they occur."""
    for metric in catalog.metrics.values():
        phrases = sorted((metric.label.lower(), *metric.synonyms), key=len, reverse=True)
        for question in metric.examples:
            found = next((m for p in phrases if (m := _whole_words(p, question))), None)
            if found:
                mention = Mention(Role.METRIC, found[0], found.start(), found.end())
                yield Annotated(question, Act.ASK, (mention,))


def _whole_words(phrase: str, text: str) -> re.Match[str] | None:
    return re.search(rf"\b{re.escape(phrase)}\b", text, re.IGNORECASE)


def _of_samples(frames: Frames, words: Words, chance: random.Random) -> Iterator[Annotated]:
    """The other frames, each filled a few times."""
    for act, groups in frames.items():
        for group in ("row", "other"):
            if group == "row" and not words.slots.get("row"):
                continue
            for frame in groups.get(group, ()):
                for _ in range(FILLS_PER_FRAME):
                    yield _fill(frame, Act(act), words, chance, {})


def _fill(
    frame: str, act: Act, words: Words, chance: random.Random, given: Mapping[str, str]
) -> Annotated:
    """A frame with its slots filled; what is given is used for the slot's first place only."""
    text, at, mentions, left = "", 0, [], dict(given)
    for slot in _SLOT.finditer(frame):
        text += frame[at : slot.start()]
        phrase = left.pop(slot[1], None) or words.pick(slot[1], slot[2], chance)
        mentions.append(Mention(_role(slot[1]), phrase, len(text), len(text) + len(phrase)))
        text += phrase
        at = slot.end()
    return Annotated(text + frame[at:], act, tuple(mentions))


def _role(slot: str) -> Role:
    return _ROLES.get(slot) or Role(slot)


def _words(catalog: Catalog, vocabulary: Vocabulary, pools: Mapping[str, tuple[str, ...]]) -> Words:
    metrics = catalog.metrics.values()
    dimensions = {d.name: d for m in catalog.models.values() for d in m.dimensions} | {
        d.name: d for table in catalog.dimension_tables.values() for d in table.dimensions
    }
    slots = {
        "metric": tuple(p for m in metrics for p in (m.label.lower(), *m.synonyms)),
        "verb": tuple(verb for m in metrics for verb in m.verbs),
        "row": tuple(word for model in catalog.models.values() for word in model.row_words),
        "dimension": tuple(p for d in dimensions.values() for p in _names(d)),
        "value": (*pools["value"], *(p for d in dimensions.values() for p in _value_words(d))),
        "time": pools["time"],
        "number": pools["number"],
        "company": pools["company"],
    }
    spoken = {role.value: vocabulary[role] for role in Role if role in vocabulary}
    return Words(slots, spoken, {k: pools[k] for k in ("metric", "dimension")})


def _names(dimension: Dimension) -> tuple[str, ...]:
    return (dimension.label.lower(), dimension.plural.lower(), *dimension.synonyms)


def _value_words(dimension: Dimension) -> Iterator[str]:
    for words in dimension.value_synonyms.values():
        yield from words


def _phrases(listed: Sequence[str]) -> list[str]:
    return [phrase for phrase in listed if phrase not in _BARE] or list(listed)


def _lines(file: Path) -> dict[str, tuple[str, ...]]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {role: tuple(text.split("\n")[:-1]) for role, text in content.items()}


def _roughened(example: Annotated, chance: random.Random) -> Annotated:
    """As people type: often all small, sometimes with a capital or a question mark."""
    text = example.text
    if chance.random() < 0.5:
        text = text.lower() if len(text.lower()) == len(text) else text
    elif chance.random() < 0.5:
        text = text[:1].upper() + text[1:]
    marks = tuple(replace(m, text=text[m.start : m.end]) for m in example.mentions)
    return Annotated(text + ("?" if chance.random() < 0.25 else ""), example.act, marks)


def _unique(examples: Iterable[Annotated]) -> Iterator[Annotated]:
    seen: set[str] = set()
    for example in examples:
        key = example.text.casefold().strip(" ?!.")
        if key not in seen:
            seen.add(key)
            yield example


class _Ring:
    """Gives frames in turn, in a shuffled order, so that all are used about equally often."""

    def __init__(self, frames: Sequence[str], chance: random.Random) -> None:
        self._frames = list(frames)
        self._chance = chance
        self._left: list[str] = []

    def __bool__(self) -> bool:
        return bool(self._frames)

    def next(self) -> str:
        """The next frame."""
        if not self._left:
            self._left = self._chance.sample(self._frames, len(self._frames))
        return self._left.pop()
