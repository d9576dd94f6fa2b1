"""Over the whole way, act and resolver: does what is out of scope get figures, is a good question refused?

    python -m tests.nlu.scope            # scope_dev.yml, with what went wrong
    python -m tests.nlu.scope --final    # scope_final.yml, shares alone

Parses with the trained NLU of VERBATIM_HOME in Rasa's environment and answers on its warehouse.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from analytics.analyst.service import INSIDER, Analyst
from analytics.types import Act, Answer, ParsedMessage
from bot.nlu.annotated import Annotated, read_file
from bot.settings import Settings
from tests.bench.parses import parses
from tests.questions.report import wilson

HERE = Path(__file__).parent
GOOD = frozenset({Act.ASK, Act.EXPLAIN, Act.DEFINE, Act.CAPABILITIES, Act.SUBSCRIBE})
"""The acts of questions that are not to be refused."""


class Outcome(StrEnum):
    """How a message ended."""

    FIGURES = "figures"
    REFUSED = "refused"
    ASKED_BACK = "asked back"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Ended:
    """A message, its true act, what Rasa made of it, and how it ended."""

    message: Annotated
    parsed: ParsedMessage
    outcome: Outcome


def outcome(answers: Sequence[Answer]) -> Outcome:
    """Figures or quotes; a plain refusal; a question back; or words such as a definition."""
    if any((answer.rows and answer.query) or answer.evidence for answer in answers):
        return Outcome.FIGURES
    codes = {issue.code for answer in answers for issue in answer.issues}
    if "out_of_scope" in codes:
        return Outcome.REFUSED
    return Outcome.ASKED_BACK if codes else Outcome.WORDS


def run(messages: Sequence[Annotated], home: Path) -> list[Ended]:
    """Every message on its own, as the first of a conversation."""
    parsed = parses(home, [message.text for message in messages])
    analyst = Analyst.open(home)
    return [ended(message, parsed[message.text].parsed, analyst) for message in messages]


def ended(message: Annotated, parsed: ParsedMessage, analyst: Analyst) -> Ended:
    """How one message ends."""
    reply = analyst.answer(parsed, None, None, INSIDER, "")
    return Ended(message, parsed, outcome(reply.answers))


def refused(end: Ended) -> bool:
    """A good question that was sent away: said to be outside, or answered with mere courtesies."""
    courteous = end.outcome is Outcome.WORDS and end.message.act in {Act.ASK, Act.EXPLAIN}
    return end.outcome is Outcome.REFUSED or courteous


def summary(ends: Sequence[Ended]) -> str:
    """Recall of what is out of scope, and the share of good questions refused, with 95 % intervals."""
    outside = [end for end in ends if end.message.act is Act.OUT_OF_SCOPE]
    good = [end for end in ends if end.message.act in GOOD]
    lines = [
        _line("out of scope, no figures", [e.outcome is not Outcome.FIGURES for e in outside]),
        _line("  said to be outside", [e.outcome is Outcome.REFUSED for e in outside]),
        _line("  act alone", [e.parsed.act is Act.OUT_OF_SCOPE for e in outside]),
        _line("good questions refused", [refused(e) for e in good]),
        _line("  act right", [e.parsed.act is e.message.act for e in good]),
        f"good questions: {dict(Counter(e.outcome.value for e in good))}",
    ]
    return "\n".join(lines)


def _line(name: str, hits: Sequence[bool]) -> str:
    low, high = wilson(sum(hits), len(hits))
    share = sum(hits) / len(hits)
    return f"{name:26s} {sum(hits):4d} of {len(hits):4d}  {share:6.1%}  ({low:.1%} to {high:.1%})"


def _went_wrong(ends: Sequence[Ended]) -> list[str]:
    lines = []
    for end in ends:
        outside = end.message.act is Act.OUT_OF_SCOPE
        wrong = end.outcome is Outcome.FIGURES if outside else refused(end)
        if wrong and (outside or end.message.act in GOOD):
            act = f"{end.parsed.act.value} {end.parsed.confidence:.2f}"
            lines.append(
                f"{end.message.act.value:13s} {end.outcome:11s} {act:20s} {end.message.text}"
            )
    return lines


def main(final: bool) -> None:
    """Print the shares, and while tuning also the messages."""
    name = "scope_final.yml" if final else "scope_dev.yml"
    ends = run(tuple(read_file(HERE / name)), Settings.load().home)
    print(summary(ends))
    if not final:
        print("\n".join(_went_wrong(ends)))


if __name__ == "__main__":
    main("--final" in sys.argv)
