"""Part ``drivers``: why a figure changed, the SQL and the search alone, and the whole answer."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

from analytics.analyst.service import Analyst
from analytics.drivers.explain import explain
from analytics.types import Act, Kind, ParsedMessage, Query, Viewer
from tests.bench.asked import TODAY
from tests.bench.bench import BIG, Bench
from tests.bench.figures import Cell, Figures, Goal, Times, Watch, joined

VIEWER = Viewer("bench", "admin")
GOAL_MS: Final = 2000.0
MILLION: Final = 1_000_000
THIS_YEAR: Final = "Why did {} change this year compared with last year?"
ASKED: Final = {
    "mean of reviews": "the average rating",
    "difference of shares of reviews": "net sentiment",
    "count of reviews": "the number of reviews",
    "sum of order lines": "revenue",
    "ratio of sessions": "the conversion rate",
    "count of events": "the number of events",
}

COLUMNS: Final = (
    "question",
    "units compared",
    "SQL and search, median",
    "p95",
    "most",
    "processor",
    "whole answer, median",
    "p95",
)


@dataclass(frozen=True)
class Found:
    """One question: how many rows it compares, and durations, wall clock and processor."""

    units: int
    explain: Watch = field(default_factory=Watch)
    answer: Watch = field(default_factory=Watch)
    processor: list[float] = field(default_factory=list)


def drivers(bench: Bench, scale: str) -> list[Figures]:
    """Each question ``rounds`` times: the SQL and the search by themselves, then the whole answer."""
    analyst = Analyst.open(bench.home_of(scale))
    found = {}
    for kind, what in ASKED.items():
        bench.say(f"Drivers ({scale}): {kind}")
        found[kind] = _measured(
            ParsedMessage(THIS_YEAR.format(what), Act.ASK, 1.0, ()), analyst, bench.rounds
        )
    rows = tuple(_row(kind, one) for kind, one in found.items())
    searched = joined([one.explain.times for one in found.values()])
    million = [one.explain.times for one in found.values() if one.units >= MILLION]
    goals = (Goal("drivers: p95 of the SQL and the search, ms", GOAL_MS, searched.p95),)
    if scale == BIG:
        over = joined(million).p95
        goals += (Goal("the same, over a million rows and more, ms", GOAL_MS, over),)
    return [
        Figures(
            title=f"Why a figure changed, ms ({scale})",
            columns=COLUMNS,
            rows=(*rows, ("all", None, *searched.cells, None, *_all(found).cells[:2])),
            notes=(
                "Units: rows of both periods. processor: median processor time of the SQL and the search, "
                "all threads. whole answer: with resolving, words, quotes and themes of the drivers, chart.",
            ),
            goals=goals,
        )
    ]


def _measured(message: ParsedMessage, analyst: Analyst, rounds: int) -> Found:
    query = analyst.answer(message, None, TODAY, VIEWER, "").query
    if query is None or query.kind is not Kind.DRIVERS:
        raise ValueError(f"{message.text} was not read as a question for drivers: {query}")
    found = Found(_units(query, analyst))
    context = analyst.context()
    for _ in range(rounds):
        began = time.process_time()
        found.explain.run(
            lambda: explain(query, context.catalog, context.tables, context.warehouse, TODAY)
        )
        found.processor.append((time.process_time() - began) * 1000)
        found.answer.run(lambda: analyst.answer(message, None, TODAY, VIEWER, ""))
    return found


def _units(query: Query, analyst: Analyst) -> int:
    context = analyst.context()
    found = explain(query, context.catalog, context.tables, context.warehouse, TODAY)
    return found.units_before + found.units_now if found else 0


def _row(kind: str, one: Found) -> tuple[Cell, ...]:
    answer = one.answer.times
    processor = Times(tuple(one.processor)).median
    return (kind, one.units, *one.explain.times.cells, processor, answer.median, answer.p95)


def _all(found: dict[str, Found]) -> Times:
    return joined([one.answer.times for one in found.values()])
