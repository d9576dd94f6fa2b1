"""What a result looks like to a chart: its time, its things, its metric, and rows made ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from analytics.answer.charts import steps as time
from analytics.answer.charts.figures import unit_words
from analytics.answer.charts.over_time import OverTime, Series
from analytics.answer.charts.spec import Frame
from analytics.answer.charts.steps import Step
from analytics.answer.charts.words import Named, labels, named, plain
from analytics.answer.format import period
from analytics.answer.say import filters_in_words
from analytics.catalog.types import Catalog, Dimension, Metric
from analytics.types import Cell, Column, ColumnRole, Query, Result
from analytics.wording import inside, outset

_SERIES_LABEL = 14
_ENDLESS = 1e18
"""From here on (and where there is none, as after a division by nothing) a figure has no place."""
_MOST_EMPTY = 400
"""Steps without figures that are shown before the first and after the last figure."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A query with its result, read by roles. The first metric is the one that is drawn."""

    query: Query
    result: Result
    catalog: Catalog
    locale: str

    def columns(self, role: ColumnRole) -> list[Column]:
        """Columns of a role, in order; those of a metric: of the drawn one only."""
        return [
            c
            for c in self.result.columns
            if c.role is role and c.metric in {None, self.definition.name}
        ]

    @property
    def definition(self) -> Metric:
        """The metric that is drawn."""
        return self.catalog.metrics[self.query.metrics[0]]

    @property
    def dimensions(self) -> list[Column]:
        """What the rows are grouped by, time apart."""
        return self.columns(ColumnRole.DIMENSION)

    @property
    def over_time(self) -> bool:
        """Whether a row has a step of time."""
        return bool(self.columns(ColumnRole.TIME))

    @property
    def unit(self) -> str:
        """The drawn metric's unit."""
        return self.definition.unit.value

    def values(self, column: Column) -> list[Cell]:
        """A column's cells."""
        place = self.result.columns.index(column)
        return [row[place] for row in self.result.rows]

    def numbers(self, role: ColumnRole) -> list[float | None]:
        """The drawn metric's figures of a role."""
        found = self.columns(role)
        return [number(v) for v in self.values(found[0])] if found else []

    def distinct(self, column: Column) -> list[Cell]:
        """A dimension's values: in the catalog's order where it has one, else as they come; the
        unknown one last."""
        order: tuple[Cell, ...] = self.order(column)
        found = list(dict.fromkeys(self.values(column)))
        return sorted(
            found, key=lambda v: (v is None, order.index(v) if v in order else len(order))
        )

    def order(self, column: Column) -> tuple[str, ...]:
        """The catalog's order of a dimension's values, where they have one."""
        known = self.dimension(column)
        return known.ordered_values if known else ()

    def dimension(self, column: Column) -> Dimension | None:
        """What the catalog says of a dimension."""
        return self.catalog.dimensions_of_metric(self.definition).get(column.name)

    def thing(self, column: Column) -> str:
        """A dimension's label: "Product"."""
        found = self.dimension(column)
        return outset(found.label) if found else column.name

    def things(self) -> tuple[Named, ...]:
        """What each row is about."""
        if self.over_time and self.query.grain is not None:
            steps = self.values(self.columns(ColumnRole.TIME)[0])
            grain = self.query.grain
            written = [
                time.text(s, grain, self.locale) if isinstance(s, date) else plain(s) for s in steps
            ]
            return named(written, keys=steps)
        keys = list(zip(*(self.values(column) for column in self.dimensions), strict=True))
        return named([" · ".join(map(plain, key)) for key in keys], keys=keys)


def number(value: Cell) -> float | None:
    """A cell as a number, where it is one that can be drawn."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < _ENDLESS else None


def frame(shape: Shape, note: str = "", when: bool = True, unit: str = "") -> Frame:
    """Title, period, filters and unit in words. ``when``: the period is not said elsewhere;
    ``unit``: what the axis shows where that is not the metric itself."""
    query, metric = shape.query, shape.definition
    by = [inside(shape.thing(column)) for column in shape.dimensions]
    if query.grain is not None:
        by.insert(0, query.grain.value)
    title = outset(metric.label) + (f" by {' and '.join(by)}" if by else "")
    span = outset(period(query.time_range)) if query.time_range else "All data"
    filters = filters_in_words(query, shape.catalog)
    about = [span if when else "", *filters, unit or unit_words(shape.unit)]
    return Frame(
        title=title,
        subtitle=(outset(" · ".join(part for part in (*about, note) if part)),),
        measure=outset(metric.label),
        unit=shape.unit,
        locale=shape.locale,
        better=metric.better,
        zero=metric.additive,
    )


def series_over_time(shape: Shape, most: int) -> tuple[OverTime, int] | None:
    """The series over all steps, at most ``most`` of them (those with the highest mean), and how
    many there are in all. None where the steps are too many to draw."""
    grain = shape.query.grain
    times = shape.values(shape.columns(ColumnRole.TIME)[0])
    known = [t for t in times if isinstance(t, date)]
    if grain is None or not known:
        return None
    steps = time.between(*_ends(shape, known), grain)
    column = shape.dimensions[0] if shape.dimensions else None
    keys = shape.distinct(column) if column else [shape.definition.label]
    if len(steps) > time.MOST or len(steps) < 2:
        return None
    cells = _cells(shape, times, column)
    held = set(times) if _zero_where_absent(shape) else set()
    series = [
        Series(
            label, plain(key), tuple(cells.get((key, s), 0 if s in held else None) for s in steps)
        )
        for key, label in zip(keys, labels(keys, _SERIES_LABEL), strict=True)
    ]
    kept = set(sorted(range(len(series)), key=lambda i: mean(series[i]), reverse=True)[:most])
    data = OverTime(
        grain=grain,
        steps=tuple(steps),
        series=tuple(one for i, one in enumerate(series) if i in kept),
        open_end=_runs(shape, time.after(steps[-1], grain)),
        cut_start=_cut(shape, steps[0]),
    )
    return data, len(series)


def _cells(
    shape: Shape, times: Sequence[Cell], column: Column | None
) -> dict[tuple[Cell, Cell], float | None]:
    keys = shape.values(column) if column else [shape.definition.label] * len(times)
    return dict(zip(zip(keys, times, strict=True), shape.numbers(ColumnRole.METRIC), strict=True))


def _zero_where_absent(shape: Shape) -> bool:
    """Whether a group without a row, in a step that others have rows in, had nothing: so it is for
    counts and sums, unless rows were left out for another reason."""
    query, provenance = shape.query, shape.result.provenance
    return (
        shape.definition.additive
        and shape.definition.ratio_of is None
        and not (query.having or query.limit or provenance.truncated)
    )


def mean(one: Series) -> float:
    """Of the values that there are."""
    known = [v for v in one.values if v is not None]
    return sum(known) / len(known) if known else float("-inf")


def _ends(shape: Shape, known: Sequence[Step]) -> tuple[Step, Step]:
    """First and last step: those of the range asked for, as far as the data can reach."""
    first, last = min(known), max(known)
    asked, grain = shape.query.time_range, shape.query.grain
    if asked is None or grain is None or isinstance(first, datetime) or asked.start.year < 1000:
        return first, last
    end = min(asked.end, shape.result.provenance.data_as_of + timedelta(days=1))
    for _ in range(_MOST_EMPTY):
        if (earlier := time.after(first, grain, -1)) < asked.start:
            break
        first = earlier
    for _ in range(_MOST_EMPTY):
        if (later := time.after(last, grain)) >= end:
            break
        last = later
    return first, last


def _runs(shape: Shape, end: Step) -> bool:
    """Whether a step that ends then was not over when the data (or the range asked for) ended."""
    asked = shape.query.time_range
    last = shape.result.provenance.data_as_of + timedelta(days=1)
    if asked is not None:
        last = min(last, asked.end)
    return (end.date() if isinstance(end, datetime) else end) > last


def _cut(shape: Shape, first: Step) -> bool:
    """Whether the range asked for begins within the first step."""
    asked = shape.query.time_range
    return asked is not None and not isinstance(first, datetime) and first < asked.start
