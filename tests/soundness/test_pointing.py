"""What points at nothing, or at one of several, is asked about: never all of them instead."""

import pytest

from analytics.analyst.context import Context
from analytics.analyst.conversation import Conversation
from tests.analytics.core.test_analyst import ADMIN, _Here
from tests.analytics.core.world import TODAY


@pytest.mark.parametrize("text", ["that product's average rating", "revenue of those channels"])
def test_pointing_without_an_answer_before(text: str, world: Context) -> None:
    answer = Conversation(_Here(world), ADMIN, TODAY).ask(text).answers[0]
    assert not answer.rows
    assert answer.suggestions


@pytest.mark.parametrize(
    "text", ["that channel", "orders of that channel", "and its orders", "the ninth"]
)
def test_pointing_at_one_of_several(text: str, world: Context) -> None:
    talk = Conversation(_Here(world), ADMIN, TODAY)
    talk.ask("revenue by channel")
    answer = talk.ask(text).answers[0]
    assert not answer.rows
    assert answer.suggestions
