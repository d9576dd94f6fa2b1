"""What messages are read against: catalog, words, values, calendar of one snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from analytics.catalog.types import Catalog
from analytics.understand.language import Vocabulary
from analytics.understand.lessons import NO_LESSONS, Lessons
from analytics.understand.lexicon import Lexicon
from analytics.understand.link import Linker
from analytics.understand.spelling import Spelling
from analytics.understand.times.anchored import Dated
from analytics.understand.times.units import Calendar
from analytics.understand.values import ValueIndex


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that a message is read against, for one snapshot."""

    catalog: Catalog
    lexicon: Lexicon
    vocabulary: Vocabulary
    values: ValueIndex
    linker: Linker
    calendar: Calendar
    spelling: Spelling
    lessons: Lessons = NO_LESSONS
    first_days: Mapping[str, date] = field(default_factory=dict)
    """The day on which each fact begins, by semantic model."""
    data_until: date | None = None
    anchors: tuple[Dated, ...] = ()
    """Moments in the life of things, with their days."""
