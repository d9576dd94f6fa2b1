"""Texts of customers that are like a given one."""

from __future__ import annotations

from dataclasses import replace

from analytics.analyst.clarifying import clarify
from analytics.analyst.evidence import nearest_quotes
from analytics.analyst.turn import Turn
from analytics.answer.format import period
from analytics.answer.say import filters_in_words
from analytics.query.authorize import authorize
from analytics.types import Act, Answer, Clarification, Issue, Op, ParsedMessage, Query
from analytics.understand.read import read
from analytics.understand.resolve import resolve
from analytics.understand.resolver.evidence import EVIDENCE_LIMIT
from analytics.understand.sample import Sample
from analytics.wording import inside


def show_alike(sample: Sample, turn: Turn) -> Answer | None:
    """The nearest texts within what is asked for; None where no texts are indexed."""
    if turn.knowledge is None:
        return None
    query = _scope(sample, turn)
    if isinstance(query, Clarification):
        return clarify(query)
    searched = [str(f.values[0]) for f in query.filters if f.op is Op.CONTAINS]
    query = replace(query, filters=tuple(f for f in query.filters if f.op is not Op.CONTAINS))
    wanted = " ".join([*searched, sample.text])
    model = turn.context.catalog.models[query.metrics[0].split(".")[0]]
    if not turn.knowledge.verbatims(turn.context.warehouse, model.table):
        return None
    most = query.limit or EVIDENCE_LIMIT
    quotes = nearest_quotes(query, wanted, turn.context, turn.knowledge, most)
    scope = filters_in_words(query, turn.context.catalog)
    words = f" ({'; '.join(scope)})" if scope else ""
    when = f", {period(query.time_range)}" if query.time_range else ""
    label = inside(model.label)
    if quotes:
        text = f"The {label} nearest to that in words and meaning{words}{when}, the nearest first:"
        return Answer(text, evidence=quotes)
    text = f"No {label}{words}{when} come near to that."
    return Answer(text, issues=(Issue("nothing_found", text),))


def _scope(sample: Sample, turn: Turn) -> Query | Clarification:
    """The evidence query of the words before the sample, as this viewer may run it."""
    known = turn.context.known
    for_words = known.vocabulary.concepts["form"]["evidence"][0]
    message = ParsedMessage(f"{for_words}: {sample.asked}", Act.ASK, 1.0)
    reading = read(message, known, turn.today)
    resolved = resolve(message, reading, known, None, turn.today)
    if isinstance(resolved, Clarification):
        return resolved
    allowed = authorize(resolved.query, turn.viewer, turn.context.catalog)
    return Clarification((allowed,)) if isinstance(allowed, Issue) else allowed
