"""Part ``answers``: from a message to its answer, beside a bare Rasa's round trip and the SQL by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import duckdb
import httpx

from tests.bench.asked import TODAY, Asked, asked
from tests.bench.bare_rasa import BareRasa
from tests.bench.bench import BIG, Bench
from tests.bench.figures import Cell, Figures, Goal, Times, Watch, joined
from tests.questions.client import chat_client
from tests.questions.stack import Stack

WARM_UP = ("hello", "what can you do?", "what is the capital of Australia?")
NEW_SHAPE, NEW_VALUES, REPEATED = "new shape", "new values", "repeated"
WORDS = {
    NEW_SHAPE: "the first question of its kind after the start",
    NEW_VALUES: "a kind asked before, about other days",
    REPEATED: "the very same question again",
}


@dataclass
class Watches:
    """Durations by question kind, per way of asking and per floor."""

    ways: dict[str, dict[str, Watch]] = field(
        default_factory=lambda: {way: defaultdict(Watch) for way in WORDS}
    )
    bare: dict[str, Watch] = field(default_factory=lambda: defaultdict(Watch))
    own: dict[str, Watch] = field(default_factory=lambda: defaultdict(Watch))
    sql: dict[str, Watch] = field(default_factory=lambda: defaultdict(Watch))


def answer_time(bench: Bench, scale: str) -> list[Figures]:
    """Each kind asked first, then by turns with the floors, ``rounds`` times."""
    stack, bare = bench.product(scale), bench.bare()
    questions = asked(bench.questions)
    watches = Watches()
    with _clients(stack, bare) as (product, floor), _connection(stack) as connection:
        _warm_up(product, floor)
        for each in questions:
            product.ask(each, "first", 0, watches.ways[NEW_SHAPE][each.kind])
        for number in range(bench.rounds):
            bench.say(f"Asking ({scale}): round {number + 1} of {bench.rounds}")
            for each in questions:
                ways = watches.ways
                product.ask(each, f"new {number}", 1 + number, ways[NEW_VALUES][each.kind])
                product.ask(each, f"same {number}", 0, ways[REPEATED][each.kind])
                floor.ask(each, number, watches)
                watches.sql[each.kind].run(_runs(connection, each.sql))
    return [_figures(scale, questions, watches)]


@dataclass
class _Product:
    client: httpx.Client

    def ask(self, each: Asked, conversation: str, days: int, watch: Watch) -> None:
        """The question ``days`` before today; only its last turn is timed."""
        today = (TODAY - timedelta(days=days)).isoformat()
        body = {"conversation_id": f"{conversation}-{each.question.id}".replace(" ", "-")}
        for turn in each.question.turns[:-1]:
            self.post(body | {"message": turn, "today": today})
        with watch.timing():
            self.post(body | {"message": each.question.turns[-1], "today": today})

    def post(self, body: dict[str, Any]) -> None:
        """One message; raises where it is not answered."""
        self.client.post("/api/v1/chat", json=body).raise_for_status()


@dataclass
class _Floor:
    client: httpx.Client
    rasa: BareRasa

    def ask(self, each: Asked, number: int, watches: Watches) -> None:
        """The last turn, to both Rasas, each in a conversation of its own."""
        body = {"sender": f"{number}-{each.question.id}", "message": each.question.turns[-1]}
        watches.bare[each.kind].run(lambda: self.post(self.rasa.bare, body))
        watches.own[each.kind].run(lambda: self.post(self.rasa.own_model, body))

    def post(self, url: str, body: dict[str, str]) -> None:
        """One message; raises where the action did not answer."""
        reply = self.client.post(url, json=body)
        reply.raise_for_status()
        if not reply.json()[0].get("custom"):
            raise RuntimeError(f"{url} gave no answer: {reply.text}")


@contextmanager
def _clients(stack: Stack, bare: BareRasa) -> Iterator[tuple[_Product, _Floor]]:
    with (
        chat_client(stack.address, stack.token) as product,
        httpx.Client(timeout=60.0, trust_env=False) as floor,
    ):
        yield _Product(product), _Floor(floor, bare)


@contextmanager
def _connection(stack: Stack) -> Iterator[duckdb.DuckDBPyConnection]:
    config: dict[str, str | bool | int | float | list[str]] = {"threads": "2"}
    with duckdb.connect(str(stack.warehouse), read_only=True, config=config) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def _runs(connection: duckdb.DuckDBPyConnection, sql: str) -> Callable[[], Any]:
    return lambda: connection.execute(sql).fetchall()


def _warm_up(product: _Product, floor: _Floor) -> None:
    """Connections, and the first use of what every message needs."""
    for message in WARM_UP:
        product.post({"message": message, "conversation_id": "warm-up"})
        for url in (floor.rasa.bare, floor.rasa.own_model):
            floor.post(url, {"sender": "warm-up", "message": message})


def _figures(scale: str, questions: list[Asked], watches: Watches) -> Figures:
    rows = [_row(each.kind, watches) for each in questions]
    kinds = [each.kind for each in questions]
    goals: list[Goal] = []
    for way, words in WORDS.items():
        together = joined([watches.ways[way][kind].times for kind in kinds])
        floor = _floor(watches, kinds)
        rows += [_summary(way, together, floor)]
        goals.append(
            Goal(
                f"median of {words}, as a multiple of (bare action + SQL)",
                2.0,
                together.median / floor,
            )
        )
    every = joined([watches.ways[way][kind].times for way in WORDS for kind in kinds])
    if scale == BIG:
        goals.append(Goal("95th percentile of all answers, ms", 250.0, every.p95))
    return Figures(
        title=f"Message to answer, ms ({scale})",
        columns=(
            "question",
            NEW_SHAPE,
            NEW_VALUES,
            REPEATED,
            "p95",
            "max",
            "bare",
            "bare, our NLU",
            "SQL",
            "ratio",
        ),
        rows=tuple(rows),
        notes=(
            "Through the API. Each cell is a median; p95 and max are over all ways of asking.",
            "bare: Rasa with a trivial pipeline and an action that gives a fixed answer; bare, our NLU: the "
            "same with our model. SQL: written by hand, on the same snapshot.",
            "ratio: median of repeated / (bare + SQL); in the rows of all: of that way of asking.",
        ),
        goals=tuple(goals),
        details={
            "ms": {way: {kind: watches.ways[way][kind].times.ms for kind in kinds} for way in WORDS}
        },
    )


def _row(kind: str, watches: Watches) -> tuple[Cell, ...]:
    ways = [watches.ways[way][kind].times for way in WORDS]
    every = joined(ways)
    bare, sql = watches.bare[kind].times.median, watches.sql[kind].times.median
    medians = [times.median for times in ways]
    own = watches.own[kind].times.median
    return (kind, *medians, every.p95, every.most, bare, own, sql, medians[-1] / (bare + sql))


def _floor(watches: Watches, kinds: list[str]) -> float:
    bare = joined([watches.bare[kind].times for kind in kinds]).median
    return bare + joined([watches.sql[kind].times for kind in kinds]).median


def _summary(way: str, together: Times, floor: float) -> tuple[Cell, ...]:
    cells: list[Cell] = [together.median if way == each else None for each in WORDS]
    return (
        f"all, {way}",
        *cells,
        together.p95,
        together.most,
        None,
        None,
        None,
        together.median / floor,
    )
