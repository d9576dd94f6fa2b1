"""Words of a message: tokens with a stem, and offsets into the text as typed."""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

_STEMMER = snowballstemmer.stemmer("english")
# It keeps the word that it works on in itself: two threads at once would mix up two words.
_STEMMING = threading.Lock()
_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*%?|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\W_]+|[&/%+=<>≤≥!$€£]+", re.UNICODE
)
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Token:
    """One word: ``word`` is lower case without accents, ``stem`` is what matching compares."""

    text: str
    word: str
    stem: str
    start: int
    end: int


def fold(text: str) -> str:
    """Lower case, compatibility-normalised, without accents."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """English stem of a folded word (Porter 2); digits stay as they are."""
    if any(c.isdigit() for c in word):
        return word
    with _STEMMING:
        return str(_STEMMER.stemWord(word))


def tokenize(text: str) -> tuple[Token, ...]:
    """Tokens of ``text``; a possessive 's is dropped, "&" is the word "and", punctuation is skipped."""
    found = []
    for match in _TOKEN.finditer(text):
        word = _POSSESSIVE.sub("", fold(match.group())) or fold(match.group())
        word = "and" if word == "&" else word.replace("’", "'")
        found.append(Token(match.group(), word, stem(word), match.start(), match.end()))
    return tuple(found)


@lru_cache(maxsize=65536)
def singular(word: str) -> str:
    """The word without a plural ending; unlike a stem it keeps "reviewer" apart from "review"."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return (
        word[:-1]
        if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
        else word
    )


@lru_cache(maxsize=65536)
def words(text: str) -> tuple[str, ...]:
    """Folded words of a phrase."""
    return tuple(token.word for token in tokenize(text))


@lru_cache(maxsize=65536)
def singulars(text: str) -> tuple[str, ...]:
    """Words of a phrase without plural endings."""
    return tuple(singular(token.word) for token in tokenize(text))


@lru_cache(maxsize=65536)
def stems(text: str) -> tuple[str, ...]:
    """Stems of a phrase, the key under which phrases are compared."""
    return tuple(token.stem for token in tokenize(text))
