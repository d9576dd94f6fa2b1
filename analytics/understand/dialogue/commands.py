"""What a message tells the bot to do with the conversation, instead of asking something."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from analytics.text import tokenize
from analytics.understand.dialogue.words import DialogueWords, longest

NAME_CHARS = 60
"""A longer name is cut."""


class CommandKind(StrEnum):
    """The commands, by their names in the dialogue words."""

    UNDO = "undo"
    START_OVER = "start_over"
    SAVE = "save"
    RUN = "run"
    SAVED = "saved"
    FORGET_SAVED = "forget_saved"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Command:
    """A command; ``name`` is that of a saved question, as typed."""

    kind: CommandKind
    name: str = ""


_NAMING = frozenset({CommandKind.SAVE, CommandKind.RUN, CommandKind.FORGET_SAVED})


def read_command(text: str, words: DialogueWords) -> Command | None:
    """The command that a message is, as a whole (polite words aside); None where it is none."""
    core = words.core(tokenize(text))
    found = longest(words.commands, core)
    if found is None:
        return None
    kind, phrase = CommandKind(found[0]), found[1]
    named = core[len(phrase.head) :]
    if named and kind not in _NAMING:
        return None
    name = text[named[0].start : named[-1].end] if named else ""
    return Command(kind, _clean(name))


def _clean(name: str) -> str:
    return " ".join(name.strip(" \"'“”„«»‘’").split())[:NAME_CHARS].strip()


def same_name(first: str, second: str) -> bool:
    """Whether two names are the same but for case and marks."""
    return _folded(first) == _folded(second)


def _folded(name: str) -> tuple[str, ...]:
    return tuple(token.word for token in tokenize(name) if token.word[0].isalnum())
