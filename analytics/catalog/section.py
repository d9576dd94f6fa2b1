"""Reads a mapping of a catalog file key by key, collecting what is wrong instead of stopping."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from enum import StrEnum
from typing import TypeVar

from analytics.catalog.yaml_nodes import Node

Choice = TypeVar("Choice", bound=StrEnum)


class Section:
    """One mapping of a file. Readers note problems and return a harmless value, so reading goes on."""

    def __init__(self, node: Node, what: str, problems: list[str]) -> None:
        self._problems = problems
        self._node = node
        self._read: list[str] = []
        self.what = what
        self._entries: dict[str, Node] = {}
        if isinstance(node.value, dict):
            self._entries = node.value
        else:
            self.problem("must be a mapping of keys to values")

    @property
    def source(self) -> str:
        """File and line, as in ``reviews.yml:42``."""
        return f"{self._node.file}:{self._node.line}"

    def problem(self, message: str, key: str | None = None) -> None:
        """Note a problem at the line of ``key``, or of the section."""
        line = self._entries[key].line if key in self._entries else self._node.line
        self._problems.append(f"{self._node.file}:{line}: {self.what}: {message}")

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def text(self, key: str, default: str | None = None) -> str:
        """Text under a key; required where there is no default."""
        if (found := self.optional_text(key)) is not None:
            return found
        if default is None and key not in self:
            self.problem(f'"{key}" is missing')
        return default or ""

    def optional_text(self, key: str) -> str | None:
        """Text under a key, None where it is not given."""
        node = self._take(key)
        return None if node is None else self._text_of(node, key)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where it is not given."""
        node = self._take(key)
        return () if node is None else self._texts_of(node, key)

    def number(self, key: str, default: int = 0) -> int:
        """A whole number of zero or more."""
        node = self._take(key)
        if node is None:
            return default
        if isinstance(node.value, bool) or not isinstance(node.value, int) or node.value < 0:
            self.problem(f'"{key}" must be a whole number of zero or more', key)
            return default
        return node.value

    def flag(self, key: str) -> bool:
        """True or false; false where it is not given."""
        node = self._take(key)
        if node is not None and not isinstance(node.value, bool):
            self.problem(f'"{key}" must be true or false', key)
        return node is not None and node.value is True

    def choice(self, key: str, choices: type[Choice], default: Choice | None = None) -> Choice:
        """A member of an enum by its value; required where there is no default."""
        fallback = default or next(iter(choices))
        given = self.text(key, default.value if default else None)
        if given in list(choices):
            return choices(given)
        if given:
            known = ", ".join(choices)
            self.problem(f'"{key}" is {given!r}, must be one of: {known}', key)
        return fallback

    def text_map(self, key: str) -> dict[str, str]:
        """A mapping of names to texts."""
        return {name: self._text_of(node, key) or "" for name, node in self._map(key).items()}

    def texts_map(self, key: str) -> dict[str, tuple[str, ...]]:
        """A mapping of names to lists of texts."""
        return {name: self._texts_of(node, key) for name, node in self._map(key).items()}

    def sections(self, key: str, what: str) -> Iterator[tuple[str, Section]]:
        """The named mappings under a key."""
        for name, node in self._map(key).items():
            yield name, Section(node, f'{what} "{name}"', self._problems)

    def rest(self, what: str) -> Iterator[tuple[str, Section]]:
        """All entries not read yet, as named mappings."""
        for name in [name for name in self._entries if name not in self._read]:
            self._read.append(name)
            yield name, Section(self._entries[name], f'{what} "{name}"', self._problems)

    def done(self) -> None:
        """Note every key that nothing has read."""
        for key in self._entries:
            if key not in self._read:
                close = difflib.get_close_matches(key, self._read, 1)
                hint = f', did you mean "{close[0]}"?' if close else ""
                self.problem(f'unknown key "{key}"{hint}', key)

    def _take(self, key: str) -> Node | None:
        self._read.append(key)
        return self._entries.get(key)

    def _map(self, key: str) -> dict[str, Node]:
        node = self._take(key)
        if node is None:
            return {}
        if isinstance(node.value, dict):
            return node.value
        self.problem(f'"{key}" must be a mapping', key)
        return {}

    def _text_of(self, node: Node, key: str) -> str | None:
        if isinstance(node.value, str) and node.value.strip():
            return " ".join(node.value.split())
        # An unquoted yes, no, on or 12 is not text in YAML.
        self._problems.append(
            f'{node.file}:{node.line}: {self.what}: "{key}" must be text'
            + (f", write {node.value!r} in quotes" if isinstance(node.value, bool | int) else "")
        )
        return None

    def _texts_of(self, node: Node, key: str) -> tuple[str, ...]:
        if not isinstance(node.value, list):
            self.problem(f'"{key}" must be a list', key)
            return ()
        return tuple(text for item in node.value if (text := self._text_of(item, key)))
