"""What a follow-up does to the last question beyond naming things: "without the split", "sort by …".

The words of a move head the message (polite words aside). They are blanked out, and what is left over is
read like any other message. Whether a move holds also depends on that reading.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from analytics.text import Token, tokenize
from analytics.types import ParsedMessage
from analytics.understand.dialogue.words import DialogueWords, Phrase
from analytics.understand.reading import Reading
from analytics.understand.spans import parse_number

_SORTED = ("ascending", "descending", "alphabetical")
_SHAPES = ("as_table", "as_bar", "as_line", "as_pie")
_BY_MERIT = ("best_first", "worst_first")
_ALONE = frozenset(
    {*("all_rows", "unfiltered", "count", "more", "flip", "again", "sample", "judge")}
    | {*_SORTED, *_BY_MERIT, *_SHAPES}
)
"""Moves that are the whole message."""
_ORDERS = (*_SORTED, *_BY_MERIT, "flip")
_PERIODS = frozenset(
    {"period", "time", "day", "week", "month", "quarter", "year", "days", "weeks", "months"}
)
"""After "the same", these speak of a period."""
_SHOWING = frozenset({"show", "give", "list", "see", "me", "us", "another"})
_CUT_LEAD = frozenset(
    {*("only", "just", "show", "give", "list", "keep", "make", "limit", "cut", "me", "us", "it")}
    | {*("that", "them", "the", "a", "to", "down", "first", "list", "restrict", "reduce", "want")}
)
_CUT_TAIL = frozenset({"only", "instead", "rows", "items", "results", "entries", "lines", "ones"})
_ALWAYS = frozenset(
    {*("correct", "same", "add", "sort", "next", "more", "flip", "again", "all_rows", "no_chart")}
    | {*("cut", "sample", "judge", "beside", *_SORTED, *_BY_MERIT, *_SHAPES)}
)
"""Moves that hold whatever else is named."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Moves by name, the parts of the question that they name, and how many rows where that is said."""

    said: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()
    many: bool = False
    count: int | None = None

    def __bool__(self) -> bool:
        """Whether anything was said."""
        return bool(self.said)

    def has(self, *names: str) -> bool:
        """Whether one of these was said."""
        return not self.said.isdisjoint(names)

    def hold(self, reading: Reading) -> bool:
        """Whether what the message names beside them leaves them as moves."""
        if self.said & _ALWAYS and not ("next" in self.said and (reading.grain or reading.times)):
            return True
        if "unfilter" in self.said and not (
            self.parts or _only_dimensions(reading) or _only_rows(reading)
        ):
            return False
        left_out = any(v.excluded for v in reading.values) or "remove" in self.said
        if "everything" in self.said and not left_out:
            return False
        if "all" in self.said and not _only_dimensions(reading):
            return False
        if self.has("narrow") and (reading.values or reading.conditions):
            return True
        return not reading.metrics or self.has("remove", "unfilter")


def _only_dimensions(reading: Reading) -> bool:
    other = reading.metrics or reading.values or reading.times or reading.conditions
    return bool(reading.dimensions) and not other


def _only_rows(reading: Reading) -> bool:
    """ "the one star ones": rows by a condition."""
    return bool(reading.conditions) and not (reading.values or reading.times)


@dataclass(slots=True)
class _Left:
    """The message while moves are taken off it."""

    tokens: tuple[Token, ...]
    words: DialogueWords
    said: set[str]
    parts: set[str]
    blanked: list[Token]
    many: bool = False
    count: int | None = None

    def take(self, tokens: Iterable[Token]) -> None:
        """Blank these tokens."""
        gone = set(tokens)
        self.blanked += [t for t in self.tokens if t in gone]
        self.tokens = tuple(t for t in self.tokens if t not in gone)


def read_moves(
    message: ParsedMessage, words: DialogueWords, frame: Collection[str] = frozenset()
) -> tuple[Moves, ParsedMessage]:
    """The moves of a message, and the message without their words. ``frame``: words that narrow nothing."""
    left = _Left(tokenize(message.text), words, set(), set(), [])
    if not _take_all(left) and not _take_cut(left):
        while _take_number(left) or _take_move(left):
            pass
    if not left.said:
        _take_whole(left, frame)
    if left.said & {"remove", "unfilter"}:
        _take_parts(left)
    if "sort" in left.said:
        _take_order(left)
    if "next" in left.said and left.count is None:
        left.said.discard("next")
    if not left.said:
        return Moves(), message
    moves = Moves(frozenset(left.said), frozenset(left.parts), left.many, left.count)
    return moves, without(message, left.blanked)


def without(message: ParsedMessage, tokens: Iterable[Token]) -> ParsedMessage:
    """The message with some of its words blanked out: whatever stays keeps its place."""
    text = message.text
    gone = [(t.start, t.end) for t in tokens]
    for start, end in gone:
        text = text[:start] + " " * (end - start) + text[end:]
    kept = tuple(m for m in message.mentions if not any(s < m.end and e > m.start for s, e in gone))
    return replace(message, text=text, mentions=kept)


def _take_all(left: _Left) -> bool:
    """A move that is the message word for word: "is that good", whose last word may be a courtesy."""
    bare = tuple(t for t in left.tokens if t.word[0].isalnum())
    typed = tuple(t.word for t in bare)
    for name in sorted(_ALONE):
        if any(not p.tail and p.head == typed for p in left.words.moves.get(name, ())):
            left.said.add(name)
            left.take(left.tokens)
            return True
    return False


def _take_cut(left: _Left) -> bool:
    """ "Only the first two", "show me 5", "make it ten": how many rows the list is to have."""
    core = left.words.core(left.tokens)
    typed = [t.word for t in core]
    while typed and typed[-1] in _CUT_TAIL:
        typed.pop()
    lead = 0
    while lead < len(typed) and typed[lead] in _CUT_LEAD:
        lead += 1
    said = set(typed[:lead]) - {"the", "a", "it", "to"}
    number = parse_number(typed[-1]) if len(typed) == lead + 1 else None
    sized = number is not None and typed[-1] != "one" and 1 <= number <= 1000 and not number % 1
    if not said or not sized:
        return False
    assert number is not None
    left.said.add("cut")
    left.count = int(number)
    left.take(core)
    return True


def _take_number(left: _Left) -> bool:
    """ "10 more", "the next five": how many rows."""
    core = left.words.core(left.tokens)
    if core[-1:] and core[-1].word == "more":
        core = tuple(t for t in core if t.word not in _SHOWING)
    typed = [t.word for t in core]
    number = parse_number(typed[0]) if typed else None
    if left.count is not None or number is None or not 1 <= number <= 1000 or number % 1:
        return False
    if typed[1:] == ["more"] and not left.said:
        left.said.add("more")
        left.take(core)
    elif "next" in left.said or (left.said & {"narrow"} and len(typed) == 1):
        left.take(core[:1])
    else:
        return False
    left.count = int(number)
    return True


def _take_move(left: _Left) -> bool:
    """The longest move at the head that can be one here."""
    core = left.words.core(left.tokens)
    typed = [t.word for t in core]
    candidates = [
        (phrase.length, name, phrase)
        for name, phrases in left.words.moves.items()
        for phrase in phrases
        if phrase.matches(typed) and _can_be(name, phrase, typed, left)
    ]
    if not candidates:
        return False
    _, name, phrase = max(candidates, key=lambda c: c[0])
    left.said.add(name)
    words = [*core[: len(phrase.head)], *(core[-len(phrase.tail) :] if phrase.tail else ())]
    left.take(words)
    return True


def _take_whole(left: _Left, frame: Collection[str]) -> None:
    """ "what is that in total": nothing but frame words before it."""
    core = left.words.core(left.tokens)
    for phrase in left.words.moves.get("whole", ()):
        size = len(phrase.head)
        tail = tuple(t.word for t in core[-size:])
        if not phrase.tail and tail == phrase.head and all(t.word in frame for t in core[:-size]):
            left.said.add("whole")
            left.take(core)
            return


def _can_be(name: str, phrase: Phrase, typed: Sequence[str], left: _Left) -> bool:
    rest = list(typed[len(phrase.head) : len(typed) - len(phrase.tail)])
    if name in left.said and name != "correct":
        return False
    if name in {"narrow", "all"} and left.said & {"remove", "unfilter"}:
        return False
    if name in _ALONE:
        return not rest or ("sort" in left.said and name in _ORDERS)
    if name == "next":
        return bool(rest) and parse_number(rest[0]) is not None
    if name == "unfilter":
        return bool(rest)
    if name == "same":
        return bool(rest) and rest[0] not in _PERIODS
    if name in {"all", "everything"}:
        return bool(rest)
    return True


def _part(typed: Sequence[str], words: DialogueWords) -> tuple[str, int] | None:
    """The part of a question that these words begin with, and how many words name it."""
    found = [
        (name, phrase.length)
        for name, phrases in words.parts.items()
        for phrase in phrases
        if phrase.matches(typed)
    ]
    return max(found, key=lambda one: one[1], default=None)


def _take_parts(left: _Left) -> None:
    i = 0
    while i < len(left.tokens):
        typed = [t.word for t in left.tokens[i:]]
        part = _part(typed, left.words)
        if part is None:
            i += 1
            continue
        left.parts.add(part[0])
        left.many = left.many or typed[0].endswith("s") or typed[0] == "all"
        left.take(left.tokens[i : i + part[1]])
    left.many = left.many or any(t.word in {"all", "every", "any"} for t in left.tokens)


def _take_order(left: _Left) -> None:
    """ "sort by revenue, lowest first": which way, wherever it stands."""
    for name in _ORDERS:
        for phrase in left.words.moves.get(name, ()):
            for i in range(len(left.tokens)):
                typed = tuple(t.word for t in left.tokens[i : i + len(phrase.head)])
                if typed == phrase.head:
                    left.said.add(name)
                    left.take(left.tokens[i : i + len(phrase.head)])
                    return
