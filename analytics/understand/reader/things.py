"""Values and dimensions: what is asked about, and what it is split by."""

from __future__ import annotations

from analytics.catalog.types import DimensionKind
from analytics.text import tokenize
from analytics.types import Issue
from analytics.understand.reader.draft import ASKING, JOINING, SHOWING, Draft
from analytics.understand.reader.roles import is_person
from analytics.understand.reading import DimensionMention, ValueMention
from analytics.understand.spans import Span
from analytics.understand.values import Value
from analytics.wording import listed

YES_OR_NO = {"did", "do", "does", "has", "have", "is", "are", "was", "were", "will"}


def add_value(draft: Draft, i: int, span: Span, excluded: bool) -> None:
    """A stored value; a dimension named beside it narrows which one is meant."""
    values, whole, named = span.values, False, span
    for neighbour in (draft.before(i), draft.after(i)):
        if neighbour is None or not neighbour.has("dimension"):
            continue
        narrowed = narrowed_by(draft, span, neighbour)
        if narrowed and not set(narrowed) & set(span.values):
            # "Dublin store" is one name from here on: it never falls back to the city.
            named = Span(min(span.first, neighbour.first), max(span.last, neighbour.last))
        values, whole = narrowed or values, whole or len(narrowed) > len(values)
    draft.values.append(
        ValueMention(values, draft.text(named), span.first, excluded, whole, _is_part(draft, span))
    )


def narrowed_by(draft: Draft, span: Span, thing: Span) -> tuple[Value, ...]:
    """The values of the thing named beside it that a value's words stand for: "the Vienna store" is a store
    in whose name "Vienna" is, though Vienna is a city, too."""
    names = thing.names("dimension")
    own = tuple(v for v in span.values if v.dimension in names)
    touches = span.first == thing.last or span.last == thing.first
    divided = "," in draft.message.text[draft.tokens[min(span.last, thing.last) - 1].end :][:1]
    if own or not touches or divided or len({v.dimension for v in span.values} & set(names)):
        return own
    return draft.known.values.holding(draft.text(span), names)


_PART_LEADS = frozenset("is are was were that come comes came".split())
_BEFORE_PART = 3


def _is_part(draft: Draft, span: Span) -> bool:
    """ "the app's share of revenue", "share of negative reviews", "what part of sales comes from the app"."""
    share = next((s for s in draft.spans if "share" in s.names("form")), None)
    if share is None:
        return False
    if span.first < share.first:
        return span.last == share.first
    named = any(s.has("metric") for s in draft.spans if share.last <= s.first < span.first)
    return not named or not _PART_LEADS.isdisjoint(
        draft.words(span.first - _BEFORE_PART, span.first)
    )


def add_dimension(draft: Draft, i: int, span: Span) -> None:
    """A dimension, and whether the answer is split by it."""
    names = span.names("dimension")
    before, after = draft.before(i), draft.after(i)
    for neighbour in (before, after):
        if neighbour is not None and neighbour.values and narrowed_by(draft, neighbour, span):
            return
    if after is not None and after.number is not None and _is_identifier(draft, names, after):
        return
    if after is not None and _numbered(draft, names, span, after):
        return
    marked = before is not None and "breakdown" in before.names("form")
    joined = bool(draft.dimensions and draft.dimensions[-1].grouped) and draft.conjoined(
        draft.dimensions[-1].at + 1, span.first
    )
    joined = joined or _joins_grain(draft, i, span)
    near = 1 if is_person(draft, span) else 2
    asked = bool(ASKING & set(draft.words(span.first - near, span.first)))
    asked = asked or (before is not None and before.number is not None and i > 1)
    ranked = before is not None and (
        before.has("rank")
        or before.number is not None
        or (draft.rank is not None and before.has("metric"))
    )
    counted = _is_counted(draft, span)
    if counted and draft.counted is None:
        draft.counted = span.first
    word = draft.tokens[span.last - 1].word
    plural = _is_plural(draft, names, word)
    listed = _lists_things(draft, i, span) if plural else _is_bare(draft, names, span)
    both = not {"or", "and", "vs", "versus"}.isdisjoint(draft.words(span.first, span.last))
    grouped = both or marked or joined or asked or ranked or listed or counted
    grouped = grouped or _is_conditioned(draft, i, span)
    if not marked and not asked and _is_held_to_a_bound(draft, names, span):
        grouped = False
    grouped = grouped or (plural and _names_metric_right_before(draft, before, span))
    single = not plural and (asked or ranked) and not marked
    if before is not None and before.number is not None and plural and i - 1 not in draft.used:
        draft.count = draft.count or int(before.number)
    draft.dimensions.append(
        DimensionMention(names, draft.text(span), span.first, grouped, single, marked)
    )


def _is_held_to_a_bound(draft: Draft, names: tuple[str, ...], span: Span) -> bool:
    """ "Units of products with a list price over 300": what has the bound, and the things that it keeps."""
    bounds = [c for c in draft.conditions if c.dimensions and not c.metrics and c.at > span.first]
    if any(set(names) & set(c.dimensions) for c in bounds):
        return True
    kept = draft.words(span.first - 1, span.first)[:1] in (["of"], ["for"], ["from"])
    return kept and bool(bounds) and draft.words(span.last, span.last + 1)[:1] in (
        ["with"], ["that"], ["whose"], ["which"], ["priced"],
    )  # fmt: skip


def _names_metric_right_before(draft: Draft, before: Span | None, span: Span) -> bool:
    """ "footfall stores yesterday": things in the plural right behind a figure, not "sold products"."""
    if before is None or before.last != span.first:
        return False
    metrics = draft.known.catalog.metrics
    named = [e for e in before.entries if e.role == "metric"]
    return any(e.phrase not in metrics[e.name].verbs for e in named)


def people_of(draft: Draft, i: int, span: Span) -> bool:
    """ "AOV of loyal customers": beside another metric, people of a kind, not how many there are."""
    if span.last - span.first < 2 or span.has("model"):
        return False
    last = draft.tokens[span.last - 1]
    people = [e.name for e in draft.known.lexicon.lookup((last.stem,)) if e.role == "dimension"]
    others = [
        s
        for k, s in enumerate(draft.spans)
        if s is not span and s.has("metric") and k not in draft.used and not s.values
    ]
    if (
        not others
        or not people
        or not is_person(draft, Span(0, 1, entries=draft.known.lexicon.lookup((last.stem,))))
    ):
        return False
    kind = draft.tokens[span.first : span.last - 1]
    values = draft.known.values.lookup(tuple(t.stem for t in kind))
    if not values:
        return False
    draft.values.append(ValueMention(values, draft.text(span), span.first))
    return True


def _is_counted(draft: Draft, span: Span) -> bool:
    """ "How many products …", "the number of stores …"."""
    before = draft.before(draft.spans.index(span))
    first = span.first
    if before is not None and "distinct" in before.names("form") and before.last == first:
        first = before.first
    lead = draft.words(first - 3, first)
    return lead[-2:] == ["how", "many"] or lead[-2:] in (["number", "of"], ["count", "of"])


def _is_conditioned(draft: Draft, i: int, span: Span) -> bool:
    """ "customers with more than 2 orders", "products that never sold": a condition on each of them."""
    after = draft.after(i)
    said = draft.words(span.last, span.last + 1)
    relative = bool(said) and said[0] in {
        "with",
        "who",
        "that",
        "which",
        "where",
        "whose",
        "having",
        "without",
    }
    held = any(c.metrics and c.at > span.first for c in draft.conditions)
    return held and (
        relative or (after is not None and (after.has("condition") or after.has("exclusion")))
    )


def _joins_grain(draft: Draft, i: int, span: Span) -> bool:
    """ "by month and region": the dimension shares the "by" of the grain."""
    earlier = draft.spans[i - 2] if i >= 2 else None
    return (
        earlier is not None
        and earlier.has("grain")
        and draft.words(span.first - 1, span.first)[0] in JOINING
    )


def _is_bare(draft: Draft, names: tuple[str, ...], span: Span) -> bool:
    """A thing named beside a metric with nothing said of it: telegraphic for "by"."""
    kinds = [
        draft.known.catalog.dimensions_of(m)[n].kind
        for m in draft.known.catalog.models.values()
        for n in names
        if n in draft.known.catalog.dimensions_of(m)
    ]
    return DimensionKind.CATEGORICAL in kinds and not is_person(draft, span)


def _lists_things(draft: Draft, i: int, span: Span) -> bool:
    """A bare plural lists things where it opens the message or something is said of each."""
    if is_person(draft, span) or draft.words(0, 1)[0] in YES_OR_NO:
        return False
    before, after = draft.words(0, span.first), draft.words(span.last, span.last + 1)
    opens = all(w in draft.known.vocabulary.frame for w in before) and before[-1:] != ["of"]
    every = draft.before(i)
    return bool(
        (opens and not {"in", "for", "from"} & set(before))
        or (before[-1:] and before[-1] in SHOWING)
        or (every is not None and "every" in every.names("form"))
        or (after and after[0] in {"with", "that", "where", "whose", "having"})
        or draft.direction
    )


def _is_plural(draft: Draft, names: tuple[str, ...], word: str) -> bool:
    for name in names:
        for model in draft.known.catalog.models.values():
            dimension = draft.known.catalog.dimensions_of(model).get(name)
            if dimension is not None:
                singular = {t.word for t in tokenize(dimension.label)}
                return word not in singular and word.endswith(("s", "people"))
    return word.endswith("s")


def _numbered(draft: Draft, names: tuple[str, ...], span: Span, after: Span) -> bool:
    """ "agent 27", where there is none: never all agents instead."""
    beside = after.number is not None and not after.time and after.first == span.last
    word = draft.tokens[span.last - 1].word
    if not beside or draft.spans.index(after) in draft.used or _is_plural(draft, names, word):
        return False
    text = f"{draft.text(span)} {draft.text(after)}"
    near = [n.value for n in draft.known.values.near(text, limit=20) if n.value.dimension in names]
    found = tuple(dict.fromkeys(value.value for value in near))[:3]
    told = f" Did you mean {listed(found)}?" if found else ""
    choices = tuple(draft.message.text.replace(text, name) for name in found)
    draft.problems.append(Issue("unknown_value", f"I found no {text}.{told}", choices))
    draft.used.add(draft.spans.index(after))
    return True


def _is_identifier(draft: Draft, names: tuple[str, ...], span: Span) -> bool:
    """ "customer 17850": the number is a value of the dimension."""
    for value in draft.known.values.lookup((draft.tokens[span.first].stem,)):
        if value.dimension in names:
            draft.values.append(ValueMention((value,), draft.text(span), span.first))
            draft.used.add(draft.spans.index(span))
            return True
    return False
