"""The best cover of a message by spans that mean something.

Every token ends up in a time expression, a value, a phrase of the lexicon, a number, a frame word, or as
*unknown*. Longer spans win, so "return rate" is never read as "rate", nor a product's name in parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from analytics.text import Token, singular, singulars, stem, words
from analytics.types import TimeRange
from analytics.understand.language import Vocabulary
from analytics.understand.lexicon import Entry, Lexicon
from analytics.understand.times.expressions import TimeSpan
from analytics.understand.values import Value, ValueIndex


class Asking(Enum):
    """What a message as a whole asks for: it decides between readings of "complain about"."""

    FOR_FIGURES = "for figures"
    FOR_WORDS = "for customers' words"
    OF_THINGS = "of things, which are ranked"


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens [first, last) with everything they can mean; empty everywhere = frame or unknown."""

    first: int
    last: int
    entries: tuple[Entry, ...] = ()
    values: tuple[Value, ...] = ()
    time: TimeRange | None = None
    pair: tuple[TimeRange, TimeRange] | None = None
    versus: bool = False
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
        return tuple(dict.fromkeys(e.name for e in self.entries if e.role == role))

    def has(self, role: str) -> bool:
        """Whether the span can play a role."""
        return any(entry.role == role for entry in self.entries)


@dataclass(frozen=True, slots=True)
class _Candidate:
    span: Span
    weight: float


_THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]{1,2}")
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_MOST = 1e15


def parse_number(word: str) -> float | None:
    """A number as typed ("1,200", "15%", "five"), or None. Percentages become fractions."""
    words = {
        "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
        "nine": 9, "ten": 10, "dozen": 12, "twenty": 20, "fifty": 50, "hundred": 100, "thousand": 1000,
        "once": 1, "twice": 2, "thrice": 3,
    }  # fmt: skip
    if word in words:
        return float(words[word])
    digits = word.removesuffix("%")
    if _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(digits):
        digits = digits.replace(",", ".")
    # Bounded: beyond it, a float is no longer the number that was typed.
    if not _PLAIN.fullmatch(digits) or (number := float(digits)) > _MOST:
        return None
    return number / 100 if word.endswith("%") else number


def cover(
    text: str,
    tokens: Sequence[Token],
    times: Sequence[TimeSpan],
    lexicon: Lexicon,
    values: ValueIndex,
    vocabulary: Vocabulary,
    asking: Asking = Asking.FOR_FIGURES,
) -> tuple[Span, ...]:
    """Spans of the whole message, in order, without gaps or overlaps."""
    times = [t for t in times if not _inside_name(tokens, t, values)]
    candidates = [
        *_time_spans(tokens, times),
        *_phrase_spans(text, tokens, lexicon, values, vocabulary, asking),
    ]
    candidates += [_single(tokens, i, vocabulary, lexicon) for i in range(len(tokens))]
    candidates += _scaled(tokens)
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


def _inside_name(tokens: Sequence[Token], time: TimeSpan, values: ValueIndex) -> bool:
    """ "Spring Kitchen": a name that begins or ends in the words of a time is that name."""
    inside = [i for i, t in enumerate(tokens) if time.start <= t.start < time.end]
    if not inside:
        return False
    begin, end = inside[0], inside[-1] + 1
    for first in range(max(begin - values.longest, 0), end):
        for last in range(max(first + 2, begin + 1), min(first + values.longest, len(tokens)) + 1):
            if begin <= first and last <= end:
                continue
            found = values.lookup(tuple(t.stem for t in tokens[first:last]))
            typed = tuple(t.word for t in tokens[first:last])
            if any(words(v.words) == typed for v in found):
                return True
    return False


def _time_spans(tokens: Sequence[Token], times: Sequence[TimeSpan]) -> Iterator[_Candidate]:
    for time in times:
        inside = [i for i, t in enumerate(tokens) if time.start <= t.start < time.end]
        if inside:
            width = inside[-1] - inside[0] + 1
            yield _Candidate(
                Span(
                    inside[0], inside[-1] + 1, time=time.range, pair=time.pair, versus=time.versus
                ),
                10.0 * width - 2.0,
            )


def _scaled(tokens: Sequence[Token]) -> Iterator[_Candidate]:
    """ "5 %", "5 per cent", "10k", "2 million" as one number."""
    for i, token in enumerate(tokens):
        number = parse_number(token.word)
        if number is None or token.word.endswith("%"):
            continue
        following = tuple(t.word for t in tokens[i + 1 : i + 3])
        for words_, factor in _SCALES.items():
            if following[: len(words_)] == words_:
                width = 1 + len(words_)
                yield _Candidate(Span(i, i + width, number=number * factor), 10.0 * width)


_SCALES = {
    ("%",): 0.01, ("percent",): 0.01, ("pct",): 0.01, ("per", "cent"): 0.01,
    ("k",): 1e3, ("thousand",): 1e3, ("hundred",): 1e2, ("million",): 1e6, ("m",): 1e6,
}  # fmt: skip


def _closest(
    entries: tuple[Entry, ...], values: tuple[Value, ...], tokens: Sequence[Token]
) -> tuple[tuple[Entry, ...], tuple[Value, ...], bool]:
    """The meanings that fit best: in each role word for word before all but for plurals.

    Those that share only the stem stand back where any fits better ("rated" is not "rating"); the flag
    says whether one does.
    """
    typed = tuple(token.word for token in tokens)
    levels = {e: _distance(e.phrase, typed) for e in entries}
    distances = [_distance(v.words, typed) for v in values]
    if min([*levels.values(), *distances]) == _STEM_ONLY:
        return entries, values, False
    best: dict[str, int] = {}
    for entry, level in levels.items():
        best[entry.role] = min(level, best.get(entry.role, _STEM_ONLY))
    close = tuple(e for e, level in levels.items() if level == best[e.role] < _STEM_ONLY)
    same = tuple(v for v, d in zip(values, distances, strict=True) if d < _STEM_ONLY)
    return close, same, True


_STEM_ONLY = 2


def _not_in_small_letters(
    text: str, tokens: Sequence[Token], values: tuple[Value, ...]
) -> tuple[Value, ...]:
    """Without codes that are words as well ("it"), where the message does not set them off by capitals."""
    if text.isupper() or not all(token.text.isupper() for token in tokens):
        return tuple(value for value in values if not value.capitals)
    return values


def _word_for_word(entries: tuple[Entry, ...], tokens: Sequence[Token]) -> bool:
    typed = tuple(token.word for token in tokens)
    return any(_distance(e.phrase, typed) == 0 for e in entries)


def _distance(phrase: str, typed: tuple[str, ...]) -> int:
    """0: the same words; 1: but for plurals; 2: by stem only."""
    if words(phrase) == typed:
        return 0
    return 1 if singulars(phrase) == tuple(singular(word) for word in typed) else _STEM_ONLY


def _divided(text: str, tokens: Sequence[Token]) -> bool:
    """A comma or the like stands between the words: they are no phrase."""
    between = "".join(text[a.end : b.start] for a, b in pairwise(tokens))
    return any(mark in between for mark in ",;:?!")


def _is_counted_apart(tokens: Sequence[Token], last: int, lexicon: Lexicon) -> bool:
    """ "customers who ordered at least 3 times": a condition on each, not the metric "customers who
    ordered"."""
    following = [t.word for t in tokens[last : last + 5]]
    for i in range(last, min(last + 5, len(tokens))):
        before = (tuple(t.stem for t in tokens[max(last, i - n) : i]) for n in (1, 2, 3))
        held = any(e.role == "condition" for key in before for e in lexicon.lookup(key))
        if held and parse_number(tokens[i].word) is not None:
            return True
    return any(w in following for w in ("twice", "thrice", "once")) or any(
        word in {"time", "times"} and parse_number(before) is not None
        for before, word in pairwise(following)
    )


def _averages_more(tokens: Sequence[Token], lexicon: Lexicon) -> bool:
    """ "average orders" is no "average order": what is averaged is a metric of its own."""
    first, *rest = tokens
    if not any("average" in (e.name, e.role) for e in lexicon.lookup((first.stem,))) or not rest:
        return False
    typed = tuple(t.word for t in rest)
    return any(
        e.role == "metric" and words(e.phrase) == typed
        for e in lexicon.lookup(tuple(t.stem for t in rest))
    )


def _names_ranked_things(
    tokens: Sequence[Token], first: int, last: int, entries: tuple[Entry, ...], lexicon: Lexicon
) -> bool:
    """ "most reviewed products": a rank, a verb and the things, not the metric "products reviewed"."""
    roles = {e.role for e in entries}
    if first == 0 or last - first < 2 or "metric" not in roles or "dimension" in roles:
        return False
    ranked = any(e.role == "rank" for e in lexicon.lookup((tokens[first - 1].stem,)))
    word = tokens[last - 1].word
    thing = singulars(word)
    # Things that are ranked are many: "most reviewed products", but "highest net sentiment".
    return (
        ranked
        and thing != (word,)
        and any(
            e.role == "dimension" and singulars(e.phrase) == thing
            for e in lexicon.lookup((tokens[last - 1].stem,))
        )
    )


def _phrase_spans(
    text: str,
    tokens: Sequence[Token],
    lexicon: Lexicon,
    values: ValueIndex,
    vocabulary: Vocabulary,
    asking: Asking = Asking.FOR_FIGURES,
) -> Iterator[_Candidate]:
    stems_ = [token.stem for token in tokens]
    longest = max(lexicon.longest, values.longest)
    for first in range(len(tokens)):
        for last in range(first + 1, min(first + longest, len(tokens)) + 1):
            key = tuple(stems_[first:last])
            entries, found = lexicon.lookup(key), values.lookup(key)
            found = _not_in_small_letters(text, tokens[first:last], found)
            if not entries and not found:
                continue
            entries, found, close = _closest(entries, found, tokens[first:last])
            if last - first == 1 and tokens[first].word in vocabulary.frame:
                found = tuple(value for value in found if value.capitals)
                entries = entries if close and not found else ()
            if _names_ranked_things(tokens, first, last, entries, lexicon):
                entries = tuple(e for e in entries if e.role != "metric")
            said = {t.word for t in tokens[first:last]}
            if said & {"who", "many"} and _is_counted_apart(tokens, last, lexicon):
                entries = tuple(e for e in entries if e.role != "metric" or last - first == 1)
            if not _word_for_word(entries, tokens[first:last]) and _averages_more(
                tokens[first:last], lexicon
            ):
                entries = tuple(e for e in entries if e.role != "metric")
            if asking is Asking.OF_THINGS:
                entries = tuple(e for e in entries if (e.role, e.name) != ("form", "evidence"))
            rows_only = asking is Asking.FOR_WORDS
            if rows_only and last - first > 1 and not any(e.role == "model" for e in entries):
                entries = tuple(e for e in entries if e.role != "metric")
            if last - first > 1 and _divided(text, tokens[first:last]):
                entries = ()
            if entries or found:
                number = parse_number(tokens[first].word) if last - first == 1 else None
                span = Span(first, last, entries, found, number=number)
                worth = _weight(tokens[first:last], vocabulary)
                yield _Candidate(span, worth if close else worth - _INEXACT)


_CONTENT, _FRAME, _INEXACT = 10.0, 5.5, 6.0


def _weight(words: Sequence[Token], vocabulary: Vocabulary) -> float:
    """Worth of a phrase: what it explains beyond frame words, and one long rather than two short."""
    frame = sum(1 for token in words if token.word in vocabulary.frame)
    worth = _CONTENT * (len(words) - frame) + _FRAME * frame
    return worth + (0.9 * len(words) - 0.3 if frame == len(words) else len(words) - 5.0)


def _single(
    tokens: Sequence[Token], i: int, vocabulary: Vocabulary, lexicon: Lexicon
) -> _Candidate:
    word = tokens[i].word
    number = parse_number(word)
    counts = word != "one" or any(
        e.role == "unit" for t in tokens[i + 1 : i + 2] for e in lexicon.lookup((t.stem,))
    )
    if number is not None and counts:
        return _Candidate(Span(i, i + 1, number=number), 5.6)
    if word in vocabulary.frame or stem(word) in _frame_stems(vocabulary):
        return _Candidate(Span(i, i + 1, frame=True), _FRAME)
    return _Candidate(Span(i, i + 1), 0.0)


def _frame_stems(vocabulary: Vocabulary) -> frozenset[str]:
    cached = _FRAME_STEMS.get(vocabulary.frame)
    if cached is None:
        cached = frozenset(stem(word) for word in vocabulary.frame if len(word) > 3)
        _FRAME_STEMS[vocabulary.frame] = cached
    return cached


_FRAME_STEMS: dict[frozenset[str], frozenset[str]] = {}
