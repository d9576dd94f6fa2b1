"""Typing slips and shortenings become the one word that they are of; what could be two words stays."""

import pytest

from analytics.text import tokenize
from analytics.understand.spelling import Spelling

KNOWN = ("pulse", "watch", "average", "machine", "rating", "many", "the", "reviews", "men", "money")
ENGLISH = frozenset({"form", "ignore", "menu"})


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("pusle wacth", "pulse watch"),
        ("avarege ratng", "average rating"),
        ("machnies", "machines"),
        ("meny reveiws", "many reviews"),
        ("teh", "the"),
        ("lst mnth", "last month"),
        ("wk", "week"),
        ("yday", "yesterday"),
        ("septmber", "september"),
        ("form ignore", "form ignore"),
        ("zephyr", "zephyr"),
        ("mony", "money"),
        ("tday", "today"),
    ],
)
def test_a_slip_becomes_the_word(typed: str, read: str) -> None:
    tokens, notes = Spelling(KNOWN, ENGLISH).correct(tokenize(typed))
    assert " ".join(token.word for token in tokens) == read
    assert bool(notes) is (typed != read)


def test_a_word_as_near_to_two_others_stays_as_typed() -> None:
    tokens, notes = Spelling(("sales", "sates"), frozenset()).correct(tokenize("saxes"))
    assert (tokens[0].word, notes) == ("saxes", ())
