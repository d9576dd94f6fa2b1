"""Words about the people who talk narrow nothing; an unknown word in reach of the question is named."""

import pytest

from analytics.analyst.context import Context
from tests.analytics.core.world import understand


@pytest.mark.parametrize(
    "text",
    [
        "sorry to bother you again, what was revenue last month?",
        "Hi team, hope the offsite went smoothly - revenue last month please",
        "my manager wants to hear by lunchtime what revenue last month was",
        "If it is not too much trouble, revenue last month, whenever you have a spare minute",
        "I'm polishing the quarterly newsletter and I need the revenue last month, cheers",
    ],
)
def test_words_about_who_asks_change_nothing(text, world: Context):
    assert understand(text, world) == understand("revenue last month", world)


@pytest.mark.parametrize(
    "text",
    [
        "could you show wholesale revenue last month",
        "revenue last month, refurbished only",
        "I want refurbished revenue last month",
        "revenue of refurbished goods last month, thanks",
        "please, excluding refurbished, revenue last month",
    ],
)
def test_an_unknown_word_that_may_narrow_is_named(text, world: Context):
    found = understand(text, world)
    assert any(
        word in issue.message for issue in found.issues for word in ("wholesale", "refurbished")
    )
