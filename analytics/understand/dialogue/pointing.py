"""Words that point at rows of the last answer: "the second one", "those", "the worst of them".

Only the words are found here; which things they are is known once the last query was run again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from analytics.text import Token, singular, tokenize
from analytics.types import ParsedMessage
from analytics.understand.dialogue.moves import without
from analytics.understand.dialogue.words import DialogueWords
from analytics.understand.spans import parse_number

_PLACES = (
    *("first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)
_ALL = frozenset({"those", "these", "them"})
_OWNERS = frozenset({"they", "their", "theirs"})
_ONE = frozenset({"that", "this", "said", "same"})
_OF_THEM = tuple((lead, word) for lead in ("of", "among") for word in ("them", "those", "these"))
_LEADING = frozenset({"of", "for", "about", "with", "on", "in", "by", "to", "from", "at"})
_SHOWING = frozenset({"show", "me", "give", "list", "see", "take", "pick", "only", "just", "and"})
_ACTING = frozenset({"does", "did", "is", "was", "has", "do", "can", "will", "had"})
_VERBS = _ACTING | {
    "were",
    "are",
    "have",
    "came",
    "come",
    "went",
    "go",
    "goes",
    "got",
    "gets",
    "sold",
    "sells",
}
_PLACED = frozenset({"winner", "leader", "runner-up", "front-runner", "frontrunner"})
"""Nouns that are a place by themselves."""
_BEING = frozenset({"is", "are", "was", "were", "been", "be"})
_CLOSING = frozenset({"only", "instead", "too", "alone", "then"})
_NUMBERED = frozenset({"number", "no", "nr", "row", "place", "position", "rank", "item"})
_JOINING = frozenset({"and", "or", "&", "vs", "versus", "to", "with", "against"})
_TAIL = frozenset(
    {*("by", "over", "per", "in", "last", "this"), *("and", "instead", "too", "as", "again")}
)


class Which(StrEnum):
    """Which rows are meant."""

    PLACE = "place"
    FROM_TOP = "from_top"
    FROM_BOTTOM = "from_bottom"
    ALL = "all"
    THE_ONE = "the_one"
    IF_ONE = "if_one"
    BEST = "best"
    WORST = "worst"
    HIGHEST = "highest"
    LOWEST = "lowest"


@dataclass(frozen=True, slots=True)
class Pointer:
    """Tokens that point at ``count`` rows (the ``place``-th, from 1), of a dimension where it is named."""

    which: Which
    tokens: tuple[Token, ...]
    count: int = 1
    dimension: str | None = None
    excluded: bool = False

    @property
    def text(self) -> str:
        """The words as typed."""
        return " ".join(token.text for token in self.tokens)


@dataclass(frozen=True, slots=True)
class Pointed:
    """The pointers of a message, and the message without their words."""

    pointers: tuple[Pointer, ...]
    message: ParsedMessage


def find_pointers(
    message: ParsedMessage,
    words: DialogueWords,
    things: Mapping[str, Collection[str]],
    excluding: Collection[tuple[str, ...]],
    speaking: Collection[tuple[str, ...]] = (),
) -> Pointed:
    """All that points back. ``things``: names (singular) of the dimensions that the last answer is about.

    ``excluding``: the phrases that leave something out ("except"); ``speaking``: those in which "they"
    are people who say something.
    """
    finder = _Finder(tokenize(message.text), words, things, excluding, speaking)
    found: list[Pointer] = []
    i = 0
    while i < len(finder.tokens):
        pointer = finder.at(i)
        if pointer is None:
            i += 1
            continue
        found.append(pointer)
        i = finder.tokens.index(pointer.tokens[-1]) + 1
    gone = [token for pointer in found for token in pointer.tokens]
    return Pointed(tuple(found), without(message, gone) if found else message)


class _Finder:
    """One message, looked through from left to right."""

    def __init__(
        self,
        tokens: tuple[Token, ...],
        words: DialogueWords,
        things: Mapping[str, Collection[str]],
        excluding: Collection[tuple[str, ...]],
        speaking: Collection[tuple[str, ...]],
    ) -> None:
        self.tokens = tokens
        self._typed = [token.word for token in tokens]
        self._words = words
        self._things = things
        self._excluding = excluding
        self._speaking = speaking
        core = words.core(tokens)
        self._core = [t.word for t in core]
        self._end = tokens.index(core[-1]) + 1 if core else 0

    def at(self, i: int) -> Pointer | None:
        """The pointer that begins at a token."""
        negation = self._negation(i)
        first = i + negation
        start = first + (self._typed[first : first + 1] == ["the"])
        for find in (self._place, self._numbered, self._all, self._thing, self._it):
            found = find(start, first)
            if found is None:
                continue
            which, end, count, dimension = found
            return Pointer(which, self.tokens[i:end], count, dimension, excluded=negation > 0)
        return None

    def _negation(self, i: int) -> int:
        sizes = [len(p) for p in self._excluding if tuple(self._typed[i : i + len(p)]) == p]
        return max(sizes, default=0)

    def _place(self, i: int, first: int) -> tuple[Which, int, int, str | None] | None:
        """ "the second one", "the last two", "the worst of them"."""
        named = self._ordinal(i)
        if named is None:
            return None
        name, end = named
        number = parse_number(self._typed[end]) if end < len(self._typed) else None
        many = number is not None and self._typed[end] != "one"
        if many:
            end += 1
        noun, end, dimension = self._noun(end)
        if noun == "" and not self._alone(first, end):
            return None
        bare = noun in {"", "thing"}
        if many:
            if noun in {"", "thing"} and self._typed[i] not in {"first", "last"}:
                return None  # "the top 3 products" is a question of its own
            assert number is not None
            which = Which.FROM_BOTTOM if name in {"last", "lowest", "worst"} else Which.FROM_TOP
            return which, end, int(number), dimension
        if name in _PLACES:
            if name == "first" and self._typed[i] in {"top", "leading"} and noun == "thing":
                return None  # "the top product" is a question of its own
            return Which.PLACE, end, _PLACES.index(name) + 1, dimension
        if name == "last":
            return Which.FROM_BOTTOM, end, 1, dimension
        if bare:
            return None  # so is "the worst product"
        return Which(name), end, 1, dimension

    def _ordinal(self, i: int) -> tuple[str, int] | None:
        rest = self._typed[i:]
        found = [
            (phrase.length, name)
            for name, phrases in self._words.pointers.items()
            for phrase in phrases
            if phrase.matches(rest)
        ]
        if not found:
            return None
        length, name = max(found)
        return name, i + length

    def _noun(self, i: int) -> tuple[str, int, str | None]:
        """What the place is one of: "ones", "them", a thing of the list, or nothing said."""
        word = self._typed[i] if i < len(self._typed) else ""
        if word in {"one", "ones"}:
            return "ones", i + 1 + 2 * self._of_them(i + 1), None
        if self._of_them(i):
            return "them", i + 2, None
        thing = self._named(i)
        if thing is not None:
            end, dimension = thing
            of_them = self._of_them(end)
            return ("them" if of_them else "thing"), end + 2 * of_them, dimension
        return "", i, None

    def _of_them(self, i: int) -> bool:
        return tuple(self._typed[i : i + 2]) in _OF_THEM

    def _alone(self, first: int, end: int) -> bool:
        """Nothing but a lead is said beside it, or another place: "the first and the second"."""
        if self._typed[first:end] == self._core:
            return True
        definite = self._typed[first] == "the"
        if definite and end < len(self._typed) and self._typed[end] in _JOINING:
            after = end + 1 + (self._typed[end + 1 : end + 2] == ["the"])
            return self._ordinal(after) is not None
        before = self._typed[:first]
        led = bool(before) and (before[-1] in {*_LEADING, *_JOINING} or set(before) <= _SHOWING)
        if definite and (self._typed[end - 1] in _PLACED or self._goes_on_with_verb(before, end)):
            return True
        return definite and led and self._last(end)

    def _last(self, end: int) -> bool:
        """Nothing follows but courtesies, and words such as "only"."""
        return set(self._typed[end : self._end]) <= _CLOSING

    def _goes_on_with_verb(self, before: Sequence[str], end: int) -> bool:
        """ "Which share of the second came back": no noun follows that it could be a place of."""
        following = self._typed[end : end + 1]
        return bool(before and before[-1] in _LEADING and following and following[0] in _VERBS)

    def _numbered(self, i: int, first: int) -> tuple[Which, int, int, str | None] | None:
        """ "number 3", "no. 3", and "3" alone."""
        lead = self._typed[i : i + 1]
        at = i + 1 if lead and lead[0] in _NUMBERED else i
        number = parse_number(self._typed[at]) if at < len(self._typed) else None
        if number is None or not 1 <= number <= 1000 or number % 1:
            return None
        if at == i and (self._typed[i] == "one" or self._core != [self._typed[i]]):
            return None
        return Which.PLACE, at + 1, int(number), None

    def _all(self, i: int, first: int) -> tuple[Which, int, int, str | None] | None:
        """ "those", "these products", "which of them"."""
        if i == first and i < len(self._typed) and self._typed[i] in _OWNERS:
            said = any(tuple(self._typed[i : i + len(p)]) == p for p in self._speaking)
            return None if said else (Which.ALL, i + 1, 0, None)
        if i != first or i >= len(self._typed) or self._typed[i] not in _ALL:
            return None
        if i + 1 < len(self._typed):
            if self._typed[i + 1] == "ones":
                return Which.ALL, i + 2, 0, None
            thing = self._named(i + 1)
            if thing is not None:
                return Which.ALL, thing[0], 0, thing[1]
            if self._typed[i] != "them" and not self._ends(i + 1):
                return None
        return Which.ALL, i + 1, 0, None

    def _thing(self, i: int, first: int) -> tuple[Which, int, int, str | None] | None:
        """ "that product", "this region", "the same one"."""
        if i >= len(self._typed) or self._typed[i] not in _ONE:
            return None
        thing = self._named(i + 1)
        if thing is not None:
            return Which.THE_ONE, thing[0], 1, thing[1]
        if self._typed[i + 1 : i + 2] == ["one"]:
            return Which.THE_ONE, i + 2, 1, None
        return None

    def _it(self, i: int, first: int) -> tuple[Which, int, int, str | None] | None:
        """ "about it", "for that", "its rating", "revenue there": the one thing that was spoken of."""
        if i == first > 0 and self._typed[i : i + 1] == ["there"]:
            is_place = self._last(i + 1) and self._typed[i - 1] not in _BEING
            return (Which.IF_ONE, i + 1, 1, None) if is_place else None
        if i == first and self._typed[i : i + 1] == ["its"]:
            return Which.THE_ONE, i + 1, 1, None
        if i != first or i == 0 or i >= len(self._typed):
            return None
        if self._typed[i] == "it" and self._typed[i - 1] in _ACTING:
            return Which.IF_ONE, i + 1, 1, None
        if self._typed[i] not in {"it", "that", "this"} or self._typed[i - 1] not in _LEADING:
            return None
        if self._typed[i] == "it" and self._typed[i + 1 : i + 2] and self._typed[i + 1] in _VERBS:
            return Which.IF_ONE, i + 1, 1, None
        return (Which.THE_ONE, i + 1, 1, None) if self._ends(i + 1) else None

    def _ends(self, i: int) -> bool:
        return i >= len(self._typed) or self._typed[i] in _TAIL

    def _named(self, i: int) -> tuple[int, str] | None:
        """A dimension of the last answer by one of its names; the token after it."""
        for length in (3, 2, 1):
            typed = tuple(singular(word) for word in self._typed[i : i + length])
            for dimension, names in self._things.items():
                if len(typed) == length and " ".join(typed) in names:
                    return i + length, dimension
        return None


def spoken_of(pointers: Sequence[Pointer]) -> str:
    """The pointing words, for a question back."""
    return " … ".join(pointer.text for pointer in pointers)
