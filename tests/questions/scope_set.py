"""Messages inside and outside of what the bot is for, without figures due: does it keep to its scope?

A file ``…scope.yml`` holds ``messages: [{text, in_scope}]``, and ``dataset`` (else it is the demo company).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from tests.questions.grade import OUTAGES, has_figures
from tests.questions.questions import Question
from tests.questions.report import share_with_interval
from tests.questions.scope import CODE

ENDING: Final = "scope"
"""The stem of a file of such messages ends so; other files hold questions with SQL."""


@dataclass(frozen=True)
class ScopeMessage:
    """One message, said in a conversation of its own."""

    text: str
    in_scope: bool
    dataset: str

    @property
    def question(self) -> Question:
        """The same, as the clients ask it; it is not graded against figures."""
        return Question("scope", "scope", (self.text,), self.dataset)


@dataclass(frozen=True)
class Kept:
    """A message with how it was answered."""

    in_scope: bool
    figures: bool
    declined: bool
    failed: bool = False


def is_scope_file(path: Path) -> bool:
    """Whether a file of ``tests/questions`` holds messages instead of questions with SQL."""
    return path.stem.endswith(ENDING)


def load_messages(path: Path) -> tuple[ScopeMessage, ...]:
    """The messages of a file; ValueError where an entry is none."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    dataset = str(document.get("dataset", "demo"))
    return tuple(_message(entry, dataset) for entry in document["messages"])


def _message(entry: dict[str, Any], dataset: str) -> ScopeMessage:
    if not str(entry.get("text") or "").strip() or entry.get("in_scope") not in (True, False):
        raise ValueError("a message of scope has a text, and in_scope: true or false")
    return ScopeMessage(str(entry["text"]), entry["in_scope"], str(entry.get("dataset", dataset)))


def kept(message: ScopeMessage, answers: Sequence[dict[str, Any]]) -> Kept:
    """What the answers did; no answer at all, and an outage, count against the bot."""
    codes = {issue.get("code") for answer in answers for issue in answer.get("issues") or ()}
    figures = any(has_figures(answer) for answer in answers)
    return Kept(
        message.in_scope, figures, CODE in codes, not answers or not OUTAGES.isdisjoint(codes)
    )


def rows_of(found: Iterable[Kept]) -> list[tuple[str, int, int]]:
    """What is counted, how often, of how many."""
    outside = [one for one in found if not one.in_scope]
    good = [one for one in found if one.in_scope]
    without = [one for one in outside if not one.figures and not one.failed]
    refused = [one for one in good if one.declined or one.failed]
    return [
        ("out of scope, answered without any figure", len(without), len(outside)),
        ("… of these declined as out of scope", sum(one.declined for one in without), len(outside)),
        ("good ones refused as out of scope", len(refused), len(good)),
        ("good ones answered with figures", sum(one.figures for one in good), len(good)),
    ]


def as_text(found: Sequence[Kept]) -> str:
    """A line each, for a terminal."""
    return "\n".join(
        f"{what}: {count} of {total} ({share_with_interval(count, total)})"
        for what, count, total in rows_of(found)
    )


def as_markdown(found: Sequence[Kept]) -> str:
    """The same as a table."""
    lines = ["| messages of scope | count | of | share |", "| --- | ---: | ---: | --- |"]
    lines += [
        f"| {what} | {count} | {total} | {share_with_interval(count, total)} |"
        for what, count, total in rows_of(found)
    ]
    return "\n".join(lines)
