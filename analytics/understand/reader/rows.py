"""Whether the rows themselves are asked for."""

from __future__ import annotations

from analytics.catalog.rows import Rows, rows_counted
from analytics.understand.reader.draft import COUNTING, SHOWING, Draft
from analytics.understand.reading import MetricMention, ValueMention
from analytics.understand.values import Value


def rows_named(draft: Draft, mention: MetricMention) -> Rows | None:
    """The texts that a metric counts: "negative reviews" names reviews as much as their number."""
    catalog = draft.known.catalog
    for name in mention.names:
        rows = rows_counted(catalog.metrics[name], catalog) if name in catalog.metrics else None
        if rows is not None and catalog.models[rows.model].verbatims:
            return rows
    return None


def take_rows(draft: Draft, mentions: list[MetricMention]) -> list[MetricMention]:
    """The metrics that are left once those that name texts have become a source and its filters."""
    left = []
    for mention in mentions:
        rows = rows_named(draft, mention)
        if rows is None:
            left.append(mention)
            continue
        draft.models.append(rows.model)
        for one in rows.filters:
            values = tuple(Value(one.dimension, str(v), str(v)) for v in one.values)
            draft.values.append(
                ValueMention(values, mention.text, mention.at, whole=len(values) > 1)
            )
    return left


def shows_rows(draft: Draft) -> bool:
    """ "show me negative reviews of X": the rows themselves are asked for, not their number."""
    words = {t.word for t in draft.tokens}
    only_rows = bool(draft.metrics) and all(m.rows or rows_named(draft, m) for m in draft.metrics)
    split = any(d.grouped for d in draft.dimensions) or draft.grain or draft.rank or draft.direction
    return bool(
        only_rows
        and words & SHOWING
        and not words & COUNTING
        and not split
        and not draft.comparisons
        and "trend" not in draft.forms
    )
