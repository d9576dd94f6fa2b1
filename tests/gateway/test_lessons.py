"""Corrections in the chat, and the supervisor's list of what they could teach."""

import asyncio
import json
import time

import pytest

from bot.gateway.teaching import State, Teaching
from bot.state.lessons import Status, decide_lesson, list_lessons, propose_lessons
from tests.gateway.fake_rasa import TREND

SYNONYM = {"kind": "synonym", "phrase": "dosh", "meaning": "revenue", "role": "metric", "of": ""}
VERIFIED = {"kind": "verified", "phrase": "dosh by shop", "meaning": "revenue by store"}


@pytest.fixture
def trained(gateway):
    """The commands that the gateway runs instead of training for a minute."""
    ran = []

    async def run(arguments):
        ran.append(tuple(arguments))
        return 0, b'{"held": 1, "broken": []}'

    gateway.app.state.services.teaching._run = run
    return ran


def teaching(rasa, *lessons):
    rasa.reply = lambda body: [
        {"recipient_id": body["sender"], "custom": {"answers": [TREND], "lessons": list(lessons)}}
    ]


def corrected(gateway, role="viewer"):
    """A question, and the same in other words."""
    first = gateway.chat("dosh by shop", role, conversation_id="c1").json()
    return gateway.chat(
        "revenue by store", role, conversation_id="c1", corrects=first["request_id"]
    )


def pending(gateway):
    return gateway.get("/api/v1/lessons", "admin").json()["lessons"]


def test_a_correction_reaches_the_bot_with_what_it_corrects(gateway, rasa):
    assert corrected(gateway).status_code == 200
    assert "corrects" not in rasa.asked[0]["metadata"]
    assert rasa.asked[1]["metadata"]["corrects"] == {"message": "dosh by shop", "declined": False}


def test_what_it_could_teach_waits_for_a_supervisor(gateway, rasa):
    teaching(rasa, SYNONYM, VERIFIED)
    reply = corrected(gateway).json()
    assert "lessons" not in json.dumps(reply)
    found = pending(gateway)
    assert {(one["kind"], one["phrase"], one["meaning"]) for one in found} == {
        ("synonym", "dosh", "revenue"),
        ("verified", "dosh by shop", "revenue by store"),
    }
    assert {(one["original"], one["meant"]) for one in found} == {
        ("dosh by shop", "revenue by store")
    }


def test_the_same_lesson_is_counted_not_listed_again(gateway, rasa):
    teaching(rasa, SYNONYM)
    corrected(gateway)
    corrected(gateway)
    (one,) = pending(gateway)
    assert one["times"] == 2


def test_another_persons_answer_cannot_be_corrected(gateway):
    first = gateway.chat("dosh", "admin", conversation_id="c1").json()
    reply = gateway.chat("revenue", "viewer", conversation_id="c1", corrects=first["request_id"])
    assert reply.status_code == 404
    assert "no such answer" in reply.json()["error"]["message"]


@pytest.mark.parametrize("role", ["viewer", "guest"])
def test_only_supervisors_see_and_decide(gateway, role):
    assert gateway.get("/api/v1/lessons", role).status_code == 403
    reply = gateway.post("/api/v1/lessons/1", {"status": "accepted"}, role)
    assert reply.status_code == 403


def test_visitors_teach_nothing(gateway, rasa):
    teaching(rasa, SYNONYM)
    corrected(gateway, "guest")
    assert pending(gateway) == []


def wait_for(gateway, state):
    for _ in range(200):
        if gateway.get("/api/v1/lessons", "admin").json()["state"] == state:
            return
        time.sleep(0.02)
    pytest.fail(f"never {state}")


def test_accepting_publishes_trains_and_checks(gateway, rasa, trained):
    teaching(rasa, SYNONYM, VERIFIED)
    corrected(gateway)
    number = next(one["id"] for one in pending(gateway) if one["kind"] == "synonym")
    reply = gateway.post(f"/api/v1/lessons/{number}", {"status": "accepted"}, "admin")
    assert reply.status_code == 204
    (published,) = json.loads((gateway.settings.home / "lessons.json").read_text())
    assert published == {"id": number, **SYNONYM}
    wait_for(gateway, "ready")
    assert trained == [("train", "nlu"), ("evaluate", "lessons", "--json")]
    (accepted,) = gateway.get("/api/v1/lessons?status=accepted", "admin").json()["lessons"]
    assert accepted["holds"] is True
    assert accepted["decided_by"]
    assert len(pending(gateway)) == 1


def test_an_acceptance_can_be_taken_back(gateway, rasa, trained):
    teaching(rasa, SYNONYM)
    corrected(gateway)
    (one,) = pending(gateway)
    for status in ("accepted", "rejected"):
        gateway.post(f"/api/v1/lessons/{one['id']}", {"status": status}, "admin")
    assert json.loads((gateway.settings.home / "lessons.json").read_text()) == []


def test_an_unknown_lesson_is_a_404(gateway):
    assert gateway.post("/api/v1/lessons/77", {"status": "accepted"}, "admin").status_code == 404
    assert gateway.post("/api/v1/lessons/7", {"status": "maybe"}, "admin").status_code == 422


def test_what_is_too_long_to_teach_is_left_out(gateway):
    long = {**SYNONYM, "phrase": "x" * 1001}
    assert propose_lessons(gateway.database, "o", "a", "b", [long, VERIFIED]) == 1


async def test_a_failed_training_is_said_and_the_next_one_runs(gateway):
    results = [(1, b""), (0, b""), (0, b'{"held": 0, "broken": [5]}')]

    async def run(_):
        return results.pop(0)

    teaching = Teaching(gateway.settings, gateway.database, run)
    work = asyncio.create_task(teaching.train_for_ever())
    for state in (State.FAILED, State.READY):
        await teaching.publish()
        for _ in range(200):
            if teaching.progress.state is state:
                break
            await asyncio.sleep(0.01)
        assert teaching.progress.state is state
    assert teaching.progress.broken == (5,)
    work.cancel()


def test_decisions_are_kept_with_who_and_when(gateway):
    propose_lessons(gateway.database, "o", "a", "b", [VERIFIED])
    (one,) = list_lessons(gateway.database, Status.PENDING)
    assert decide_lesson(gateway.database, one.id, Status.REJECTED, "Kim")
    (rejected,) = list_lessons(gateway.database, Status.REJECTED)
    assert rejected.decided_by == "Kim"
    assert rejected.decided_at is not None
