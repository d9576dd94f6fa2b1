"""Part ``stages``: where an answer's time goes, inside the process that answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from analytics.analyst.service import Analyst
from analytics.query.compile import compile_query
from analytics.query.execute import execute
from analytics.types import ParsedMessage, Query, Viewer, to_wire
from analytics.understand.read import read
from analytics.understand.resolve import resolve
from tests.bench.asked import TODAY, Asked, asked
from tests.bench.bench import Bench
from tests.bench.figures import Cell, Figures, Times, Watch, joined
from tests.bench.parses import Parse

VIEWER = Viewer("bench", "admin")


@dataclass(frozen=True, slots=True)
class Stages:
    """Durations of one question's stages; ``answer`` is the whole of it with everything kept."""

    parse: Times
    read: Watch = field(default_factory=Watch)
    resolve: Watch = field(default_factory=Watch)
    compile: Watch = field(default_factory=Watch)
    sql: Watch = field(default_factory=Watch)
    answer: Watch = field(default_factory=Watch)
    wire: Watch = field(default_factory=Watch)

    @property
    def medians(self) -> list[float]:
        """Of parse, read, resolve, compile, SQL, the whole answer, and its JSON."""
        watches = (self.read, self.resolve, self.compile, self.sql, self.answer, self.wire)
        return [self.parse.median, *(watch.times.median for watch in watches)]


def stages(bench: Bench, scale: str) -> list[Figures]:
    """Each stage by itself, ``rounds`` times; compiling is done anew each time."""
    analyst = Analyst.open(bench.home_of(scale))
    parses = bench.parses()
    found = {}
    for each in asked(bench.questions):
        bench.say(f"Stages ({scale}): {each.kind}")
        found[each.kind] = _measured(each, analyst, parses, bench.rounds)
    rows: list[tuple[Cell, ...]] = [(kind, *one.medians) for kind, one in found.items()]
    together = [joined([getattr(one, name).times for one in found.values()]) for name in _WATCHES]
    parsed = joined([one.parse for one in found.values()])
    rows.append(("all", parsed.median, *(times.median for times in together)))
    rows.append(("all, p95", parsed.p95, *(times.p95 for times in together)))
    return [
        Figures(
            title=f"Stages of an answer, ms ({scale})",
            columns=(
                "question",
                "parse",
                "read",
                "resolve",
                "compile",
                "SQL",
                "whole answer",
                "JSON",
            ),
            rows=tuple(rows),
            notes=(
                "Medians. parse runs in Rasa's process. whole answer: from read on, with the plan kept, "
                "quotes, chart and suggestions included; a question of a new shape pays compile on top.",
            ),
        )
    ]


_WATCHES = ("read", "resolve", "compile", "sql", "answer", "wire")


def _measured(each: Asked, analyst: Analyst, parses: dict[str, Parse], rounds: int) -> Stages:
    previous: Query | None = None
    for turn in each.question.turns[:-1]:
        previous = analyst.answer(parses[turn].parsed, previous, TODAY, VIEWER, "").query
    last = parses[each.question.turns[-1]]
    query = analyst.answer(last.parsed, previous, TODAY, VIEWER, "").query
    assert query is not None
    found = Stages(last.times)
    for _ in range(rounds):
        _once(last.parsed, query, previous, analyst, found)
    return found


def _once(
    parsed: ParsedMessage, query: Query, previous: Query | None, analyst: Analyst, found: Stages
) -> None:
    context = analyst.context()
    catalog = context.catalog
    reading = found.read.run(lambda: read(parsed, context.known, TODAY))
    found.resolve.run(lambda: resolve(parsed, reading, context.known, previous, TODAY))
    plan = found.compile.run(lambda: compile_query(query, catalog, context.tables))
    found.sql.run(lambda: execute(query, plan, catalog, context.warehouse))
    reply = found.answer.run(lambda: analyst.answer(parsed, previous, TODAY, VIEWER, ""))
    found.wire.run(lambda: json.dumps([to_wire(answer) for answer in reply.answers]))
