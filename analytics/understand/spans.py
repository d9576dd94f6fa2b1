"""The best cover of a message by spans that mean something.

Every token ends up in a time expression, a value, a phrase of the lexicon, a number, a frame word, or as
*unknown*. Longer spans win, so "return rate" is never read as "rate", nor a product's name in parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analytics.types import TimeRange
from analytics.understand.language import Vocabulary
from analytics.understand.lexicon import Entry, Lexicon
from analytics.understand.text import Token, stem
from analytics.understand.time import TimeSpan
from analytics.understand.values import Value, ValueIndex


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens [first, last) with everything they can mean; empty everywhere = frame or unknown."""

    first: int
    last: int
    entries: tuple[Entry, ...] = ()
    values: tuple[Value, ...] = ()
    time: TimeRange | None = None
    pair: tuple[TimeRange, TimeRange] | None = None
    number: float | None = None
    frame: bool = False

    @property
    def unknown(self) -> bool:
        """Nothing is known about these tokens."""
        return not (
            self.entries or self.values or self.time or self.number is not None or self.frame
        )

    def names(self, role: str) -> tuple[str, ...]:
        """Concepts that this span can mean in a role."""
        return tuple(entry.name for entry in self.entries if entry.role == role)

    def has(self, role: str) -> bool:
        """Whether the span can play a role."""
        return any(entry.role == role for entry in self.entries)


@dataclass(frozen=True, slots=True)
class _Candidate:
    span: Span
    weight: float


def parse_number(word: str) -> float | None:
    """A number as typed ("1,200", "15%", "five"), or None. Percentages become fractions."""
    words = {
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
        "nine": 9, "ten": 10, "dozen": 12, "twenty": 20, "fifty": 50, "hundred": 100,
    }  # fmt: skip
    if word in words:
        return float(words[word])
    percent = word.endswith("%")
    digits = word.rstrip("%")
    if not digits or not digits[0].isdigit():
        return None
    whole = digits.replace(",", "") if "." in digits or digits.count(",") >= 1 else digits
    try:
        number = float(whole)
    except ValueError:
        return None
    return number / 100 if percent else number


def cover(
    tokens: Sequence[Token],
    times: Sequence[TimeSpan],
    lexicon: Lexicon,
    values: ValueIndex,
    vocabulary: Vocabulary,
) -> tuple[Span, ...]:
    """Spans of the whole message, in order, without gaps or overlaps."""
    candidates = [*_time_spans(tokens, times), *_phrase_spans(tokens, lexicon, values)]
    candidates += [_single(tokens, i, vocabulary) for i in range(len(tokens))]
    best: list[tuple[float, tuple[Span, ...]]] = [(0.0, ())]
    by_end: dict[int, list[_Candidate]] = {}
    for candidate in candidates:
        by_end.setdefault(candidate.span.last, []).append(candidate)
    for end in range(1, len(tokens) + 1):
        options = [
            (best[c.span.first][0] + c.weight, (*best[c.span.first][1], c.span))
            for c in by_end[end]
        ]
        best.append(max(options, key=lambda option: option[0]))
    return best[-1][1]


def _time_spans(tokens: Sequence[Token], times: Sequence[TimeSpan]) -> Iterator[_Candidate]:
    for time in times:
        inside = [i for i, t in enumerate(tokens) if t.start >= time.start and t.end <= time.end]
        if inside:
            width = inside[-1] - inside[0] + 1
            yield _Candidate(
                Span(inside[0], inside[-1] + 1, time=time.range, pair=time.pair), 10.0 * width - 2.0
            )


def _phrase_spans(
    tokens: Sequence[Token], lexicon: Lexicon, values: ValueIndex
) -> Iterator[_Candidate]:
    stems_ = [token.stem for token in tokens]
    longest = max(lexicon.longest, values.longest)
    for first in range(len(tokens)):
        for last in range(first + 1, min(first + longest, len(tokens)) + 1):
            key = tuple(stems_[first:last])
            entries, found = lexicon.lookup(key), values.lookup(key)
            if entries or found:
                number = parse_number(tokens[first].word) if last - first == 1 else None
                span = Span(first, last, entries, found, number=number)
                yield _Candidate(span, 10.0 * (last - first) - (2.5 if entries else 2.4))


def _single(tokens: Sequence[Token], i: int, vocabulary: Vocabulary) -> _Candidate:
    word = tokens[i].word
    number = parse_number(word)
    if number is not None and word != "one":
        return _Candidate(Span(i, i + 1, number=number), 5.0)
    if word in vocabulary.frame or stem(word) in _frame_stems(vocabulary):
        return _Candidate(Span(i, i + 1, frame=True), 3.0)
    return _Candidate(Span(i, i + 1), 0.0)


def _frame_stems(vocabulary: Vocabulary) -> frozenset[str]:
    cached = _FRAME_STEMS.get(vocabulary.frame)
    if cached is None:
        cached = frozenset(stem(word) for word in vocabulary.frame if len(word) > 3)
        _FRAME_STEMS[vocabulary.frame] = cached
    return cached


_FRAME_STEMS: dict[frozenset[str], frozenset[str]] = {}
