"""Figures to the terminal, to a JSON file, and into the history in docs/benchmarks.md."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.figures import Cell, Figures
from tests.bench.machine import Machine

HISTORY_HEADING = "## History"


def shown(value: Cell) -> str:
    """A cell as people read it: about three digits."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else value


def show(figures: Figures, console: Console) -> None:
    """Print one table with its goals and notes."""
    table = Table(title=figures.title, title_justify="left", title_style="bold")
    for number, name in enumerate(figures.columns):
        table.add_column(name, justify="left" if number == 0 else "right")
    for row in figures.rows:
        table.add_row(*[shown(cell).replace("[", "\\[") for cell in row])
    console.print(table)
    for line in goal_lines(figures):
        console.print(line, highlight=False, style="green" if "met:" in line[:8] else "red")
    for note in figures.notes:
        console.print(note, highlight=False, markup=False, style="dim")
    console.print()


def goal_lines(figures: Figures) -> list[str]:
    """One line per goal: met or missed, the limit, the figure."""
    return [
        f"{'met' if goal.met else 'missed'}: {goal.words}: {shown(goal.found)} "
        f"(goal: {'at least' if goal.at_least else 'at most'} {shown(goal.limit)})"
        for goal in figures.goals
    ]


def write_json(file: Path, machine: Machine, found: Sequence[Figures]) -> None:
    """The whole run as data."""
    file.parent.mkdir(parents=True, exist_ok=True)
    whole = {"machine": machine.to_json(), "tables": [figures.to_json() for figures in found]}
    file.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


def record(document: Path, machine: Machine, found: Sequence[Figures], now: datetime) -> None:
    """Put the run at the top of the history in the document."""
    before, heading, after = document.read_text(encoding="utf-8").partition(HISTORY_HEADING)
    if not heading:
        raise ValueError(f'{document} has no heading "{HISTORY_HEADING}"')
    day = now.astimezone(UTC).date().isoformat()
    entry = ["", f"### {day}, commit {machine.commit}", "", machine.words, ""]
    for figures in found:
        entry += [*markdown(figures), ""]
    text = before + heading + "\n" + "\n".join(entry) + after
    document.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def markdown(figures: Figures) -> list[str]:
    """One table in Markdown."""
    lines = [f"**{figures.title}**", ""]
    lines.append("| " + " | ".join(figures.columns) + " |")
    lines.append("|---" + "|--:" * (len(figures.columns) - 1) + "|")
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in figures.rows]
    lines += [part for line in (*goal_lines(figures), *figures.notes) for part in ("", line)]
    return lines


def _cell(value: Cell) -> str:
    return shown(value).replace("|", "\\|")
