"""A resolved query, run: each kind of query by what answers it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from analytics.analyst.clarifying import OVER_A_LIMIT, clarify, over_a_limit
from analytics.analyst.context import Context
from analytics.analyst.evidence import show_evidence
from analytics.analyst.issues import outside
from analytics.analyst.knowledge import Knowledge
from analytics.analyst.presenting import present
from analytics.analyst.themes import show_themes
from analytics.analyst.why import cannot_explain, show_drivers
from analytics.answer.recommend import Rule
from analytics.query.execute import execute
from analytics.types import Answer, Clarification, Kind
from analytics.understand.resolve import Resolution


def run(
    resolution: Resolution,
    context: Context,
    today: date,
    rules: Sequence[Rule],
    knowledge: Knowledge | None = None,
) -> Answer:
    """The answer to a query that may be asked."""
    query = resolution.query
    out_of_range = outside(query, context)
    if out_of_range is not None:
        return clarify(Clarification((*resolution.notes, out_of_range)), query)
    try:
        match query.kind:
            case Kind.EVIDENCE:
                return show_evidence(query, context, today, resolution.notes, knowledge)
            case Kind.DRIVERS:
                return _why(resolution, context, today, rules)
            case Kind.THEMES:
                return show_themes(query, context, today, resolution.notes, rules)
            case _:
                plan = context.plans.of(query)
                executed = execute(query, plan, context.catalog, context.warehouse)
    except OVER_A_LIMIT as error:
        return over_a_limit(error, query)
    return present(query, executed, context, today, resolution.notes, rules)


def _why(resolution: Resolution, context: Context, today: date, rules: Sequence[Rule]) -> Answer:
    query, notes = resolution.query, resolution.notes
    found = show_drivers(query, context, today, notes, rules)
    if found is not None:
        return found
    instead, issue = cannot_explain(query, context)
    return run(Resolution(instead, (*notes, issue)), context, today, rules)
