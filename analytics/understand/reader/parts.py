"""Hours as a part of the day: "which hour is busiest?" asks for none of the hours of one day."""

from __future__ import annotations

from analytics.catalog.types import TimePart
from analytics.types import Grain
from analytics.understand.reader.draft import Draft
from analytics.understand.reading import DimensionMention


def take_parts_of_time(draft: Draft) -> None:
    """An hour that is ranked, or stands beside another part of time, is one of the 24 of a day."""
    parts = {
        d.name: d.part for m in draft.known.catalog.models.values() for d in m.dimensions if d.part
    }
    hour = next((name for name, part in parts.items() if part is TimePart.HOUR), None)
    if draft.grain is not Grain.HOUR or hour is None:
        return
    beside = any(name in parts for m in draft.dimensions for name in m.names)
    if not (beside or draft.rank):
        return
    span = next(s for s in draft.spans if "hour" in s.names("grain"))
    plural = draft.tokens[span.last - 1].word.endswith("s")
    single = bool(draft.rank) and not plural and not beside
    draft.dimensions.append(DimensionMention((hour,), draft.text(span), span.first, True, single))
    draft.grain, draft.grain_asked = None, False
