"""Which of the choices that were offered a reply takes: by place, by its words, or by yes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import Enum

from analytics.text import Token, tokenize
from analytics.understand.dialogue.words import DialogueWords, exact, longest
from analytics.understand.spans import parse_number

_PLACES = (
    *("first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)
_NOUNS = frozenset({"one", "option", "choice", "suggestion", "number", "no", "the", "nr", "please"})


class Unclear(Enum):
    """A reply to a question of ours that takes none of the choices."""

    YES_TO_SEVERAL = "yes"
    NONE = "no"


def chosen(
    text: str,
    choices: Sequence[str],
    words: DialogueWords,
    frame: Collection[str],
    whole: bool = False,
) -> int | Unclear | None:
    """The position of the choice that a reply takes; None where it is no reply to them.

    ``whole``: its words mean something by themselves, so they take no choice that says more ("product"
    does not stand for "product category").
    """
    tokens = tokenize(text)
    same = typed_word_for_word(text, choices)
    if same is not None:
        return same
    answer = exact(words.replies, tokens) or exact(words.replies, words.core(tokens))
    if answer is not None:
        if answer == "no":
            return Unclear.NONE
        return 0 if len(choices) == 1 else Unclear.YES_TO_SEVERAL
    core = words.core(tokens)
    place = _place(core, words, len(choices))
    if place is not None:
        return place
    return _by_words(core, choices, frame, whole)


def typed_word_for_word(text: str, choices: Sequence[str]) -> int | None:
    """The position of the choice that a message repeats."""
    typed = _typed(tokenize(text))
    return next((i for i, one in enumerate(choices) if _typed(tokenize(one)) == typed), None)


def _typed(tokens: Sequence[Token]) -> tuple[str, ...]:
    return tuple(token.word for token in tokens)


def _place(tokens: Sequence[Token], words: DialogueWords, count: int) -> int | None:
    """ "2", "the second", "option 3", "the last one"."""
    left = [t for t in tokens if t.word not in _NOUNS]
    if len(left) != 1:
        return None
    number = parse_number(left[0].word)
    if number is not None and number % 1 == 0:
        return int(number) - 1 if 1 <= number <= count else None
    found = longest(words.pointers, left)
    if found is None:
        return None
    name = found[0]
    place = _PLACES.index(name) if name in _PLACES else count - 1 if name == "last" else count
    return place if place < count else None


def _by_words(
    tokens: Sequence[Token], choices: Sequence[str], frame: Collection[str], whole: bool
) -> int | None:
    """The one choice that holds all the content words of the reply, and the least beside them."""
    said = {t.stem for t in tokens if t.word not in frame}
    if not said:
        return None
    offered = [{t.stem for t in tokenize(choice) if t.word not in frame} for choice in choices]
    shared = set.intersection(*offered) if len(offered) > 1 else set()
    if said <= shared:
        beyond = [len(one - shared) for one in offered]
        plain = [i for i, more in enumerate(beyond) if more == 0]
        return plain[0] if len(plain) == 1 else None
    fitting = [(len(one - said - shared), i) for i, one in enumerate(offered) if said <= one]
    if not fitting:
        return None
    least = min(more for more, _ in fitting)
    if whole and least > 0:
        return None
    best = [i for more, i in fitting if more == least]
    return best[0] if len(best) == 1 else None
