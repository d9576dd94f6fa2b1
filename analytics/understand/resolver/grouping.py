"""What to split by: what was named, what is compared, what tells most."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.catalog.types import DimensionKind, Metric
from analytics.types import Act, Op
from analytics.understand.resolver.asked import Asked
from analytics.understand.resolver.dimensions import pick_dimension, shared_dimensions
from analytics.understand.resolver.filters import value_filters


def group_by(asked: Asked, metrics: Sequence[Metric]) -> tuple[str, ...]:
    """Dimensions to split by, in the order of the message."""
    grouped = [m for m in asked.reading.dimensions if m.grouped]
    names = [pick_dimension(asked, m.names, metrics, m.text) for m in grouped]
    names += [n for n in compared_dimensions(asked, metrics) if n not in names]
    if not names and asked.act is Act.EXPLAIN:
        names = _telling_dimension(asked, metrics)
    return tuple(dict.fromkeys(names))


def _telling_dimension(asked: Asked, metrics: Sequence[Metric]) -> list[str]:
    """What to look at first when a "why" names nothing to split by."""
    filtered = {v.dimension for mention in asked.reading.values for v in mention.values}
    options = [
        d
        for d in shared_dimensions(asked, metrics).values()
        if d.kind is DimensionKind.CATEGORICAL and not d.person and d.name not in filtered
    ]
    best = max(options, key=lambda d: (d.specificity, d.name), default=None)
    return [best.name] if best else []


def compared_dimensions(asked: Asked, metrics: Sequence[Metric]) -> list[str]:
    """ "compare north and south": values of one dimension, side by side."""
    if "versus" not in asked.reading.comparisons:
        return []
    filters = value_filters(asked, metrics)
    return [f.dimension for f in filters if f.op is Op.IN and len(f.values) > 1]
