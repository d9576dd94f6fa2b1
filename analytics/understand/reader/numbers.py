"""Numbers: conditions on rows or groups, and how many are asked for."""

from __future__ import annotations

from dataclasses import replace

from analytics.catalog.types import DimensionKind
from analytics.text import singular, singulars
from analytics.types import Grain, Issue, Op
from analytics.understand.reader.draft import Draft
from analytics.understand.reading import Condition, MetricMention, Per
from analytics.understand.spans import Span


def read_conditions(draft: Draft) -> None:
    """Numbers held against something ("under 3 stars", "more than 50 reviews")."""
    read_per(draft)
    for i, span in enumerate(draft.spans):
        if span.number is None or span.time or i in draft.used:
            continue
        if _steps(draft, i, span) or _between(draft, i, span):
            continue
        before, after = draft.before(i), draft.after(i)
        operator, claimed = _operator(draft, i, before, after)
        times = _is_times(draft, span)
        if operator is None and times:
            operator = Op.EQ
        target = draft.after(max(claimed | {i})) if claimed or after is None else after
        if _unit_condition(draft, i, span, operator, claimed):
            continue
        if operator is None:
            continue
        held = len(draft.conditions)
        _metric_condition(draft, i, span, operator, claimed, target)
        if times:
            draft.conditions[held:] = [replace(c, times=True) for c in draft.conditions[held:]]


_LEADS = (
    ("per",), ("/",), ("divided", "by"), ("in", "relation", "to"), ("for", "every"), ("for", "each"),
    ("as", "a", "ratio", "of"), ("to",),
)  # fmt: skip


def read_per(draft: Draft) -> None:
    """ "Returns per order", "tickets per 100 orders", "clicks / impressions": a ratio of two metrics that
    are both named."""
    for i, span in enumerate(draft.spans):
        if not span.has("metric") or span.has("dimension") or i in draft.used:
            continue
        size, first, claimed = 1, span.first, {i}
        number = draft.spans[i - 1].number if i else None
        if number is not None and number >= 1:
            size, first, claimed = int(number), draft.spans[i - 1].first, {i, i - 1}
        lead = next((w for w in _LEADS if tuple(draft.words(first - len(w), first)) == w), None)
        if lead is None or (lead == ("to",) and "ratio" not in {t.word for t in draft.tokens}):
            continue
        begin = first - len(lead)
        before = [s for s in draft.spans if s.last <= begin]
        named = any(s.has("metric") for s in before)
        if lead == ("/",):
            named = bool(before) and before[-1].has("metric")
        if not named:
            continue
        inside = {k for k, s in enumerate(draft.spans) if begin <= s.first < first}
        draft.per = Per(span.names("metric"), draft.text(span), size)
        draft.used |= claimed | inside


def _steps(draft: Draft, i: int, span: Span) -> bool:
    """ "7-day moving average", "rolling average over 4 weeks": the number and the width of its steps."""
    if not any("moving_average" in s.names("form") for s in draft.spans):
        return False
    unit = draft.after(i)
    if unit is None or not unit.has("grain") or not (span.number or 0) >= 2:
        return False
    draft.window, draft.grain = int(span.number or 0), Grain(unit.names("grain")[0])
    draft.used |= {i, draft.spans.index(unit)}
    return True


def _between(draft: Draft, i: int, span: Span) -> bool:
    """ "between 2 and 4 stars", "revenue between 100 and 500": two conditions on one thing."""
    second = next((s for s in draft.spans[i + 1 : i + 3] if s.number is not None), None)
    lead = draft.words(span.first - 1, span.first)
    if second is None or second.time or lead not in (["between"], ["from"]):
        return False
    join = draft.words(span.last, second.first)
    if join not in (["and"], ["to"], []) or (lead == ["from"] and join == ["and"]):
        return False
    position = draft.spans.index(second)
    assert span.number is not None
    assert second.number is not None
    unit = draft.after(position)
    if unit is not None and (unit.has("unit") or unit.has("metric")):
        names = unit.names("unit"), unit.names("metric")
        draft.used.add(draft.spans.index(unit))
        if unit.has("unit"):
            _counts_rows(draft, unit)
    else:
        found = _named_before(draft, i)
        if found is None:
            return False
        names = _numeric(draft, found.names("dimension")), found.names("metric")
        _claim_condition_metric(draft, found)
    if names[0] and names[1]:
        names = names[0], ()
    scale = 0.01 if second.number < 1 <= span.number else 1.0  # "between 5 and 10 %"
    for op, number in ((Op.GE, span.number * scale), (Op.LE, second.number)):
        draft.conditions.append(Condition(op, number, span.first, *names))
    draft.used |= {i, position}
    return True


def _named_before(draft: Draft, first: int) -> Span | None:
    found = (s for s in reversed(draft.spans[:first]) if s.has("metric") or s.has("dimension"))
    return next(found, None)


def _claim_condition_metric(draft: Draft, previous: Span) -> None:
    """A metric that only a condition speaks of is not asked for, where another one is."""
    if not previous.has("metric"):
        return
    others = [
        s
        for i, s in enumerate(draft.spans)
        if s.has("metric") and s is not previous and i not in draft.used
    ]
    if others:
        draft.used.add(draft.spans.index(previous))


def _operator(
    draft: Draft, i: int, before: Span | None, after: Span | None
) -> tuple[Op | None, set[int]]:
    names = {"gt": Op.GT, "ge": Op.GE, "lt": Op.LT, "le": Op.LE, "eq": Op.EQ}
    if before is not None and before.has("condition"):
        return names[before.names("condition")[0]], {draft.spans.index(before)}
    if after is not None and after.has("condition"):
        return names[after.names("condition")[0]], {draft.spans.index(after)}
    if before is not None and before.frame is False and before.has("direction"):
        return None, set()
    symbol = draft.words(draft.spans[i].first - 1, draft.spans[i].first)
    symbols = {">": Op.GT, ">=": Op.GE, "<": Op.LT, "<=": Op.LE, "=": Op.EQ}
    if symbol and symbol[0] in symbols:
        return symbols[symbol[0]], {i - 1}
    return None, set()


def _is_times(draft: Draft, span: Span) -> bool:
    """ "bought twice", "ordered 3 times": how often, said of what happened."""
    word = draft.tokens[span.first].word
    often = word in _OFTEN or draft.words(span.last, span.last + 1) in (["times"], ["time"])
    return often and any(s.has("metric") for s in draft.spans[: draft.spans.index(span)])


_OFTEN = {"once", "twice", "thrice"}


def _unit_condition(
    draft: Draft, i: int, span: Span, operator: Op | None, claimed: set[int]
) -> bool:
    """ "under 3 stars", "5-star", "2 stars or less", "4 or 5 stars"."""
    assert span.number is not None
    candidates = [draft.after(i)]
    if candidates[0] is not None and candidates[0].has("condition"):
        candidates.append(draft.after(draft.spans.index(candidates[0])))
    for unit in candidates:
        if unit is None or not unit.has("unit"):
            continue
        position = draft.spans.index(unit)
        trailing = draft.after(position)
        if operator is None and trailing is not None and trailing.has("condition"):
            operator, extra = _operator(draft, position, None, trailing)
            claimed = claimed | extra
        _counts_rows(draft, unit)
        numbers = [span.number, *_listed_numbers(draft, i)]
        for number in numbers:
            draft.conditions.append(
                Condition(operator or Op.EQ, number, span.first, dimensions=unit.names("unit"))
            )
        draft.used |= claimed | {i, position}
        return True
    return False


def _counts_rows(draft: Draft, unit: Span) -> None:
    """ "1 star reviews": the unit phrase ends in the rows that are counted."""
    last = draft.tokens[unit.last - 1]
    names = tuple(
        e.name
        for e in draft.known.lexicon.lookup((last.stem,))
        if e.role == "metric" and singulars(e.phrase) == (singular(last.word),)
    )
    if unit.last - unit.first > 1 and names:
        draft.metrics.append(MetricMention(names, last.text, unit.last - 1, rows=True))


def _listed_numbers(draft: Draft, i: int) -> list[float]:
    """Numbers joined before this one: "4 and 5 star", "1 or 2 stars"."""
    if i >= 2 and draft.tokens[draft.spans[i - 1].first].word in {"and", "or", "to", "&", "-"}:
        earlier = draft.spans[i - 2]
        if earlier.number is not None and not earlier.time:
            draft.used.add(i - 2)
            return [earlier.number]
    return []


def _metric_condition(
    draft: Draft, i: int, span: Span, operator: Op, claimed: set[int], target: Span | None
) -> None:
    assert span.number is not None
    if target is not None and target.has("metric"):
        position = draft.spans.index(target)
        draft.conditions.append(
            Condition(operator, span.number, span.first, metrics=target.names("metric"))
        )
        draft.used |= claimed | {i, position}
        return
    first = min(claimed | {i})
    if _change_condition(draft, i, span, operator, claimed, first):
        return
    previous = _named_before(draft, first)
    if previous is None:
        return
    numeric = _numeric(draft, previous.names("dimension"))
    draft.conditions.append(
        Condition(
            operator,
            span.number,
            span.first,
            dimensions=numeric,
            metrics=previous.names("metric"),
        )
    )
    draft.used |= claimed | {i}
    _claim_condition_metric(draft, previous)


def _change_condition(
    draft: Draft, i: int, span: Span, operator: Op, claimed: set[int], first: int
) -> bool:
    """ "grew by more than 10 %": a condition on the change."""
    moved = draft.before(first)
    lead = draft.words(draft.spans[first].first - 1, draft.spans[first].first)
    if moved is not None and lead == ["by"] and moved.frame:
        moved = draft.before(draft.spans.index(moved))
    if moved is None or not (moved.has("direction") or "change" in moved.names("comparison")):
        return False
    assert span.number is not None
    draft.conditions.append(Condition(operator, span.number, span.first, change=True))
    draft.used |= claimed | {i}
    return True


def set_number(draft: Draft, i: int, span: Span) -> None:
    """A number that no condition claims: how many rows, or a value of a numeric dimension."""
    after, before = draft.after(i), draft.before(i)
    number = span.number
    assert number is not None
    if after is not None and after.has("rank"):
        return  # the rank claims it
    if after is not None and (after.has("model") or after.has("form") or after.has("dimension")):
        if number >= 1 and draft.count is None:
            draft.count = int(number)
            return
        if number >= 1:
            return
    if before is not None and before.has("dimension") and _dimension_equals(draft, before, number):
        return
    if before is not None and before.has("dimension"):
        whole = f"{draft.text(before)} {draft.text(span)}"
        draft.problems.append(
            Issue("unknown_value", f"I found nothing called “{whole}”.", ("What can you do?",))
        )
        return
    draft.problems.append(
        Issue(
            "unknown_number",
            f"I don't know what “{draft.text(span)}” refers to here.",
            ("What can you do?",),
        )
    )


def _dimension_equals(draft: Draft, span: Span, number: float) -> bool:
    numeric = _numeric(draft, span.names("dimension"))
    if not numeric:
        return False
    draft.conditions.append(Condition(Op.EQ, number, span.first, dimensions=numeric))
    draft.metrics = [m for m in draft.metrics if m.at != span.first]
    return True


def _numeric(draft: Draft, names: tuple[str, ...]) -> tuple[str, ...]:
    found = []
    for model in draft.known.catalog.models.values():
        for name, dimension in draft.known.catalog.dimensions_of(model).items():
            if name in names and dimension.kind is DimensionKind.NUMERIC and name not in found:
                found.append(name)
    return tuple(found)
