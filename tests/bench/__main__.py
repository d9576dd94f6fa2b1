"""`python -m tests.bench [PART …]`: run benchmarks, print tables, write JSON."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from rich.console import Console

from bot.settings import Settings
from tests.bench.accuracy import emotion, questions, sentiment
from tests.bench.answer_time import answer_time
from tests.bench.bench import BIG, SMALL, Bench
from tests.bench.building import building
from tests.bench.compiled import compiled
from tests.bench.drivers import drivers
from tests.bench.figures import Figures
from tests.bench.machine import ROOT, Machine
from tests.bench.memory import memory
from tests.bench.parsing import parse
from tests.bench.report import record, show, write_json
from tests.bench.stages import stages
from tests.bench.starting import cold_start, start
from tests.bench.texts import texts
from tests.bench.throughput import throughput

Part = Callable[[Bench, str], list[Figures]]

PER_SCALE: Final[dict[str, Part]] = {
    "answers": answer_time,
    "throughput": throughput,
    "memory": memory,
    "compiled": compiled,
    "stages": stages,
    "drivers": drivers,
}
ONCE: Final[dict[str, Part]] = {
    "parse": parse,
    "questions": questions,
    "texts": texts,
    "sentiment": sentiment,
    "emotion": emotion,
    "build": building,
    "start": start,
    "cold-start": cold_start,
}
BY_NAME_ONLY: Final = frozenset({"cold-start"})
DOCUMENT: Final = ROOT / "docs" / "benchmarks.md"


def main() -> int:
    """Run the parts; exit status 1 where a goal is missed."""
    arguments = _arguments()
    console = Console(width=None if sys.stdout.isatty() else 140)
    machine = Machine.here()
    console.print(f"commit {machine.commit}; {machine.words}", highlight=False)
    found = _run(arguments, console)
    now = datetime.now(UTC)
    default = Settings.load().home / "bench" / f"{now:%Y-%m-%dT%H-%M-%S}-{machine.commit}.json"
    file = arguments.out or default
    write_json(file, machine, found)
    console.print(f"Written to {file}", highlight=False)
    if arguments.record:
        record(DOCUMENT, machine, found, now)
        console.print(f"Recorded in {DOCUMENT.relative_to(ROOT)}", highlight=False)
    return 0 if all(goal.met for figures in found for goal in figures.goals) else 1


def _run(arguments: argparse.Namespace, console: Console) -> list[Figures]:
    home = Settings.load().home
    chosen = arguments.parts or [name for name in (*PER_SCALE, *ONCE) if name not in BY_NAME_ONLY]
    found: list[Figures] = []
    started = time.perf_counter()

    def say(line: str) -> None:
        clock = int(time.perf_counter() - started)
        console.print(f"[dim]{clock // 60:2d}:{clock % 60:02d} {line}[/dim]", highlight=False)

    with Bench(home, arguments.big, arguments.rounds, say, arguments.questions) as bench:
        for name, part, scale in _plan(chosen, arguments.scale):
            say(f"Part {name}" + (f" ({scale})" if name in PER_SCALE else ""))
            for figures in part(bench, scale):
                show(figures, console)
                found.append(figures)
    return found


def _plan(chosen: list[str], scales: list[str]) -> list[tuple[str, Part, str]]:
    """Parts in an order that starts each product once."""
    once = [(name, part, SMALL) for name, part in ONCE.items() if name in chosen]
    return [
        (name, part, scale)
        for scale in scales
        for name, part in PER_SCALE.items()
        if name in chosen
    ] + once


def _arguments() -> argparse.Namespace:
    home = Settings.load().home
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"{', '.join((*PER_SCALE, *ONCE))}; default: all but {', '.join(BY_NAME_ONLY)}",
    )
    parser.add_argument("--scale", nargs="+", choices=[SMALL, BIG], default=[SMALL, BIG])
    parser.add_argument("--rounds", type=int, default=10, help="repeats of each measurement")
    parser.add_argument("--questions", type=int, help="time only the first so many questions")
    parser.add_argument(
        "--big",
        type=Path,
        default=home / "bench" / "big",
        help="home of the warehouse of 1 M reviews and 5 M events",
    )
    parser.add_argument(
        "--out", type=Path, help="the JSON file; default: under VERBATIM_HOME/bench"
    )
    parser.add_argument(
        "--record", action="store_true", help="put the tables into docs/benchmarks.md"
    )
    arguments = parser.parse_args()
    unknown = [name for name in arguments.parts if name not in {*PER_SCALE, *ONCE}]
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}")
    return arguments


if __name__ == "__main__":
    raise SystemExit(main())
