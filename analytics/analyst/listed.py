"""The last answer's list, read again from its query: the things that a message points at, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analytics.analyst.context import Context
from analytics.analyst.themes import themes_result
from analytics.catalog.types import Better
from analytics.query.execute import execute
from analytics.text import stems
from analytics.types import Cell, ColumnRole, Filter, Issue, Kind, Op, Query, Result
from analytics.understand.dialogue.pointing import Pointer, Which
from analytics.understand.reading import Reading, ValueMention
from analytics.understand.resolver.asked import Doubt
from analytics.understand.values import Value

_LISTED = 3
_MOST_POINTED = 100
_MOST_OFFERED = 5
_ANSWERED_LISTS = frozenset(
    {Kind.BREAKDOWN, Kind.RANKING, Kind.COMPARISON, Kind.CHANGE, Kind.TREND, Kind.THEMES}
)


@dataclass(frozen=True, slots=True)
class _List:
    """The last answer's rows."""

    query: Query
    result: Result
    better: Better

    @property
    def rows(self) -> Sequence[Sequence[Cell]]:
        """Its rows in their order."""
        return self.result.rows

    def cells(self, role: ColumnRole) -> list[int]:
        """Positions of the columns of a role."""
        return [i for i, column in enumerate(self.result.columns) if column.role is role]


def things_pointed_at(
    pointers: Sequence[Pointer], previous: Query, context: Context
) -> tuple[ValueMention, ...]:
    """The stored values that a message points at. Raises Doubt where it does not say which.

    None where it speaks of what the last question was narrowed to: that stays in force anyway.
    """
    mentions: list[ValueMention] = []
    found: _List | None = None
    for pointer in pointers:
        if _in_force(pointer, previous):
            continue
        if previous.kind not in _ANSWERED_LISTS or not previous.group_by:
            _check_no_list(pointer, previous)
            continue
        if pointer.which is Which.ALL and _everything(previous):
            continue
        found = found or _again(previous, context)
        mentions += _mentions(pointer, found, context)
    _check_told_apart([v for m in mentions for v in m.values], previous, context)
    return tuple(mentions)


def _check_told_apart(values: Sequence[Value], previous: Query, context: Context) -> None:
    """Things are filtered by name: a name that several share would bring the others in.

    Raises Doubt where one does.
    """
    metric = context.catalog.metrics[previous.metrics[0]] if values else None
    for value in values:
        assert metric is not None
        dimension = context.catalog.dimensions_of_metric(metric).get(value.dimension)
        if dimension is None or dimension.key is None:
            continue
        # The list may name a thing apart from its namesakes: "Kettle (p3)".
        if all(
            v.dimension != value.dimension for v in context.known.values.lookup(stems(value.value))
        ):
            raise Doubt(_same_name(value.value))
        named = (Filter(value.dimension, Op.IN, (value.value,)),)
        query = Query(Kind.BREAKDOWN, (metric.name,), (value.dimension,), filters=named)
        plan = context.plans.of(query)
        if len(execute(query, plan, context.catalog, context.warehouse).result.rows) > 1:
            raise Doubt(_same_name(value.value))


def _same_name(name: str) -> Issue:
    text = f"Several things are called “{name}”: I cannot narrow to the one of them."
    return Issue("same_name", text)


def _in_force(pointer: Pointer, previous: Query) -> bool:
    """ "that product", where the last question was about one."""
    if pointer.which not in {Which.THE_ONE, Which.IF_ONE, Which.ALL}:
        return False
    filtered = {f.dimension for f in previous.filters if f.op is Op.IN}
    if pointer.dimension is not None:
        return pointer.dimension in filtered
    return not previous.group_by


def _everything(previous: Query) -> bool:
    """A list without a cut holds all there is: "those" narrows nothing."""
    return previous.kind is Kind.BREAKDOWN and previous.limit is None and not previous.having


def _check_no_list(pointer: Pointer, previous: Query) -> None:
    if pointer.which in {Which.THE_ONE, Which.IF_ONE, Which.ALL} and pointer.dimension is None:
        return
    raise Doubt(
        Issue(
            "no_list", f"The last answer has no list to take “{pointer.text}” from. Please name it."
        )
    )


def _again(previous: Query, context: Context) -> _List:
    if previous.kind is Kind.THEMES:
        result = themes_result(previous, context).result
    else:
        plan = context.plans.of(previous)
        result = execute(previous, plan, context.catalog, context.warehouse).result
    metric = context.catalog.metrics[previous.metrics[0]]
    return _List(previous, result, metric.better)


def _mentions(pointer: Pointer, found: _List, context: Context) -> list[ValueMention]:
    rows = _rows(pointer, found)
    positions = found.cells(ColumnRole.DIMENSION)
    if pointer.dimension is not None:
        positions = [p for p in positions if found.result.columns[p].name == pointer.dimension]
    mentions: list[ValueMention] = []
    for position in positions:
        name = found.result.columns[position].name
        for value in dict.fromkeys(row[position] for row in rows):
            if not isinstance(value, str):
                raise Doubt(_unnamed(pointer))
            meant = Value(name, value, value)
            mentions.append(
                ValueMention((meant,), value, pointer.tokens[0].start, pointer.excluded)
            )
    if len(rows) > 1 and len(positions) > 1:
        raise Doubt(_which(pointer, found))
    return mentions


def _rows(pointer: Pointer, found: _List) -> Sequence[Sequence[Cell]]:
    rows = found.rows
    match pointer.which:
        case Which.PLACE:
            if pointer.count > len(rows):
                raise Doubt(_too_far(pointer, found))
            return rows[pointer.count - 1 : pointer.count]
        case Which.FROM_TOP:
            return rows[: pointer.count]
        case Which.FROM_BOTTOM:
            return rows[-pointer.count :]
        case Which.ALL:
            return rows[:_MOST_POINTED]
        case Which.IF_ONE:
            return rows if len(rows) == 1 else ()
        case Which.THE_ONE:
            if len(rows) != 1:
                raise Doubt(_which(pointer, found))
            return rows
        case Which.BEST | Which.WORST | Which.HIGHEST | Which.LOWEST:
            return [_extreme(pointer, found)]


def _extreme(pointer: Pointer, found: _List) -> Sequence[Cell]:
    """The best or worst row by the figure (by its change, where the list is about changes)."""
    role = ColumnRole.CHANGE if found.query.kind is Kind.CHANGE else ColumnRole.METRIC
    position = found.cells(role)[0]
    known = [row for row in found.rows if isinstance(row[position], int | float)]
    up = (
        pointer.which is Which.HIGHEST
        or (pointer.which is Which.BEST and found.better is not Better.LOWER)
        or (pointer.which is Which.WORST and found.better is Better.LOWER)
    )
    ordered = sorted(known, key=lambda row: float(str(row[position])), reverse=up)
    if not ordered or (len(ordered) > 1 and ordered[0][position] == ordered[1][position]):
        raise Doubt(_which(pointer, found))
    return ordered[0]


def _names(found: _List) -> list[str]:
    positions = found.cells(ColumnRole.DIMENSION)[:1]
    values = [row[p] for row in found.rows for p in positions]
    return list(dict.fromkeys(v for v in values if isinstance(v, str)))[:_MOST_OFFERED]


def _which(pointer: Pointer, found: _List) -> Issue:
    """Choices are names alone: as a message of its own, each goes on from the last question."""
    text = "The last answer listed several things. Please name the one you mean."
    return Issue("which_one", text, tuple(f"only {name}" for name in _names(found)))


def _too_far(pointer: Pointer, found: _List) -> Issue:
    count = len(found.rows)
    rows = "one row" if count == 1 else f"{count} rows"
    text = f"The last answer has {rows} only: there is no “{pointer.text}”."
    return Issue("no_such_row", text, tuple(f"only {name}" for name in _names(found)))


def _unnamed(pointer: Pointer) -> Issue:
    return Issue("unnamed_row", f"“{pointer.text}” is a row without a name: I cannot narrow to it.")


def about_the_list(reading: Reading, query: Query, previous: Query, context: Context) -> Query:
    """ "Show me what they say", "why?", after a list: about its first things."""
    most = _things_meant(reading, query, previous)
    if not most:
        return query
    found = _again(previous, context)
    position = found.cells(ColumnRole.DIMENSION)[0]
    named = [row[position] for row in found.rows[:most] if isinstance(row[position], str)]
    values = tuple(str(value) for value in named)
    if not values:
        return query
    return replace(query, filters=(*query.filters, Filter(previous.group_by[0], Op.IN, values)))


def pinned(query: Query, previous: Query, context: Context) -> Query:
    """A list that was cut stays that list where it is sorted or split anew: its things by name."""
    cut = previous.limit is not None or previous.kind is Kind.CHANGE
    if not cut or len(previous.group_by) != 1 or query.group_by[:1] != previous.group_by:
        return query
    return about_rows(query, previous, context)


def about_rows(query: Query, previous: Query, context: Context) -> Query:
    """The query, narrowed to all that the last answer listed."""
    dimension = previous.group_by[0]
    found = _again(previous, context)
    position = found.cells(ColumnRole.DIMENSION)[0]
    values = tuple(v for row in found.rows if isinstance(v := row[position], str))
    if not values or len(values) > _MOST_POINTED:
        return query
    _check_told_apart([Value(dimension, v, v) for v in values], previous, context)
    kept = tuple(f for f in query.filters if f.dimension != dimension)
    return replace(query, filters=(*kept, Filter(dimension, Op.IN, values)))


def _things_meant(reading: Reading, query: Query, previous: Query) -> int:
    """How many things of the list before a message is about; 0 where it is not about the list."""
    named = reading.values or reading.models or reading.times or reading.search
    if named or not previous.group_by or reading.metrics:
        return 0
    if any(f.dimension == previous.group_by[0] for f in query.filters):
        return 0
    if query.kind is Kind.EVIDENCE and previous.kind in {Kind.CHANGE, Kind.RANKING, Kind.THEMES}:
        return _LISTED
    return 1 if query.kind is Kind.DRIVERS and _about_change(previous) else 0


def _about_change(query: Query) -> bool:
    return query.kind is Kind.CHANGE or (query.kind is Kind.THEMES and query.direction is not None)
