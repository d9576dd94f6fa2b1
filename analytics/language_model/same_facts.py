"""Whether a rewording says exactly what a text says: its figures, names and directions, in its order.

A language model may swap two figures, turn "fell" into "rose" or add a reason of its own, and each word
of the result would still occur in the original. So the *sequence* of what carries a fact has to be the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from analytics.text import Token, fold, stem, tokenize
from analytics.understand.known import Known

_SPACES = "\u00a0\u2009\u202f"
_FIGURE = re.compile(rf"[+\-−]?[$€£]?\d(?:[\d.,{_SPACES}]*\d)?")
_PERCENT = re.compile(
    r"^\s*(?:%|per ?cent\b|percent\b|percentage points?\b|points?\b)", re.IGNORECASE
)
_MARKUP = re.compile(r"[<>\[\]{}`*#|]|https?:|www\.|[\x00-\x08\x0b-\x1f\x7f]")
_NEGATIONS = frozenset(
    "not no never none nobody nothing without neither nor hardly barely isn't aren't wasn't weren't "
    "don't doesn't didn't can't cannot couldn't won't wouldn't hasn't haven't hadn't".split()
)
_NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve dozen twenty thirty forty fifty hundred "
    "thousand million billion half third thirds quarter quarters double doubled triple tripled twice thrice "
    "first second fourth fifth tenth".split()
)
_DIRECTIONS: Mapping[str, str] = {
    "improved": "better", "worsened": "worse", "rose": "up", "fell": "down",
    "turned_negative": "negative", "turned_positive": "positive",
}  # fmt: skip
_RANKS: Mapping[str, str] = {
    "highest": "most", "lowest": "least", "best": "best", "worst": "worst",
    "most_negative": "negative", "most_positive": "positive",
}  # fmt: skip
_REASONS = frozenset("because due caused cause owing thanks therefore thus likely probably".split())
_LONGEST = 1.6
_ROOM = 80


def says_the_same(reworded: str, original: str, known: Known) -> bool:
    """True where every figure, name, direction and negation is the original's, in its order."""
    if _MARKUP.search(reworded) and not _MARKUP.search(original):
        return False
    if not reworded or len(reworded) > _LONGEST * len(original) + _ROOM:
        return False
    if any(unicodedata.category(c) in {"Cf", "Co", "Cs", "Cn"} for c in reworded):
        return False
    facts = tuple(_facts(original, known)), tuple(_facts(reworded, known))
    return facts[0] == facts[1] and not (_proper_names(reworded) - _words(original))


def _facts(text: str, known: Known) -> Iterator[str]:
    """What a text states, one mark each, in order."""
    figures = {match.start(): match for match in _FIGURE.finditer(text)}
    tokens = tokenize(text)
    taken_to = 0
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.start < taken_to:
            i += 1
            continue
        figure = next((m for s, m in figures.items() if s <= token.start < m.end()), None)
        if figure is not None:
            yield _figure_mark(figure.group(), text[figure.end() :])
            taken_to = figure.end()
            i += 1
            continue
        width, mark = _phrase(tokens, i, known)
        if mark:
            yield mark
        i += width


def _figure_mark(figure: str, after: str) -> str:
    digits = re.sub(rf"[{_SPACES}]", "", figure).replace("−", "-").lstrip("+")
    return f"{digits}%" if _PERCENT.match(after) else digits


def _phrase(tokens: tuple[Token, ...], i: int, known: Known) -> tuple[int, str | None]:
    """Words taken at ``i`` and what they state: the longest name or word of asking, or nothing."""
    longest = max(known.values.longest, known.lexicon.longest)
    for width in range(min(longest, len(tokens) - i), 0, -1):
        key = tuple(token.stem for token in tokens[i : i + width])
        if values := known.values.lookup(key):
            return width, f"value:{values[0].words.casefold()}"
        if mark := _word_of_asking(key, known):
            return width, mark
    word = fold(tokens[i].word)
    if word in _NEGATIONS:
        return 1, "not"
    if word in _NUMBER_WORDS or word in _REASONS:
        return 1, word
    return 1, None


def _word_of_asking(key: tuple[str, ...], known: Known) -> str | None:
    for entry in known.lexicon.lookup(key):
        if entry.role == "metric":
            return f"metric:{entry.name}"
        if entry.role == "direction" and entry.name in _DIRECTIONS:
            return _DIRECTIONS[entry.name]
        if entry.role == "rank" and entry.name in _RANKS:
            return _RANKS[entry.name]
    return None


def _words(text: str) -> frozenset[str]:
    return frozenset(token.stem for token in tokenize(text))


def _proper_names(text: str) -> frozenset[str]:
    """Stems of words with a capital that do not begin a sentence."""
    found = set()
    for token in tokenize(text):
        before = text[: token.start].rstrip()
        begins = not before or before[-1] in ".!?:"
        if token.text[:1].isupper() and not begins:
            found.add(stem(token.word))
    return frozenset(found)
