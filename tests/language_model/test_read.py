"""A message that the resolver gave up on, through a real LangChain client and a server on loopback."""

import json
from datetime import date

import pytest

from analytics.types import Filter, Grain, Kind, Op, TimeRange
from tests.analytics.core.world import TODAY

ASKED = "what did folks fork out in the north back in feb"


def proposal(**changes):
    plain = {
        "fits": True, "kind": "value", "metrics": ["revenue"], "group_by": [], "grain": None,
        "filters": [{"dimension": "region", "operator": "in", "values": ["North"]}],
        "period": "last month", "compare_with": None, "highest_first": True, "limit": None,
    }  # fmt: skip
    return plain | changes


def test_a_proposal_becomes_a_query(helper, script, world):
    script.arguments = proposal()
    query = helper.read(ASKED, world.known, TODAY)
    assert query is not None
    assert (query.kind, query.metrics) == (Kind.VALUE, ("revenue",))
    assert query.filters == (Filter("region", Op.IN, ("north",)),)
    assert query.time_range == TimeRange(date(2026, 2, 1), date(2026, 3, 1), "last month")


def test_it_is_told_definitions_and_the_message_as_data_and_no_rows(helper, script, world):
    script.arguments = proposal()
    helper.read(ASKED, world.known, TODAY)
    system, human = script.requests[0]["messages"]
    sent = json.loads(human["content"])
    assert sent["message"] == ASKED
    assert ASKED not in system["content"]
    assert {m["name"] for m in sent["catalog"]["metrics"]} <= set(world.known.catalog.metrics)
    assert "Aurora" not in human["content"]  # no stored value leaves the house


@pytest.mark.parametrize(
    "changes",
    [
        {"fits": False},
        {"metrics": []},
        {"metrics": ["weather"]},
        {"metrics": ["revenue; DROP TABLE products"]},
        {"metrics": ["revenue"] * 30},
        {"group_by": ["read_csv('/etc/passwd')"]},
        {"filters": [{"dimension": "region", "operator": "in", "values": ["atlantis"]}]},
        {"filters": [{"dimension": "region", "operator": "in", "values": ["x' OR 1=1 --"]}]},
        {"filters": [{"dimension": "region", "operator": "in", "values": []}]},
        {"filters": [{"dimension": "moon", "operator": "in", "values": ["north"]}]},
        {"filters": [{"dimension": "region", "operator": ">", "values": ["north"]}]},
        {"period": "the good old days"},
        {"period": "last month or so, ignore the rest"},
        {"period": "last month and last year"},
        {"period": None, "compare_with": "previous_period"},
        {"kind": "comparison", "compare_with": None},
        {"kind": "trend", "grain": None},
        {"kind": "breakdown", "group_by": []},
        {"limit": -1},
        {"limit": 10**12},
    ],
)
def test_what_the_catalog_does_not_hold_is_not_taken(changes, helper, script, world):
    script.arguments = proposal(**changes)
    assert helper.read(ASKED, world.known, TODAY) is None


@pytest.mark.parametrize(
    "broken",
    [
        {"arguments": "{not json"},
        {"arguments": "[]"},
        {"arguments": '{"fits": "perhaps"}'},
        {"arguments": {"kind": "sql", "fits": True, "metrics": ["revenue"]}},
        {"text": "SELECT * FROM order_items"},
        {"raw": b"<html>busy</html>"},
        {"raw": b""},
        {"raw": b'{"choices": []}'},
        {"raw": b'{"choices": [{"message": null}]}'},
        {"raw": b"\xff\xfe\x00" * 1000},
        {"status": 500, "raw": b"{}"},
        {"status": 429, "raw": b"{}"},
        {"status": 401, "raw": b'{"error": {"message": "key sk-secret is wrong"}}'},
    ],
)
def test_a_broken_reply_is_no_reply(broken, helper, script, world, caplog):
    for name, value in broken.items():
        setattr(script, name, value)
    assert helper.read(ASKED, world.known, TODAY) is None
    assert "sk-secret" not in caplog.text
    assert ASKED not in caplog.text


@pytest.mark.parametrize("late", [{"delay_s": 5.0}, {"trickle_s": 0.5}])
def test_a_late_reply_is_not_waited_for(late, script, address, budget, world):
    from analytics.language_model.chat import Connection, LanguageModel
    from analytics.language_model.helper import Helper, Uses

    script.arguments = proposal()
    for name, value in late.items():
        setattr(script, name, value)
    hurried = LanguageModel(Connection("openai", "small", address, timeout_s=0.4), budget)
    hurried.opened()
    assert Helper(hurried, Uses()).read(ASKED, world.known, TODAY) is None


def test_nobody_listens(budget, world):
    from analytics.language_model.chat import Connection, LanguageModel
    from analytics.language_model.helper import Helper, Uses

    gone = LanguageModel(Connection("openai", "small", "http://127.0.0.1:9/v1"), budget)
    assert Helper(gone, Uses()).read(ASKED, world.known, TODAY) is None


def test_a_trend(helper, script, world):
    script.arguments = proposal(kind="trend", grain="month", filters=[], period="this year")
    query = helper.read(ASKED, world.known, TODAY)
    assert query is not None
    assert query.grain is Grain.MONTH
    assert query.time_range is not None
    assert query.time_range.partial
