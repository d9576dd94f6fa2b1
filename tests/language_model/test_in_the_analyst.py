"""The optional model on the way of a question: it helps where the resolver gave up, and nowhere else."""

import pytest

from analytics.analyst.dialogue import Turn, respond
from analytics.types import Act, Filter, Kind, Op, ParsedMessage, Query, Viewer
from tests.analytics.core.world import TODAY
from tests.language_model.test_read import proposal

UNCLEAR = "how much dosh did we rake in for the north in feb"


def answered(text, world, helper, role="admin"):
    turn = Turn(None, world, TODAY, Viewer("x", role), (), helper)
    (answer,) = respond(ParsedMessage(text, Act.ASK, 1.0), turn).answers
    return answer


def test_without_it_the_message_is_asked_back(world):
    assert answered(UNCLEAR, world, None).rows == ()


def test_it_reads_what_was_given_up_on_and_the_answer_says_so(world, helper, script):
    script.arguments = proposal()
    found = answered(UNCLEAR, world, helper)
    assert found.rows == ((130.0,),)
    assert found.query == Query(
        Kind.VALUE,
        ("revenue",),
        filters=(Filter("region", Op.IN, ("north",)),),
        time_range=found.query.time_range,
    )
    note = next(i for i in found.issues if i.code == "read_by_language_model")
    assert "openai:small" in note.message
    assert "revenue" in note.message.lower()
    assert "north" in note.message


@pytest.mark.parametrize("text", ["revenue last month", "revenue by product in february"])
def test_a_message_that_was_understood_is_not_sent(text, world, model, script):
    from analytics.language_model.helper import Helper, Uses

    script.arguments = proposal()
    answered(text, world, Helper(model, Uses(read=True)))
    assert script.requests == []


def test_a_useless_reply_leaves_the_question(world, helper, script):
    script.arguments = proposal(metrics=["dosh"])
    assert answered(UNCLEAR, world, helper) == answered(UNCLEAR, world, None)


def test_a_role_that_may_not_see_a_figure_does_not_get_it_this_way(world, helper, script):
    """The proposal is authorized like any other query (a guest sees public facts only)."""
    script.arguments = proposal()
    assert answered(UNCLEAR, world, helper, role="guest").rows == ()


def test_rewording_an_answer_keeps_its_rows(world, helper, script):
    plain = answered("revenue last month", world, None)
    script.text = "So: " + plain.text
    found = answered("revenue last month", world, helper)
    assert found.text == script.text
    assert found.rows == plain.rows
    script.text = plain.text.replace("130", "310")
    assert answered("revenue last month", world, helper).text == plain.text
