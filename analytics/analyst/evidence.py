"""Customers' own words: as the answer itself, and beside a finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from analytics.analyst.context import Context
from analytics.analyst.knowledge import ALL_FEEDBACK, Knowledge
from analytics.analyst.suggest import suggestions
from analytics.answer.format import period
from analytics.answer.locale import number
from analytics.answer.mask import quotable
from analytics.answer.say import filters_in_force, filters_in_words
from analytics.catalog.types import Better, Metric, SemanticModel
from analytics.query.compile import compile_evidence
from analytics.query.execute import Executed, execute
from analytics.sources.warehouse import QueryBusy, QueryTimeout, QueryTooBig
from analytics.types import (
    Answer,
    ColumnRole,
    Direction,
    Filter,
    Issue,
    Kind,
    Op,
    Query,
    Quote,
)
from analytics.understand.resolver.evidence import EVIDENCE_LIMIT
from analytics.wording import inside

LEAST_ALIKE = 0.4
"""Score below which a text is not near: on real reviews, one in forty questions that none of them is
about gets further (`python -m tests.retrieval.calibrate`)."""
_CANDIDATES = 100
_MOST_ALLOWED = 10_000
"""With more texts than these in the scope, the nearest of all are narrowed to the scope afterwards."""
_BESIDE = 3
_LOSSES = {Direction.TURNED_NEGATIVE, Direction.WORSENED, Direction.FELL}
_GAINS = {Direction.TURNED_POSITIVE, Direction.IMPROVED, Direction.ROSE}


def show_evidence(
    query: Query,
    context: Context,
    today: date,
    notes: Sequence[Issue],
    knowledge: Knowledge | None = None,
) -> Answer:
    """Quotes that match the filters, and how many there are in all.

    Where few say what is searched for in its words, some that come near in meaning go with them.
    """
    executed, quotes = _fetch(query, context)
    matching = executed.hidden.get("matching", ())
    total = int(str(matching[0])) if matching else 0
    near = _near(query, quotes, context, knowledge)
    model = context.catalog.models[query.metrics[0].split(".")[0]]
    scope = filters_in_words(query, context.catalog)
    words = f" ({'; '.join(scope)})" if scope else ""
    when = f", {period(query.time_range)}" if query.time_range else ""
    text = (
        f"{number(total, ',')} {inside(model.label)} match{words}{when}. "
        f"{_which(query, total, len(quotes))}:"
        if total
        else f"Those were all {inside(model.label)} that match{words}{when}."
        if query.skip
        else f"No {inside(model.label)} match{words}{when}."
    )
    issues = list(notes)
    if near:
        others = f"these {len(near)} come" if len(near) > 1 else "this one comes"
        text += f" In other words, {others} near in meaning{':' if not total else '.'}"
    elif not total and not query.skip:
        issues.append(Issue("no_data", text))
    following = suggestions(query, None, context, today)
    return Answer(
        text=text,
        query=query,
        evidence=(*quotes, *near),
        suggestions=tuple(following),
        choices=tuple(following.values()),
        issues=tuple(issues),
        provenance=replace(executed.result.provenance, row_count=total),
        filters=filters_in_force(query, context.catalog),
    )


def _near(
    query: Query, quotes: Sequence[Quote], context: Context, knowledge: Knowledge | None
) -> tuple[Quote, ...]:
    """Texts near in meaning to what was searched for, as many as there is room for."""
    searched = [str(f.values[0]) for f in query.filters if f.op is Op.CONTAINS]
    room = (query.limit or EVIDENCE_LIMIT) - len(quotes)
    if not searched or knowledge is None or query.skip or room <= 0:
        return ()
    wide = replace(query, filters=tuple(f for f in query.filters if f.op is not Op.CONTAINS))
    known = {(quote.source, quote.id) for quote in quotes}
    found = nearest_quotes(wide, " ".join(searched), context, knowledge, room + len(quotes))
    return tuple(q for q in found if (q.source, q.id) not in known)[:room]


def nearest_quotes(
    query: Query, text: str, context: Context, knowledge: Knowledge, most: int
) -> tuple[Quote, ...]:
    """Of the texts that an evidence query finds, those nearest to ``text``, best first.

    The index says which are near; the query says which may be seen, and brings their words.
    """
    model = context.catalog.models[query.metrics[0].split(".")[0]]
    indexes = knowledge.verbatims(context.warehouse, model.table)
    if not indexes:
        return ()
    query = replace(query, skip=0)
    allowed: list[str] | None = None
    if query.filters or query.time_range is not None:
        executed, _ = _fetch(replace(query, limit=_MOST_ALLOWED), context)
        allowed = [str(row[0]) for row in executed.result.rows]
        if len(allowed) == _MOST_ALLOWED:
            allowed = None
    found = []
    for lead, index in indexes.items():
        own = (
            None
            if allowed is None
            else [i.removeprefix(lead) for i in allowed if i.startswith(lead)]
        )
        near = index.search(text, _CANDIDATES, LEAST_ALIKE, own)
        found += [(score, lead + key) for score, key in near]
    ranked = [key for _, key in sorted(found, key=lambda one: (-one[0], one[1]))]
    if not ranked:
        return ()
    limited = replace(query, limit=len(ranked))
    plan = compile_evidence(limited, context.catalog, context.tables, ids=ranked)
    rows = _rows(execute(limited, plan, context.catalog, context.warehouse))
    by_id = {str(row["id"]): row for row in rows}
    distinct = {str(by_id[key]["text"]): by_id[key] for key in reversed(ranked) if key in by_id}
    return tuple(_quote(model, row) for row in reversed(distinct.values()))[:most]


def _which(query: Query, total: int, shown: int) -> str:
    if query.skip:
        return f"Number {query.skip + 1} to {query.skip + shown}"
    return "Here they are" if total <= shown else f"The {shown} that speak most clearly"


def _fetch(query: Query, context: Context) -> tuple[Executed, tuple[Quote, ...]]:
    plan = context.plans.of(query)
    executed = execute(query, plan, context.catalog, context.warehouse)
    model = context.catalog.models[query.metrics[0].split(".")[0]]
    return executed, tuple(_quote(model, row) for row in _rows(executed))


def _rows(executed: Executed) -> list[dict[str, Any]]:
    names = [c.name for c in executed.result.columns]
    return [dict(zip(names, row, strict=True)) for row in executed.result.rows]


def _quote(model: SemanticModel, row: dict[str, Any]) -> Quote:
    created = row["created_at"]
    source, key = _origin(model, str(row["id"]))
    return Quote(
        source=source,
        id=key,
        quote=quotable(str(row["text"])),
        sentiment=row["sentiment"],
        product=row["product"],
        created_at=created if isinstance(created, datetime) else None,
    )


def _origin(model: SemanticModel, key: str) -> tuple[str, str]:
    """Where a text comes from: one of all feedback is called "reviews/R1"."""
    source, slash, own = key.partition("/")
    return (source, own) if slash and model.table == ALL_FEEDBACK else (model.name, key)


def fetch_quotes(query: Query, context: Context) -> tuple[Quote, ...]:
    """The words that an evidence query finds."""
    return _fetch(query, context)[1]


def quotes_for(query: Query, executed: Executed, context: Context) -> tuple[Quote, ...]:
    """A few words of customers that belong to the first row of a ranking or change of opinions."""
    metric = context.catalog.metrics[query.metrics[0]]
    if metric.ratio_of is not None or query.kind not in {Kind.CHANGE, Kind.RANKING}:
        return ()
    model = context.catalog.models[metric.model]
    sentiment = _telling_sentiment(query, metric)
    if model.verbatims is None or sentiment is None or not executed.result.rows:
        return ()
    filters = [*query.filters]
    for column, value in zip(executed.result.columns, executed.result.rows[0], strict=True):
        if column.role is ColumnRole.DIMENSION and isinstance(value, str | int | float):
            filters.append(Filter(column.name, Op.IN, (value,)))
    reachable = context.catalog.dimensions_of(model)
    if "sentiment" in reachable and not any(f.dimension == "sentiment" for f in filters):
        filters.append(Filter("sentiment", Op.IN, (sentiment,)))
    evidence = Query(
        Kind.EVIDENCE,
        metrics=(f"{model.name}.verbatims",),
        filters=tuple(filters),
        time_range=query.time_range,
        limit=_BESIDE,
    )
    try:
        return _fetch(evidence, context)[1]
    except (QueryBusy, QueryTimeout, QueryTooBig):
        return ()  # the finding stands without them


def _telling_sentiment(query: Query, metric: Metric) -> str | None:
    """Which voices explain the row: the unhappy ones where it is bad news."""
    if metric.average_of is None:
        return None
    if query.direction in _LOSSES:
        return "positive" if metric.better is Better.LOWER else "negative"
    if query.direction in _GAINS:
        return "negative" if metric.better is Better.LOWER else "positive"
    if not query.order_by:
        return None
    good_first = query.order_by[0].descending == (metric.better is Better.HIGHER)
    return "positive" if good_first else "negative"
