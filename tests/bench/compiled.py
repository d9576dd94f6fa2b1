"""Part ``compiled``: the SQL that a question compiles to, beside SQL written by hand for it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from analytics.analyst.service import Analyst
from analytics.types import Query, Viewer
from tests.bench.asked import TODAY, golden
from tests.bench.bench import Bench
from tests.bench.figures import Cell, Figures, Goal, Times, Watch
from tests.bench.parses import Parse
from tests.bench.volumes import snapshot
from tests.questions.questions import Question

VIEWER = Viewer("bench", "admin")


def compiled(bench: Bench, scale: str) -> list[Figures]:
    """Both statements by turns on one connection, ``rounds`` times after one that warms the cache."""
    home = bench.home_of(scale)
    pairs = _pairs(home, bench.parses())
    rows: list[tuple[Cell, ...]] = []
    with duckdb.connect(str(snapshot(home)), read_only=True, config={"threads": "2"}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for question, sql in pairs:
            bench.say(f"Compiled beside hand-written ({scale}): {question.id}")
            ours, theirs = _timed(connection, sql, question.sql[0], bench.rounds)
            ratio = ours.median / theirs.median
            rows.append((question.id, question.turns[-1][:60], ours.median, theirs.median, ratio))
    return [_figures(scale, rows)]


def _pairs(home: Path, parses: dict[str, Parse]) -> list[tuple[Question, str]]:
    """Each golden question that a query answers, with its compiled SQL. The analyst ends with this."""
    analyst = Analyst.open(home)
    compiled = [(question, _compiled_sql(question, analyst, parses)) for question in golden()]
    return [(question, sql) for question, sql in compiled if sql is not None]


def _compiled_sql(question: Question, analyst: Analyst, parses: dict[str, Parse]) -> str | None:
    """What the last turn compiles to; None where it is not answered by a query."""
    query: Query | None = None
    sql = None
    for turn in question.turns:
        today = question.today or TODAY
        reply = analyst.answer(parses[turn].parsed, query, today, VIEWER, "")
        query = reply.query
        provenance = reply.answers[0].provenance
        sql = provenance.sql if provenance is not None and provenance.sql else None
    return sql


def _timed(
    connection: duckdb.DuckDBPyConnection, ours: str, theirs: str, rounds: int
) -> tuple[Times, Times]:
    watches = Watch(), Watch()
    for number in range(rounds + 1):
        for sql, watch in zip((ours, theirs), watches, strict=True):
            if number == 0:
                connection.execute(sql).fetchall()
            else:
                with watch.timing():
                    connection.execute(sql).fetchall()
    return watches[0].times, watches[1].times


def _figures(scale: str, rows: list[tuple[Cell, ...]]) -> Figures:
    ratios = sorted(float(row[-1] or 0) for row in rows)
    ours, theirs = (sum(float(row[i] or 0) for row in rows) for i in (2, 3))
    middle = ratios[len(ratios) // 2]
    within = sum(ratio <= 1.3 for ratio in ratios) / len(ratios)
    totals: tuple[Cell, ...] = ("all", "sum of the medians", ours, theirs, ours / theirs)
    return Figures(
        title=f"Compiled query and hand-written SQL, ms ({scale})",
        columns=("question", "message", "compiled", "by hand", "ratio"),
        rows=(*rows, totals),
        notes=(
            f"Median ratio {middle:.2f}, highest {ratios[-1]:.2f}; {within:.0%} of the questions are "
            "within 1.3. Compiled ones also fetch what an answer says beside the figure: responses, spread.",
        ),
        goals=(
            Goal(
                "compiled, as a multiple of hand-written, all questions together",
                1.3,
                ours / theirs,
            ),
            Goal("median of the questions' ratios", 1.3, middle),
        ),
    )
