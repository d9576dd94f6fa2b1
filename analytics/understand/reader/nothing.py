"""What things lack: "products without reviews", "customers who never ordered"."""

from __future__ import annotations

from analytics.types import Op
from analytics.understand.reader.draft import Draft
from analytics.understand.reading import Condition

_BETWEEN = {"any", "a", "an", "ever", "have", "had", "has", "get", "got", "been", "single", "the"}


def none_of(draft: Draft, i: int) -> bool:
    """Whether the negation at ``i`` says of things that they have nothing of a metric.

    Then that is a condition on each of the things: exactly 0. It needs things to be named before.
    """
    for position in range(i + 1, len(draft.spans)):
        span = draft.spans[position]
        if span.frame and draft.tokens[span.first].word in _BETWEEN:
            continue
        if span.values or not span.has("metric") or span.has("direction"):
            return False
        things = [s for s in draft.spans[:i] if s.has("dimension")]
        if not things:
            return False
        draft.conditions.append(Condition(Op.EQ, 0, span.first, metrics=span.names("metric")))
        draft.used.add(position)
        return True
    return False
