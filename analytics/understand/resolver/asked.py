"""What is asked, with all that it takes to decide it; and the doubt that leaves with a question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analytics.catalog.types import Catalog
from analytics.types import Act, Issue
from analytics.understand.dialogue.followed import ALONE, Followed
from analytics.understand.known import Known
from analytics.understand.reading import Reading


@dataclass(frozen=True, slots=True)
class Asked:
    """A reading, the act of its message, and what it is resolved against."""

    reading: Reading
    known: Known
    today: date
    act: Act = Act.ASK
    followed: Followed = ALONE

    @property
    def catalog(self) -> Catalog:
        """What can be asked."""
        return self.known.catalog


class Doubt(Exception):
    """Raised by the parts of the resolver only, to leave with a question."""

    def __init__(self, *issues: Issue) -> None:
        super().__init__(issues[0].code)
        self.issues = issues
