"""What a run of a question set found: counts by kind, the share right, every failure."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from math import sqrt
from typing import Any, Final

from tests.questions.gold import Gold
from tests.questions.grade import Grade, Outcome
from tests.questions.questions import Question

Z_95: Final = 1.959964


@dataclass(frozen=True)
class Graded:
    """One question with what was answered and how that was graded."""

    question: Question
    answers: list[dict[str, Any]]
    golds: list[Gold]
    grade: Grade
    seconds: float


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927)."""
    if total == 0:
        return 0.0, 1.0
    share = right / total
    centre = share + Z_95**2 / (2 * total)
    spread = Z_95 * sqrt(share * (1 - share) / total + Z_95**2 / (4 * total**2))
    scale = 1 + Z_95**2 / total
    return (centre - spread) / scale, (centre + spread) / scale


def counts(graded: list[Graded]) -> Counter[Outcome]:
    """How many questions ended in each way."""
    return Counter(each.grade.outcome for each in graded)


def table(graded: list[Graded]) -> str:
    """Outcomes by kind of question as a plain table, the interval and parse accuracy below."""
    heads = ["kind", "n", *(outcome.value for outcome in Outcome)]
    kinds = sorted({each.question.kind for each in graded})
    groups = [(kind, [each for each in graded if each.question.kind == kind]) for kind in kinds]
    rows = [heads, *(_row(name, group) for name, group in [*groups, ("all", graded)])]
    lines = [f"{row[0]:<14}" + "".join(f"{cell:>11}" for cell in row[1:]) for row in rows]
    return "\n".join([*lines, _summary(graded)])


def _row(name: str, graded: list[Graded]) -> list[str]:
    found = counts(graded)
    return [name, str(len(graded)), *(str(found[outcome]) for outcome in Outcome)]


def _summary(graded: list[Graded]) -> str:
    right = counts(graded)[Outcome.RIGHT]
    low, high = wilson(right, len(graded))
    parsed = [each.grade.parsed for each in graded if each.grade.parsed is not None]
    share = right / len(graded) if graded else 0.0
    answer_line = f"answered right {share:.1%} (95 % interval {low:.1%} to {high:.1%})"
    parse_line = (
        f"parsed as expected {sum(parsed)} of {len(parsed)}" if parsed else "no expected queries"
    )
    return f"{answer_line}; {parse_line}"


def as_json(graded: list[Graded]) -> dict[str, Any]:
    """The whole run as data: summary, and for each failure what was said and what was due."""
    right = counts(graded)[Outcome.RIGHT]
    return {
        "total": len(graded),
        "outcomes": {outcome.value: counts(graded)[outcome] for outcome in Outcome},
        "interval": wilson(right, len(graded)),
        "failures": [failure(each) for each in graded if each.grade.outcome is not Outcome.RIGHT],
        "misparsed": [_misparsed(each) for each in graded if each.grade.parsed is False],
        "notes": {each.question.id: each.grade.notes for each in graded if each.grade.notes},
        "seconds": {each.question.id: round(each.seconds, 3) for each in graded},
    }


def failure(graded: Graded) -> dict[str, Any]:
    """One question that is not right: its turns, what came, what was due."""
    return {
        "id": graded.question.id,
        "turns": graded.question.turns,
        "outcome": graded.grade.outcome.value,
        "why": graded.grade.why,
        "expected": graded.question.expect
        or [[list(row) for row in gold[:12]] for gold in graded.golds],
        "answers": [_shortened(answer) for answer in graded.answers],
    }


def _shortened(answer: dict[str, Any]) -> dict[str, Any]:
    names = ("text", "query", "columns", "issues", "suggestions")
    kept = {name: answer.get(name) for name in names}
    sql = (answer.get("provenance") or {}).get("sql")
    return {
        **kept,
        "rows": (answer.get("rows") or [])[:12],
        "evidence": (answer.get("evidence") or [])[:3],
        "sql": sql,
    }


def _misparsed(graded: Graded) -> dict[str, Any]:
    got = graded.answers[0].get("query") if graded.answers else None
    return {"id": graded.question.id, "expected": asdict(graded.question)["query"], "got": got}
