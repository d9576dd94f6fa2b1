"""Whether the rows themselves are asked for."""

from __future__ import annotations

from analytics.understand.reader.draft import COUNTING, SHOWING, Draft


def shows_rows(draft: Draft) -> bool:
    """ "show me negative reviews of X": the rows themselves are asked for, not their number."""
    words = {t.word for t in draft.tokens}
    only_rows = bool(draft.metrics) and all(m.rows for m in draft.metrics)
    split = any(d.grouped for d in draft.dimensions) or draft.grain or draft.rank or draft.direction
    return bool(
        only_rows
        and words & SHOWING
        and not words & COUNTING
        and not split
        and not draft.comparisons
        and "trend" not in draft.forms
    )
