"""The sentence that says the finding, not the query."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from analytics.answer.format import cell, change, figure, period
from analytics.answer.say import conditions_in_words, filters_in_words
from analytics.catalog.types import Catalog, Metric, Unit
from analytics.types import (
    Cell,
    Column,
    ColumnRole,
    Direction,
    Filter,
    Grain,
    How,
    Kind,
    Op,
    Query,
    Result,
)
from analytics.wording import inside, outset


@dataclass(frozen=True, slots=True)
class _Told:
    """What the sentences are made of."""

    query: Query
    result: Result
    metric: Metric
    catalog: Catalog
    span: str
    plain: Catalog

    def at(self, row: Sequence[Cell], role: ColumnRole) -> Cell:
        """The first cell of a role in a row."""
        for column, value in zip(self.result.columns, row, strict=True):
            if column.role is role:
                return value
        return None

    def name(self, row: Sequence[Cell]) -> str:
        """The thing that a row is about."""
        parts = [
            f"{c.name.replace('_', ' ')} {cell(v, c)}" if c.type == "number" else cell(v, c)
            for c, v in zip(self.result.columns, row, strict=True)
            if c.role in {ColumnRole.DIMENSION, ColumnRole.TIME}
        ]
        return ", ".join("not known" if p == "None" else p for p in parts)

    def now(self, row: Sequence[Cell]) -> str:
        """The row's metric with its unit."""
        return figure(self.at(row, ColumnRole.METRIC), self.metric.unit.value)

    def before(self, row: Sequence[Cell]) -> str:
        """The row's baseline with its unit."""
        return figure(self.at(row, ColumnRole.BASELINE), self.metric.unit.value)

    @property
    def label(self) -> str:
        """The metric's name at the start of a sentence, with what it is filtered to."""
        return outset(self.metric.label) + self.scope

    @property
    def scope(self) -> str:
        """Filters in brackets."""
        words = filters_in_words(self.query, self.catalog)
        return f" ({'; '.join(words)})" if words else ""

    @property
    def when(self) -> str:
        """The period in brackets-free words."""
        if self.query.time_range is None:
            return f"over all data ({self.span})"
        return within(period(self.query.time_range))

    @property
    def unfinished(self) -> bool:
        """The last step of a trend is not over yet."""
        return last_step_runs(self.query, self.result)

    def column(self, role: ColumnRole) -> Column | None:
        """The first column of a role."""
        return next((c for c in self.result.columns if c.role is role), None)


def last_step_runs(query: Query, result: Result) -> bool:
    """Whether the last step of a trend ends after the data (or the asked period) does."""
    times = [c for c in result.columns if c.role is ColumnRole.TIME]
    if query.grain is None or query.grain is Grain.HOUR or not times or not result.rows:
        return False
    last = result.rows[-1][result.columns.index(times[0])]
    if not isinstance(last, date):
        return False
    end = result.provenance.data_as_of + timedelta(days=1)
    if query.time_range is not None:
        end = min(end, query.time_range.end)
    return last + _STEP[query.grain] > end


_STEP = {
    Grain.DAY: relativedelta(days=1),
    Grain.WEEK: relativedelta(weeks=1),
    Grain.MONTH: relativedelta(months=1),
    Grain.QUARTER: relativedelta(months=3),
    Grain.YEAR: relativedelta(years=1),
}


def headline(
    query: Query, result: Result, catalog: Catalog, span: str, plain: Catalog | None = None
) -> str:
    """One or two sentences for a result with rows. ``span``: the dates the data covers, in words.

    ``plain``: the catalog itself, where ``catalog`` tells of a derived figure.
    """
    told = _Told(query, result, catalog.metrics[query.metrics[0]], catalog, span, plain or catalog)
    if query.derived is not None and query.derived.how is How.COUNT:
        return _count(told)
    if query.derived is not None and query.derived.how is How.RUNNING_TOTAL and not query.group_by:
        return f"{told.label} {told.when} reaches {told.now(result.rows[-1])}."
    if query.skip and query.within is None and len(result.rows) > 1:
        return _later_places(told)
    match query.kind:
        case Kind.TREND:
            return _trend(told)
        case Kind.BREAKDOWN:
            return _breakdown(told)
        case Kind.RANKING:
            return _ranking(told)
        case Kind.COMPARISON:
            return _comparison(told)
        case Kind.CHANGE:
            return _change(told)
        case _:
            return _value(told)


def _count(told: _Told) -> str:
    """How many things meet the conditions: "12 products have reviews at least 50 last month"."""
    rows, query = told.result.rows, told.query
    number = told.now(rows[0])
    conditions = "; ".join(conditions_in_words(query, told.plain))
    held = f" with {conditions}" if conditions else ""
    what = told.metric.label.removeprefix("Number of ")
    if rows[0][0] == 1 and query.group_by:
        what = _things(told, 1)
    return f"{number} {what}{held}{told.scope} {told.when}."


_IS_DAY = re.compile(r"\d{1,2} [A-Z]|\d{4}-\d\d-\d\d|[A-Z][a-z]+day, \d|[A-Z][^(]* \d{4} \(\d")
"""A day by its date, or by the name of a feast with the date behind it."""


def within(words: str) -> str:
    """A period after a verb: "in May 2026", "this month", "from 1 May to 3 May"."""
    lead = (
        "this",
        "last",
        "the last",
        "today",
        "yesterday",
        "since",
        "before",
        "after",
        "during",
        "until",
        "all",
    )
    if words.startswith("the whole"):
        return f"in {words}"
    if words.startswith(lead):
        return words if not words.startswith("the last") else f"in {words}"
    if " to " in words.split("(")[0]:
        return f"from {words}"
    return f"on {words}" if _IS_DAY.match(words) else f"in {words}"


def _value(told: _Told) -> str:
    row = told.result.rows[0]
    figures = [
        f"{inside(told.catalog.metrics[c.metric or c.name].label)} {figure(v, c.unit)}"
        for c, v in zip(told.result.columns, row, strict=True)
        if c.role is ColumnRole.METRIC
    ]
    if len(figures) > 1:
        joined = ", ".join(figures)
        return f"{outset(joined)}{told.scope} {told.when}."
    return f"{told.label} {told.when}: {told.now(row)}."


def _trend(told: _Told) -> str:
    rows = [r for r in told.result.rows if told.at(r, ColumnRole.METRIC) is not None]
    column = told.column(ColumnRole.TIME)
    assert column is not None
    if not rows:
        return f"{told.label} is not known {told.when}."
    if told.query.group_by:
        groups = {told.at(r, ColumnRole.DIMENSION) for r in rows}
        return f"{told.label} by {column.unit}, {told.when}, for {len(groups)} groups."
    running = None
    if told.metric.additive and told.unfinished and len(rows) > 2:
        running, rows = rows[-1], rows[:-1]  # a part of a period is not compared with whole ones
    ordered = sorted(rows, key=lambda r: _number(told.at(r, ColumnRole.METRIC)))
    low, high = ordered[0], ordered[-1]
    first, last = rows[0], rows[-1]
    ends = f"from {told.now(first)} in {told.name(first)} to {told.now(last)} in {told.name(last)}"
    start, end = (_number(told.at(r, ColumnRole.METRIC)) for r in (first, last))
    verb = "went up" if end > start else "went down" if end < start else "ended where it began:"
    if len(rows) == 1:
        return f"{told.label} in {told.name(first)}: {told.now(first)}."
    so_far = f" So far in {told.name(running)}: {told.now(running)}." if running else ""
    return (
        f"{told.label} {verb} {ends}. Highest in {told.name(high)} ({told.now(high)}), lowest in "
        f"{told.name(low)} ({told.now(low)}).{so_far}"
    )


def _later_places(told: _Told) -> str:
    """The rows after the first ones: none of them is the highest of all."""
    first, rows = told.query.skip + 1, told.result.rows
    last = told.query.skip + len(rows)
    if len(rows) == 1:
        return f"{told.label}, {told.when}: place {first} is {told.name(rows[0])} ({told.now(rows[0])})."
    return f"{told.label}, {told.when}: places {first} to {last}, from {told.name(rows[0])} on."


def _number(value: Cell) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _breakdown(told: _Told) -> str:
    rows = [r for r in told.result.rows if told.at(r, ColumnRole.METRIC) is not None]
    if not rows:
        return f"{told.label} is not known {told.when}."
    ordered = sorted(rows, key=lambda r: _number(told.at(r, ColumnRole.METRIC)), reverse=True)
    top, bottom = ordered[0], ordered[-1]
    compared = _compared(told)
    if compared is not None and len(rows) <= 2:
        return _side_by_side(told, ordered, compared)
    if len(rows) == 1:
        return f"{told.label} {told.when}: {told.name(top)} {told.now(top)}."
    share = ""
    total = sum(_number(told.at(r, ColumnRole.METRIC)) for r in rows)
    apart = not told.catalog.overlapping(told.metric, told.query.group_by)
    if told.metric.additive and apart and total > 0 and not told.result.provenance.truncated:
        share = f", {_number(told.at(top, ColumnRole.METRIC)) / total * 100:.0f} % of the total"
    return (
        f"{told.label} {told.when} is highest for {told.name(top)} ({told.now(top)}{share}) and lowest "
        f"for {told.name(bottom)} ({told.now(bottom)})."
    )


def _compared(told: _Told) -> Filter | None:
    """The filter on two values that were asked for side by side; None where it was not two."""
    if len(told.query.group_by) != 1 or len(told.query.metrics) != 1:
        return None
    return next(
        (
            one
            for one in told.query.filters
            if one.dimension == told.query.group_by[0] and one.op is Op.IN and len(one.values) == 2
        ),
        None,
    )


def _side_by_side(told: _Told, rows: Sequence[Sequence[Cell]], asked: Filter) -> str:
    """Both figures and the difference, from the higher row to the lower; one without is named."""
    rest = replace(told.query, filters=tuple(f for f in told.query.filters if f is not asked))
    words = filters_in_words(rest, told.catalog)
    scope = f" ({'; '.join(words)})" if words else ""
    names = [told.name(row) for row in rows]
    figures = ", ".join(f"{told.name(row)} {told.now(row)}" for row in rows)
    begin = f"{outset(told.metric.label)}{scope} {told.when}: {figures}"
    if len(rows) == 1:
        others = [str(value) for value in asked.values if str(value) not in names]
        return f"{begin}; there is no figure for {' or '.join(others)}."
    high, low = (_number(told.at(row, ColumnRole.METRIC)) for row in rows)
    if high == low:
        return f"{begin}: the same."
    ratio = told.metric.unit is Unit.RATIO
    gap = change(high - low, Unit.POINTS.value if ratio else told.metric.unit.value)
    relative = low > 0 and not ratio and told.metric.unit is not Unit.POINTS
    share = f" ({(high - low) / low * 100:.1f} %)" if relative else ""
    return f"{begin}. {names[0]} is higher by {gap}{share}."


def _ranking(told: _Told) -> str:
    rows = told.result.rows
    order = told.query.order_by[0] if told.query.order_by else None
    if told.query.within is not None:
        return _ranked_within(told, order is None or order.descending)
    word = "highest" if order is None or order.descending else "lowest"
    what = f"{word} {inside(told.metric.label)}{told.scope} {told.when}"
    if told.query.skip:
        what = f"{_ORDINALS.get(told.query.skip + 1, f'{told.query.skip + 1}th')} {what}"
    first = f"{told.name(rows[0])} has the {what}: {told.now(rows[0])}"
    if told.query.grain is not None:
        first = f"{told.label} was {word} {_at(told)} {told.name(rows[0])}: {told.now(rows[0])}"
    following = [f"{told.name(r)} ({told.now(r)})" for r in rows[1:3]]
    return f"{first}, then {' and '.join(following)}." if following else f"{first}."


_ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def _ranked_within(told: _Told, descending: bool) -> str:
    """The first of each of several groups, for the first few groups."""
    word = "highest" if descending else "lowest"
    heads = told.result.rows[: 3 * (told.query.limit or 1) : told.query.limit or 1]
    named = "; ".join(f"{told.name(row)} ({told.now(row)})" for row in heads)
    return f"The {word} {inside(told.metric.label)}{told.scope} {told.when} in each: {named}."


def _versus(told: _Told) -> str:
    assert told.query.comparison is not None
    return period(told.query.comparison.range)


def _comparison(told: _Told) -> str:
    rows = told.result.rows
    if told.query.group_by:
        biggest = max(rows, key=lambda r: abs(_number(told.at(r, ColumnRole.CHANGE))))
        moved = _moved(told, biggest)
        return f"{told.label} {told.when}, against {_versus(told)}: {told.name(biggest)} {moved}."
    if len(told.query.metrics) > 1:
        return f"{told.label} and {len(told.query.metrics) - 1} more {told.when}, against {_versus(told)}."
    return f"{told.label} {told.when} {_moved(told, rows[0])}, against {_versus(told)}."


def _moved(told: _Told, row: Sequence[Cell]) -> str:
    delta = told.at(row, ColumnRole.CHANGE)
    column = told.column(ColumnRole.CHANGE)
    if not isinstance(delta, int | float) or column is None:
        return (
            f"is {told.now(row)}; before it was {told.before(row)}, so there is no change to state"
        )
    if delta == 0:
        return f"stayed at {told.now(row)}"
    verb = "rose" if delta > 0 else "fell"
    relative = _relative(told, row)
    return f"{verb} by {change(delta, column.unit)}{relative} to {told.now(row)} from {told.before(row)}"


def _relative(told: _Told, row: Sequence[Cell]) -> str:
    for column, value in zip(told.result.columns, row, strict=True):
        if column.role is ColumnRole.CHANGE and column.unit == "ratio" and isinstance(value, float):
            return f" ({value * 100:+.1f} %)"
    return ""


def _change(told: _Told) -> str:
    rows = told.result.rows
    direction = told.query.direction or Direction.ANY
    said = {
        Direction.TURNED_NEGATIVE: "turned negative", Direction.TURNED_POSITIVE: "turned positive",
        Direction.IMPROVED: "improved", Direction.WORSENED: "got worse", Direction.ROSE: "rose",
        Direction.FELL: "fell", Direction.ANY: "changed",
    }[direction]  # fmt: skip
    what = f"{inside(told.metric.label)}{told.scope} {told.when}"
    top = [f"{told.name(r)} from {told.before(r)} to {told.now(r)}" for r in rows[:3]]
    if direction in {Direction.TURNED_NEGATIVE, Direction.TURNED_POSITIVE}:
        more = f", and {len(rows) - 3} more" if len(rows) > 3 else ""
        things = f"{len(rows)} {_things(told, len(rows))}"
        return f"{things} {said} in {what}, against {_versus(told)}: {'; '.join(top)}{more}."
    return f"What {said} most in {what}, against {_versus(told)}: {'; '.join(top)}."


def _things(told: _Told, count: int) -> str:
    """What the rows are, in the right number: "product", "regions"."""
    reachable = told.catalog.dimensions_of_metric(told.metric)
    dimension = reachable.get(told.query.group_by[0]) if told.query.group_by else None
    if dimension is None:
        return "things"
    return inside(dimension.label if count == 1 else dimension.plural)


def nothing_changed(query: Query, catalog: Catalog) -> str:
    """For a change question whose list is empty."""
    metric = catalog.metrics[query.metrics[0]]
    said = (query.direction or Direction.ANY).value.replace("_", " ")
    assert query.time_range is not None
    assert query.comparison is not None
    least = (
        f" with at least {metric.minimum_sample} responses in both periods"
        if metric.minimum_sample
        else ""
    )
    reachable = catalog.dimensions_of_metric(metric)
    dimension = reachable.get(query.group_by[0]) if query.group_by else None
    thing = f"No {inside(dimension.label)}" if dimension is not None else "Nothing"
    return (
        f"{thing} {said} in {inside(metric.label)} {within(period(query.time_range))}, against "
        f"{period(query.comparison.range)}: nothing{least} changed that way beyond what chance explains."
    )


def _at(told: _Told) -> str:
    return "on" if told.query.grain is Grain.DAY else "in"
