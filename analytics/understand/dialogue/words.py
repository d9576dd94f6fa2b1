"""How people steer a conversation (``knowledge/dialogue/*.yml``): phrases by what they do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from analytics.text import Token, words

GAP = "…"
_MARKS = frozenset({"!", "!!", "!!!"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words at the head and, where something is named in between, at the tail of a message."""

    head: tuple[str, ...]
    tail: tuple[str, ...] = ()

    def matches(self, typed: Sequence[str]) -> bool:
        """Whether a message begins (and ends) so."""
        if len(self.head) + len(self.tail) + bool(self.tail) > len(typed):
            return False
        begins = tuple(typed[: len(self.head)]) == self.head
        return begins and (not self.tail or tuple(typed[-len(self.tail) :]) == self.tail)

    @property
    def length(self) -> int:
        """How many words it takes."""
        return len(self.head) + len(self.tail)


Phrases = Mapping[str, tuple[Phrase, ...]]


@dataclass(frozen=True, slots=True)
class DialogueWords:
    """Phrases of moves, parts, commands, replies and pointers by name; courtesies change nothing."""

    moves: Phrases = field(default_factory=dict)
    parts: Phrases = field(default_factory=dict)
    commands: Phrases = field(default_factory=dict)
    replies: Phrases = field(default_factory=dict)
    pointers: Phrases = field(default_factory=dict)
    courtesies: tuple[tuple[str, ...], ...] = ()
    why: tuple[Phrase, ...] = ()
    why_after: tuple[Phrase, ...] = ()

    def asks_why(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """The words that ask for causes, at the head of a message or its end; none where it does not."""
        core = self.core(tokens)
        found = longest({"why": self.why}, core)
        if found is not None:
            return core[: found[1].length]
        bare = tuple(token for token in core if token.word[0].isalnum())
        typed = tuple(token.word for token in bare)
        sizes = (one.length for one in self.why_after if typed[-one.length :] == one.head)
        size = max(sizes, default=0)
        return bare[len(bare) - size :] if size else ()

    def core(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """The tokens without exclamation marks, and without the courtesies at either end.

        All of them where nothing else is said.
        """
        left = [token for token in tokens if token.word[0].isalnum() or token.word not in _MARKS]
        while left and (taken := self._courtesy([t.word for t in left], at_end=False)):
            left = left[taken:]
        while left and (taken := self._courtesy([t.word for t in left], at_end=True)):
            left = left[:-taken]
        return tuple(left) or tuple(tokens)

    def _courtesy(self, typed: Sequence[str], *, at_end: bool) -> int:
        """How many words of courtesy stand at one end."""
        for phrase in self.courtesies:
            end = tuple(typed[-len(phrase) :]) if at_end else tuple(typed[: len(phrase)])
            if end == phrase:
                return len(phrase)
        return 0


def exact(phrases: Phrases, tokens: Sequence[Token]) -> str | None:
    """The name whose phrase is exactly these words."""
    typed = tuple(token.word for token in tokens)
    for name, known in phrases.items():
        if any(not one.tail and one.head == typed for one in known):
            return name
    return None


def longest(phrases: Phrases, tokens: Sequence[Token]) -> tuple[str, Phrase] | None:
    """The longest phrase that heads these words, with its name."""
    typed = [token.word for token in tokens]
    found = [(name, one) for name, known in phrases.items() for one in known if one.matches(typed)]
    return max(found, key=lambda pair: pair[1].length, default=None)


def load_dialogue_words(folder: Path, language: str = "en") -> DialogueWords:
    """Reads one language. Raises ValueError naming the file where its shape is off."""
    path = folder / f"{language}.yml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise ValueError(f"{path.name}: expected sections at the top level")  # noqa: TRY004
    courtesies = sorted((words(str(c)) for c in raw.get("courtesy", ())), key=len, reverse=True)
    return DialogueWords(
        moves=_section(raw, "moves"),
        parts=_section(raw, "parts"),
        commands=_section(raw, "commands"),
        replies=_section(raw, "replies"),
        pointers=_section(raw, "pointers"),
        courtesies=tuple(courtesies),
        why=tuple(_phrase(str(text)) for text in raw.get("why", ())),
        why_after=tuple(_phrase(str(text)) for text in raw.get("why_after", ())),
    )


def _section(raw: Mapping[str, Mapping[str, Sequence[str]]], name: str) -> Phrases:
    return {
        str(key): tuple(_phrase(str(text)) for text in phrases)
        for key, phrases in raw.get(name, {}).items()
    }


def _phrase(text: str) -> Phrase:
    head, _, tail = text.partition(GAP)
    return Phrase(words(head), words(tail))
