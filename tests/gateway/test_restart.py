"""A part that is starting again: a message that comes in waits and is answered, within bounds."""

import threading
import time

import pytest

from tests.gateway.fake_rasa import TREND, answers
from tests.gateway.test_chat import events


@pytest.fixture
def patient(gateway, monkeypatch):
    monkeypatch.setattr(gateway.app.state.services.rasa, "_patience_s", 10.0)
    return gateway


def later(seconds, change):
    timer = threading.Timer(seconds, change)
    timer.start()
    return timer


def test_a_message_waits_until_all_is_live_again(patient):
    """Without its actions, Rasa says nothing: the same message goes again, and only once."""
    patient.rasa.reply = lambda body: []
    patient.rasa.model_id = None

    def back():
        patient.rasa.reply = answers(TREND)
        patient.rasa.model_id = "model"

    later(1.0, back)
    reply = patient.chat("How many reviews?", message_id="m1")
    assert reply.status_code == 200
    assert reply.json()["answers"] == [TREND]
    assert len(patient.rasa.asked) == 2, "asked again only once all is live"
    first, second = patient.rasa.asked
    assert first == second, "the same message id lets the action know what it answered"


def test_the_stream_says_that_it_takes_a_moment(patient, monkeypatch):
    monkeypatch.setattr("bot.gateway.events.LOOK_SECONDS", 0.05)
    patient.rasa.reply = lambda body: []
    patient.rasa.model_id = None

    def back():
        patient.rasa.reply = answers(TREND)
        patient.rasa.model_id = "model"

    later(1.0, back)
    got = patient.post("/api/v1/chat/stream", {"message": "a", "message_id": "m"}).text
    waiting = 'event: status\ndata: {"state": "waiting"'
    assert got.count(waiting) == 1
    numbered = events(got.replace(got[got.index(waiting) :].split("\n\n")[0] + "\n\n", ""))
    assert [name for _, name, _ in numbered] == ["status", "headline", "answer", "done"]


def test_the_wait_has_an_end_in_words(patient, monkeypatch):
    monkeypatch.setattr(patient.app.state.services.rasa, "_patience_s", 0.5)
    patient.rasa.reply = lambda body: []
    patient.rasa.model_id = None
    started = time.monotonic()
    reply = patient.chat("How many reviews?")
    assert time.monotonic() - started < 5
    assert reply.status_code == 503
    assert reply.json()["error"]["code"] == "not_ready"
    assert "Retry-After" in reply.headers
