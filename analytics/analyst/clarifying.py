"""Issues as an answer: what is in the way, and ways on."""

from __future__ import annotations

from analytics.sources.warehouse import QueryBusy, QueryTimeout, QueryTooBig, TooManyRows
from analytics.types import Answer, Clarification, Issue, Query

MOST_CHOICES = 5

_OVER_A_LIMIT: dict[type[Exception], Issue] = {
    QueryTimeout: Issue(
        "too_slow",
        "That took longer than a question may take. Try a shorter period or fewer groups.",
        ("the same for last month",),
    ),
    TooManyRows: Issue(
        "too_many_rows", "That would be too many rows to read. Ask for the top 10 instead."
    ),
    QueryTooBig: Issue(
        "too_big",
        "That needs more memory than a question may take. Try a shorter period or fewer groups.",
    ),
    QueryBusy: Issue("busy", "Many questions are being answered right now. Ask again in a moment."),
}
OVER_A_LIMIT = tuple(_OVER_A_LIMIT)
"""What a query raises that takes more than a question may."""


def clarify(clarification: Clarification, query: Query | None = None) -> Answer:
    """Issues as an answer: what is in the way, and choices that run at a click."""
    issues = clarification.issues
    text = " ".join(issue.message for issue in issues)
    choices = tuple(dict.fromkeys(s for issue in issues for s in issue.suggestions))
    return Answer(text, query, issues=tuple(issues), suggestions=choices[:MOST_CHOICES])


def asks_back(answer: Answer) -> bool:
    """Whether an answer is a question of ours, or declines: no figure, no words, and something said why."""
    return bool(answer.issues) and answer.query is None and not (answer.rows or answer.evidence)


def over_a_limit(error: Exception, query: Query | None) -> Answer:
    """The answer to a question that takes more than a question may."""
    return clarify(Clarification((_OVER_A_LIMIT[type(error)],)), query)
