"""What a careful analyst would say beside the figures, or instead of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from analytics.analyst.context import Context
from analytics.answer.format import days, moment
from analytics.answer.headline import last_step_runs, nothing_changed
from analytics.catalog.figures import fits
from analytics.catalog.types import COUNTED_DAYS
from analytics.query.execute import Executed
from analytics.query.time_part import days_by_part
from analytics.types import ColumnRole, Grain, How, Issue, Kind, Query, TimeRange
from analytics.wording import inside, outset


def _models(query: Query, context: Context) -> list[str]:
    if query.kind is Kind.EVIDENCE:
        return [query.metrics[0].split(".")[0]]
    names = []
    for name in query.metrics:
        metric = context.catalog.metrics[name]
        parts = (
            [context.catalog.metrics[m] for m in metric.ratio_of] if metric.ratio_of else [metric]
        )
        names += [context.catalog.model_of(m).name for m in parts]
    return list(dict.fromkeys(names))


def outside(query: Query, context: Context) -> Issue | None:
    """A period that the data does not touch gives no figure, not a zero."""
    ranges = [
        r for r in (query.time_range, query.comparison.range if query.comparison else None) if r
    ]
    for model in _models(query, context):
        span = context.coverage.get(model)
        for wanted in ranges:
            if span is None or (wanted.start <= span.last and wanted.end > span.first):
                continue
            label = inside(context.catalog.models[model].label)
            return Issue(
                "no_data_in_range",
                f"There are no {label} from {days(wanted)}: they run from {moment(span.first)} to "
                f"{moment(span.last)}.",
            )
    return None


def is_nothing(query: Query, executed: Executed) -> bool:
    """No row, or no figure in it."""
    if not executed.result.rows:
        return True
    if query.kind is Kind.VALUE:
        return all(value is None for value in executed.result.rows[0])
    return False


def nothing_text(query: Query, context: Context) -> str:
    """Why there is nothing, in words."""
    if query.kind is Kind.CHANGE:
        return nothing_changed(query, context.catalog)
    metric = context.catalog.metrics[query.metrics[0]]
    if query.having:
        return "None meets that condition."
    if query.kind is Kind.RANKING and metric.minimum_sample and not query.having:
        return (
            f"Nothing has the {metric.minimum_sample} responses that {inside(metric.label)} needs "
            "before it can be ranked."
        )
    label = outset(metric.label)
    return f"{label}: no data matches that."


def issues_of(query: Query, executed: Executed, context: Context) -> list[Issue]:
    """What a careful analyst would add to the figures."""
    found: list[Issue] = []
    result = executed.result
    for metric in (context.catalog.metrics[name] for name in query.metrics):
        if query.kind not in {Kind.RANKING, Kind.CHANGE}:
            found += _few(
                inside(metric.label), metric.minimum_sample, _samples(executed, metric.name)
            )
        elif metric.minimum_sample and not query.having:
            found.append(
                Issue(
                    "small_groups_left_out",
                    f"Only groups with at least {metric.minimum_sample} responses are ranked.",
                )
            )
    if query.time_range is not None and query.time_range.partial:
        found.append(_partial(query.time_range))
    elif last_step_runs(query, result):
        found.append(
            Issue(
                "partial_period", f"The last {query.grain} is not over: it counts the days so far."
            )
        )
    found += _gaps(query, executed, context)
    found += _uneven(query, context)
    if result.provenance.truncated:
        found.append(
            Issue(
                "truncated",
                f"Only the first {len(result.rows)} rows are shown; ask for fewer groups.",
            )
        )
    if query.kind is Kind.COMPARISON:
        found += _no_baseline(executed)
    found += _beyond(query, context)
    return found


_UNEVEN = 0.05
"""Below that, how often the parts of time come up makes no difference worth a word."""


def _uneven(query: Query, context: Context) -> list[Issue]:
    """Five Fridays sum to more than four Mondays: say so where totals are asked for."""
    metric = context.catalog.metrics[query.metrics[0]]
    named = context.catalog.dimensions_of_metric(metric)
    parts = [named[n] for n in query.group_by if n in named and named[n].part in COUNTED_DAYS]
    span = _days_of(query, context)
    if not parts or span is None or query.derived is not None or not fits(How.MEAN, metric):
        return []
    if query.kind not in {Kind.BREAKDOWN, Kind.RANKING}:
        return []
    part = parts[0]
    assert part.part is not None
    counts = days_by_part(span, part.part, part.ordered_values)
    most, least = max(counts, key=counts.__getitem__), min(counts, key=counts.__getitem__)
    if counts[most] - counts[least] <= _UNEVEN * counts[most]:
        return []
    return [
        Issue(
            "uneven_parts",
            f"These are totals of {counts[most]} days of {most} and {counts[least]} of {least}; "
            "the average of a day compares them fairly.",
            (f"average {inside(metric.label)} by {inside(part.label)} {_when(query)}".strip(),),
        )
    ]


def _when(query: Query) -> str:
    return query.time_range.label if query.time_range is not None else ""


def _days_of(query: Query, context: Context) -> TimeRange | None:
    """The days that a query reads: of its period, as far as there are data."""
    metric = context.catalog.metrics[query.metrics[0]]
    held = context.coverage.get(context.catalog.model_of(metric).name)
    named = query.time_range
    if held is None:
        return named
    start, end = held.first, context.warehouse.data_as_of + timedelta(days=1)
    if named is not None:
        start, end = max(start, named.start), min(end, named.end)
    return TimeRange(start, end) if start < end else None


def _gaps(query: Query, executed: Executed, context: Context) -> list[Issue]:
    """Days on which nothing happened are no rows: say how many of an asked period are missing."""
    if query.grain is not Grain.DAY or query.group_by or query.time_range is None or query.having:
        return []
    missing = query.time_range.days - len(executed.result.rows)
    if missing <= 0 or query.kind is not Kind.TREND:
        return []
    label = inside(context.catalog.metrics[query.metrics[0]].label)
    return [
        Issue(
            "gaps", f"{missing} of {query.time_range.days} days have no {label}; they are left out."
        )
    ]


def _samples(executed: Executed, metric: str) -> list[int]:
    name = f"{metric}__n"
    for position, column in enumerate(executed.result.columns):
        if column.name == name:
            return [
                int(v) if isinstance(v := row[position], int) else 0 for row in executed.result.rows
            ]
    return [int(v) if isinstance(v, int | float) else 0 for v in executed.hidden.get(name, ())]


def _few(label: str, least: int, samples: Sequence[int]) -> list[Issue]:
    small = [n for n in samples if n < least]
    if not least or not small:
        return []
    if len(samples) == 1:
        word = "response" if samples[0] == 1 else "responses"
        return [
            Issue("few_responses", f"Only {samples[0]} {word}: too few to rely on this {label}.")
        ]
    return [
        Issue(
            "few_responses",
            f"{len(small)} of {len(samples)} rows rest on fewer than {least} responses; "
            f"read their {label} with care.",
        )
    ]


def _partial(time_range: TimeRange) -> Issue:
    return Issue(
        "partial_period",
        f"{outset(time_range.label)} is not over: this counts {days(time_range)}.",
    )


def _no_baseline(executed: Executed) -> list[Issue]:
    for position, column in enumerate(executed.result.columns):
        if column.role is ColumnRole.BASELINE:
            missing = sum(1 for row in executed.result.rows if row[position] is None)
            if missing:
                return [
                    Issue(
                        "no_baseline",
                        f"{missing} of {len(executed.result.rows)} had nothing in the period "
                        "before, so no change is stated for them.",
                    )
                ]
    return []


def _beyond(query: Query, context: Context) -> list[Issue]:
    """The asked period goes on after the data ends."""
    if query.time_range is None:
        return []
    for model in _models(query, context):
        span = context.coverage.get(model)
        last_asked = query.time_range.end - timedelta(days=1)
        reaches = context.warehouse.data_as_of
        if span is not None and last_asked > reaches:
            label = inside(context.catalog.models[model].label)
            return [
                Issue(
                    "data_ends_earlier",
                    f"{outset(label)} reach to {moment(reaches)} only.",
                )
            ]
    return []


def span_words(query: Query, context: Context) -> str:
    """First and last day of the data behind a query."""
    spans = [context.coverage[m] for m in _models(query, context) if m in context.coverage]
    if not spans:
        return "no data"
    return f"{moment(min(s.first for s in spans))} to {moment(max(s.last for s in spans))}"
