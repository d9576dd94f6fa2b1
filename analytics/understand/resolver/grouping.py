"""What to split by: what was named, what is compared."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.catalog.types import Metric
from analytics.types import Op
from analytics.understand.resolver.asked import Asked
from analytics.understand.resolver.dimensions import pick_dimension
from analytics.understand.resolver.filters import value_filters


def group_by(asked: Asked, metrics: Sequence[Metric]) -> tuple[str, ...]:
    """Dimensions to split by, in the order of the message."""
    grouped = [m for m in asked.reading.dimensions if m.grouped]
    names = [pick_dimension(asked, m.names, metrics, m.text) for m in grouped]
    names += [n for n in compared_dimensions(asked, metrics) if n not in names]
    return tuple(dict.fromkeys(names))


def compared_dimensions(asked: Asked, metrics: Sequence[Metric]) -> list[str]:
    """ "compare north and south": values of one dimension, side by side."""
    if "versus" not in asked.reading.comparisons and asked.reading.comparative is None:
        return []
    filters = value_filters(asked, metrics)
    return [f.dimension for f in filters if f.op is Op.IN and len(f.values) > 1]
