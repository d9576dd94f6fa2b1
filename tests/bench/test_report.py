import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from tests.bench.figures import Figures, Goal, Times, joined
from tests.bench.machine import Machine
from tests.bench.report import record, show, shown, write_json

MACHINE = Machine("Some processor", 2, 24.0, 0.5, "3.11", "abc1234")
FOUND = Figures(
    "Answers, ms",
    ("kind", "median"),
    (("count", 12.345), ("all", 1234.5)),
    ("A note.",),
    (Goal("median", 20.0, 12.3), Goal("share", 0.7, 0.6, at_least=True)),
)


def test_times_give_median_nearest_rank_and_maximum() -> None:
    times = Times(tuple(float(ms) for ms in range(1, 21)))
    assert times.cells == [10.5, 19.0, 20.0]
    assert Times((7.0,)).cells == [7.0, 7.0, 7.0]
    assert joined([Times((1.0,)), Times((3.0,))]).median == 2.0


def test_goals_hold_up_to_their_limit() -> None:
    assert Goal("", 2.0, 2.0).met
    assert not Goal("", 2.0, 2.01).met
    assert Goal("", 0.7, 0.7, at_least=True).met
    assert not Goal("", 0.7, 0.69, at_least=True).met


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.123456, "0.123"), (12.345, "12.3"), (1234.5, "1,234"), (1234, "1,234"), (None, "")],
)
def test_cells_have_about_three_digits(value: float | None, words: str) -> None:
    assert shown(value) == words


def test_a_run_is_shown_and_written(tmp_path: Path) -> None:
    console = Console(record=True, width=100)
    show(FOUND, console)
    said = console.export_text()
    assert "met: median: 12.3 (goal: at most 20)" in said
    assert "missed: share: 0.6 (goal: at least 0.7)" in said
    write_json(tmp_path / "new" / "run.json", MACHINE, [FOUND])
    written = json.loads((tmp_path / "new" / "run.json").read_text())
    assert written["machine"]["commit"] == "abc1234"
    assert written["tables"][0]["goals"][1]["met"] is False


def test_history_has_the_newest_run_first(tmp_path: Path) -> None:
    document = tmp_path / "benchmarks.md"
    document.write_text("# Benchmarks\n\nWords.\n\n## History\n")
    for day in (1, 2):
        record(document, MACHINE, [FOUND], datetime(2026, 11, day, tzinfo=UTC))
    text = document.read_text()
    assert text.startswith("# Benchmarks\n\nWords.\n\n## History\n\n### 2026-11-02, commit abc1234")
    assert text.index("2026-11-02") < text.index("2026-11-01")
    assert text.count("| count | 12.3 |") == 2
    with pytest.raises(ValueError, match="History"):
        record(tmp_path / "benchmarks.md", MACHINE, [], _emptied(document))


def _emptied(document: Path) -> datetime:
    document.write_text("# Benchmarks\n")
    return datetime(2026, 11, 3, tzinfo=UTC)
