"""Texts → statements: the smallest pieces that can have a topic of their own, and their content words."""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import snowballstemmer
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

_ENDS: Final = re.compile(
    r"(?<=[.!?])\s+|[\r\n]+|;\s+|,?\s+(?:but|although|whereas|however|on the other hand)\s+"
    r"|,\s+(?:only|at least|yet|and)\s+",
    re.IGNORECASE,
)
_NOISE: Final = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+\.\w+|@\w+|\+?\d[\d\s()/.-]{6,}\d|&\w+;|\b(?:RT|via)\b"
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LEAST_LETTERS: Final = 3
_LEAST_TO_JUDGE: Final = 5

OPINION: Final = frozenset(
    word
    for line in (
        "good great nice best better bad worst worse terrible awful horrible love loved loves like",
        "liked perfect excellent happy amazing superb solid fine okay average brilliant recommend",
        "useless recommended disappointed disappointing impressed wow stars star joy hate hated",
        "annoyed annoying frustrated frustrating satisfied unhappy pleased glad sorry sad poor worth",
        "worthless ridiculous unacceptable absolutely really very quite extremely incredibly pretty",
        "remarkably surprisingly highly totally completely just also much lot lots little bit exactly",
        "thing things stuff way kind people everyone everybody nobody somebody anyone guys folks",
        "today yesterday tomorrow day days week weeks month months year years time times hour hours",
        "minute minutes morning evening night monday tuesday wednesday thursday friday saturday sunday",
        "hello dear hey hi thank thanks please thx regards cheers yes yeah sure maybe actually",
        "get got gets getting give gave given make makes made making take took taken taking go going",
        "went gone come came coming know knew think thought want wanted wants need needed needs would",
        "could should must let put try tried trying say says said tell told ask asked asks look looks",
        "looked looking feel feels felt seem seems use used uses using bought buy buying purchase",
        "purchased did does doing done don didn doesn isn wasn won can cannot couldn wouldn shouldn ve",
        "ll re one two three four five six ten half almost already still ever never always again even",
        "lately new old big small sometimes far long short able sir madam help advise idea review",
        "reviews write written questions question product products item items ordered super soon thrilled",
    )
    for word in line.split()
)  # fmt: skip
"""Words of courtesy, opinion, degree and time: they say how, not what about."""

STOP: Final = ENGLISH_STOP_WORDS | OPINION
_STEMMER: Final = snowballstemmer.stemmer("english")


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """English stem (Porter 2)."""
    return str(_STEMMER.stemWord(word))


@dataclass(frozen=True, slots=True)
class Statement:
    """A piece of a text as written, and ``plain``: lower case, without addresses and names."""

    words: str
    plain: str


def statements(text: str, names: Collection[str] = ()) -> list[Statement]:
    """The statements of a text that say something, in order.

    ``names`` are words (of products and brands) that are left out. Greetings, thanks and bare
    opinions ("Love it!") are no statements: nothing is left of them.
    """
    found = []
    for piece in _ENDS.split(html.unescape(text)):
        plain = _plain(piece, names)
        if content(plain) and not _foreign(plain):
            found.append(Statement(piece.strip(), plain))
    return found


def _foreign(plain: str) -> bool:
    """Several words and none that English statements are held together by."""
    words = plain.split()
    return len(words) >= _LEAST_TO_JUDGE and not any(word in STOP for word in words)


def _plain(piece: str, names: Collection[str]) -> str:
    kept = [word for word in words_of(_NOISE.sub(" ", piece)) if word not in names]
    return " ".join(kept)


def words_of(text: str) -> list[str]:
    """The words of a text in lower case."""
    return [match.group().lower().replace("’", "'") for match in _WORD.finditer(text)]


def content(plain: str) -> list[str]:
    """The words that a topic is made of."""
    return [w for w in plain.split() if is_content(w)]


@lru_cache(maxsize=65536)
def is_content(word: str) -> bool:
    """Whether a word can name a topic."""
    bare = word.split("'")[0]
    return len(bare) >= _LEAST_LETTERS and bare not in STOP and word not in STOP
