"""What one message is answered in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analytics.analyst.context import Context
from analytics.analyst.knowledge import Knowledge
from analytics.answer.recommend import Rule
from analytics.language_model.helper import Helper
from analytics.types import Query, Viewer


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message is answered in: the query before it, the snapshot, the day, the person."""

    previous: Query | None
    context: Context
    today: date
    viewer: Viewer
    rules: Sequence[Rule]
    helper: Helper | None = None
    knowledge: Knowledge | None = None
