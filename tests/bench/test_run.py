"""The harness runs: two questions, once, on the real processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.questions.stack import ROOT, shared_home


@pytest.mark.e2e
@pytest.mark.slow
def test_a_tiny_run(tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    parts = ("answers", "memory", "stages", "compiled", "parse")
    options = ("--scale", "demo", "--rounds", "1", "--questions", "2", "--out", str(file))
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", *parts, *options],
        cwd=ROOT,
        env={**os.environ, "VERBATIM_HOME": str(shared_home()), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout[-2000:] + done.stderr[-2000:]
    tables = json.loads(file.read_text(encoding="utf-8"))["tables"]
    assert len(tables) == len(parts)
    assert all(table["rows"] for table in tables)


def test_an_unknown_part_is_refused() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "nonsense"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "no such part: nonsense" in done.stderr
