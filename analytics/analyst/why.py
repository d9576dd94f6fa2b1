"""Why a figure changed, as an answer: sentences, waterfall, customers' words, advice, next questions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from analytics.analyst.context import Context
from analytics.analyst.heard import Place, grown, quotes_from
from analytics.analyst.issues import issues_of
from analytics.analyst.suggest import offered
from analytics.answer.recommend import Rule, recommend
from analytics.answer.say import filters_in_force
from analytics.answer.themes import ThemeRow
from analytics.answer.why import driver_row, why_chart, why_table, why_text
from analytics.catalog.types import Better, Metric, SemanticModel
from analytics.drivers.explain import explain
from analytics.drivers.explanation import Driver, Explanation
from analytics.query.execute import Executed, definition
from analytics.types import (
    Answer,
    Direction,
    Filter,
    Grain,
    Issue,
    Kind,
    Op,
    OrderBy,
    Provenance,
    Query,
    Recommendation,
    Result,
)
from analytics.understand.resolver.evidence import EVIDENCE_LIMIT
from analytics.understand.times.units import default_grain
from analytics.wording import inside, listed, outset


def show_drivers(
    query: Query,
    context: Context,
    today: date,
    notes: Sequence[Issue],
    rules: Sequence[Rule],
) -> Answer | None:
    """The answer to "why"; None where the figure cannot be taken apart, or one side has no data."""
    started = time.perf_counter()
    warehouse = context.warehouse
    found = explain(query, context.catalog, context.tables, warehouse, warehouse.data_as_of)
    if found is None:
        return None
    elapsed = (time.perf_counter() - started) * 1000
    executed = _executed(found, context, elapsed)
    listened = _listened(found, context)
    heard = next((themes for _, themes in listened), ())
    following = offered(_next(found, context), context, today)
    return Answer(
        text=why_text(found, context.catalog, heard),
        query=query,
        columns=executed.result.columns,
        rows=executed.result.rows,
        chart=why_chart(found, context.catalog),
        evidence=quotes_from(listened, query, context),
        recommendations=_advice(found, executed, heard, context, rules),
        suggestions=tuple(following),
        choices=tuple(following.values()),
        issues=(*notes, *_issues(found, executed, context)),
        provenance=executed.result.provenance,
        filters=filters_in_force(query, context.catalog),
    )


def cannot_explain(query: Query, context: Context) -> tuple[Query, Issue]:
    """The plain comparison to show instead, and why."""
    label = context.catalog.metrics[query.metrics[0]].label
    issue = Issue(
        "no_decomposition",
        f"{outset(label)} is no sum, mean or ratio of sums over rows that both periods have, so its "
        "change has no exact parts. Here is the change itself.",
    )
    kind = Kind.COMPARISON if query.comparison is not None else Kind.BREAKDOWN
    group_by = () if kind is Kind.COMPARISON else query.group_by
    return replace(query, kind=kind, group_by=group_by), issue


def _executed(found: Explanation, context: Context, elapsed: float) -> Executed:
    columns, rows = why_table(found, context.catalog)
    metric = _metric(found, context)
    provenance = Provenance(
        query=found.query,
        sql=";\n\n".join(found.sql),
        metrics=(definition(context.catalog, metric),),
        snapshot=context.warehouse.snapshot,
        data_as_of=context.warehouse.data_as_of,
        row_count=len(rows),
        truncated=False,
        elapsed_ms=round(elapsed, 2),
    )
    hidden = {"cause": tuple(d.cause.value for d in found.drivers[:1])}
    return Executed(Result(columns, rows, provenance), hidden)


def _metric(found: Explanation, context: Context) -> Metric:
    return context.catalog.metrics[found.query.metrics[0]]


def _issues(found: Explanation, executed: Executed, context: Context) -> list[Issue]:
    fewest = min(found.units_before, found.units_now)
    counted = replace(executed, hidden={f"{found.query.metrics[0]}__n": (fewest,)})
    bare = replace(executed.result, columns=(), rows=())
    issues = issues_of(found.query, replace(counted, result=bare), context)
    if found.unsplit:
        known = context.catalog.dimensions_of_metric(_metric(found, context))
        names = listed([inside(known[name].label) for name in found.unsplit], quote=False)
        label = outset(_metric(found, context).label)
        issues.append(
            Issue(
                "not_split",
                f"{label}: no split by {names}, as what is counted can belong to several of them at once "
                "and parts would not add up.",
            )
        )
    return issues


def _worse(size: float, found: Explanation, context: Context) -> bool | None:
    """Whether a change is bad news; None where the catalog does not say."""
    better = _metric(found, context).better
    if better is Better.NEITHER or size == 0:
        return None
    return (size > 0) is (better is Better.LOWER)


def _advice(
    found: Explanation,
    executed: Executed,
    heard: Sequence[ThemeRow],
    context: Context,
    rules: Sequence[Rule],
) -> tuple[Recommendation, ...]:
    """What to do about the first driver; of a mere hint only where customers' words bear it out."""
    driver = next(iter(found.drivers), found.hint if heard else None)
    if driver is None:
        return ()
    worse = _worse(driver.part.contribution, found, context)
    if worse is None:
        return ()
    query = replace(
        found.query,
        direction=Direction.WORSENED if worse else Direction.IMPROVED,
        group_by=tuple(c.dimension for c in driver.part.conditions),
    )
    causes = {"cause": (driver.cause.value,), "theme": tuple(row.theme for row in heard[:1])}
    told = replace(executed, hidden={**executed.hidden, **causes})
    return recommend(rules, query, _driver_first(told, found, driver, context), context.catalog)


def _driver_first(
    executed: Executed, found: Explanation, driver: Driver, context: Context
) -> Executed:
    """A hint's own row for the rule to read: the table of groups is ordered otherwise."""
    if found.drivers:
        return executed
    row = driver_row(found, driver, context.catalog)
    return replace(executed, result=replace(executed.result, rows=(row,)))


def _focused(found: Explanation) -> list[tuple[Filter, ...]]:
    """The scope of each driver; the whole scope where there is none that can be asked for."""
    own = found.query.filters
    parts = [d.part for d in found.drivers or ([found.hint] if found.hint else [])]
    scopes = [(*own, *part.filters) for part in parts if part.filters is not None]
    return scopes or [own]


def _listened(found: Explanation, context: Context) -> list[tuple[Place, tuple[ThemeRow, ...]]]:
    """The drivers' texts, unhappy ones where it is bad news, each with the themes that grew in them."""
    if found.query.time_range is None:
        return []
    worse = _worse(found.change, found, context)
    places = []
    for filters in _focused(found):
        model = _source_of_words(found, filters, context)
        if model is not None:
            places.append(Place(model, filters, _mood(worse, model, filters, context)))
    return [(place, grown(place, found.query, context)) for place in places]


def _source_of_words(
    found: Explanation, filters: Sequence[Filter], context: Context
) -> SemanticModel | None:
    """The metric's own words, else another source's that knows the same groups."""
    own = context.catalog.model_of(_metric(found, context)).name
    models = sorted(context.catalog.models.values(), key=lambda m: (m.name != own, m.name))
    needed = {f.dimension for f in filters if f.op is not Op.CONTAINS}
    for model in models:
        if model.verbatims and needed and needed <= set(context.catalog.dimensions_of(model)):
            return model
    first = models[0]
    return first if first.verbatims and not needed else None


def _mood(
    worse: bool | None, model: SemanticModel, filters: Sequence[Filter], context: Context
) -> tuple[Filter, ...]:
    known = context.catalog.dimensions_of(model)
    if (
        worse is None
        or "sentiment" not in known
        or any(f.dimension == "sentiment" for f in filters)
    ):
        return ()
    return (Filter("sentiment", Op.IN, ("negative" if worse else "positive",)),)


def _next(found: Explanation, context: Context) -> Iterator[Query]:
    """What to ask next: the driver's words, its course over time, the change by its dimension."""
    query, metric = found.query, _metric(found, context)
    filters = _focused(found)[0]
    plain = Query(Kind.VALUE, (metric.name,), filters=filters, time_range=query.time_range)
    model = _source_of_words(found, filters, context)
    if model is not None:
        words = (f"{model.name}.verbatims",)
        yield replace(plain, kind=Kind.EVIDENCE, metrics=words, limit=EVIDENCE_LIMIT)
    yield replace(plain, kind=Kind.TREND, grain=_grain(query), order_by=(OrderBy("time", False),))
    for driver in found.drivers[:1]:
        by = driver.part.conditions[0].dimension
        whole = replace(plain, filters=query.filters)
        yield replace(whole, kind=Kind.BREAKDOWN, group_by=(by,), order_by=(OrderBy(metric.name),))
    yield replace(plain, kind=Kind.VALUE)


def _grain(query: Query) -> Grain:
    return default_grain(query.time_range) if query.time_range is not None else Grain.MONTH
