"""Typing slips: words that are neither known here nor English, where one known word is close."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from analytics.text import Token, stem
from analytics.types import Issue

_SHORTEST = 4
_CALENDAR = (
    *(name.lower() for name in (*calendar.month_name[1:], *calendar.day_name)),
    *("today", "yesterday", "last", "this", "day", "days", "week", "weeks", "month", "months"),
    *("quarter", "quarters", "year", "years", "previous", "past", "since", "until", "between"),
    *("spring", "summer", "autumn", "winter", "christmas", "easter", "halloween", "thanksgiving"),
    *("weekend", "fortnight", "fiscal", "calendar", "before", "after", "ago"),
)


class Spelling:
    """Corrects a word to the one known word within about one slip in five letters.

    The first letter is taken as typed (slips there are rare, and near words many). A word that the
    sentence encoder knows is English and stays as it is.
    """

    def __init__(self, known: Iterable[str], english: Collection[str]) -> None:
        words = {word for word in (*known, *_CALENDAR) if word}
        self._english = english
        self._stems = frozenset(stem(word) for word in words)
        by_initial: dict[str, list[str]] = defaultdict(list)
        for word in sorted(words):
            if len(word) >= _SHORTEST:
                by_initial[word[0]].append(word)
        self._by_initial = by_initial

    def is_word(self, word: str) -> bool:
        """Whether the word is common English."""
        return word in self._english

    def correct(self, tokens: tuple[Token, ...]) -> tuple[tuple[Token, ...], tuple[Issue, ...]]:
        """The tokens with slips mended, and a note for each."""
        corrected, notes = [], []
        for token in tokens:
            better = self._better(token)
            if better is None:
                corrected.append(token)
                continue
            corrected.append(replace(token, word=better, stem=stem(better)))
            notes.append(Issue("read_as", f"I read “{token.text}” as “{better}”."))
        return tuple(corrected), tuple(notes)

    def _better(self, token: Token) -> str | None:
        word = token.word
        if len(word) < _SHORTEST or not word.isalpha():
            return None
        if token.stem in self._stems or self.is_word(word):
            return None
        hit = process.extractOne(
            word,
            self._by_initial.get(word[0], []),
            scorer=OSA.normalized_similarity,
            score_cutoff=0.8 if len(word) > _SHORTEST else 0.75,
        )
        return hit[0] if hit is not None else None
