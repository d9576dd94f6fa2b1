"""What a build did, as data for people and programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """Whether a build had anything to do."""

    BUILT = "built"
    UNCHANGED = "unchanged"
    REPUBLISHED = "republished"


@dataclass(frozen=True)
class SourceReport:
    """Rows of one input file."""

    source: str
    file: str
    read: int
    rejected: int


@dataclass(frozen=True)
class RejectReport:
    """How many rows were set aside for one reason."""

    source: str
    column: str
    reason: str
    rows: int


@dataclass(frozen=True)
class MartReport:
    """How one computed table went; `error` says why it is not there."""

    name: str
    rows: int
    error: str | None


@dataclass(frozen=True)
class BuildReport:
    """The result of one build: `rows` by warehouse table, `kept` by source, `seconds` by step."""

    build_id: str
    outcome: Outcome
    data_as_of: date
    sources: Sequence[SourceReport]
    rows: dict[str, int]
    rejected: Sequence[RejectReport]
    kept: Mapping[str, int]
    marts: Sequence[MartReport] = ()
    texts_scored: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready form."""
        return {**asdict(self), "outcome": self.outcome.value, "data_as_of": str(self.data_as_of)}
