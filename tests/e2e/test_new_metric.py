"""One YAML entry, one training: the running bot understands the metric, also in other words."""

import shutil
from pathlib import Path

import duckdb
import pytest

from tests.questions.client import chat_client
from tests.questions.stack import ROOT, running_stack, shared_home

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


@pytest.mark.e2e
def test_a_metric_added_in_one_entry_is_understood_after_training(tmp_path: Path) -> None:
    catalog, home = tmp_path / "catalog", tmp_path / "home"
    shutil.copytree(ROOT / "knowledge" / "catalog", catalog)
    home.mkdir()
    if (shared_home() / "nlu").is_dir():
        shutil.copytree(shared_home() / "nlu", home / "nlu")
    assert "lengthy" not in ENTRY
    with running_stack("demo", home, None, {"VERBATIM_CATALOG": str(catalog)}) as stack:
        with chat_client(stack.address, stack.token) as client:
            before = client.post("/api/v1/chat", json={"message": OTHER_WORDS}).json()["answers"][0]
            sessions = catalog / "sessions.yml"
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
