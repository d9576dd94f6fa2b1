"""Which metric each phrase means: the best ranked that reaches what else is mentioned."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.catalog.figures import fits
from analytics.catalog.types import Metric, Unit
from analytics.text import stems
from analytics.types import How, Issue
from analytics.understand.reading import MetricMention
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.resolver.fitting import fitting, in_money
from analytics.wording import inside, listed, outset


def asked_metrics(asked: Asked) -> tuple[Metric, ...]:
    """One metric per mention: the best ranked that reaches what else is mentioned."""
    mentions = asked.reading.metrics or _implied(asked)
    if not mentions:
        raise Doubt(which_metric(asked))
    chosen = [in_money(asked, choose_metric(asked, mention)) for mention in mentions]
    if "average" in asked.reading.forms and not asked.reading.grain and not asked.reading.grouped:
        check_average(asked, chosen)
    _check_kind(asked, chosen)
    _check_speed(asked, chosen[0])
    return tuple({metric.name: metric for metric in chosen}.values())


def _check_kind(asked: Asked, metrics: Sequence[Metric]) -> None:
    """A median is no mean, and different things are no sum: never answered with another figure."""
    forms = asked.reading.forms
    if "median" in forms and not all("median" in (m.expression or "") for m in metrics):
        known = [
            inside(m.label)
            for m in asked.catalog.metrics.values()
            if "median" in (m.expression or "")
        ]
        own = [
            inside(m.label)
            for m in asked.catalog.metrics.values()
            if "median" in (m.expression or "") and m.model == metrics[0].model
        ]
        choices = (own or known)[:3]
        raise Doubt(
            Issue(
                "no_median",
                f"I have no median of {inside(metrics[0].label)}, but of these: "
                f"{listed(choices, quote=False)}.",
                tuple(choices) or (inside(metrics[0].label),),
            )
        )
    if "distinct" in forms and any(m.additive and m.expression != "count(*)" for m in metrics):
        raise Doubt(
            Issue(
                "not_distinct",
                f"{outset(metrics[0].label)} is a sum; it does not count different things.",
                (inside(metrics[0].label),),
            )
        )


_TIMES = frozenset({Unit.SECONDS, Unit.MINUTES, Unit.HOURS, Unit.DAYS})


def _check_speed(asked: Asked, metric: Metric) -> None:
    """ "Who resolves tickets fastest?" is about a time, not about how many, where there is such a time."""
    comparative = asked.reading.comparative
    said = {asked.reading.rank, comparative.way if comparative else None}
    if not said & {"fastest", "slowest", "faster", "slower"} or metric.unit in _TIMES:
        return
    tables = {asked.catalog.models[metric.model].table}
    times = [
        inside(m.label)
        for m in sorted(asked.catalog.metrics.values(), key=lambda m: -m.default_rank)
        if m.unit in _TIMES and asked.catalog.model_of(m).table in tables
    ][:3]
    if times:
        raise Doubt(
            Issue(
                "which_time",
                f"How fast by which time: {listed(times, quote=False)}?",
                tuple(_with_metric(asked, label) for label in times),
            )
        )


def check_average(asked: Asked, metrics: Sequence[Metric]) -> None:
    """ "average revenue" is no metric until it is said per what."""
    if not all(fits(How.MEAN, m) for m in metrics):
        return
    model = metrics[0].model
    others = [
        inside(m.label)
        for m in sorted(asked.catalog.metrics.values(), key=lambda m: -m.default_rank)
        if m.model == model and not m.additive and m.unit is metrics[0].unit
    ][:4]
    raise Doubt(
        Issue(
            "average_of_what",
            f"Average {inside(metrics[0].label)} per what? I know {listed(others, quote=False)}.",
            tuple(others),
        )
    )


def _implied(asked: Asked) -> tuple[MetricMention, ...]:
    conditions = [c for c in asked.reading.conditions if c.metrics]
    if conditions and (not asked.reading.rank or asked.reading.counted is not None):
        return tuple(
            MetricMention(c.metrics, c.metrics[0], c.at) for c in conditions if not c.times
        ) or tuple(MetricMention(c.metrics, c.metrics[0], c.at) for c in conditions)
    comparative = asked.reading.comparative.way if asked.reading.comparative else None
    for concept in (asked.reading.rank, asked.reading.direction, comparative):
        phrase = asked.known.vocabulary.implied.get(concept or "")
        if phrase:
            entries = asked.known.lexicon.lookup(stems(phrase))
            names = tuple(e.name for e in entries if e.role == "metric")
            if names:
                return (MetricMention(names, phrase, -1),)
    if asked.reading.rank == "most_common":
        rows = [
            m
            for m in asked.catalog.metrics.values()
            if m.expression == "count(*)" and m.where is None
        ]
        names = tuple(
            m.name
            for m in rows
            if not unreached(asked, m)
            and (not asked.reading.models or m.model in asked.reading.models)
        )
        return (MetricMention(names, "", -1),) if names else ()
    if asked.reading.models and not asked.reading.rank:
        rows = [m for m in asked.catalog.metrics.values() if m.expression == "count(*)"]
        names = tuple(m.name for m in rows if m.model in asked.reading.models)
        if names:
            return (MetricMention(names, "", -1),)
    return ()


def choose_metric(asked: Asked, mention: MetricMention, share: bool = False) -> Metric:
    """The best ranked metric of a phrase; with ``share`` rather a part of something.

    Raises Doubt where none fits, or several as well.
    """
    alternatives = [asked.catalog.metrics[n] for n in mention.names if n in asked.catalog.metrics]
    hinted = [m for m in alternatives if asked.catalog.model_of(m).name in asked.reading.models]
    if asked.reading.models and not hinted and not mention.rows:
        _check_hint(asked, mention, alternatives)
    pool = hinted or alternatives
    reaching = [m for m in pool if not unreached(asked, m)]
    if not reaching:
        raise Doubt(*cannot_split(asked, max(pool, key=lambda m: m.default_rank)))
    fit = fitting(asked, reaching, share)
    top = max(m.default_rank for m in fit)
    best = [m for m in fit if m.default_rank == top]
    if len(best) > 1:
        labels = [inside(m.label) for m in best]
        raise Doubt(
            Issue(
                "ambiguous_metric",
                f"“{mention.text}” could be {listed(labels)}. Which one?",
                tuple(labels),
            )
        )
    return best[0]


def _check_hint(asked: Asked, mention: MetricMention, alternatives: Sequence[Metric]) -> None:
    models = [
        asked.catalog.models[m].label for m in asked.reading.models if m in asked.catalog.models
    ]
    own = {asked.catalog.model_of(m).name for m in alternatives}
    tables = {asked.catalog.models[m].table for m in own}
    if tables & {asked.catalog.models[m].table for m in asked.reading.models}:
        return
    joined = {t for m in own for t in asked.catalog.models[m].joins}
    if any(asked.catalog.models[m].table in joined for m in asked.reading.models):
        return
    raise Doubt(
        Issue(
            "metric_not_in_source",
            f"{outset(alternatives[0].label)} does not exist for {listed(models)}.",
            (alternatives[0].label,),
        )
    )


def unreached(asked: Asked, metric: Metric) -> list[str]:
    """Words of the message that this metric cannot be split or filtered by."""
    reachable = asked.catalog.dimensions_of_metric(metric)
    missing = [
        m.text for m in asked.reading.dimensions if m.grouped and not set(m.names) & set(reachable)
    ]
    missing += [
        v.text for v in asked.reading.values if not any(x.dimension in reachable for x in v.values)
    ]
    missing += [
        " or ".join(c.dimensions)
        for c in asked.reading.conditions
        if c.dimensions and not c.metrics and not set(c.dimensions) & set(reachable)
    ]
    return missing


def cannot_split(asked: Asked, metric: Metric) -> list[Issue]:
    """One issue for each thing that the metric is not recorded by."""
    reachable = asked.catalog.dimensions_of_metric(metric)
    labels = [inside(d.label) for d in sorted(reachable.values(), key=lambda d: -d.specificity)]
    return [
        Issue(
            "dimension_not_available",
            f"{outset(metric.label)} is not recorded by “{text}”. It can be seen by "
            f"{listed(labels[:6], quote=False)}.",
            tuple(f"{inside(metric.label)} by {label}" for label in labels[:3]),
        )
        for text in unreached(asked, metric)
    ]


def which_metric(asked: Asked) -> Issue:
    """The question for a figure, where a message names none."""
    things = [m.text for m in asked.reading.dimensions] + [v.text for v in asked.reading.values]
    candidates = sorted(
        (
            m
            for m in asked.catalog.metrics.values()
            if not unreached(asked, m) and m.owner is not None
        ),
        key=lambda m: -m.default_rank,
    )
    labels = list(dict.fromkeys(inside(m.label) for m in candidates))[:4]
    about = f" about {listed(things)}" if things else ""
    if not labels:
        return Issue("no_metric", f"I have no figures{about}.", ("What can you do?",))
    return Issue(
        "no_metric",
        f"Which figure do you want{about}: {listed(labels, quote=False)}?",
        tuple(_with_metric(asked, label) for label in labels),
    )


def _with_metric(asked: Asked, label: str) -> str:
    if asked.reading.rank and asked.reading.dimensions:
        when = f" {asked.reading.times[0].label}" if asked.reading.times else ""
        return f"{asked.reading.dimensions[0].text} with the {asked.reading.rank} {label}{when}"
    parts = [label]
    parts += [f"by {m.text}" for m in asked.reading.dimensions if m.grouped]
    parts += [f"for {v.text}" for v in asked.reading.values]
    parts += [t.label for t in asked.reading.times[:1] if t.label]
    return " ".join(parts)
