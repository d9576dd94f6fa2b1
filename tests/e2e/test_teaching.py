"""What a company teaches the running bot: a metric by one YAML entry, a word by a correction."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.questions.client import chat_client
from tests.questions.stack import ROOT, Stack, running_stack, shared_home

ENTRY = """
  long_visits:
    label: Long visits
    description: Share of web sessions that last more than ten minutes.
    unit: ratio
    average_of: case when duration_seconds > 600 then 1 else 0 end
    synonyms: [share of long visits]
    examples:
      - What was the share of long visits last month?
      - Long visits by device
"""
OTHER_WORDS = "which device has the most lengthy visits?"
CHECK = """
    SELECT device, avg((duration_seconds > 600)::int) AS share
    FROM sessions GROUP BY 1 ORDER BY 2 DESC LIMIT 1
"""


SLANG = "spondulicks by product category last month"
MEANT = "revenue by product category last month"
PATIENCE_S = 240.0

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The demo company with a catalog and an NLU model of its own, which may change."""
    folder = tmp_path_factory.mktemp("teaching")
    catalog, home = folder / "catalog", folder / "home"
    shutil.copytree(ROOT / "knowledge" / "catalog", catalog)
    home.mkdir()
    if (shared_home() / "nlu").is_dir():
        shutil.copytree(shared_home() / "nlu", home / "nlu")
    with running_stack("demo", home, None, {"VERBATIM_CATALOG": str(catalog)}) as started:
        yield started


def test_a_metric_added_in_one_entry_is_understood_after_training(stack: Stack) -> None:
    assert "lengthy" not in ENTRY
    with chat_client(stack.address, stack.token) as client:
        before = client.post("/api/v1/chat", json={"message": OTHER_WORDS}).json()["answers"][0]
        sessions = Path(stack.environment["VERBATIM_CATALOG"]) / "sessions.yml"
        sessions.write_text(
            sessions.read_text(encoding="utf-8").rstrip() + "\n" + ENTRY, encoding="utf-8"
        )
        stack.run("train", "nlu")
        after = client.post("/api/v1/chat", json={"message": OTHER_WORDS}).json()["answers"][0]
    with duckdb.connect(str(stack.warehouse), read_only=True) as connection:
        ((device, share),) = connection.execute(CHECK).fetchall()
    assert (before["query"] or {}).get("metrics") != ["long_visits"]
    assert after["query"]["metrics"] == ["long_visits"]
    assert after["rows"][0][0] == device
    assert after["rows"][0][1] == pytest.approx(share)


def test_a_correction_that_was_accepted_is_understood_trained_and_held(stack: Stack) -> None:
    with chat_client(stack.address, stack.token) as client:
        asked = {"message": SLANG, "conversation_id": "slang"}
        unclear = client.post("/api/v1/chat", json=asked).json()
        assert unclear["answers"][0]["rows"] == []
        meant = {"message": MEANT, "conversation_id": "slang", "corrects": unclear["request_id"]}
        right = client.post("/api/v1/chat", json=meant).json()["answers"][0]
        proposed = client.get("/api/v1/lessons").json()["lessons"]
        assert {one["kind"] for one in proposed} >= {"synonym", "verified"}
        word = next(one for one in proposed if one["kind"] == "synonym")
        assert (word["phrase"], word["meaning"]) == ("spondulicks", "revenue")
        client.post(f"/api/v1/lessons/{word['id']}", json={"status": "accepted"})
        asked = {"message": SLANG, "conversation_id": "anew"}
        assert client.post("/api/v1/chat", json=asked).json()["answers"][0]["rows"] == right["rows"]
        until = time.monotonic() + PATIENCE_S
        while client.get("/api/v1/lessons").json()["state"] == "training":
            assert time.monotonic() < until, "the training does not end"
            time.sleep(1)
        assert client.get("/api/v1/lessons").json()["state"] == "ready"
        (held,) = client.get("/api/v1/lessons", params={"status": "accepted"}).json()["lessons"]
    assert held["holds"] is True
    assert json.loads(stack.run("evaluate", "lessons", "--json")) == {"held": 1, "broken": []}
