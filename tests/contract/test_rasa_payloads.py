"""What Rasa 3.6.21 really sent and returned, against what we read from it and write to it."""

import json
from datetime import date
from pathlib import Path

import pytest
from rasa_sdk import Tracker

from actions.answer import parsed_message, today_of, viewer_of
from actions.past import stored_query
from analytics.types import Act, Answer, Kind, Query, Role, Viewer, to_wire
from bot.gateway.rasa import _said

FOLDER = Path(__file__).parent / "rasa"


def _recorded(name: str):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def first() -> Tracker:
    return Tracker.from_dict(_recorded("action_call_first")["tracker"])


@pytest.fixture
def second() -> Tracker:
    return Tracker.from_dict(_recorded("action_call_second")["tracker"])


def test_rasa_sends_the_domain_without_being_told_to():
    call = _recorded("action_call_first")
    assert call["next_action"] == "action_answer"
    assert call["domain"]["actions"] == ["action_answer"]


def test_act_and_mentions_are_read(first: Tracker):
    parsed = parsed_message(first.latest_message)
    assert parsed.text == "how many orders did we get last week in Utrecht"
    assert parsed.act is Act.ASK
    assert parsed.confidence > 0.5
    assert (Role.METRIC, "orders") in {(m.role, m.text) for m in parsed.mentions}
    assert all(parsed.text[m.start : m.end] == m.text for m in parsed.mentions)


def test_metadata_is_read(first: Tracker):
    metadata = first.latest_message["metadata"]
    assert today_of(metadata) == date(2024, 5, 1)
    assert viewer_of(metadata) == Viewer("ann", "admin")


def test_the_first_turn_has_no_query_and_the_second_has_the_one_of_the_first(
    first: Tracker, second: Tracker
):
    assert stored_query(first.get_slot("query")) is None
    assert stored_query(second.get_slot("query")) == Query(Kind.VALUE, ("orders",))


def test_the_gateway_reads_the_reply_of_the_rest_channel():
    content = (FOLDER / "rest_reply.json").read_bytes()
    answers = _said(content).answers
    assert len(answers) == 1
    assert set(to_wire(Answer(""))) <= set(answers[0])
