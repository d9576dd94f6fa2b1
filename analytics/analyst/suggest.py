"""Next questions: variations of the query, kept only if they read back as exactly that query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from analytics.analyst.context import Context
from analytics.answer.say import say
from analytics.catalog.types import DimensionKind
from analytics.types import (
    Act,
    ColumnRole,
    Filter,
    Grain,
    Kind,
    Op,
    OrderBy,
    ParsedMessage,
    Query,
    Result,
)
from analytics.understand.read import read
from analytics.understand.resolve import Resolution, resolve
from analytics.understand.resolver.evidence import EVIDENCE_LIMIT
from analytics.understand.times.units import default_grain

MOST = 3


def suggestions(
    query: Query, result: Result | None, context: Context, today: date
) -> dict[str, Query]:
    """Up to three questions that are known to run, each with its query."""
    return offered(_variations(query, result, context), context, today)


def offered(candidates: Iterable[Query], context: Context, today: date) -> dict[str, Query]:
    """The first three of some queries that read back as exactly themselves, by their questions."""
    found: dict[str, Query] = {}
    for candidate in candidates:
        text = say(candidate, context.catalog)
        if text not in found and _reads_back(text, candidate, context, today):
            found[text] = candidate
        if len(found) == MOST:
            break
    return found


def _reads_back(text: str, query: Query, context: Context, today: date) -> bool:
    act = Act.EXPLAIN if query.kind is Kind.DRIVERS else Act.ASK
    message = ParsedMessage(text, act, 1.0)
    reading = read(message, context.known, today)
    resolved = resolve(message, reading, context.known, None, today)
    if not isinstance(resolved, Resolution) or resolved.notes:
        return False
    got = resolved.query
    same = (got.kind, got.metrics, got.group_by, set(got.filters), got.grain) == (
        query.kind, query.metrics, query.group_by, set(query.filters), query.grain,
    )  # fmt: skip
    if not same or (got.time_range is None) != (query.time_range is None):
        return False
    if got.time_range is None or query.time_range is None:
        return True
    return (got.time_range.start, got.time_range.end) == (
        query.time_range.start,
        query.time_range.end,
    )


def _variations(query: Query, result: Result | None, context: Context) -> Iterator[Query]:
    if query.kind is Kind.EVIDENCE:
        yield from _after_evidence(query, context)
        return
    if query.kind is Kind.COMPARISON and not query.group_by:
        yield replace(query, kind=Kind.DRIVERS, direction=None, order_by=(), limit=None, chart=None)
    plain = Query(
        Kind.VALUE,
        metrics=query.metrics[:1],
        filters=query.filters,
        time_range=query.time_range,
    )
    top = _top_filter(query, result)
    if top is not None:
        focused = replace(plain, filters=(*plain.filters, top))
        yield from _evidence_of(focused, context)
        yield replace(
            focused, kind=Kind.TREND, grain=_grain(plain), order_by=(OrderBy("time", False),)
        )
    for dimension in _dimensions(plain, query, context):
        yield replace(
            plain, kind=Kind.BREAKDOWN, group_by=(dimension,), order_by=(OrderBy(plain.metrics[0]),)
        )
    if query.kind is not Kind.TREND:
        yield replace(
            plain, kind=Kind.TREND, grain=_grain(plain), order_by=(OrderBy("time", False),)
        )
    yield from _evidence_of(plain, context)


def _grain(query: Query) -> Grain:
    if query.time_range is None or query.time_range.start.year < 1000:
        return Grain.MONTH
    return default_grain(query.time_range)


def _top_filter(query: Query, result: Result | None) -> Filter | None:
    if result is None or not result.rows or len(query.group_by) != 1:
        return None
    for column, value in zip(result.columns, result.rows[0], strict=True):
        if column.role is ColumnRole.DIMENSION and isinstance(value, str):
            return Filter(column.name, Op.IN, (value,))
    return None


def _dimensions(plain: Query, query: Query, context: Context) -> list[str]:
    metric = context.catalog.metrics[plain.metrics[0]]
    filtered = {f.dimension for f in plain.filters}
    reachable = [
        d
        for d in context.catalog.dimensions_of_metric(metric).values()
        if d.kind is DimensionKind.CATEGORICAL
        and not d.person
        and d.name not in {*query.group_by, *filtered}
    ]
    return [d.name for d in sorted(reachable, key=lambda d: (-d.specificity, d.name))][:3]


def _evidence_of(focused: Query, context: Context) -> Iterator[Query]:
    model = context.catalog.model_of(context.catalog.metrics[focused.metrics[0]])
    if model.verbatims is None:
        return
    yield replace(
        focused, kind=Kind.EVIDENCE, metrics=(f"{model.name}.verbatims",), limit=EVIDENCE_LIMIT
    )


def _after_evidence(query: Query, context: Context) -> Iterator[Query]:
    name = query.metrics[0].split(".")[0]
    metrics = [m for m in context.catalog.metrics.values() if m.model == name and m.average_of]
    metrics.sort(key=lambda m: -m.default_rank)
    filters = tuple(
        f for f in query.filters if f.op is not Op.CONTAINS and f.dimension != "sentiment"
    )
    for metric in metrics[:2]:
        base = replace(query, metrics=(metric.name,), filters=filters, limit=None)
        yield replace(base, kind=Kind.VALUE)
        yield replace(base, kind=Kind.TREND, grain=_grain(base), order_by=(OrderBy("time", False),))
