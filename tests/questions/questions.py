"""The questions of a set, as typed values read from its YAML file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from string import ascii_lowercase
from typing import Any, Final

import yaml

HERE: Final = Path(__file__).parent
COMPARES: Final = frozenset({"value", "rows", "ranking", "trend", "pair", "evidence", "subset"})
EXPECTS: Final = frozenset({"clarify", "refuse", "define", "capabilities", "out_of_scope"})


@dataclass(frozen=True)
class Question:
    """One conversation; its last turn is checked.

    Either ``compare`` and ``sql`` say what the figures must be, or ``expect`` says what must come
    instead of figures. Several SQL statements are alternatives: readings that are equally fair.
    ``keys: 0`` says that the gold's one row holds figures that any of the answers may give (two
    questions in one message). ``also`` in the file holds other wordings of the last turn, or whole
    conversations: each is a question of its own, with a letter after the id.
    """

    id: str
    kind: str
    turns: tuple[str, ...]
    dataset: str
    category: str = ""
    today: date | None = None
    compare: str | None = None
    expect: str | None = None
    accept: frozenset[str] = frozenset()
    sql: tuple[str, ...] = ()
    keys: int = 1
    tolerance: float = 1e-6
    prefix: bool = False
    keys_only: bool = False
    includes: tuple[str, ...] = ()
    issue: str | None = None
    text_has: tuple[str, ...] = ()
    text_starts: tuple[str, ...] = ()
    query: dict[str, Any] = field(default_factory=dict)

    @property
    def follows_up(self) -> bool:
        """Whether it goes on from an earlier turn."""
        return len(self.turns) > 1


@dataclass(frozen=True)
class QuestionSet:
    """The questions on one warehouse, the raw files they need and the SQL that opens them."""

    dataset: str
    needs: tuple[str, ...]
    setup: str
    questions: tuple[Question, ...]


def load_sets(path: Path) -> list[QuestionSet]:
    """Read a file of one or several sets (YAML documents); ValueError where one makes no sense."""
    documents = yaml.safe_load_all(path.read_text(encoding="utf-8"))
    return [question_set(document) for document in documents if document]


def load_named(name: str) -> list[QuestionSet]:
    """The sets of ``tests/questions/<name>.yml``."""
    return load_sets(HERE / f"{name}.yml")


def question_set(document: dict[str, Any]) -> QuestionSet:
    """The set of one YAML document; ValueError where it makes no sense."""
    dataset = str(document["dataset"])
    questions = tuple(
        question for entry in document["questions"] for question in _phrasings(entry, dataset)
    )
    ids = [question.id for question in questions]
    if len(ids) != len(set(ids)):
        raise ValueError(f"{dataset}: two questions share an id")
    return QuestionSet(
        dataset, tuple(document.get("needs", ())), str(document.get("setup", "")), questions
    )


def _phrasings(entry: dict[str, Any], dataset: str) -> Iterator[Question]:
    """The question, then the same with each other wording."""
    shared = {name: value for name, value in entry.items() if name != "also"}
    yield _question(shared, dataset)
    for letter, also in zip(ascii_lowercase[1:], entry.get("also", ()), strict=False):
        turns = [*entry["turns"][:-1], also] if isinstance(also, str) else also
        yield _question({**shared, "id": f"{entry['id']}{letter}", "turns": turns}, dataset)


def _question(entry: dict[str, Any], dataset: str) -> Question:
    known = {**entry, "dataset": dataset, "turns": tuple(entry["turns"])}
    known["category"] = known.get("category") or known["kind"]
    for name in ("sql", "text_has", "text_starts", "includes"):
        value = known.get(name) or ()
        known[name] = (value,) if isinstance(value, str) else tuple(value)
    known["accept"] = frozenset(known.get("accept", ()))
    question = Question(**known)
    _check(question)
    return question


def _check(question: Question) -> None:
    if (question.compare is None) == (question.expect is None):
        raise ValueError(f"{question.id}: give either compare or expect")
    if question.compare is not None and (question.compare not in COMPARES or not question.sql):
        raise ValueError(f"{question.id}: compare needs SQL and is one of {sorted(COMPARES)}")
    if question.expect is not None and question.expect not in EXPECTS:
        raise ValueError(f"{question.id}: expect is one of {sorted(EXPECTS)}")
