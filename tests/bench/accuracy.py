"""Parts ``sentiment``, ``emotion`` and ``questions``: how often the product is right."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.bench import SMALL, Bench
from tests.bench.figures import Cell, Figures, Goal
from tests.bench.machine import ROOT


def sentiment(bench: Bench, scale: str) -> list[Figures]:
    """Sentiment on held-out texts, beside VADER and TF-IDF models."""
    return _evaluated(bench, "sentiment")


def emotion(bench: Bench, scale: str) -> list[Figures]:
    """Emotion on held-out texts, beside TF-IDF models."""
    return _evaluated(bench, "emotion")


def questions(bench: Bench, scale: str) -> list[Figures]:
    """The demo questions through the API, graded against SQL written by hand."""
    stack = bench.product(SMALL)
    bench.say("Asking and grading the demo questions")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        _run(
            *("-m", "tests.questions.runner", "--dataset", "demo", "--address", stack.address),
            *("--token", stack.token, "--warehouse", str(stack.warehouse), "--json", str(report)),
            accepted=(0, 1),
        )
        found = json.loads(report.read_text(encoding="utf-8"))
    low, high = found["interval"]
    right = found["outcomes"]["right"] / found["total"]
    row: tuple[Cell, ...] = (
        found["total"],
        *found["outcomes"].values(),
        f"{low:.1%} to {high:.1%}",
    )
    return [
        Figures(
            title="Demo questions",
            columns=("questions", *found["outcomes"], "95 % interval of right"),
            rows=(row,),
            notes=tuple(
                f"{one['outcome']}: {one['id']}: {one['why']}" for one in found["failures"]
            ),
            goals=(
                Goal("wrong figures", 0, found["outcomes"]["wrong"]),
                Goal("share right", 0.9, right, True),
            ),
        )
    ]


def _evaluated(bench: Bench, task: str) -> list[Figures]:
    """The evaluation's own tables as figures."""
    bench.say(f"Measuring {task} on labelled texts")
    _run("-m", "bot", "evaluate", task)
    found = json.loads((bench.home / "evaluation" / f"{task}.json").read_text(encoding="utf-8"))
    tables = [
        Figures(
            title=f"{task.capitalize()}: {part['name']} ({sum(part['counts'].values())} texts)",
            columns=("", "macro-F1", "accuracy", "ECE", "calibrated"),
            rows=tuple(
                (r["predictor"], r["macro_f1"], r["accuracy"], r["ece_before"], r["ece_after"])
                for r in part["results"]
            ),
        )
        for part in found["sets"]
    ]
    speeds = tuple(
        (s["predictor"], s["texts_per_second"], s["p50_ms"], s["p95_ms"]) for s in found["speeds"]
    )
    heads = ("", "texts per second", "one text, median ms", "p95 ms")
    return [*tables, Figures(f"{task.capitalize()}: speed", heads, speeds)]


def _run(*arguments: str, accepted: Sequence[int] = (0,)) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode not in accepted:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{(done.stdout + done.stderr)[-2000:]}")
