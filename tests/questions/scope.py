"""How well the bot keeps to what it is for: what lies outside is declined, and good questions are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from tests.questions.report import Graded, share_with_interval

CODE: Final = "out_of_scope"
"""The issue of an answer that declines."""


@dataclass(frozen=True)
class Scope:
    """Of the messages out of scope those declined as such; of the good questions those declined."""

    outside: int
    declined: int
    good: int
    refused: int

    @property
    def text(self) -> str:
        """Both shares in one line."""
        return (
            f"Out of scope and declined: {self.declined} of {self.outside} "
            f"({share_with_interval(self.declined, self.outside)}). Good questions declined as out of "
            f"scope: {self.refused} of {self.good} ({share_with_interval(self.refused, self.good)})."
        )

    @property
    def data(self) -> dict[str, Any]:
        """The counts."""
        return asdict(self)


def scope_of(graded: Sequence[Graded]) -> Scope:
    """Counts over questions with figures due (good ones) and those that are out of scope."""
    outside = [each for each in graded if each.question.expect == CODE]
    good = [each for each in graded if each.question.compare is not None]
    return Scope(len(outside), sum(map(_declined, outside)), len(good), sum(map(_declined, good)))


def _declined(graded: Graded) -> bool:
    issues = [issue for answer in graded.answers for issue in answer.get("issues") or ()]
    return any(issue.get("code") == CODE for issue in issues)
