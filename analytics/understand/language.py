"""The vocabulary of asking: which phrase plays which role (``knowledge/language/*.yml``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from analytics.text import tokenize, words
from analytics.understand.dialogue.words import DialogueWords, load_dialogue_words


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """``concepts[role][concept]`` lists phrases; ``frame`` holds words that never narrow a question.

    ``continuations`` are the words of openings such as "what about"; ``implied`` maps a concept to a
    phrase for the metric that it speaks of when none is named; ``dialogue`` is how people steer a
    conversation.
    """

    concepts: Mapping[str, Mapping[str, tuple[str, ...]]]
    frame: frozenset[str]
    continuations: tuple[tuple[str, ...], ...]
    implied: Mapping[str, str]
    dialogue: DialogueWords = field(default_factory=DialogueWords)

    def goes_on(self, text: str) -> bool:
        """Whether a message begins as one that goes on from the last answer ("and by region?")."""
        typed = words(text)
        return any(typed[: len(phrase)] == phrase for phrase in self.continuations)

    def phrases(self) -> Iterator[tuple[str, str, str]]:
        """(role, concept, phrase) of every entry."""
        for role, concepts in self.concepts.items():
            for concept, phrases in concepts.items():
                for phrase in phrases:
                    yield role, concept, phrase


def load_vocabulary(folder: Path, language: str = "en") -> Vocabulary:
    """Reads one language, and how people steer in it (``dialogue`` beside the folder).

    Raises ValueError naming the file where its shape is off.
    """
    path = folder / f"{language}.yml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise ValueError(f"{path.name}: expected roles at the top level")  # noqa: TRY004
    frame = {token.word for token in tokenize(" ".join(raw.pop("frame", [])))}
    continuations = tuple(words(phrase) for phrase in raw.pop("continuation", []))
    implied = {str(k): str(v) for k, v in raw.pop("implied", {}).items()}
    concepts = {
        role: {name: tuple(map(str, phrases)) for name, phrases in entries.items()}
        for role, entries in raw.items()
    }
    dialogue = load_dialogue_words(folder.parent / "dialogue", language)
    return Vocabulary(concepts, frozenset(frame), continuations, implied, dialogue)
