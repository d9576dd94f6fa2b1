"""What one message is answered in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.analyst.context import Context
from analytics.analyst.knowledge import Knowledge
from analytics.analyst.past import NOTHING, Past
from analytics.answer.recommend import Rule
from analytics.language_model.helper import Helper
from analytics.types import Query, Viewer


@dataclass(frozen=True, slots=True)
class Turn:
    """The query before, the snapshot, the day, the person, and the conversation so far."""

    previous: Query | None
    context: Context
    today: date
    viewer: Viewer
    rules: Sequence[Rule]
    helper: Helper | None = None
    past: Past = NOTHING
    knowledge: Knowledge | None = None
