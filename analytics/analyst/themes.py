"""What customers talk about, as an answer: themes with volume, share, mood and change, and quotes of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from analytics.analyst.context import Context
from analytics.analyst.evidence import fetch_quotes
from analytics.analyst.issues import issues_of
from analytics.analyst.suggest import offered
from analytics.answer.recommend import Rule, recommend
from analytics.answer.say import filters_in_force
from analytics.answer.themes import (
    ThemeRow,
    ThemesFound,
    chosen,
    largest,
    themes_chart,
    themes_table,
    themes_text,
)
from analytics.query.aggregate import BEFORE
from analytics.query.execute import Executed, execute
from analytics.types import (
    Answer,
    Cell,
    Direction,
    Filter,
    Grain,
    Issue,
    Kind,
    Op,
    OrderBy,
    Query,
    Quote,
)
from analytics.understand.resolver.evidence import EVIDENCE_LIMIT
from analytics.understand.resolver.themes import COUNT, THEME
from analytics.understand.times.units import default_grain

QUOTED_THEMES = 5
LEAST_TEXTS = 30
_COMPLAINTS = "complaints"


def find_themes(
    query: Query, context: Context, among: Sequence[Filter] | None = None
) -> tuple[ThemesFound, Executed]:
    """The themes that a query asks for, in order, and the result they are read from.

    Shares are of all texts that pass the query's filters, or those of ``among``.
    """
    every = replace(query, limit=None)
    executed = execute(every, context.plans.of(every), context.catalog, context.warehouse)
    whole = query if among is None else replace(query, filters=tuple(among))
    totals = _totals(whole, context)
    rows = tuple(
        row
        for row in (_row(query, record, totals) for record in _records(executed))
        if row.texts or row.before
    )
    known = [t for t in totals.values() if t[0] is not None]
    now = sum(t[0] for t in known)
    before = sum(t[1] or 0 for t in known) if query.comparison is not None else None
    return chosen(ThemesFound(query, rows, now, before)), executed


def _records(executed: Executed) -> Iterator[dict[str, Cell]]:
    names = [c.name for c in executed.result.columns]
    for row in executed.result.rows:
        yield dict(zip(names, row, strict=True))


def _totals(query: Query, context: Context) -> dict[tuple[str, ...], tuple[int, int | None]]:
    """All texts in scope, by what else the themes are split by: now and before."""
    others = tuple(name for name in query.group_by if name != THEME)
    kind = Kind.BREAKDOWN if others else Kind.VALUE
    if query.comparison is not None:
        kind = Kind.COMPARISON
    whole = replace(
        query, kind=kind, metrics=query.metrics[:1], group_by=others, direction=None, order_by=(), limit=None,
        filters=tuple(f for f in query.filters if f.dimension != THEME),
    )  # fmt: skip
    executed = execute(whole, context.plans.of(whole), context.catalog, context.warehouse)
    count = query.metrics[0]
    return {
        tuple(str(r[name]) for name in others): (
            _count(r[count]),
            _count_or_none(r.get(f"{count}{BEFORE}")),
        )
        for r in _records(executed)
    }


def _row(
    query: Query, record: dict[str, Cell], totals: dict[tuple[str, ...], tuple[int, int | None]]
) -> ThemeRow:
    group = tuple(str(record[name]) for name in query.group_by if name != THEME)
    total, total_before = totals.get(group, (0, None))
    mood = record.get(query.metrics[1]) if len(query.metrics) > 1 else None
    compared = query.comparison is not None
    return ThemeRow(
        theme=str(record[THEME]),
        group=group,
        texts=_count(record[query.metrics[0]]),
        total=total,
        mood=float(mood) if isinstance(mood, int | float) else None,
        before=_count(record.get(f"{query.metrics[0]}{BEFORE}")) if compared else None,
        total_before=total_before,
    )


def _count(value: Cell) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _count_or_none(value: Cell) -> int | None:
    return None if value is None else _count(value)


def themes_result(query: Query, context: Context) -> Executed:
    """The answer's rows, for whoever points at them."""
    found, executed = find_themes(query, context)
    return replace(executed, result=themes_table(found, executed.result.provenance))


def show_themes(
    query: Query, context: Context, today: date, notes: Sequence[Issue], rules: Sequence[Rule]
) -> Answer:
    """The answer to "what do people talk about?", "top complaints about …", "what is new?"."""
    found, executed = find_themes(query, context)
    result = themes_table(found, executed.result.provenance)
    issues = [*notes, *_issues(found, replace(executed, result=result), context)]
    if not found.rows and query.direction is None:
        text = _nothing(found)
        issues.append(Issue("no_themes", text))
    else:
        text = themes_text(found, context.catalog)
    following = offered(_next(found), context, today)
    fired = replace(executed, result=result, hidden=_hidden(found))
    return Answer(
        text=text,
        query=query,
        columns=result.columns,
        rows=result.rows,
        chart=themes_chart(found, result, context.catalog) if found.rows else None,
        evidence=_quotes(found, context),
        recommendations=recommend(rules, query, fired, context.catalog),
        suggestions=tuple(following),
        choices=tuple(following.values()),
        issues=tuple(issues),
        provenance=result.provenance,
        filters=filters_in_force(query, context.catalog),
    )


def _nothing(found: ThemesFound) -> str:
    if not found.total:
        return "No feedback matches that."
    return f"None of the {found.total:,} texts that match has a clear theme."


def _hidden(found: ThemesFound) -> dict[str, tuple[Cell, ...]]:
    moods = {str(v) for f in found.query.filters if f.dimension == "sentiment" for v in f.values}
    return {"cause": (_COMPLAINTS,) if moods == {"negative"} else ()}


def _issues(found: ThemesFound, executed: Executed, context: Context) -> list[Issue]:
    query = found.query
    plain = replace(query, kind=Kind.RANKING, metrics=(COUNT,), comparison=None)
    issues = issues_of(plain, replace(executed, hidden={}), context)
    issues = [issue for issue in issues if issue.code != "truncated"]
    if 0 < found.total < LEAST_TEXTS:
        text = f"That is {found.total} texts in all; shares of so few say little."
        issues.append(Issue("few_responses", text))
    if query.comparison is not None and not found.total_before:
        issues.append(
            Issue("no_baseline", "There are no texts in the period before to compare with.")
        )
    return issues


def _quotes(found: ThemesFound, context: Context) -> tuple[Quote, ...]:
    """One or more texts of each of the first themes."""
    themes = largest(found.rows, QUOTED_THEMES)
    quotes: dict[tuple[str, str], Quote] = {}
    for place, theme in enumerate(themes):
        share = -(-(EVIDENCE_LIMIT - len(quotes)) // (len(themes) - place))
        fetched = fetch_quotes(_words_of(found.query, theme), context)
        fresh = [q for q in fetched if (q.source, q.id) not in quotes]
        quotes |= {(q.source, q.id): q for q in fresh[:share]}
    return tuple(quotes.values())


def _words_of(query: Query, theme: str) -> Query:
    kept = tuple(f for f in query.filters if f.dimension != THEME)
    return Query(
        Kind.EVIDENCE,
        metrics=("feedback.verbatims",),
        filters=(*kept, Filter(THEME, Op.IN, (theme,))),
        time_range=query.time_range,
        limit=EVIDENCE_LIMIT,
    )


def _next(found: ThemesFound) -> Iterator[Query]:
    """What to ask next: what grew, the first theme over time, the same by region, by product."""
    query = found.query
    plain = Query(Kind.VALUE, (COUNT,), filters=query.filters, time_range=query.time_range)
    for row in found.rows[:1]:
        about = (*query.filters, Filter(THEME, Op.IN, (row.theme,)))
        grain = default_grain(query.time_range) if query.time_range else Grain.MONTH
        yield replace(
            plain, kind=Kind.TREND, filters=about, grain=grain, order_by=(OrderBy("time", False),)
        )
        yield replace(
            plain,
            kind=Kind.BREAKDOWN,
            filters=about,
            group_by=("product",),
            order_by=(OrderBy(COUNT),),
        )
    if query.direction is None and query.comparison is not None:
        yield replace(query, direction=Direction.ROSE)
    for name in ("region", "category"):
        if name not in query.group_by:
            yield replace(query, group_by=(THEME, name), direction=None)
