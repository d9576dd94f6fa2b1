"""Answers without figures: what a term means, what can be asked, and the small courtesies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analytics.analyst.context import Context
from analytics.answer.format import moment
from analytics.catalog.types import Dimension, Metric
from analytics.query.execute import definition
from analytics.types import Act, Answer, Cell, Column, ColumnRole, Issue, Provenance, Query
from analytics.understand.reading import Reading
from analytics.wording import inside, outset

WHAT_CAN_YOU_DO = "What can you do?"
_MOST_EXAMPLES = 5
_MOST_FIGURES = 4
_MOST_QUESTIONS = 3
_OFFERED = (
    Column("data", "string", "text", ColumnRole.INFO),
    Column("from", "date", "day", ColumnRole.INFO),
    Column("to", "date", "day", ColumnRole.INFO),
    Column("figures", "string", "text", ColumnRole.INFO),
    Column("questions", "string", "text", ColumnRole.INFO),
)


def define(reading: Reading, context: Context, previous: Query | None) -> Answer:
    """Definitions of the metrics and dimensions that a message names."""
    metrics = [_best(mention.names, context) for mention in reading.metrics]
    if not metrics and not reading.dimensions and previous is not None:
        metrics = [
            context.catalog.metrics[m] for m in previous.metrics if m in context.catalog.metrics
        ]
    if metrics:
        return _defined(metrics, context)
    names = [name for mention in reading.dimensions for name in mention.names]
    if names:
        found = _dimensions(names, context)
        return Answer("\n\n".join(_dimension_words(d, context) for d in found))
    issue = (
        reading.problems[0]
        if reading.problems
        else Issue("unknown_term", "I don't know that term.")
    )
    labels = sorted((m for m in context.catalog.metrics.values()), key=lambda m: -m.default_rank)[
        :3
    ]
    asked = tuple(f"What does {inside(m.label)} mean?" for m in labels)
    if issue.suggestions:
        return Answer(issue.message, issues=(issue,), suggestions=issue.suggestions)
    # Each asks for a definition, not for a figure: there is no query to send along.
    none = tuple(None for _ in asked)
    return Answer(issue.message, issues=(issue,), suggestions=asked, choices=none)


def define_metric(name: str, context: Context) -> Answer:
    """The definition of a metric, as the catalog has it."""
    return _defined([context.catalog.metrics[name]], context)


def _defined(metrics: Sequence[Metric], context: Context) -> Answer:
    text = "\n\n".join(_metric_words(m, context) for m in metrics)
    examples = tuple(e for m in metrics for e in m.examples)[:3]
    return Answer(text, suggestions=examples, provenance=_cited(metrics, context))


def _best(names: Sequence[str], context: Context) -> Metric:
    return max((context.catalog.metrics[n] for n in names), key=lambda m: m.default_rank)


def _metric_words(metric: Metric, context: Context) -> str:
    model = context.catalog.model_of(metric)
    lines = [f"{outset(metric.label)}: {metric.description}"]
    lines.append(
        f"Formula: {definition(context.catalog, metric).expression}, over {inside(model.label)}."
    )
    if metric.minimum_sample:
        lines.append(f"It takes at least {metric.minimum_sample} responses to be ranked.")
    if metric.better.value != "neither":
        lines.append(f"{metric.better.value.capitalize()} is better.")
    if metric.owner:
        lines.append(f"Owner: {metric.owner}.")
    return " ".join(lines)


def _dimensions(names: Sequence[str], context: Context) -> list[Dimension]:
    known = {
        d.name: d
        for m in context.catalog.models.values()
        for d in context.catalog.dimensions_of(m).values()
    }
    return [known[name] for name in dict.fromkeys(names) if name in known]


def _dimension_words(dimension: Dimension, context: Context) -> str:
    values = [
        v.value
        for found in context.known.values.exact.values()
        for v in found
        if v.dimension == dimension.name
    ]
    distinct = sorted(set(values))
    examples = (
        f" Values: {', '.join(distinct[:8])}{' …' if len(distinct) > 8 else ''}."
        if distinct
        else ""
    )
    description = dimension.description or "something to split and filter figures by."
    return f"{outset(dimension.label)}: {description}{examples}"


def _cited(metrics: Sequence[Metric], context: Context) -> Provenance:
    return Provenance(
        query=None,
        sql="",
        metrics=tuple(definition(context.catalog, m) for m in metrics),
        snapshot=context.warehouse.snapshot,
        data_as_of=context.warehouse.data_as_of,
        row_count=0,
        truncated=False,
        elapsed_ms=0.0,
    )


def capabilities(context: Context, act: Act) -> Answer:
    """What can be asked of the data at hand: sources, figures, and questions that run."""
    lead = "I answer questions about customers from this company's own data"
    if act in {Act.ASK, Act.REFINE, Act.UNSURE}:
        lead = "I did not find a figure in that. " + lead
    text = (
        f"{lead}, as of {moment(context.warehouse.data_as_of)}. "
        "Ask for a figure, a trend, a ranking, a comparison, what changed, or what customers say; "
        "then refine it (“and by region?”, “only last quarter”)."
    )
    if context.absent:
        text += (
            f" There is no data yet about {', '.join(inside(label) for label in context.absent)}."
        )
    ranked = sorted(context.catalog.metrics.values(), key=lambda m: (-m.default_rank, m.name))
    seen: dict[str, str] = {}
    for metric in ranked:
        if metric.examples:
            kind = len(seen) % len(metric.examples)
            seen.setdefault(context.catalog.model_of(metric).name, metric.examples[kind])
    issues = (
        (Issue("nothing_recognised", "I did not find a figure in that."),) if act is Act.ASK else ()
    )
    suggestions = tuple(seen.values())[:_MOST_EXAMPLES]
    if act is not Act.CAPABILITIES:
        return Answer(text, suggestions=suggestions, issues=issues)
    return Answer(text, None, _OFFERED, tuple(_offered(context)), suggestions=suggestions)


def _offered(context: Context) -> Iterator[tuple[Cell, ...]]:
    """A row for each kind of data: its days, its main figures, and questions that run."""
    for model in context.catalog.models.values():
        span = context.coverage.get(model.name)
        if span is None or not model.metrics:
            continue
        best = sorted(model.metrics, key=lambda m: -m.default_rank)
        figures = dict.fromkeys(inside(m.label) for m in best)
        asked = [m.examples for m in best if m.examples][:_MOST_QUESTIONS]
        # Of each figure another sort of question: plain, by something, over time, as they come.
        questions = dict.fromkeys(e[min(i, len(e) - 1)] for i, e in enumerate(asked))
        yield (
            model.label,
            span.first,
            span.last,
            ", ".join([*figures][:_MOST_FIGURES]),
            "\n".join(questions),
        )
    yield from ((label, None, None, None, None) for label in context.absent)


def small_talk(act: Act, context: Context) -> Answer:
    """Short courtesies, and an honest word where something is not offered yet."""
    suggestions = capabilities(context, Act.CAPABILITIES).suggestions[:3]
    match act:
        case Act.FEEDBACK:
            return Answer(
                "Thank you, noted. You can ask again in other words.", suggestions=suggestions
            )
        case Act.SUBSCRIBE:
            issue = Issue(
                "not_available", "I can't send answers on a schedule yet; you can ask me any time."
            )
            return Answer(issue.message, issues=(issue,), suggestions=suggestions)
        case _:
            return Answer("Hello! Ask me anything about our customers.", suggestions=suggestions)
