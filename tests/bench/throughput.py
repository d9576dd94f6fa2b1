"""Part ``throughput``: answers per second with several people at once, beside bare Rasa."""

from __future__ import annotations

import asyncio
import time
import uuid
from dataclasses import dataclass
from typing import Any, Protocol

import httpx

from tests.bench.asked import TODAY, asked
from tests.bench.bench import Bench
from tests.bench.figures import Cell, Figures, Goal, Times
from tests.questions.stack import Stack

PEOPLE = (1, 8, 32)
SECONDS = 8.0
WARM_SECONDS = 1.0
TURNS = 5
"""Questions of one conversation; bare Rasa reads a conversation whole at each message."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a number of people got: answers per second and how long each waited."""

    per_second: float
    waits: Times


def throughput(bench: Bench, scale: str) -> list[Figures]:
    """Everybody asks the next question as soon as the last is answered, for some seconds."""
    stack, bare = bench.product(scale), bench.bare()
    rows: list[tuple[Cell, ...]] = []
    goals: list[Goal] = []
    for people in PEOPLE:
        bench.say(f"Throughput ({scale}): {people} people")
        ours, floor, own = (
            asyncio.run(load(target, people))
            for target in (Product(stack), Rasa(bare.bare), Rasa(bare.own_model))
        )
        share = ours.per_second / floor.per_second
        rows.append(
            (
                people,
                *(ours.per_second, ours.waits.median, ours.waits.p95),
                *(floor.per_second, floor.waits.p95, own.per_second, share),
            )
        )
        words = "person" if people == 1 else "people"
        goals.append(Goal(f"share of bare Rasa's throughput, {people} {words}", 0.7, share, True))
    return [
        Figures(
            title=f"Answers per second ({scale})",
            columns=(
                "people",
                "per second",
                "median ms",
                "p95 ms",
                "bare",
                "bare p95 ms",
                "bare, our NLU",
                "share",
            ),
            rows=tuple(rows),
            notes=(
                "The clients run on the same machine. share: of bare Rasa's answers per second.",
            ),
            goals=tuple(goals),
        )
    ]


class Target(Protocol):
    """Something that answers messages."""

    def client(self) -> httpx.AsyncClient:
        """A client for all people of a load."""

    async def ask(self, client: httpx.AsyncClient, person: str, message: str) -> None:
        """One message; raises where it is not answered."""


@dataclass(frozen=True, slots=True)
class Product:
    """The product's API."""

    stack: Stack

    def client(self) -> httpx.AsyncClient:
        """Signed in."""
        headers = {"Authorization": f"Bearer {self.stack.token}"}
        return _client(base_url=self.stack.address, headers=headers)

    async def ask(self, client: httpx.AsyncClient, person: str, message: str) -> None:
        """One message in the person's conversation."""
        body = {"conversation_id": person, "message": message, "today": TODAY.isoformat()}
        (await client.post("/api/v1/chat", json=body)).raise_for_status()


@dataclass(frozen=True, slots=True)
class Rasa:
    """A Rasa's REST channel."""

    url: str

    def client(self) -> httpx.AsyncClient:
        """Nothing but connections."""
        return _client()

    async def ask(self, client: httpx.AsyncClient, person: str, message: str) -> None:
        """One message in the person's conversation."""
        body = {"sender": person, "message": message}
        (await client.post(self.url, json=body)).raise_for_status()


def _client(**settings: Any) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    return httpx.AsyncClient(timeout=60.0, trust_env=False, limits=limits, **settings)


async def load(target: Target, people: int, seconds: float = SECONDS) -> Load:
    """Let that many people ask by turns for some seconds; a few seconds before do not count."""
    messages = [each.question.turns[-1] for each in asked() if len(each.question.turns) == 1]
    waits: list[float] = []
    mark = uuid.uuid4().hex[:8]

    async def person(
        client: httpx.AsyncClient, number: int, until: float, kept: list[float]
    ) -> None:
        turn = number
        while time.perf_counter() < until:
            started = time.perf_counter()
            conversation = f"{mark}-{number}-{turn // TURNS}"
            await target.ask(client, conversation, messages[turn % len(messages)])
            kept.append((time.perf_counter() - started) * 1000)
            turn += 1

    async with target.client() as client:
        for length, kept in ((WARM_SECONDS, []), (seconds, waits)):
            started = time.perf_counter()
            until = started + length
            await asyncio.gather(*(person(client, n, until, kept) for n in range(people)))
            took = time.perf_counter() - started
    return Load(len(waits) / took, Times(tuple(waits)))
