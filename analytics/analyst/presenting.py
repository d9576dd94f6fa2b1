"""A result as an answer: headline, chart, words of customers, advice, next questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from analytics.analyst.context import Context
from analytics.analyst.evidence import quotes_for
from analytics.analyst.issues import is_nothing, issues_of, nothing_text, span_words
from analytics.analyst.suggest import suggestions
from analytics.answer.charts import chart
from analytics.answer.derived import as_told
from analytics.answer.headline import headline
from analytics.answer.locale import spoken
from analytics.answer.recommend import Rule, recommend
from analytics.answer.say import filters_in_force
from analytics.answer.verdict import verdict
from analytics.query.execute import Executed
from analytics.types import Answer, Issue, Kind, Query


def present(
    query: Query,
    executed: Executed,
    context: Context,
    today: date,
    notes: Sequence[Issue],
    rules: Sequence[Rule],
) -> Answer:
    """All that is said and shown about a result."""
    result = executed.result
    told = as_told(query, context.catalog)
    issues = (*notes, *issues_of(query, executed, context))
    if is_nothing(query, executed):
        return _nothing(query, executed, context, today, issues)
    following = suggestions(query, result, context, today)
    return Answer(
        text=verdict(query, executed, context.catalog)
        + headline(query, result, told, span_words(query, context), context.catalog),
        query=query,
        columns=result.columns,
        rows=result.rows,
        chart=chart(query, result, told, spoken()),
        evidence=quotes_for(query, executed, context),
        recommendations=recommend(rules, query, executed, context.catalog),
        suggestions=tuple(following),
        choices=tuple(following.values()),
        issues=issues,
        provenance=result.provenance,
        filters=filters_in_force(query, context.catalog),
    )


def _nothing(
    query: Query, executed: Executed, context: Context, today: date, issues: Sequence[Issue]
) -> Answer:
    """No row, or no figure in it. That nothing changed is an answer; else it is a lack of data."""
    text = nothing_text(query, context)
    unchanged = query.kind is Kind.CHANGE
    following = suggestions(query, None, context, today)
    return Answer(
        text,
        query,
        executed.result.columns,
        () if unchanged else executed.result.rows,
        issues=tuple(issues) if unchanged else (*issues, Issue("no_data", text)),
        suggestions=tuple(following),
        choices=tuple(following.values()),
        provenance=executed.result.provenance,
        filters=filters_in_force(query, context.catalog),
    )
