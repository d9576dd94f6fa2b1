"""What lies outside: decided from how sure the act is and how much of the message was understood."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.types import Act, Answer, Issue, ParsedMessage
from analytics.understand.reading import Reading

SURE = 0.95
"""From this confidence on, a message is outside though every word of it can be read as a question.

Measured by `python -m tests.nlu.scope`: of good questions that are wholly understood none is doubted as much.
"""


def is_outside(parsed: ParsedMessage, reading: Reading) -> bool:
    """Whether a message is declined: doubted by its act, and not wholly understood, or surely outside."""
    match parsed.act:
        case Act.OUT_OF_SCOPE:
            return bool(reading.problems) or reading.empty or parsed.confidence >= SURE
        case Act.UNSURE:
            return bool(reading.problems) or reading.empty
        case _:
            return False


def out_of_scope(problems: Sequence[Issue]) -> Answer:
    """Says what the bot is for, and which words stood in the way."""
    issue = Issue(
        "out_of_scope",
        "I answer questions about this company's customers from its own data; this is outside it.",
        ("What can you do?",),
    )
    return Answer(issue.message, issues=(issue, *problems), suggestions=issue.suggestions)
