"""What a correction puts away: "not revenue, orders", "orders, not revenue", "units instead of orders"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analytics.text import Token, tokenize
from analytics.types import ParsedMessage
from analytics.understand.reading import Reading

_PUTTING_AWAY = (("not",), ("instead", "of"), ("rather", "than"), ("and", "not"), ("but", "not"))
_TURNING = (("but",), ("rather",), ("i", "meant"), ("i", "mean"), ("instead",))
_SWAPPING = frozenset({"swap", "replace", "exchange", "substitute", "trade"})
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Correction:
    """Tokens that name what was wrong (``away``), with the words around them (``gone``).

    ``sure``: its words never leave something out, they only put one thing in place of another.
    """

    away: tuple[Token, ...]
    gone: tuple[Token, ...]
    sure: bool = False


def find_corrections(message: ParsedMessage) -> Iterator[Correction]:
    """The ways in which a message may put one thing in place of another."""
    tokens = tokenize(message.text)
    yield from _swapped(tokens)
    for i in range(len(tokens)):
        size = _starts(tokens, i, _PUTTING_AWAY)
        if not size:
            continue
        first = i + size
        sure = tokens[i].word in {"instead", "rather"}
        turn = _turn(message.text, tokens, first)
        if turn is not None:
            end, after = turn
            yield Correction(tokens[first:end], tokens[i:after], sure)
        elif i > 0 and 0 < len(tokens) - first <= _MOST_WORDS:
            yield Correction(tokens[first:], tokens[i:], sure)


def _swapped(tokens: tuple[Token, ...]) -> Iterator[Correction]:
    """ "swap brand for category", "replace revenue with orders"."""
    for i in range(len(tokens)):
        if tokens[i].word not in _SWAPPING:
            continue
        for j in range(i + 2, len(tokens) - 1):
            if tokens[j].word in {"for", "with", "by"}:
                yield Correction(tokens[i + 1 : j], tokens[i : j + 1], True)
                return


def _turn(text: str, tokens: Sequence[Token], first: int) -> tuple[int, int] | None:
    """Where the wrong thing ends and the right one begins."""
    for end in range(first + 1, min(first + _MOST_WORDS, len(tokens) - 1) + 1):
        if end >= len(tokens):
            return None
        size = _starts(tokens, end, _TURNING)
        if size and end + size < len(tokens):
            return end, end + size
        if any(mark in text[tokens[end - 1].end : tokens[end].start] for mark in ",;:-–—"):
            return end, end
    return None


def _starts(tokens: Sequence[Token], i: int, phrases: Sequence[tuple[str, ...]]) -> int:
    typed = [t.word for t in tokens[i : i + 3]]
    return next((len(p) for p in phrases if tuple(typed[: len(p)]) == p), 0)


def in_place_of(right: Reading, wrong: Reading, filtered: frozenset[tuple[str, str]]) -> bool:
    """Whether one thing stands for the other: both of one sort. A value only where it filters now.

    ``filtered``: (dimension, value) of the filters in force. Elsewhere, "not Germany" leaves Germany out.
    """
    if wrong.problems or wrong.conditions:
        return False
    if wrong.values:
        meant = [{(v.dimension, v.value) for v in mention.values} for mention in wrong.values]
        return bool(right.values) and all(one & filtered for one in meant)
    sorts = ("metrics", "dimensions", "times", "grain")
    said = [sort for sort in sorts if getattr(wrong, sort)]
    return bool(said) and all(getattr(right, sort) for sort in said)
