"""The questions that are timed: one of each kind, with the SQL that a person would write for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.demo import DEMO_AS_OF
from tests.questions.questions import Question, load_named

KINDS = {
    "dm-01": "count",
    "dm-03": "ratio",
    "dm-04": "value of one thing",
    "dm-08": "ratio over two facts",
    "dm-11": "average of one thing",
    "dm-15": "trend",
    "dm-16": "trend of one thing",
    "dm-17": "trend by day",
    "dm-20": "trend by group",
    "dm-22": "breakdown",
    "dm-25": "breakdown of a share",
    "dm-29": "breakdown by two",
    "dm-30": "ranking",
    "dm-31": "ranking with a floor",
    "dm-33": "ranking over two facts",
    "dm-36": "comparison of periods",
    "dm-37": "comparison of things",
    "dm-39": "comparison with last year",
    "dm-40": "what turned negative",
    "dm-43": "quotes",
    "dm-53": "two metrics",
    "dm-55": "follow-up",
}
TODAY: date = DEMO_AS_OF


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the demo set under the name of its kind."""

    kind: str
    question: Question

    @property
    def sql(self) -> str:
        """The hand-written SQL."""
        return self.question.sql[0]


def asked(only: int | None = None) -> list[Asked]:
    """One question of each kind, in the order above; the first ``only`` of them."""
    [demo] = load_named("demo")
    by_id = {question.id: question for question in demo.questions}
    return [Asked(kind, by_id[name]) for name, kind in KINDS.items()][:only]


def golden() -> list[Question]:
    """Every question of the demo set that has hand-written SQL."""
    [demo] = load_named("demo")
    return [question for question in demo.questions if question.sql]
