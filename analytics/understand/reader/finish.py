"""The finished reading: what only names a source, a share or a verb beside a noun is settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from analytics.catalog.types import Unit
from analytics.text import stems
from analytics.types import Issue
from analytics.understand.reader.draft import ASKING, Draft
from analytics.understand.reader.parts import take_parts_of_time
from analytics.understand.reader.rows import shows_rows, take_rows
from analytics.understand.reader.themes import THEMES
from analytics.understand.reader.things import YES_OR_NO
from analytics.understand.reading import MetricMention, Reading
from analytics.understand.spans import Span
from analytics.wording import listed

_SHARES = {Unit.RATIO, Unit.POINTS}


def finish(draft: Draft) -> Reading:
    """The reading, with metrics that only name the source turned into hints."""
    draft.metrics = _of_named_rows(draft)
    metrics = _shares(draft)
    take_parts_of_time(draft)
    if len(metrics) > 1:
        metrics = [m for m in metrics if not _only_names_source(draft, m)] or metrics[:1]
        for dropped in (m for m in draft.metrics if m not in metrics):
            draft.models.extend(_models_of(draft, dropped))
    metrics = _without_verbs(draft, metrics)
    _check_joined(draft, metrics)
    if shows_rows(draft):
        draft.forms.add("evidence")
    if THEMES in draft.forms:
        draft.forms.discard("evidence")
    if "evidence" in draft.forms:
        for mention in [m for m in metrics if m.rows]:
            draft.models.extend(_models_of(draft, mention))
        metrics = [m for m in metrics if not m.rows]
    if {"evidence", THEMES} & draft.forms:
        metrics = take_rows(draft, metrics)
    return Reading(
        metrics=tuple(metrics),
        dimensions=tuple(draft.dimensions),
        values=tuple(draft.values),
        times=tuple(draft.times),
        time_positions=tuple(draft.time_positions),
        pair=draft.pair,
        grain=draft.grain,
        grain_asked=draft.grain_asked,
        per=draft.per,
        place=draft.place,
        window=draft.window,
        comparative=draft.comparative,
        counted=draft.counted,
        supposes=draft.words(0, 1)[:1] != [] and draft.words(0, 1)[0] in YES_OR_NO,
        comparisons=frozenset(draft.comparisons)
        | (
            {"previous_period"}
            if any(c.startswith("previous_") for c in draft.comparisons)
            else set()
        ),
        versus_at=draft.versus_at,
        rank=draft.rank,
        count=draft.count,
        direction=draft.direction,
        forms=frozenset(draft.forms),
        conditions=tuple(draft.conditions),
        models=tuple(dict.fromkeys(draft.models)),
        search=draft.search,
        problems=tuple(draft.problems),
        notes=tuple(draft.notes),
        words=frozenset(t.word for t in draft.tokens),
    )


def _of_named_rows(draft: Draft) -> list[MetricMention]:
    """ "Tickets that came in": what happens to the rows named, not to something else."""
    catalog = draft.known.catalog
    rows = {catalog.models[catalog.metrics[n].model].table for m in draft.metrics if m.rows for n in m.names
            if catalog.metrics[n].model in catalog.models}  # fmt: skip
    if not rows:
        return draft.metrics

    def elsewhere(mention: MetricMention) -> bool:
        models = [catalog.metrics[n].model for n in mention.names]
        return mention.verb and not any(
            catalog.models[m].table in rows for m in models if m in catalog.models
        )

    return [m for m in draft.metrics if not elsewhere(m)]


def _shares(draft: Draft) -> list[MetricMention]:
    """ "what share of reviews was negative": the metric that the catalog calls "share negative"."""
    if "share" not in draft.forms:
        return draft.metrics
    if not draft.values and not draft.metrics:
        return draft.metrics
    for mention in draft.values if all(m.rows for m in draft.metrics) else ():
        for value in mention.values:
            entries = draft.known.lexicon.lookup(stems(f"share {value.value}"))
            names = tuple(e.name for e in entries if e.role == "metric")
            if names:
                draft.values.remove(mention)
                return [MetricMention(names, f"share {value.value}", mention.at)]
    named = _named_share(draft)
    if named is not None:
        return [named]
    linked = None if any(_names_a_share(draft, m) for m in draft.metrics) else _linked_share(draft)
    return draft.metrics if linked is None else [linked]


def _named_share(draft: Draft) -> MetricMention | None:
    """ "Pct negative reviews": the share that the catalog has of these rows."""
    for mention in draft.metrics:
        for phrase in (f"share of {mention.text}", f"share {mention.text}"):
            entries = draft.known.lexicon.lookup(stems(phrase))
            names = tuple(e.name for e in entries if e.role == "metric")
            if names and len(draft.metrics) == 1:
                return MetricMention(names, phrase, mention.at)
    return None


def _linked_share(draft: Draft) -> MetricMention | None:
    """ "percentage of orders that were returned": a share that the catalog knows by other words."""
    start = next(s.first for s in draft.spans if "share" in s.names("form"))
    ends = [s.last for s in draft.spans if s.first > start and (s.has("metric") or s.values)]
    if not ends or not any(m.verb for m in draft.metrics):
        return None
    text = draft.text(Span(start, max(ends)))
    links = draft.known.linker.metrics(text)
    if not links or not links[0].sure:
        return None
    metric = draft.known.catalog.metrics[links[0].name]
    if metric.unit not in _SHARES:
        return None
    draft.values.clear()
    draft.notes.append(Issue("read_as", f"I read “{text}” as {metric.label}."))
    return MetricMention((metric.name,), text, start)


def _names_a_share(draft: Draft, mention: MetricMention) -> bool:
    return any(draft.known.catalog.metrics[n].unit in _SHARES for n in mention.names)


def _without_verbs(draft: Draft, metrics: list[MetricMention]) -> list[MetricMention]:
    """ "revenue of products sold" is revenue; "units returned" is asked back."""
    metrics = _of_what_people_do(draft, metrics)
    named = [m for m in metrics if not m.verb]
    verbs = [m for m in metrics if m.verb and not _conjoined_metric(draft, m, metrics)]
    if not named or not verbs:
        return metrics
    catalog = draft.known.catalog.metrics
    for verb in verbs:
        for noun in named:
            first, second = catalog[noun.names[0]], catalog[verb.names[0]]
            if set(noun.names) & set(verb.names) or noun.rows or first.model != second.model:
                continue
            if first.unit is second.unit:
                if first.additive and second.additive and _modifies(draft, noun, verb):
                    # "units returned" are returned units
                    return [m for m in metrics if m is not noun]
                labels = (first.label, second.label)
                draft.problems.append(
                    Issue(
                        "two_metrics",
                        f"“{noun.text} … {verb.text}” could be {listed(labels)}. Which one?",
                        tuple(labels),
                    )
                )
                return metrics
    return [m for m in metrics if m not in verbs]


def _of_what_people_do(draft: Draft, metrics: list[MetricMention]) -> list[MetricMention]:
    """ "How many customers bought": of the figures that a word for people shares, that of what they did.

    Where what they did is a figure of people itself ("bought more than once"), it is the one.
    """
    catalog = draft.known.catalog.metrics
    found = list(metrics)
    for verb in [m for m in metrics if m.verb]:
        models = {catalog[n].model for n in verb.names}
        for noun in [m for m in found if not m.verb and len(m.names) > 1]:
            own = tuple(n for n in noun.names if catalog[n].model in models)
            if not own or noun.at > verb.at or draft.conjoined(noun.at + 1, verb.at):
                continue
            people = tuple(n for n in verb.names if catalog[n].per is not None)
            kept = replace(verb, names=people) if people else replace(noun, names=own)
            found = [m for m in found if m is not verb and m is not noun] + [kept]
    return found


def _check_joined(draft: Draft, metrics: Sequence[MetricMention]) -> None:
    """ "Revenue of customers acquired in Q1" is not revenue beside new customers: two figures are joined
    by a word or a comma, else one says something of the other that a query cannot."""
    catalog = draft.known.catalog.metrics
    places = sorted(metrics, key=lambda m: m.at)
    for one, other in pairwise(places):
        alike = {catalog[n].model for n in one.names} & {catalog[n].model for n in other.names}
        if alike or draft.problems or draft.conjoined(one.at + 1, other.at):
            continue
        labels = tuple(catalog[m.names[0]].label for m in (one, other))
        text = f"I can't tell how “{one.text}” and “{other.text}” belong together. Ask for one of them, "
        text += "or for both with an “and” between them."
        draft.problems.append(Issue("two_metrics", text, labels))


def _modifies(draft: Draft, noun: MetricMention, verb: MetricMention) -> bool:
    """ "Units that were returned", but not "return more of what they buy": nothing else lies between."""
    first, last = sorted((noun.at, verb.at))
    between = [s for s in draft.spans if first < s.first < last]
    return all(s.frame and draft.tokens[s.first].word not in ASKING for s in between)


def _conjoined_metric(draft: Draft, mention: MetricMention, metrics: list[MetricMention]) -> bool:
    others = [m.at for m in metrics if m is not mention and m.at < mention.at]
    return bool(others) and draft.conjoined(max(others) + 1, mention.at)


def _models_of(draft: Draft, mention: MetricMention) -> Sequence[str]:
    return [draft.known.catalog.metrics[name].model for name in mention.names]


def _only_names_source(draft: Draft, mention: MetricMention) -> bool:
    """ "net sentiment of reviews": a row word beside a real metric and no "and" between them."""
    if not mention.rows:
        return False
    others = [m for m in draft.metrics if not m.rows]
    if not others:
        return False
    return not any(
        draft.conjoined(min(m.at, mention.at) + 1, max(m.at, mention.at)) for m in others
    )
