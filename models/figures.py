"""An evaluation as Markdown tables and JSON, and its place in the documents that quote it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from models.evaluation import Evaluation, Result, SetReport, Speed

BEGIN = "<!-- figures: {task} -->"
END = "<!-- end of figures: {task} -->"


def to_json(evaluation: Evaluation) -> str:
    """Figures to four places, for files that people compare."""
    rounded = json.loads(json.dumps(asdict(evaluation)), parse_float=lambda x: round(float(x), 4))
    return json.dumps(rounded, indent=2) + "\n"


def from_json(text: str) -> Evaluation:
    """The inverse of `to_json`, up to rounding."""
    raw = json.loads(text)
    sets = tuple(
        SetReport(s["name"], s["counts"], tuple(Result(**r) for r in s["results"]))
        for s in raw["sets"]
    )
    speeds = tuple(Speed(**speed) for speed in raw["speeds"])
    return Evaluation(raw["task"], raw["scorer_version"], sets, speeds)


def to_markdown(evaluation: Evaluation) -> str:
    """One table per test set, then one of speeds."""
    parts = [_set_table(report) for report in evaluation.sets]
    return "\n\n".join([*parts, _speed_table(evaluation.speeds)])


def put_into(file: Path, evaluation: Evaluation) -> None:
    """Replace the tables between the file's markers. ValueError where it has none."""
    text = file.read_text()
    begin, end = BEGIN.format(task=evaluation.task), END.format(task=evaluation.task)
    if begin not in text or end not in text:
        raise ValueError(f"{file} has no place for the figures: add the lines {begin} and {end}")
    before, rest = text.split(begin, 1)
    after = rest.split(end, 1)[1]
    file.write_text(f"{before}{begin}\n\n{to_markdown(evaluation)}\n\n{end}{after}")


def _set_table(report: SetReport) -> str:
    counts = ", ".join(f"{count} {label}" for label, count in report.counts.items())
    labels = list(report.counts)
    head = ["", "macro-F1", *(f"F1 {label}" for label in labels), "accuracy", "ECE", "calibrated"]
    rows = [
        [
            result.predictor,
            f"{result.macro_f1:.3f}",
            *(f"{result.f1[label]:.3f}" for label in labels),
            f"{result.accuracy:.3f}",
            f"{result.ece_before:.3f}",
            f"{result.ece_after:.3f}",
        ]
        for result in report.results
    ]
    return f"**{report.name}** ({sum(report.counts.values())} texts: {counts})\n\n" + _table(
        head, rows
    )


def _speed_table(speeds: Sequence[Speed]) -> str:
    head = ["", "texts per second", "one text, p50 ms", "one text, p95 ms"]
    rows = [
        [s.predictor, f"{s.texts_per_second:,.0f}", f"{s.p50_ms:.1f}", f"{s.p95_ms:.1f}"]
        for s in speeds
    ]
    return _table(head, rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, rule, *rows])
