"""A message with its act and its mentions, in the notation of the example files: `[words](role)`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from analytics.types import Act, Mention, Role

_MENTION = re.compile(r"\[([^\]]+)\]\((\w+)\)")


@dataclass(frozen=True, slots=True)
class Annotated:
    """One example: plain text, what it does, and which spans play which role (in order)."""

    text: str
    act: Act
    mentions: tuple[Mention, ...] = ()

    def marked(self) -> str:
        """The text in the notation that `read` takes."""
        parts, at = [], 0
        for mention in self.mentions:
            parts += [self.text[at : mention.start], f"[{mention.text}]({mention.role})"]
            at = mention.end
        return "".join([*parts, self.text[at:]])


def read(marked: str, act: Act) -> Annotated:
    """An example from its notation. Raises ValueError for an unknown role or a stray bracket."""
    text, at, mentions = "", 0, []
    for found in _MENTION.finditer(marked):
        text += marked[at : found.start()]
        words = found[1]
        mentions.append(Mention(Role(found[2]), words, len(text), len(text) + len(words)))
        text += words
        at = found.end()
    text += marked[at:]
    if "[" in text or "](" in text:
        raise ValueError(f"stray bracket in example: {marked}")
    return Annotated(text, act, tuple(mentions))


def read_file(file: Path) -> Iterator[Annotated]:
    """Every example of a file that maps acts to messages, one per line."""
    content: Mapping[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    for act, messages in content.items():
        for line in messages.splitlines():
            if line.strip():
                yield read(line.strip(), Act(act))


def read_folder(folder: Path) -> tuple[Annotated, ...]:
    """All examples of a folder's `*.yml`, in the order of file names."""
    return tuple(example for file in sorted(folder.glob("*.yml")) for example in read_file(file))
