"""Numbers: conditions on rows or groups, and how many are asked for."""

from __future__ import annotations

from analytics.catalog.types import DimensionKind
from analytics.text import singular, singulars
from analytics.types import Issue, Op
from analytics.understand.reader.draft import Draft
from analytics.understand.reading import Condition, MetricMention
from analytics.understand.spans import Span


def read_conditions(draft: Draft) -> None:
    """Numbers held against something ("under 3 stars", "more than 50 reviews")."""
    for i, span in enumerate(draft.spans):
        if span.number is None or span.time or i in draft.used:
            continue
        before, after = draft.before(i), draft.after(i)
        operator, claimed = _operator(draft, i, before, after)
        target = draft.after(max(claimed | {i})) if claimed or after is None else after
        if _unit_condition(draft, i, span, operator, claimed):
            continue
        if operator is None:
            continue
        _metric_condition(draft, i, span, operator, claimed, target)


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
    previous = next(
        (s for s in reversed(draft.spans[:first]) if s.has("metric") or s.has("dimension")), None
    )
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
    if previous.has("metric"):
        others = [s for s in draft.spans if s.has("metric") and s is not previous]
        if others:
            draft.used.add(draft.spans.index(previous))


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
    if after is None or not after.time:
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
