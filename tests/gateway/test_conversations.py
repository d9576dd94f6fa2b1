import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.gateway.retention import sweep
from bot.state.tables import ConversationRow, Thumb, TurnRow
from bot.state.tracker import TrackerEvents
from tests.gateway.fake_rasa import TREND, answers


def listed(gateway, role="viewer", **params):
    return gateway.get("/api/v1/conversations", role, params=params).json()["conversations"]


def change(gateway, method, path, body=None, role="viewer"):
    return gateway.client.request(
        method, f"/api/v1/conversations/{path}", json=body, headers=gateway.headers(role)
    )


def test_an_answered_message_is_kept(gateway):
    reply = gateway.chat("How many reviews?", conversation_id="c1", message_id="m1").json()
    gateway.chat("And last month?", conversation_id="c1")
    [summary] = listed(gateway)
    assert (summary["id"], summary["title"], summary["turns"]) == ("c1", "How many reviews?", 2)
    read = gateway.get("/api/v1/conversations/c1").json()
    assert {key: read[key] for key in summary if key != "turns"} == {
        key: summary[key] for key in summary if key != "turns"
    }
    first, second = read["turns"]
    assert first["answers"] == [TREND]
    assert (first["message_id"], first["message"]) == ("m1", "How many reviews?")
    assert (first["request_id"], first["elapsed_ms"]) == (reply["request_id"], reply["elapsed_ms"])
    assert first["helped"] is None
    assert first["at"].endswith("Z")
    assert second["message"] == "And last month?"


def test_a_refused_message_is_not_kept(gateway):
    gateway.rasa.reply = lambda body: []
    assert gateway.chat("a").status_code == 502
    assert listed(gateway) == []


def test_the_newest_conversation_comes_first_and_the_list_goes_on(gateway):
    for name in ("c1", "c2", "c3"):
        gateway.chat("a", conversation_id=name)
    gateway.chat("b", conversation_id="c1")
    newest = listed(gateway, limit=2)
    assert [one["id"] for one in newest] == ["c1", "c3"]
    rest = listed(gateway, limit=2, before=newest[-1]["updated_at"])
    assert [one["id"] for one in rest] == ["c2"]


@pytest.mark.parametrize(
    "params", [{"limit": "0"}, {"limit": "201"}, {"limit": "x"}, {"before": "yesterday"}]
)
def test_a_bad_page_is_refused_in_words(gateway, params):
    response = gateway.get("/api/v1/conversations", params=params)
    assert response.status_code == 422
    assert response.json()["error"]["message"]


def test_rename(gateway):
    gateway.chat("a", conversation_id="c1")
    assert change(gateway, "PATCH", "c1", {"title": " Weekly\n\u202ereview "}).status_code == 204
    assert listed(gateway)[0]["title"] == "Weekly review"
    for title in ("", "  ", "x" * 121, None, 3):
        assert change(gateway, "PATCH", "c1", {"title": title}).status_code == 422


def test_anothers_conversation_is_as_if_there_were_none(gateway):
    gateway.chat("secret plans", conversation_id="c1", message_id="m1")
    routes = [
        ("GET", "", None),
        ("PATCH", "", {"title": "mine"}),
        ("DELETE", "", None),
        ("GET", "/turns/m1/answers/0/table.csv", None),
    ]
    for method, rest, body in routes:
        theirs = change(gateway, method, f"c1{rest}", body, role="admin")
        nobodys = change(gateway, method, f"nothing{rest}", body, role="admin")
        assert theirs.status_code == nobodys.status_code == 404
        shown = [response.json()["error"] for response in (theirs, nobodys)]
        assert shown[0]["message"] == shown[1]["message"]
        assert shown[0]["code"] == shown[1]["code"] == "not_found"
    assert listed(gateway, "admin") == []
    assert listed(gateway)[0]["title"] == "secret plans"


def test_a_stored_message_is_answered_from_the_store_after_a_restart(start):
    before = start()
    first = before.chat("a", conversation_id="c", message_id="m1").json()
    token = before.headers()
    after = start()
    body = {"message": "a", "conversation_id": "c", "message_id": "m1"}
    again = after.client.post("/api/v1/chat", json=body, headers=token).json()
    assert again == first
    assert len(after.rasa.asked) == 1


def test_an_answer_is_given_where_it_cannot_be_kept(gateway, monkeypatch, capsys):
    def full(*_):
        raise OSError("disk is full")

    monkeypatch.setattr("bot.gateway.chat.keep_turn", full)
    assert gateway.chat("a").json()["answers"] == [TREND]
    assert "turn not kept" in capsys.readouterr().err


def test_what_fails_in_the_database_is_logged_without_peoples_words(start, monkeypatch, capsys):
    before = start()
    before.chat("my private question", conversation_id="c", message_id="m1")
    after = start()
    monkeypatch.setattr("bot.gateway.chat.find_turn", lambda *_: None)
    body = {"message": "my private question", "conversation_id": "c", "message_id": "m1"}
    reply = after.client.post("/api/v1/chat", json=body, headers=before.headers())
    assert reply.json()["answers"] == [TREND]
    logged = capsys.readouterr().err
    assert "turn not kept" in logged
    assert "IntegrityError" in logged
    assert "private" not in logged
    assert TREND["text"] not in logged


def tracker(gateway, *senders, at=None):
    """Rasa's table as its SQLTrackerStore makes it, with an event of each sender."""
    path = gateway.settings.home / "tracker.db"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255) NOT "
            "NULL, type_name VARCHAR(255) NOT NULL, timestamp FLOAT, intent_name VARCHAR(255), "
            "action_name VARCHAR(255), data TEXT)"
        )
        moment = (at or datetime.now(UTC)).timestamp()
        rows = [(sender, "user", moment) for sender in senders]
        connection.executemany(
            "INSERT INTO events (sender_id, type_name, timestamp) VALUES (?, ?, ?)", rows
        )
    connection.close()

    def left():
        with sqlite3.connect(path) as connection:
            found = [row[0] for row in connection.execute("SELECT sender_id FROM events")]
        connection.close()
        return found

    return left


def test_deleting_takes_the_turns_the_thumbs_and_rasas_events(gateway):
    left = tracker(gateway, "token-1:c1", "token-1:c1", "token-1:c2", "token-2:c1")
    asked = gateway.chat("a", conversation_id="c1", message_id="m1").json()
    gateway.chat("a", conversation_id="c2")
    thumb = {"conversation_id": "c1", "request_id": asked["request_id"], "helped": True}
    gateway.post("/api/v1/thumbs", thumb)
    assert change(gateway, "DELETE", "c1").status_code == 204
    assert [one["id"] for one in listed(gateway)] == ["c2"]
    assert left() == ["token-1:c2", "token-2:c1"]
    with gateway.database.session() as session:
        assert session.query(TurnRow).count() == 1
        assert session.query(Thumb).count() == 0
    assert change(gateway, "DELETE", "c1").status_code == 404
    gateway.chat("a", conversation_id="c1", message_id="m1")
    assert len(gateway.rasa.asked) == 3


def test_deleting_waits_for_a_question_that_is_being_answered(gateway):
    gateway.chat("a", conversation_id="c1")
    asked, go_on = threading.Event(), threading.Event()

    def slow(body):
        asked.set()
        go_on.wait(5)
        return answers(TREND)(body)

    gateway.rasa.reply = slow
    asking = threading.Thread(target=gateway.chat, args=("b",), kwargs={"conversation_id": "c1"})
    asking.start()
    asked.wait(5)
    deleting = threading.Thread(target=change, args=(gateway, "DELETE", "c1"))
    deleting.start()
    deleting.join(0.2)
    assert deleting.is_alive()
    go_on.set()
    asking.join()
    deleting.join()
    assert listed(gateway) == []


def test_old_conversations_are_swept_out(gateway):
    now = datetime.now(UTC)
    left = tracker(gateway, "token-1:old", at=now - timedelta(days=91))
    tracker(gateway, "token-1:new", at=now - timedelta(days=89))
    for name, days in (("old", 91), ("new", 89)):
        gateway.chat("a", conversation_id=name)
        with gateway.database.session() as session:
            session.execute(
                update(ConversationRow)
                .where(ConversationRow.id == name)
                .values(updated_at=now - timedelta(days=days))
            )
    events = TrackerEvents(gateway.settings.tracker_url)
    sweep(gateway.database, events, 90, now)
    events.close()
    assert [one["id"] for one in listed(gateway)] == ["new"]
    assert left() == ["token-1:new"]


def test_a_visitors_conversation_is_kept_but_not_listed(gateway):
    gateway.chat("a", role="guest", conversation_id="c1")
    assert listed(gateway, "guest") == []
    assert gateway.get("/api/v1/conversations/c1", "guest").json()["turns"]
