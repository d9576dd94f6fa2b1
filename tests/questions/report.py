"""What a run of a question set found: counts by kind, the share right, every failure."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
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
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def share_with_interval(count: int, total: int) -> str:
    """A share with its interval, such as ``96.0 % (90.2 to 98.4)``."""
    if total == 0:
        return "none asked"
    low, high = wilson(count, total)
    return f"{count / total:.1%} ({100 * low:.1f} to {100 * high:.1f})".replace("%", " %")


def counts(graded: list[Graded]) -> Counter[Outcome]:
    """How many questions ended in each way."""
    return Counter(each.grade.outcome for each in graded)


def table(graded: list[Graded]) -> str:
    """Outcomes by kind of question as a plain table, the interval and parse accuracy below."""
    heads = ["category", "n", *(outcome.value for outcome in Outcome), "right, 95 % interval"]
    rows = [heads, *(_row(name, group) for name, group in _groups(graded))]
    lines = [
        f"{row[0]:<24}" + "".join(f"{cell:>10}" for cell in row[1:-1]) + f"{row[-1]:>22}"
        for row in rows
    ]
    return "\n".join([*lines, _summary(graded)])


def markdown(graded: list[Graded]) -> str:
    """The same table as Markdown, with the intervals of what is right and of what is wrong."""
    heads = ["category", "questions", *(outcome.value for outcome in Outcome), "right", "wrong"]
    rows = [heads, ["---"] * len(heads)]
    for name, group in _groups(graded):
        found, total = counts(group), len(group)
        shares = (share_with_interval(found[o], total) for o in (Outcome.RIGHT, Outcome.WRONG))
        numbers = (str(found[outcome]) for outcome in Outcome)
        rows.append([name.replace("_", " "), str(total), *numbers, *shares])
    lines = [f"| {' | '.join(row)} |" for row in rows]
    parsed = [each.grade.parsed for each in graded if each.grade.parsed is not None]
    if not parsed:
        return "\n".join(lines)
    as_expected = share_with_interval(sum(parsed), len(parsed))
    note = f"Parse accuracy, where a query is expected by hand ({len(parsed)}): {as_expected}."
    return "\n".join([*lines, "", note])


def _groups(graded: list[Graded]) -> list[tuple[str, list[Graded]]]:
    """By category, then first questions and follow-ups, then all."""
    names = sorted({each.question.category for each in graded})
    single = [each for each in graded if not each.question.follows_up]
    follow = [each for each in graded if each.question.follows_up]
    every = [
        *((name, [each for each in graded if each.question.category == name]) for name in names),
        ("- first questions", single),
        ("- follow-ups", follow),
        ("all", graded),
    ]
    return [(name, group) for name, group in every if group]


def _row(name: str, graded: list[Graded]) -> list[str]:
    found = counts(graded)
    low, high = wilson(found[Outcome.RIGHT], len(graded))
    interval = f"{low:.1%} to {high:.1%}"
    return [name, str(len(graded)), *(str(found[outcome]) for outcome in Outcome), interval]


def _summary(graded: list[Graded]) -> str:
    right = counts(graded)[Outcome.RIGHT]
    low, high = wilson(right, len(graded))
    parsed = [each.grade.parsed for each in graded if each.grade.parsed is not None]
    share = right / len(graded) if graded else 0.0
    wrong = counts(graded)[Outcome.WRONG]
    wrong_low, wrong_high = wilson(wrong, len(graded))
    answer_line = f"answered right {share:.1%} (95 % interval {low:.1%} to {high:.1%})"
    answer_line += f", wrong {wrong} ({wrong_low:.1%} to {wrong_high:.1%})"
    parse_line = (
        f"parsed as expected {sum(parsed)} of {len(parsed)}" if parsed else "no expected queries"
    )
    return f"{answer_line}; {parse_line}"


def shown(each: Graded) -> str:
    """One question in a few lines: asked, understood, expected, said."""
    question = each.question
    lines = [
        f"{each.grade.outcome.upper():<9} {question.id} [{question.category}] {' > '.join(question.turns)}",
        f"    why: {each.grade.why}" if each.grade.why else "",
        *(f"    understood: {_brief(answer.get('query'))}" for answer in each.answers),
        *(f"    said: {answer.get('text')}" for answer in each.answers),
        *(f"    issue: {_issues(answer)}" for answer in each.answers if answer.get("issues")),
        f"    expected: {question.expect or ' or '.join(map(_few, each.golds))}",
    ]
    return "\n".join(line for line in lines if line)


def _brief(query: Any) -> str:
    """What is set in a query on the wire."""
    if not isinstance(query, dict):
        return "no query"
    return json.dumps({name: value for name, value in query.items() if value}, default=str)


def _issues(answer: dict[str, Any]) -> str:
    return "; ".join(f"{each.get('code')}: {each.get('message')}" for each in answer["issues"])


def _few(gold: Gold, rows: int = 4) -> str:
    more = f" … {len(gold)} rows" if len(gold) > rows else ""
    return str([tuple(map(_plain, row)) for row in gold[:rows]]) + more


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, date) else value


def as_json(graded: list[Graded]) -> dict[str, Any]:
    """The whole run as data: summary, and for each failure what was said and what was due."""
    right = counts(graded)[Outcome.RIGHT]
    return {
        "total": len(graded),
        "outcomes": {outcome.value: counts(graded)[outcome] for outcome in Outcome},
        "interval": wilson(right, len(graded)),
        "wrong_interval": wilson(counts(graded)[Outcome.WRONG], len(graded)),
        "categories": {
            name: {outcome.value: counts(group)[outcome] for outcome in Outcome}
            for name, group in _groups(graded)
        },
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
