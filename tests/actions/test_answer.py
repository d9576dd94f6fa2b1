"""The action between Rasa and the analyst, with an analyst that remembers what it was asked."""

import logging
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import (
    ActionAnswer,
    given_before,
    parsed_message,
    today_of,
    viewer_of,
)
from actions.past import past_of, stored_query
from analytics.analyst.past import NOTHING, Offer, Past
from analytics.types import (
    Act,
    Answer,
    Grain,
    Issue,
    Kind,
    ParsedMessage,
    Query,
    Viewer,
    Wish,
    WishKind,
    to_wire,
)

QUERY = Query(Kind.VALUE, ("orders",))


@dataclass(frozen=True)
class FakeReply:
    answers: tuple[Answer, ...]
    query: Query | None
    wish: Wish | None = None
    back: bool = False


@dataclass
class FakeAnalyst:
    reply: FakeReply = field(default_factory=lambda: FakeReply((Answer("42 orders."),), QUERY))
    asked: list[Any] = field(default_factory=list)
    pasts: list[Past] = field(default_factory=list)

    def answer(self, parsed, previous, today, viewer, request_id, typed=None, past=NOTHING):
        self.asked.append((parsed, previous, today, viewer, request_id, typed))
        self.pasts.append(past)
        return self.reply


class BrokenAnalyst:
    def answer(self, *_: Any):
        raise RuntimeError("password=hunter2")


def _tracker(text: str = "orders?", slot: Any = None, **message: Any) -> Tracker:
    latest = {"text": text, "intent": {"name": "ask", "confidence": 0.9}, **message}
    return Tracker.from_dict({"sender_id": "a", "slots": {"query": slot}, "latest_message": latest})


async def _run(analyst: Any, tracker: Tracker):
    dispatcher = CollectingDispatcher()
    events = await ActionAnswer(lambda: analyst).run(dispatcher, tracker, {})
    return dispatcher.messages, events


async def test_answers_go_out_on_the_wire_and_the_query_into_the_slot():
    messages, events = await _run(FakeAnalyst(), _tracker())
    assert [m["custom"] for m in messages] == [{"answers": [to_wire(Answer("42 orders."))]}]
    assert [(e["event"], e["name"], e["value"]) for e in events] == [
        ("slot", "query", to_wire(QUERY))
    ]


async def test_the_analyst_is_told_everything_that_came_along():
    analyst = FakeAnalyst()
    metadata = {
        "today": "2024-02-29",
        "viewer": {"name": "ann", "role": "analyst"},
        "request_id": "r-1",
    }
    await _run(analyst, _tracker(slot=to_wire(QUERY), metadata=metadata))
    parsed = ParsedMessage("orders?", Act.ASK, 0.9)
    assert analyst.asked == [
        (parsed, QUERY, date(2024, 2, 29), Viewer("ann", "analyst"), "r-1", None),
    ]


async def test_a_failure_is_an_answer_with_the_request_id_and_no_detail(caplog):
    metadata = {"request_id": "r-9"}
    with caplog.at_level(logging.ERROR):
        messages, events = await _run(
            BrokenAnalyst(), _tracker(slot=to_wire(QUERY), metadata=metadata)
        )
    answer = messages[0]["custom"]["answers"][0]
    assert answer["issues"][0]["code"] == "internal_error"
    assert "r-9" in answer["text"]
    assert "hunter2" not in str(messages)
    assert "hunter2" in caplog.text
    assert events[0]["value"] == to_wire(QUERY)


def test_roles_and_acts_that_do_not_exist_are_left_out():
    parsed = parsed_message(
        {
            "text": "red shoes",
            "intent": {"name": "restart", "confidence": 1.0},
            "entities": [{"entity": "colour", "value": "red", "start": 0, "end": 3}],
        }
    )
    assert parsed.act is Act.UNSURE
    assert parsed.mentions == ()


@pytest.mark.parametrize("wire", [None, {}, {"kind": "nonsense"}, "orders", 7, {"kind": "value"}])
def test_a_slot_that_cannot_be_read_is_no_query(wire):
    assert stored_query(wire) is None


@pytest.mark.parametrize("today", [None, "", "tomorrow", "2024-13-01", 5])
def test_a_day_that_is_none_is_left_to_the_analyst(today):
    assert today_of({"today": today}) is None


@pytest.mark.parametrize("viewer", [None, "admin", [], {}])
def test_nobody_has_no_role(viewer):
    assert viewer_of({"viewer": viewer}) == Viewer("", "")


def _event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"event": kind, **fields}


def _asked(message_id: str | None) -> dict[str, Any]:
    return _event("user", text="orders?", metadata={"message_id": message_id})


def _said(*answers: Any) -> dict[str, Any]:
    return _event("bot", data={"custom": {"answers": list(answers)}})


async def test_a_message_that_was_answered_is_not_answered_again():
    analyst = FakeAnalyst()
    tracker = _tracker(slot=to_wire(QUERY), metadata={"message_id": "m1"})
    tracker.events = [_asked("m0"), _said("zero"), _asked("m1"), _said("one"), _asked("m1")]
    messages, events = await _run(analyst, tracker)
    assert [m["custom"] for m in messages] == [{"answers": ["one"]}]
    assert events[0]["value"] == to_wire(QUERY)
    assert analyst.asked == []


@pytest.mark.parametrize(
    "events",
    [
        [],
        [_asked("m1")],
        [_asked("m0"), _said("zero"), _asked("m1")],
        [_asked("m1"), _asked("m0"), _said("zero"), _asked("m1")],
        [_asked("m1"), _event("bot", data=None), _asked("m1")],
        [_asked("m1"), _said({"issues": [{"code": "internal_error"}]}), _asked("m1")],
    ],
)
def test_a_message_whose_answer_never_came_is_answered(events):
    assert given_before(events, "m1") is None


def test_messages_without_an_id_are_all_new():
    assert given_before([_asked(None), _said("zero"), _asked(None)], None) is None


async def test_a_query_that_came_ready_made_is_handed_on():
    analyst = FakeAnalyst()
    typed = {"kind": "trend", "metrics": ["revenue"], "grain": "month"}
    await _run(
        analyst,
        _tracker(metadata={"query": typed, "locale": "de-DE", "viewer": {"role": "viewer"}}),
    )
    assert analyst.asked[0][-1] == Query(Kind.TREND, ("revenue",), grain=Grain.MONTH)
    assert analyst.asked[0][3].locale == "de-DE"


@pytest.mark.parametrize(
    "typed",
    [
        "orders",
        7,
        [],
        {},
        {"kind": "nonsense"},
        {"kind": "value", "metrics": "orders"},
        {"kind": "value", "metrics": [1]},
        {"kind": "value", "metrics": ["orders"], "limit": "ten"},
        {"kind": "value", "metrics": ["orders"], "sql": "DROP TABLE orders"},
        {"kind": "value", "metrics": ["orders"], "filters": [{"dimension": {}, "op": "in"}]},
        {
            "kind": "value",
            "metrics": ["orders"],
            "filters": [{"dimension": "a", "op": "in", "values": [None]}],
        },
        {
            "kind": "value",
            "metrics": ["orders"],
            "time_range": {"start": "2024-02-30", "end": "2024-03-01"},
        },
        {
            "kind": "value",
            "metrics": ["orders"],
            "time_range": {"start": "2024-03-02", "end": "2024-03-01"},
        },
    ],
)
async def test_a_query_of_a_bad_shape_is_an_answer_that_says_so(typed):
    analyst = FakeAnalyst()
    messages, _ = await _run(analyst, _tracker(metadata={"query": typed}))
    answer = messages[0]["custom"]["answers"][0]
    assert [issue["code"] for issue in answer["issues"]] == ["invalid_query"]
    assert analyst.asked == []


def _typed(text: str) -> dict[str, Any]:
    return {"event": "user", "text": text}


def _given(answer: Answer, **more: Any) -> dict[str, Any]:
    return {"event": "bot", "data": {"custom": {"answers": [to_wire(answer)], **more}}}


def _kept(query: Query | None) -> dict[str, Any]:
    return {"event": "slot", "name": "query", "value": to_wire(query)}


FIRST, SECOND, THIRD = (Query(Kind.VALUE, (name,)) for name in ("orders", "units", "revenue"))


def test_the_queries_before_are_in_the_events():
    events = [
        *(_typed("a"), _given(Answer("1")), _kept(FIRST)),
        *(_typed("b"), _given(Answer("2")), _kept(SECOND)),
        *(_typed("huh"), _given(Answer("?")), _kept(SECOND)),
        *(_typed("c"), _given(Answer("3")), _kept(THIRD)),
        _typed("undo"),
    ]
    assert past_of(events, {}).earlier == (SECOND, FIRST, None)


def test_what_was_gone_back_from_is_gone():
    events = [
        *(_typed("a"), _given(Answer("1")), _kept(FIRST)),
        *(_typed("b"), _given(Answer("2")), _kept(SECOND)),
        *(_typed("undo"), _given(Answer("1"), back=True), _kept(FIRST)),
        *(_typed("c"), _given(Answer("3")), _kept(THIRD)),
    ]
    assert past_of(events, {}).earlier == (FIRST, None)


def test_what_was_asked_back_and_offered_is_in_the_events():
    issue = Issue("ambiguous", "Which one?", ("the first", "the second"))
    asked = Answer("Which one?", issues=(issue,), suggestions=issue.suggestions, choices=(FIRST,))
    past = past_of([_typed("orders of x"), _given(asked), _kept(None), _typed("2")], {})
    assert past.question == "Which one?"
    assert past.message == "orders of x"
    assert past.offers == (Offer("the first", FIRST), Offer("the second", None))


def test_an_answer_is_no_question():
    answer = Answer("42.", query=FIRST, rows=((42,),), suggestions=("next",))
    past = past_of([_typed("orders"), _given(answer), _kept(FIRST)], {})
    assert past.question == ""
    assert past.offers == (Offer("next", None),)


def test_saved_questions_come_with_the_message():
    saved = {"weekly check": to_wire(FIRST), "broken": {"kind": "nonsense"}}
    assert past_of([], {"saved": saved}).saved == {"weekly check": FIRST}


async def test_going_back_and_a_wish_go_out_beside_the_answers():
    wish = Wish(WishKind.SAVE, "weekly check", QUERY)
    analyst = FakeAnalyst(FakeReply((Answer("Saved."),), QUERY, wish, back=True))
    messages, _ = await _run(analyst, _tracker())
    assert messages[0]["custom"]["back"] is True
    assert messages[0]["custom"]["wish"] == to_wire(wish)


def test_of_turns_long_ago_the_values_of_the_slot_are_enough():
    old = [_kept(FIRST), _kept(SECOND), _kept(THIRD), _kept(SECOND)]
    assert past_of([*old, _typed("undo")], {}).earlier == (FIRST, None)
