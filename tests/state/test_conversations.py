import sqlite3
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config

from bot.state.conversations import (
    StoredTurn,
    delete_older,
    find_turn,
    keep_turn,
    list_conversations,
    read_conversation,
    rename_conversation,
    title_of,
)
from bot.state.database import MIGRATIONS, StateDatabase, open_state
from bot.state.tables import TurnRow
from bot.state.tracker import TrackerEvents

NOON = datetime(2026, 10, 20, 12, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    opened = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    yield opened
    opened.close()


def turn(message_id="m1", message="How many?", at=NOON):
    return StoredTurn(message_id, f"r-{message_id}", at, message, [{"text": "Five."}], 12.5)


def test_a_turn_comes_back_as_it_was(database):
    keep_turn(database, "a", "c", turn())
    assert find_turn(database, "a", "c", "m1") == turn()
    for other in (("b", "c", "m1"), ("a", "d", "m1"), ("a", "c", "m2")):
        assert find_turn(database, *other) is None


def test_the_newest_turns_are_read_in_order(database):
    for number in range(5):
        keep_turn(database, "a", "c", turn(f"m{number}", at=NOON + timedelta(minutes=number)))
    summary, turns = read_conversation(database, "a", "c", newest=3)
    assert [one.message_id for one in turns] == ["m2", "m3", "m4"]
    assert (summary.turns, summary.created_at) == (5, NOON)
    assert summary.updated_at == NOON + timedelta(minutes=4)


def test_a_renamed_conversation_keeps_its_title(database):
    keep_turn(database, "a", "c", turn())
    assert rename_conversation(database, "a", "c", "Mine")
    keep_turn(database, "a", "c", turn("m2", "Another question"))
    assert list_conversations(database, "a", 10)[0].title == "Mine"


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("Short", "Short"),
        ("x" * 80, "x" * 80),
        ("word " * 30, "word " * 14 + "word…"),
        ("x" * 200, "x" * 79 + "…"),
    ],
)
def test_the_title_is_the_beginning_of_the_first_message(message, title):
    assert title_of(message) == title
    assert len(title) <= 80


def test_old_ones_are_deleted_in_small_steps(database, monkeypatch):
    monkeypatch.setattr("bot.state.conversations.SWEPT_AT_ONCE", 2)
    for number in range(5):
        keep_turn(database, "a", f"old{number}", turn())
    keep_turn(database, "a", "new", turn(at=NOON + timedelta(days=2)))
    assert delete_older(database, NOON + timedelta(days=1)) == 5
    assert [one.id for one in list_conversations(database, "a", 10)] == ["new"]
    with database.session() as session:
        assert session.query(TurnRow).count() == 1


def test_rasas_events_are_deleted_in_small_steps(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.state.tracker.DELETED_AT_ONCE", 2)
    monkeypatch.setattr("bot.state.tracker.PAUSE_SECONDS", 0)
    path = tmp_path / "tracker.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id, timestamp)")
        rows = [("a:c", NOON.timestamp() + number) for number in range(-5, 5)]
        connection.executemany("INSERT INTO events (sender_id, timestamp) VALUES (?, ?)", rows)
    connection.close()
    events = TrackerEvents(f"sqlite:///{path}")
    assert events.forget_older(NOON) == 5
    assert events.forget_older(NOON) == 0
    events.forget("a:c")
    assert events.forget_older(NOON + timedelta(days=1)) == 0
    events.close()


def test_before_rasa_ever_ran_there_is_nothing_to_delete(tmp_path):
    path = tmp_path / "tracker.db"
    events = TrackerEvents(f"sqlite:///{path}")
    events.forget("a:c")
    assert events.forget_older(NOON) == 0
    assert not path.exists()
    sqlite3.connect(path).close()
    events.forget("a:c")
    events.close()


def test_an_older_database_keeps_what_is_in_it_and_can_go_back(tmp_path):
    path = tmp_path / "state.db"
    database = StateDatabase(f"sqlite:///{path}")

    def to(version, go=command.upgrade):
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with database.engine.connect() as connection:
            config.attributes["connection"] = connection
            go(config, version)

    def rows(sql):
        with sqlite3.connect(path) as connection:
            found = connection.execute(sql).fetchall()
        connection.close()
        return found

    to("0001")
    with sqlite3.connect(path) as connection:
        connection.execute(
            "INSERT INTO web_sessions (digest, owner, person, role, created_at, expires_at) "
            "VALUES ('d', 'local', 'p', 'admin', '2026-01-01', '2026-01-02')"
        )
        for helped in (1, 0):
            connection.execute(
                "INSERT INTO thumbs (at, owner, conversation_id, request_id, helped, comment) "
                "VALUES ('2026-01-01', 'o', 'c', 'r', ?, '')",
                [helped],
            )
    connection.close()
    to("head")
    assert rows("SELECT owner, account_id FROM web_sessions") == [("local", None)]
    assert rows("SELECT helped FROM thumbs") == [(0,)]
    to("0001", command.downgrade)
    assert rows("SELECT owner FROM web_sessions") == [("local",)]
    to("head")
    database.close()
