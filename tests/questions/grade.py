"""Grade one answer of the API against the figures that a question's own SQL gives.

An answer is *right*, *clarified* (it asked back, with suggestions), *refused* (it said that it
cannot), or *wrong*: a figure that differs, or an answer where none was due.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from tests.questions.figures import (
    Table,
    match_pair,
    match_ranking,
    match_rows,
    match_subset,
    match_together,
    match_value,
)
from tests.questions.gold import Gold
from tests.questions.questions import Question

Answer: TypeAlias = dict[str, Any]

OUTAGES: Final = frozenset({"internal_error", "unavailable", "timeout"})
"""Codes of issues that say the product failed: never a right answer, also where a refusal is due."""


class Outcome(StrEnum):
    """How one question ended."""

    RIGHT = "right"
    CLARIFIED = "clarified"
    REFUSED = "refused"
    WRONG = "wrong"


@dataclass(frozen=True)
class Grade:
    """The outcome, why it is not right, remarks, and whether the query was as expected."""

    outcome: Outcome
    why: str = ""
    notes: tuple[str, ...] = ()
    parsed: bool | None = None


def grade(question: Question, answers: list[Answer], golds: list[Gold]) -> Grade:
    """Grade the last turn's answers; ``golds`` holds the rows of each alternative SQL statement."""
    answer = _main_answer(answers)
    outcome, why = _outcome_of_all(question, answers, golds)
    return Grade(outcome, why, tuple(_notes(question, answer, golds)), _parsed(question, answer))


def _main_answer(answers: list[Answer]) -> Answer:
    with_figures = [answer for answer in answers if has_figures(answer)]
    return (with_figures or answers or [{}])[0]


def _outcome_of_all(
    question: Question, answers: list[Answer], golds: list[Gold]
) -> tuple[Outcome, str]:
    if question.expect is None and question.keys == 0:
        return _together(question, answers, golds)
    return _outcome(question, _main_answer(answers), golds)


def _together(question: Question, answers: list[Answer], golds: list[Gold]) -> tuple[Outcome, str]:
    """Two questions in one message: the answers hold each figure, wherever it stands."""
    tables = [Table.of(answer) for answer in answers if answer.get("rows")]
    if not tables:
        return _unanswered(question, (answers or [{}])[0])
    whys = [match_together(tables, gold, question.tolerance) for gold in golds]
    if "" in whys:
        return Outcome.RIGHT, ""
    open_ones = [answer for answer in answers if not has_figures(answer)]
    return _unanswered(question, open_ones[0]) if open_ones else (Outcome.WRONG, whys[0])


def _outcome(question: Question, answer: Answer, golds: list[Gold]) -> tuple[Outcome, str]:
    if any(issue.get("code") in OUTAGES for issue in answer.get("issues") or ()):
        return Outcome.REFUSED, f"an outage, not an answer: {answer.get('text')}"
    if question.expect is not None:
        return _without_figures(question, answer)
    if not has_figures(answer) or (question.compare == "evidence" and not answer.get("evidence")):
        return _unanswered(question, answer)
    whys = [_mismatch(question, answer, gold) for gold in golds]
    if "" not in whys:
        return Outcome.WRONG, whys[0]
    missing = _missing_words(question, answer)
    return (Outcome.WRONG, missing) if missing else (Outcome.RIGHT, "")


def _missing_words(question: Question, answer: Answer) -> str:
    """What the text should say or start with and does not; empty where it does."""
    text = str(answer.get("text") or "").casefold()
    missing = [word for word in question.text_has if word.casefold() not in text]
    if missing:
        return f"the text lacks {missing}"
    starts = tuple(word.casefold() for word in question.text_starts)
    return "" if text.startswith(starts or "") else f"the text does not start with {starts}"


def _without_figures(question: Question, answer: Answer) -> tuple[Outcome, str]:
    if has_figures(answer):
        return Outcome.WRONG, f"figures where {question.expect} was due"
    if not answer.get("text"):
        return Outcome.WRONG, "no text"
    if question.expect in ("refuse", "define") and answer.get("rows"):
        return Outcome.REFUSED, f"a list of what can be asked where {question.expect} was due"
    if missing := _missing_words(question, answer):
        return Outcome.REFUSED, missing
    if question.expect == "clarify" and not _suggests(answer):
        return Outcome.REFUSED, "no suggestion of what could be meant"
    if question.expect == "define" and answer.get("issues"):
        return Outcome.REFUSED, "an issue instead of a definition"
    return Outcome.RIGHT, ""


def has_figures(answer: Answer) -> bool:
    """Whether it shows figures or customers' words, and not only what can be asked."""
    return bool(answer.get("rows") or answer.get("evidence")) and not _only_offers(answer)


def _only_offers(answer: Answer) -> bool:
    """Rows that say what can be asked: no query was run for them, and none is a metric's."""
    roles = {column.get("role") for column in answer.get("columns") or ()}
    return not (answer.get("evidence") or answer.get("query") or roles & {"metric", "change"})


def _unanswered(question: Question, answer: Answer) -> tuple[Outcome, str]:
    outcome = Outcome.CLARIFIED if _suggests(answer) else Outcome.REFUSED
    if (
        "clarify" in question.accept and outcome is Outcome.CLARIFIED
    ) or "refuse" in question.accept:
        return Outcome.RIGHT, ""
    return outcome, "no figures"


def _suggests(answer: Answer) -> bool:
    return any(issue.get("suggestions") for issue in answer.get("issues") or ()) or bool(
        answer.get("suggestions")
    )


def _mismatch(question: Question, answer: Answer, gold: Gold) -> str:
    """Why the answer's figures differ from the gold; empty where they agree."""
    if question.compare == "evidence":
        return _evidence_mismatch(answer, gold)
    if question.compare == "pair" and (answer.get("query") or {}).get("kind") == "drivers":
        return _explained_mismatch(answer, gold)
    table = Table.of(answer)
    match question.compare:
        case "value":
            return match_value(table, gold, question.tolerance)
        case "pair":
            return match_pair(table, gold, question.tolerance)
        case "ranking":
            return match_ranking(table, gold, question)
        case "subset":
            return match_subset(table, gold, question.includes)
        case _:
            return match_rows(table, gold, question)


def _evidence_mismatch(answer: Answer, gold: Gold) -> str:
    allowed = {str(row[0]) for row in gold}
    strangers = [str(item["id"]) for item in answer["evidence"] if str(item["id"]) not in allowed]
    return f"quotes that do not fit the question: {strangers[:5]}" if strangers else ""


def _explained_mismatch(answer: Answer, gold: Gold) -> str:
    """The rows of an explanation are its parts: the change as a whole stands in the text."""
    text = str(answer.get("text") or "")
    missing = [value for value in gold[0] if not _says(text, value)]
    return f"the text does not say {missing}" if missing else ""


def _notes(question: Question, answer: Answer, golds: list[Gold]) -> list[str]:
    notes = []
    codes = [str(issue.get("code", "")) for issue in answer.get("issues") or ()]
    if question.issue and not any(question.issue in code for code in codes):
        notes.append(f"no issue '{question.issue}' (issues: {codes})")
    if question.compare == "value" and answer.get("rows"):
        said = _says(str(answer.get("text") or ""), golds[0][0][0])
        notes += [] if said else ["the headline does not say the figure"]
    return notes


_NUMBER = re.compile(r"(-|−)?\d[\d,]*(?:\.\d+)?")


def _says(text: str, value: Any) -> bool:
    """True where the text holds the value in some usual form (1,234; 12.3 %; 1.2 M)."""
    if not isinstance(value, int | float):
        return True
    said = [float(match.group().replace(",", "").lstrip("-−")) for match in _NUMBER.finditer(text)]
    scales = (1.0, 100.0, 1e-3, 1e-6, 1e-9)
    return any(
        abs(number - abs(value) * scale) <= 0.051 + 0.006 * number
        for number in said
        for scale in scales
    )


def _parsed(question: Question, answer: Answer) -> bool | None:
    if not question.query:
        return None
    query = answer.get("query") or {}
    return all(_subset(wanted, query.get(name)) for name, wanted in question.query.items())


def _subset(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(got, dict):
        return all(_subset(value, got.get(name)) for name, value in wanted.items())
    return wanted == got if isinstance(wanted, list) else str(wanted) == str(got)
