"""Part ``texts``: texts scored per second, and one text alone, beside VADER."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import duckdb

from models.baselines import Vader
from models.text_scorer import TextScorer
from tests.bench.bench import SMALL, Bench
from tests.bench.figures import Cell, Figures, Watch
from tests.bench.volumes import snapshot

BULK, ALONE = 600, 100


def texts(bench: Bench, scale: str) -> list[Figures]:
    """The demo company's reviews, in bulk and one by one."""
    home = bench.home_of(SMALL)
    bench.say("Scoring texts")
    with duckdb.connect(str(snapshot(home)), read_only=True) as connection:
        sql = f"SELECT body FROM reviews ORDER BY hash(review_id) LIMIT {BULK}"
        bodies = [str(body) for (body,) in connection.execute(sql).fetchall()]
    scorer, vader = TextScorer.load(home / "models" / "text_scorer"), Vader()
    rows = (
        _row("sentiment and emotion (ours)", scorer.score, bodies),
        _row("sentiment by VADER", vader.logits, bodies),
    )
    words = sum(len(body.split()) for body in bodies) / len(bodies)
    return [
        Figures(
            title="Texts scored",
            columns=("", "texts per second", "one alone, median ms", "p95 ms"),
            rows=rows,
            notes=(
                f"{len(bodies)} reviews of {words:.0f} words on average. VADER gives no emotion.",
            ),
        )
    ]


def _row(name: str, score: Callable[[Sequence[str]], Any], bodies: list[str]) -> tuple[Cell, ...]:
    score(bodies[:20])
    bulk, alone = Watch(), Watch()
    bulk.run(lambda: score(bodies))
    for body in bodies[:ALONE]:
        with alone.timing():
            score([body])
    return (name, len(bodies) / bulk.last * 1000, alone.times.median, alone.times.p95)
