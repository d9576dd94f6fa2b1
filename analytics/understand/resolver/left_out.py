"""Nothing that was read is left out in silence: what a query does nothing with is asked about instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analytics.catalog.people import people_words
from analytics.catalog.types import Catalog, Unit
from analytics.text import singulars, stems
from analytics.types import How, Issue, Kind, Literal, Query
from analytics.understand.reading import MetricMention, Reading
from analytics.wording import listed

_MADE = {
    "share": How.SHARE,
    "running_total": How.RUNNING_TOTAL,
    "moving_average": How.MOVING_AVERAGE,
}
_SHARES = {Unit.RATIO, Unit.POINTS}
_OTHER_KINDS = frozenset({Kind.EVIDENCE, Kind.THEMES, Kind.DRIVERS})


def left_out(reading: Reading, query: Query, catalog: Catalog) -> Issue | None:
    """What to ask where the query does not hold all that was read; None where it does."""
    if query.kind in _OTHER_KINDS:
        return None
    words = tuple(dict.fromkeys(_words(reading, query, catalog)))
    if not words:
        return None
    text = f"I can't tell what {listed(words)} does in this question. Please say it in other words."
    return Issue("left_out", text, ("What can you do?",))


def _words(reading: Reading, query: Query, catalog: Catalog) -> Iterator[str]:
    """The words of a reading that its query does nothing with."""
    yield from (m.text for m in reading.metrics if not _asked(m, query, catalog))
    held = {value for f in query.filters for value in f.values}
    yield from (
        m.text
        for m in reading.values
        if not any(v.value in held for v in m.values) and not _part_of_name(m.text, held)
    )
    split = {*query.group_by, query.within, *(f.dimension for f in query.filters)}
    split |= set(query.derived.part) if query.derived else set()
    yield from (d.text for d in reading.dimensions if d.grouped and not split & set(d.names))
    bounds = {*held, *(h.value for h in query.having), query.claim.value if query.claim else None}
    yield from (f"{c.number:g}" for c in reading.conditions if c.number not in bounds)
    if "distinct" in reading.forms and not _counts_different(query, catalog):
        yield "different"
    shares = all(catalog.metrics[n].unit in _SHARES for n in query.metrics if n in catalog.metrics)
    for form, how in _MADE.items():
        made = query.derived is not None and query.derived.how is how
        if form in reading.forms and not made and not (form == "share" and shares):
            yield form.replace("_", " ")


def _counts_different(query: Query, catalog: Catalog) -> bool:
    """Whether things are counted, each once."""
    if query.derived is not None and query.derived.how is How.COUNT:
        return True
    named = (catalog.metrics[n] for n in query.metrics if n in catalog.metrics)
    return any("distinct" in (m.expression or "") or m.per is not None for m in named)


def _part_of_name(text: str, held: Iterable[Literal]) -> bool:
    """ "Vienna", where the figure knows no city but the store "Vienna Ring": that store is kept."""
    said = set(stems(text))
    return bool(said) and any(said <= set(stems(str(value))) for value in held)


def _asked(mention: MetricMention, query: Query, catalog: Catalog) -> bool:
    """Whether a metric is asked for, held to a bound, or only names the rows or the people."""
    used = {*query.metrics, *(h.metric for h in query.having), *(o.field for o in query.order_by)}
    if used & set(mention.names) or singulars(mention.text) in people_words(catalog):
        return True
    tables = {catalog.model_of(catalog.metrics[n]).table for n in used if n in catalog.metrics}
    own = {
        catalog.model_of(catalog.metrics[n]).table for n in mention.names if n in catalog.metrics
    }
    return mention.rows and bool(tables & own)
