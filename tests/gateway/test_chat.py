import json
import re
import threading
import time

import pytest

from bot.gateway.text import clean_message
from bot.state.tables import AuditEntry
from tests.gateway.fake_rasa import TREND, answers


def events(text):
    """(id, name, data) of each event."""
    found = []
    for block in text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if line[:1] != ":")
        if lines:
            found.append((int(lines["id"]), lines["event"], json.loads(lines["data"])))
    return found


def test_the_reply_is_the_contract(gateway):
    response = gateway.chat("How did sentiment develop?", today="2026-10-20")
    assert response.status_code == 200
    reply = response.json()
    assert set(reply) >= {"conversation_id", "answers", "elapsed_ms"}
    assert reply["answers"] == [TREND]
    assert isinstance(reply["elapsed_ms"], float)


def test_rasa_is_told_who_asks_and_when(gateway):
    response = gateway.chat(
        "How many reviews?",
        today="2026-10-20",
        message_id="m1",
        locale="de-DE",
        query={"kind": "value"},
        headers={"X-Request-Id": "abcdef-123"},
    )
    [asked] = gateway.rasa.asked
    assert asked["message"] == "How many reviews?"
    assert asked["sender"] == f"token-1:{response.json()['conversation_id']}"
    assert asked["metadata"] == {
        "today": "2026-10-20",
        "viewer": {"name": "token 1", "role": "viewer"},
        "request_id": "abcdef-123",
        "conversation_id": response.json()["conversation_id"],
        "message_id": "m1",
        "query": {"kind": "value"},
        "locale": "de-DE",
    }
    assert response.json()["message_id"] == "m1"
    assert response.headers["X-Request-Id"] == "abcdef-123"


def test_a_message_without_an_id_gets_one(gateway):
    reply = gateway.chat("How many reviews?").json()
    assert re.fullmatch("[0-9a-f]{32}", reply["message_id"])
    assert gateway.rasa.asked[0]["metadata"]["message_id"] == reply["message_id"]


@pytest.mark.parametrize(
    ("accepted", "locale"),
    [
        ("", "en"),
        ("de", "de"),
        ("fr;q=0.5, de-CH;q=0.9, *;q=0.1", "de-CH"),
        ("en-GB,en;q=0.9", "en-GB"),
        ("*", "en"),
        ("de;q=0", "en"),
        ("x'; DROP TABLE turns, de;q=nan, <b>", "en"),
        (",;q=1,;;," * 5000, "en"),
    ],
)
def test_the_locale_is_the_browsers_unless_given(gateway, accepted, locale):
    gateway.chat("a", headers={"Accept-Language": accepted})
    assert gateway.rasa.asked[0]["metadata"]["locale"] == locale


@pytest.mark.parametrize("locale", ["", "deutsch!", "de_DE", "../x", "d", "en-" + "a" * 40])
def test_a_locale_that_is_none_is_named(gateway, locale):
    response = gateway.chat("a", locale=locale)
    assert response.status_code == 422
    assert response.json()["error"]["message"].startswith("locale")


def deep(levels):
    return {"a": deep(levels - 1)} if levels else {}


@pytest.mark.parametrize(
    "query",
    [
        "value",
        [],
        3,
        {"a": float("nan")},
        {"a": float("inf")},
        {"a": 10**400},
        {"a": [{"b": "\0"}]},
        {"\ud800": 1},
        deep(40),
    ],
)
def test_a_query_that_cannot_travel_is_named(gateway, query):
    raw = json.dumps({"message": "a", "query": query}).encode()
    headers = gateway.headers() | {"Content-Type": "application/json"}
    response = gateway.client.post("/api/v1/chat", content=raw, headers=headers)
    assert response.status_code == 422
    assert response.json()["error"]["message"].startswith("query")
    assert gateway.rasa.asked == []


def test_today_is_left_to_the_data_unless_given(gateway):
    gateway.chat("How many reviews?")
    assert gateway.rasa.asked[0]["metadata"]["today"] is None


def test_two_people_never_share_a_conversation(gateway):
    gateway.chat("one", role="viewer", conversation_id="c1")
    gateway.chat("two", role="analyst", conversation_id="c1")
    senders = {body["sender"] for body in gateway.rasa.asked}
    assert senders == {"token-1:c1", "token-2:c1"}


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Bearer ", "Basic abc", "Bearer \xff"])
def test_without_a_live_token_nothing_is_answered(gateway, header):
    headers = {"Authorization": header.encode("latin-1")} if header else {}
    response = gateway.client.post("/api/v1/chat", json={"message": "hi"}, headers=headers)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "not_signed_in"
    assert gateway.rasa.asked == []


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  How\tmany\r\nreviews? ", "How many reviews?"),
        ("/restart", "restart"),
        (" / /ask{}", "ask{}"),
        ("cafe\u0301", "café"),
        ("a\x00b\u202ec", "abc"),
        ("\ud800x", "x"),
        ("👩\u200d💻 ok", "👩\u200d💻 ok"),
        ("\u200b\u2060", ""),
        ("مبيعات", "مبيعات"),
    ],
)
def test_messages_are_cleaned(raw, clean):
    assert clean_message(raw) == clean


@pytest.mark.parametrize("message", ["", "   ", "\n\t", "///", "\u200b"])
def test_an_empty_message_is_refused_in_words(gateway, message):
    response = gateway.chat(message)
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "message_empty"


def test_a_long_message_is_refused(gateway):
    response = gateway.chat("x" * 100_000)
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "message_too_long"


def test_a_huge_body_is_refused_declared_or_not(start):
    gateway = start(VERBATIM_MAX_BODY_KB="4")
    assert gateway.chat("x" * 10_000).status_code == 413

    def pieces():
        for _ in range(10):
            yield b"x" * 1000

    response = gateway.client.post(
        "/api/v1/chat",
        content=pieces(),
        headers=gateway.headers() | {"Content-Type": "application/json"},
    )
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "too_large"


def test_rasa_being_away_is_a_503_in_words(gateway, monkeypatch):
    monkeypatch.setattr(gateway.app.state.services.rasa, "_patience_s", 0.2)
    gateway.rasa.close()
    response = gateway.chat("How many reviews?")
    assert response.status_code == 503
    assert response.json()["error"]["code"] == "not_ready"
    gateway.rasa.__init__()


def test_a_slow_answer_is_a_504_in_words(start, monkeypatch):
    monkeypatch.setattr("bot.gateway.services.REPLY_MARGIN_S", 0.0)
    gateway = start(VERBATIM_QUERY_TIMEOUT_S="0.2", VERBATIM_QUERY_WAIT_S="0")
    gateway.rasa.reply = lambda body: time.sleep(0.6) or []
    response = gateway.chat("How many reviews?")
    assert response.status_code == 504
    assert response.json()["error"]["code"] == "took_too_long"


@pytest.mark.parametrize(
    "reply", [[], [{}], {}, None, b"<html>", [{"custom": {"answers": "x"}}], 3]
)
def test_no_answer_is_a_502_in_words(gateway, reply):
    gateway.rasa.reply = lambda body: reply
    response = gateway.chat("How many reviews?")
    assert response.status_code == 502
    assert response.json()["error"]["request_id"] == response.headers["X-Request-Id"]


def test_a_plain_text_of_rasa_is_an_answer(gateway):
    gateway.rasa.reply = lambda body: [{"text": "Hello."}]
    [answer] = gateway.chat("hi").json()["answers"]
    assert answer["text"] == "Hello."
    assert answer["rows"] == []


def test_what_is_no_number_is_null(gateway):
    gateway.rasa.reply = lambda body: (
        b'[{"custom": {"answers": [{"text": "x", "rows": [[NaN, Infinity]]}]}}]'
    )
    assert gateway.chat("x").json()["answers"][0]["rows"] == [[None, None]]


def test_a_message_sent_twice_is_answered_once(gateway):
    first = gateway.chat("a", conversation_id="c", message_id="m1").json()
    again = gateway.chat("a", conversation_id="c", message_id="m1").json()
    assert first == again
    assert len(gateway.rasa.asked) == 1
    gateway.chat("a", conversation_id="other", message_id="m1")
    gateway.chat("a", role="admin", conversation_id="c", message_id="m1")
    assert len(gateway.rasa.asked) == 3


def test_a_failed_message_can_be_sent_again(gateway):
    gateway.rasa.reply = lambda body: []
    assert gateway.chat("a", conversation_id="c", message_id="m1").status_code == 502
    gateway.rasa.reply = answers(TREND)
    assert gateway.chat("a", conversation_id="c", message_id="m1").status_code == 200


def test_a_conversation_answers_one_message_at_a_time(gateway):
    running, most = [], []

    def slow(body):
        running.append(1)
        most.append(len(running))
        time.sleep(0.05)
        running.pop()
        return answers(TREND)(body)

    gateway.rasa.reply = slow
    gateway.headers()
    threads = [
        threading.Thread(target=gateway.chat, args=("a",), kwargs={"conversation_id": "c"})
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]


def test_people_are_limited_apart(start):
    gateway = start(VERBATIM_RATE_PER_MINUTE="3")
    codes = [gateway.chat("a").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert gateway.chat("a", role="admin").status_code == 200
    assert int(gateway.chat("a").headers["Retry-After"]) >= 1


def test_an_address_is_limited_before_anything_is_looked_up(start):
    gateway = start(VERBATIM_RATE_PER_MINUTE_ADDRESS="2")
    codes = [gateway.client.get("/api/v1/me").status_code for _ in range(3)]
    assert codes == [401, 401, 429]
    assert gateway.client.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/chat", "/api/v1/chat/stream"])
def test_the_stream_says_headline_then_answer_then_done(gateway, path):
    headers = {"Accept": "text/event-stream"} if path.endswith("chat") else {}
    response = gateway.post(path, {"message": "a", "conversation_id": "c"}, headers=headers)
    assert response.headers["content-type"].startswith("text/event-stream")
    got = events(response.text)
    assert [name for _, name, _ in got] == ["status", "headline", "answer", "done"]
    assert [number for number, _, _ in got] == [1, 2, 3, 4]
    assert got[0][2]["conversation_id"] == "c"
    assert got[1][2] == {"index": 0, "text": TREND["text"]}
    assert got[2][2] == {"index": 0, "answer": TREND}
    assert got[3][2]["answers"] == 1


def test_a_cut_stream_is_taken_up_again(gateway):
    body = {"message": "a", "conversation_id": "c", "message_id": "m"}
    whole = events(gateway.post("/api/v1/chat/stream", body).text)
    rest = gateway.post("/api/v1/chat/stream", body, headers={"Last-Event-ID": "2"})
    assert events(rest.text) == whole[2:]
    assert len(gateway.rasa.asked) == 1


def test_a_problem_on_the_way_is_an_event(gateway):
    gateway.rasa.reply = lambda body: []
    got = events(gateway.post("/api/v1/chat/stream", {"message": "a"}).text)
    assert [name for _, name, _ in got] == ["status", "error"]
    assert got[1][2]["code"] == "no_answer"


def test_the_audit_holds_no_words(gateway):
    gateway.chat("a very private question")
    gateway.rasa.reply = lambda body: []
    gateway.chat("another")
    with gateway.database.session() as session:
        lines = session.query(AuditEntry).order_by(AuditEntry.id).all()
    assert [(line.owner, line.kind, line.status) for line in lines] == [
        ("token-1", "trend", 200),
        ("token-1", "no_answer", 502),
    ]
    assert "private" not in str([vars(line) for line in lines])
