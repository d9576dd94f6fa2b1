"""What a benchmark finds: times in milliseconds summed up, and tables of figures."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any, TypeAlias, TypeVar

Cell: TypeAlias = str | int | float | None
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Times:
    """Durations of the same piece of work, in milliseconds."""

    ms: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.ms)

    @property
    def p95(self) -> float:
        """Nineteen in twenty took at most this long (nearest rank)."""
        ordered = sorted(self.ms)
        return ordered[max(0, -(-95 * len(ordered) // 100) - 1)]

    @property
    def most(self) -> float:
        """The longest."""
        return max(self.ms)

    @property
    def cells(self) -> list[Cell]:
        """Median, p95 and maximum."""
        return [self.median, self.p95, self.most]


class Watch:
    """Collects durations: ``with watch.timing(): …`` as often as needed."""

    def __init__(self) -> None:
        self._ms: list[float] = []

    @contextmanager
    def timing(self) -> Iterator[None]:
        """Time the block."""
        started = time.perf_counter()
        yield
        self._ms.append((time.perf_counter() - started) * 1000)

    def run(self, work: Callable[[], T]) -> T:
        """Time a call and give back what it gives."""
        with self.timing():
            return work()

    @property
    def times(self) -> Times:
        """What was collected."""
        return Times(tuple(self._ms))

    @property
    def last(self) -> float:
        """The latest duration in milliseconds."""
        return self._ms[-1]


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that the product promises, with whether it holds."""

    words: str
    limit: float
    found: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the figure holds."""
        return self.found >= self.limit if self.at_least else self.found <= self.limit


@dataclass(frozen=True, slots=True)
class Figures:
    """One table: its rows, what a reader has to know about it, and the goals it speaks to."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    goals: tuple[Goal, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The same as JSON-able values; ``details`` stand only here."""
        return {
            "title": self.title,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "notes": list(self.notes),
            "goals": [
                {"goal": g.words, "limit": g.limit, "found": g.found, "met": g.met}
                for g in self.goals
            ],
            "details": self.details,
        }


def joined(times: Sequence[Times]) -> Times:
    """All durations together."""
    return Times(tuple(ms for each in times for ms in each.ms))
