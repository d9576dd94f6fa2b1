"""Typing slips: words that are neither known here nor English, where one known word is close."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from analytics.text import Token, stem
from analytics.types import Issue

_SHORTEST = 3
_LONGER = 4
_NEAR = 0.79
"""One slip in five letters."""
_NEAR_SHORT = 0.74
_VOWELS = frozenset("aeiouy")
_CALENDAR = (
    *(name.lower() for name in (*calendar.month_name[1:], *calendar.day_name)),
    *("today", "yesterday", "last", "this", "day", "days", "week", "weeks", "month", "months"),
    *("quarter", "quarters", "year", "years", "previous", "past", "since", "until", "between"),
    *("spring", "summer", "autumn", "winter", "christmas", "easter", "halloween", "thanksgiving"),
    *("weekend", "fortnight", "fiscal", "calendar", "before", "after", "ago"),
)


class Spelling:
    """Corrects a word to the one known word that it is a slip of, or a shortening (``mnth``, ``lst``).

    The first letter is taken as typed (slips there are rare, and near words many). A word that the
    sentence encoder knows is English and stays as it is, and so does one that two words are as near to.
    """

    def __init__(self, known: Iterable[str], english: Collection[str]) -> None:
        words = {word for word in (*known, *_CALENDAR) if word}
        self._english = english
        self._stems = frozenset(stem(word) for word in words)
        by_initial: dict[str, list[str]] = defaultdict(list)
        for word in sorted(words | set(_plurals(words))):
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
        if not word.isalpha() or token.text.isupper():
            return None
        if token.stem in self._stems or self.is_word(word):
            return None
        known = self._by_initial.get(word[0], [])
        return (
            _the_one([w for w in _CALENDAR if _shortens(word, w)])
            or _swapped(word, known)
            or _nearest(word, known)
            or _the_one([w for w in known if _differ_in_vowels(word, w)])
        )


def _plurals(words: Iterable[str]) -> Iterator[str]:
    """Of words long enough that a plural is not taken for a slip of something else."""
    return (f"{word}s" for word in words if len(word) > _LONGER and not word.endswith("s"))


def _the_one(words: Collection[str]) -> str | None:
    """The only word of several, a plural not counted apart."""
    by_stem = {stem(word): word for word in sorted(words, reverse=True)}
    return next(iter(by_stem.values())) if len(by_stem) == 1 else None


def _nearest(word: str, known: Collection[str]) -> str | None:
    """The one nearest word of four letters or more, if it is near enough."""
    if len(word) < _SHORTEST:
        return None
    hits = process.extract(
        word,
        [each for each in known if len(each) >= _LONGER],
        scorer=OSA.normalized_similarity,
        score_cutoff=_NEAR if len(word) > _LONGER else _NEAR_SHORT,
        limit=3,
    )
    return _the_one([near for near, score, _ in hits if score == hits[0][1]])


def _swapped(word: str, known: Collection[str]) -> str | None:
    """A word of three letters with the last two swapped: ``teh``."""
    if len(word) != _SHORTEST:
        return None
    return _the_one([each for each in known if each == word[0] + word[2] + word[1]])


def _shortens(word: str, whole: str) -> bool:
    """Whether a word is another without its vowels (``mnth``), or its first letter and end (``yday``)."""
    if len(word) >= len(whole) or (word[0], word[-1]) != (whole[0], whole[-1]):
        return False
    if not _VOWELS & set(word[1:]):
        return word == _bones(whole)
    return len(word) >= _LONGER and whole.endswith(word[1:])


def _differ_in_vowels(word: str, other: str) -> bool:
    """Whether two words of about the same length have the same consonants: ``seperate``."""
    return (
        len(word) > _LONGER and abs(len(word) - len(other)) <= 1 and _bones(word) == _bones(other)
    )


def _bones(word: str) -> str:
    """The first letter and all consonants."""
    return word[0] + "".join(letter for letter in word[1:] if letter not in _VOWELS)
