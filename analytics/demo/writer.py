"""Composes what customers write: reviews, tickets and posts, from the grammar in `phrases`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np

from analytics.demo.company import KINDS, PRODUCTS
from analytics.demo.phrases import posts, reviews, tickets
from analytics.demo.phrases.aspects import ASPECTS, EVERYWHERE, INCIDENTS

DRAWS: Final = 40
"""Random numbers that one text may use; a longer text starts over, which is harmless."""

_MAIL_WORDS: Final = ("happy", "sunny", "quiet", "green", "north", "river", "cloud", "maple")
_MAIL_NOUNS: Final = ("kitchen", "garden", "reader", "runner", "teapot", "window", "bicycle")
_QUESTION_WORDS: Final = (
    "how ", "where ", "when ", "which ", "what should", "what is", "what do you", "is there",
    "is my", "is the", "does ", "can you", "could you", "any idea", "who else", "anyone here",
)  # fmt: skip


class Pen:
    """A row of uniform draws that is used up one by one."""

    def __init__(self, draws: Sequence[float]) -> None:
        self._draws = draws
        self._next = 0

    def draw(self) -> float:
        """The next number in [0, 1)."""
        value = self._draws[self._next % len(self._draws)]
        self._next += 1
        return value

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.draw() < probability

    def pick(self, choices: Sequence[str]) -> str:
        """One of the choices."""
        return choices[int(self.draw() * len(choices))]


def pens(rng: np.random.Generator, count: int) -> Iterator[Pen]:
    """One pen per text."""
    for row in rng.random((count, DRAWS)).tolist():
        yield Pen(row)


@cache
def product_words() -> tuple[dict[str, str], ...]:
    """For each product, the words that fill a phrase's slots about it."""
    words = []
    for product in PRODUCTS:
        kind = KINDS[product.kind]
        many = kind.plural
        words.append(
            {
                "product": product.name,
                "brand": product.brand,
                "noun": kind.noun,
                "this": f"these {kind.noun}" if many else f"this {kind.noun}",
                "it": "they" if many else "it",
                "them": "them" if many else "it",
                "is": "are" if many else "is",
                "was": "were" if many else "was",
                "has": "have" if many else "has",
                "s": "" if many else "s",
                "es": "" if many else "es",
            }
        )
    return tuple(words)


def _fill(pen: Pen, phrase: str, words: dict[str, str]) -> str:
    if "{" not in phrase:
        return phrase
    return phrase.format(
        very=pen.pick(reviews.DEGREES),
        time=pen.pick(reviews.TIMES),
        who=pen.pick(reviews.WHO),
        where=pen.pick(reviews.WHERE),
        **words,
    )


def _about(pen: Pen, product: int, good: bool) -> str:
    kind = KINDS[PRODUCTS[product].kind]
    own = pen.chance(0.68)
    aspect = ASPECTS[pen.pick(kind.aspects)] if own else EVERYWHERE[pen.pick(tuple(EVERYWHERE))]
    return pen.pick(aspect.good if good else aspect.bad)


def _complaint(pen: Pen, product: int, trouble: str | None) -> str:
    if trouble is not None and pen.chance(0.8):
        return pen.pick(INCIDENTS[trouble])
    return _about(pen, product, good=False)


def _judgement(pen: Pen, product: int, rating: int, trouble: str | None) -> list[str]:
    """One or two clauses whose tone fits the rating."""
    if rating == 5:
        first = _about(pen, product, good=True)
        return [first, _about(pen, product, good=True)] if pen.chance(0.35) else [first]
    if rating == 4:
        first = _about(pen, product, good=True)
        return [f"{first}, only {_about(pen, product, False)}"] if pen.chance(0.12) else [first]
    if rating == 3:
        good, bad = _about(pen, product, True), _complaint(pen, product, trouble)
        return [f"{good}, but {bad}"] if pen.chance(0.6) else [f"{bad}, on the other hand {good}"]
    first = _complaint(pen, product, trouble)
    if rating == 2 and pen.chance(0.15):
        return [f"{first}, at least {_about(pen, product, good=True)}"]
    return [first, _complaint(pen, product, trouble)] if pen.chance(0.3) else [first]


def _closer(pen: Pen, rating: int) -> str:
    if rating >= 4:
        return pen.pick(reviews.CLOSERS_GOOD)
    return pen.pick(reviews.CLOSERS_MIXED if rating == 3 else reviews.CLOSERS_BAD)


def _contact(pen: Pen) -> str:
    number = int(pen.draw() * 900) + 100
    word, noun = pen.pick(_MAIL_WORDS), pen.pick(_MAIL_NOUNS)
    return pen.pick(reviews.CONTACTS).format(
        mail=f"{word}.{noun}{number % 97}@example.com",
        phone=f"+44 20 7946 0{number}",
        handle=f"@{word}_{noun}{number % 89}",
    )


def _typo(pen: Pen, text: str) -> str:
    """Swap two neighbouring letters somewhere inside the text."""
    at = 1 + int(pen.draw() * (len(text) - 3)) if len(text) > 4 else 0
    if at and text[at : at + 2].isalpha():
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text


def _stop(clause: str) -> str:
    return "?" if clause.startswith(_QUESTION_WORDS) else "."


def _sentences(pen: Pen, clauses: Sequence[str], excited: bool) -> str:
    """Join clauses into sentences, with the carelessness that people type with."""
    mark = "!" if excited and pen.chance(0.4) else "."
    said = [clause for clause in dict.fromkeys(clauses) if clause]
    text = " ".join(clause[0].upper() + clause[1:] + _stop(clause) for clause in said)
    text = text[:-1] + mark if text.endswith(".") else text
    if pen.chance(0.09):
        text = text.lower()
    if pen.chance(0.08):
        text = text.rstrip(".")
    if pen.chance(0.1):
        text = _typo(pen, text)
    return text


def _emoji(pen: Pen, text: str, good: bool) -> str:
    return f"{text} {pen.pick(reviews.EMOJI_GOOD if good else reviews.EMOJI_BAD)}"


def review_text(pen: Pen, product: int, rating: int, trouble: str | None) -> tuple[str, str]:
    """Title and body of a review. `trouble` names the incident its writer met, if any."""
    words = product_words()[product]
    title = _fill(pen, pen.pick(reviews.TITLES[rating]), words)
    if rating != 3 and trouble is None and pen.chance(0.02):
        foreign = reviews.FOREIGN_GOOD if rating > 3 else reviews.FOREIGN_BAD
        return title, pen.pick(foreign).format(**words)
    length = pen.draw()
    clauses = [pen.pick(reviews.OPENERS[rating])] if length > 0.12 or trouble is None else []
    if length > 0.14 or trouble is not None:
        clauses += _judgement(pen, product, rating, trouble)
    if length > 0.55:
        clauses.insert(int(pen.draw() * 2), pen.pick(reviews.CONTEXTS))
    if length > 0.84:
        clauses += _judgement(pen, product, rating, trouble)
    if pen.chance(0.3):
        clauses.append(_closer(pen, rating))
    if pen.chance(0.015):
        clauses.append(_contact(pen))
    body = _sentences(pen, [_fill(pen, c, words) for c in clauses], rating in (1, 5))
    return title, _emoji(pen, body, rating > 3) if rating != 3 and pen.chance(0.05) else body


def ticket_text(pen: Pen, category: str, product: int, trouble: str | None, mood: str) -> str:
    """Body of a support ticket. `mood` is 'angry', 'calm' or 'grateful'."""
    words = product_words()[product]
    known = trouble is not None and pen.chance(0.85)
    problem = INCIDENTS[trouble] if known and trouble else tickets.PROBLEMS[category]
    clauses = [pen.pick(tickets.GREETINGS), pen.pick(problem)]
    if pen.chance(0.6):
        clauses.append(pen.pick(tickets.DETAILS))
    tone = {"angry": tickets.ANGRY, "calm": tickets.CALM, "grateful": tickets.GRATEFUL}[mood]
    clauses.append(pen.pick(tone))
    if pen.chance(0.06):
        clauses.append(_contact(pen))
    return _sentences(pen, [_fill(pen, c, words) for c in clauses], mood == "angry")


def post_text(pen: Pen, product: int, rating: int, trouble: str | None, about_brand: bool) -> str:
    """Body of a social post. Posts about a brand name no product."""
    words = product_words()[product]
    good, bad = rating >= 4, rating <= 2
    if about_brand:
        tones = (posts.BRAND_GOOD, posts.BRAND_NEUTRAL, posts.BRAND_BAD)
    else:
        tones = (posts.GOOD, posts.NEUTRAL, posts.BAD)
    clauses = [pen.pick(tones[0] if good else tones[2] if bad else tones[1])]
    if not about_brand and bad and trouble is not None:
        clauses.append(pen.pick(INCIDENTS[trouble]))
    elif not about_brand and rating != 3 and pen.chance(0.5):
        clauses.append(_about(pen, product, good))
    text = _sentences(pen, [_fill(pen, c, words) for c in clauses], good)
    if pen.chance(0.12):
        text = f"@{words['brand'].lower()} {text}"
    if pen.chance(0.55):
        text = f"{text} {pen.pick(posts.TAGS)}"
    return _emoji(pen, text, good) if rating != 3 and pen.chance(0.25) else text
