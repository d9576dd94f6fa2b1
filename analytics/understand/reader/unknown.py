"""Words that nothing knows: linked, searched for, or named back."""

from __future__ import annotations

from collections.abc import Sequence

from analytics.text import stems
from analytics.types import Act, Issue, Mention, Role
from analytics.understand.reader.draft import TOPIC_LEADS, Draft
from analytics.understand.reader.rows import shows_rows
from analytics.understand.reading import DimensionMention, MetricMention, ValueMention
from analytics.understand.spans import Span
from analytics.understand.values import Value
from analytics.wording import inside, listed

_NEAR_ENOUGH = 86.0
_NEAR_ENOUGH_TO_NAME = 68.0


def read_unknown(draft: Draft) -> None:
    """Whatever no span explains is linked, searched for, or named back."""
    for run in _unknown_runs(draft):
        _place(draft, run)


def _unknown_runs(draft: Draft) -> list[Span]:
    """Unknown tokens, joined where they touch or lie in one mention."""
    runs: list[Span] = []
    for i, span in enumerate(draft.spans):
        if not span.unknown or i in draft.used:
            continue
        if runs and runs[-1].last == span.first:
            runs[-1] = Span(runs[-1].first, span.last)
        else:
            runs.append(span)
    return runs


def _place(draft: Draft, run: Span) -> None:
    text = draft.text(run)
    mention = draft.mentioned(run, Role.METRIC, Role.DIMENSION, Role.VALUE)
    if _place_value(draft, run, text):
        return
    if (
        mention is not None
        and mention.role is not Role.VALUE
        and _place_linked(draft, mention, run)
    ):
        return
    if "evidence" in draft.forms or shows_rows(draft) or _is_topic(draft, run):
        draft.search = f"{draft.search} {text}" if draft.search else text
        return
    if not draft.metrics and _place_metric(draft, mention.text if mention else text, run, mention):
        return
    draft.problems.append(_unknown_issue(draft, text, run))


def _is_topic(draft: Draft, run: Span) -> bool:
    """ "negative reviews about firmware": what the texts of the rows named are to be about."""
    models = [
        draft.known.catalog.metrics[name].model for m in draft.metrics for name in m.names[:1]
    ]
    texts = [
        name in draft.known.catalog.models and draft.known.catalog.models[name].verbatims
        for name in models
    ]
    lead = draft.words(run.first - 2, run.first)
    return bool(texts) and all(texts) and not TOPIC_LEADS.isdisjoint(lead)


def _place_value(draft: Draft, run: Span, text: str) -> bool:
    if not any(c.isalnum() for c in text):
        return False
    meant = draft.meant(run)
    single = run.last - run.first == 1 and draft.known.spelling.is_word(text.lower())
    single = single and not draft.mentioned(run, Role.VALUE)
    kind = draft.known.values.kind_in(meant, None, family=not single)
    if kind:
        draft.values.append(ValueMention(kind, text, run.first, whole=True))
        every = list(dict.fromkeys(value.value for value in kind))
        draft.notes.append(Issue("read_as", f"I read “{text}” as {_all(every)}."))
        return True
    hits = _named(draft.known.values.containing(stems(meant)))
    distinct = {(v.dimension, v.value) for v in hits}
    if single:
        hits, distinct = (), set()
    if distinct and len(distinct) == len({dimension for dimension, _ in distinct}):
        if _barely(text, hits[0]):
            draft.problems.append(_nothing_called(draft, text, (hits[0].value,)))
            return True
        draft.values.append(ValueMention(hits, text, run.first))
        draft.notes.append(Issue("read_as", f"I read “{text}” as “{hits[0].value}”."))
        return True
    if hits and _place_with_neighbours(draft, run):
        return True
    if hits:
        names = tuple(dict.fromkeys(v.value for v in hits))
        draft.problems.append(
            Issue(
                "ambiguous_value",
                f"“{text}” could be {listed(names[:5])}"
                + (f" or {len(names) - 5} more" if len(names) > 5 else "")
                + ". Which one do you mean?",
                tuple(draft.message.text.replace(text, name) for name in names[:5]),
            )
        )
        return True
    near = draft.known.values.near(meant, limit=1, cutoff=_NEAR_ENOUGH)
    if near and near[0].score >= _NEAR_ENOUGH and not draft.known.spelling.is_word(text.lower()):
        value = near[0].value
        draft.values.append(ValueMention((value,), text, run.first))
        draft.notes.append(Issue("read_as", f"I read “{text}” as “{value.value}”."))
        return True
    return False


def _place_with_neighbours(draft: Draft, run: Span) -> bool:
    """ "vista tv": what is unclear alone is one thing, or one family, with the value beside it."""
    whole = _joined_with_neighbours(draft, run)
    text = draft.text(whole)
    kind = draft.known.values.kind_in(text, None)
    if whole == run or not kind:
        return False
    draft.values = [v for v in draft.values if not whole.first <= v.at < whole.last]
    draft.values.append(ValueMention(kind, text, whole.first, whole=True))
    names = list(dict.fromkeys(value.value for value in kind))
    draft.notes.append(Issue("read_as", f"I read “{text}” as {_all(names)}."))
    return True


def _all(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _barely(text: str, value: Value) -> bool:
    """ "mexican" of "Corona Mexican Tray": less than half of a name is no name."""
    return 2 * len(stems(text)) < len(stems(value.words))


def _named(hits: Sequence[Value]) -> tuple[Value, ...]:
    """Names before addresses of pages: nobody says "/product/kettle" for the kettle."""
    names = tuple(hit for hit in hits if not hit.value.startswith("/"))
    return names or tuple(hits)


def _place_linked(draft: Draft, mention: Mention, run: Span) -> bool:
    if mention.role is Role.METRIC:
        return _place_metric(draft, mention.text, run, mention)
    links = draft.known.linker.dimensions(mention.text)
    if links and links[0].sure:
        draft.dimensions.append(
            DimensionMention((links[0].name,), mention.text, run.first, grouped=True)
        )
        return True
    return False


def _place_metric(draft: Draft, text: str, run: Span, mention: Mention | None) -> bool:
    links = draft.known.linker.metrics(text)
    guessed = mention is None and (
        draft.message.act is Act.REFINE or not links or not links[0].sure
    )
    if not links or guessed or _holds_several(draft, mention):
        return False
    if links[0].sure:
        if mention is not None:
            draft.metrics = [m for m in draft.metrics if not _within(draft, m.at, mention)]
        draft.metrics.append(MetricMention((links[0].name,), text, run.first))
        label = draft.known.catalog.metrics[links[0].name].label
        draft.notes.append(Issue("read_as", f"I read “{text}” as {label}."))
        return True
    labels = [draft.known.catalog.metrics[link.name].label for link in links[:3]]
    draft.problems.append(
        Issue(
            "unsure_metric",
            f"I am not sure what “{text}” stands for. Did you mean {listed(labels)}?",
            tuple(draft.message.text.replace(text, label) for label in labels),
        )
    )
    return True


def _holds_several(draft: Draft, mention: Mention | None) -> bool:
    """ "average rating plus review count": two figures, of which one must not swallow the other."""
    inside = {m.names for m in draft.metrics if mention and _within(draft, m.at, mention)}
    return len(inside) > 1


def _with_neighbours(draft: Draft, run: Span) -> str:
    """The run with a value right beside it: "Acme Wrench" where only "Acme" is known."""
    return draft.text(_joined_with_neighbours(draft, run))


def _joined_with_neighbours(draft: Draft, run: Span) -> Span:
    first, last = run.first, run.last
    for span in draft.spans:
        if span.values and span.last == run.first:
            first = span.first
        if span.values and span.first == run.last:
            last = span.last
    return run if (first, last) == (run.first, run.last) else Span(first, last)


def _within(draft: Draft, at: int, mention: Mention) -> bool:
    """ "lengthy visits" as a whole is the metric, not its "visits" beside it."""
    return mention.start <= draft.tokens[at].start < mention.end


def _nothing_called(draft: Draft, text: str, near: tuple[str, ...]) -> Issue:
    """Nothing of that name, and what comes near."""
    return Issue(
        "unknown_value",
        f"I found nothing called “{text}”. Did you mean {listed(near)}?",
        tuple(draft.message.text.replace(text, name) for name in near),
    )


def _unknown_issue(draft: Draft, text: str, run: Span) -> Issue:
    whole = _with_neighbours(draft, run)
    near = draft.known.values.near(whole, limit=3, cutoff=65.0)
    holding = _named(draft.known.values.containing(stems(draft.meant(run))))[:3]
    alike = [n.value for n in near if n.score >= _NEAR_ENOUGH_TO_NAME]
    names = tuple(
        dict.fromkeys(v.value for v in (*holding, *alike) if not v.value.startswith("/"))
    )[:3]
    if names:
        return _nothing_called(draft, whole, names)
    return Issue(
        "unknown_word",
        f"I don't know what “{text}” means: no table here is about it. To answer, one would be needed, "
        f"with a column that says which {_shared_key(draft)} each of its rows belongs to.",
        ("What can you do?",),
    )


def _shared_key(draft: Draft) -> str:
    """What a table of something new would be joined by: what the figure asked for is told apart by."""
    catalog = draft.known.catalog
    named = [name for mention in draft.metrics for name in mention.names if name in catalog.metrics]
    if not named:
        return "day, product or customer"
    reachable = catalog.dimensions_of_metric(catalog.metrics[named[0]])
    best = sorted(reachable.values(), key=lambda d: (-d.specificity, d.name))
    return listed(["day", *(inside(d.label) for d in best[:2])], quote=False)
