"""Saved questions: kept for their owner through the chat, listed, renamed and deleted by API."""

import pytest

from tests.gateway.fake_rasa import TREND

QUERY = TREND["query"]


def saying(wish):
    """A reply of the bot that wants something done."""
    return lambda body: [{"custom": {"answers": [TREND], "wish": wish}}]


def save(gateway, name="weekly check", role="viewer"):
    gateway.rasa.reply = saying({"kind": "save", "name": name, "query": QUERY})
    return gateway.chat(f"save this as {name}", role)


def names(gateway, role="viewer"):
    return [one["name"] for one in gateway.get("/api/v1/saved", role).json()["saved"]]


def change(gateway, method, name, body=None, role="viewer"):
    headers = gateway.headers(role)
    return gateway.client.request(method, f"/api/v1/saved/{name}", json=body, headers=headers)


def test_a_question_is_saved_for_its_owner_alone(gateway):
    assert save(gateway).status_code == 200
    assert names(gateway) == ["weekly check"]
    assert gateway.get("/api/v1/saved").json()["saved"][0]["query"] == QUERY
    assert names(gateway, "admin") == []


def test_the_bot_is_told_of_them_where_a_message_names_one(gateway):
    save(gateway)
    for message, told in (
        ("run weekly check", True),
        ("Weekly Check!", True),
        ("my saved questions", True),
        ("revenue by region", False),
    ):
        gateway.chat(message)
        saved = gateway.rasa.asked[-1]["metadata"].get("saved")
        assert saved == ({"weekly check": QUERY} if told else None), message


def test_saving_again_takes_its_place_and_forgetting_removes_it(gateway):
    save(gateway)
    save(gateway)
    assert names(gateway) == ["weekly check"]
    gateway.rasa.reply = saying({"kind": "forget", "name": "weekly check"})
    gateway.chat("delete the saved question weekly check")
    assert names(gateway) == []


def test_no_more_than_one_person_can_have(gateway, monkeypatch):
    monkeypatch.setattr("bot.state.saved.MOST_SAVED", 1)
    save(gateway, "first")
    answer = save(gateway, "second").json()["answers"][0]
    assert answer["issues"][0]["code"] == "cannot_save"
    assert names(gateway) == ["first"]


def test_they_are_renamed_and_deleted(gateway):
    save(gateway, "one")
    save(gateway, "two")
    assert change(gateway, "PATCH", "one", {"name": "two"}).status_code == 409
    assert change(gateway, "PATCH", "one", {"name": "  "}).status_code == 422
    assert change(gateway, "PATCH", "one", {"name": "weekly"}).status_code == 204
    assert names(gateway) == ["two", "weekly"]
    assert change(gateway, "DELETE", "two", role="admin").status_code == 404
    assert change(gateway, "DELETE", "two").status_code == 204
    assert names(gateway) == ["weekly"]


@pytest.mark.parametrize("wish", [{"kind": "save"}, {"kind": "?", "name": "x"}, {}])
def test_a_wish_that_makes_no_sense_changes_nothing(gateway, wish):
    gateway.rasa.reply = saying(wish)
    assert gateway.chat("save this").status_code == 200
    assert names(gateway) == []


def test_an_exported_table_is_named_and_can_be_fetched(gateway):
    gateway.rasa.reply = saying({"kind": "export"})
    answer = gateway.chat("as csv").json()["answers"][0]
    found = gateway.get(answer["download"])
    assert found.status_code == 200
    assert found.headers["content-type"].startswith("text/csv")
