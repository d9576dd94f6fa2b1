"""Which form a result gets: one table, read from the top; the first row that fits draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analytics.answer.charts.bar import MOST_BARS, Bar, bar
from analytics.answer.charts.before_now import MOST_ROWS, Pair, before_now
from analytics.answer.charts.columns import MOST_COLUMNS, columns
from analytics.answer.charts.figures import moved
from analytics.answer.charts.heat_map import MOST_ACROSS, MOST_DOWN, HeatMap, heat_map
from analytics.answer.charts.line import MOST_SERIES, line
from analytics.answer.charts.multiples import MOST_PANELS, multiples
from analytics.answer.charts.shape import Shape, frame, mean, number, series_over_time
from analytics.answer.charts.share import (
    MOST_STEPS,
    SENTIMENTS,
    Parts,
    share_by,
    share_over_time,
)
from analytics.answer.charts.spec import Spec
from analytics.answer.charts.words import labels, named, plain
from analytics.answer.format import days, period
from analytics.catalog.types import Catalog
from analytics.types import Cell, Column, ColumnRole, Kind, Query, Result
from analytics.wording import inside, outset

_ACROSS = range(8, 15)
"""Characters of a line of a column's name: room for its longest word, within limits."""
_OF_ALL = "share of all"
_PERIOD = 18
"""Characters of a line of a period's name."""

Draw = Callable[[Shape], Spec | None]


@dataclass(frozen=True, slots=True)
class Form:
    """A row of the table: for which kinds, over time or not, by how many dimensions, on what else."""

    kinds: frozenset[Kind]
    over_time: bool
    dimensions: range
    draw: Draw
    fits: Callable[[Shape], bool] = lambda _: True
    least: int = 2
    """Rows without which there is nothing to compare."""

    def takes(self, shape: Shape) -> bool:
        """Whether a result is one for this form."""
        return (
            shape.query.kind in self.kinds
            and shape.over_time is self.over_time
            and len(shape.dimensions) in self.dimensions
            and len(shape.result.rows) >= self.least
            and self.fits(shape)
        )


def chart(
    query: Query, result: Result, catalog: Catalog, locale: str = "en-US"
) -> Mapping[str, Any] | None:
    """A Vega-Lite spec that shows a result, its texts in a locale (BCP 47); None where none helps."""
    if query.chart == "table" or not query.metrics or query.metrics[0] not in catalog.metrics:
        return None
    shape = Shape(query, result, catalog, locale)
    if not any(v is not None for v in shape.numbers(ColumnRole.METRIC)):
        return None
    form = next((form for form in FORMS if form.takes(shape)), None)
    return form.draw(shape) if form else None


def _time(draw: Callable[..., Spec], most: int) -> Draw:
    def drawn(shape: Shape) -> Spec | None:
        found = series_over_time(shape, most)
        if found is None:
            return None
        data, all_of_them = found
        return draw(frame(shape, _shown(len(data.series), all_of_them, "highest on average")), data)

    return drawn


def _shown(shown: int, of: int, which: str) -> str:
    """Says that a chart leaves something out."""
    return f"{shown} of {of} shown, the {which}; the table has all" if shown < of else ""


def _mix_over_time(shape: Shape) -> Spec | None:
    found = series_over_time(shape, len(SENTIMENTS))
    if found is None:
        return None
    if len(found[0].steps) > MOST_STEPS:
        return line(frame(shape), found[0])
    return share_over_time(frame(shape, unit=_OF_ALL), found[0])


def _columns(shape: Shape) -> Spec | None:
    found = series_over_time(shape, 1)
    if found is None:
        return None
    draw = columns if len(found[0].steps) <= MOST_COLUMNS else line
    return draw(frame(shape), found[0])


def _panels(shape: Shape) -> Spec | None:
    """In the catalog's order of the things, or those with the highest figures first."""
    found = series_over_time(shape, MOST_PANELS)
    if found is None:
        return None
    data, all_of_them = found
    if not shape.order(shape.dimensions[0]):
        data = replace(data, series=tuple(sorted(data.series, key=mean, reverse=True)))
    note = _shown(len(data.series), all_of_them, "highest on average")
    return multiples(frame(shape, note), data)


def _bars(shape: Shape) -> Spec:
    bars = [
        Bar(one.label, one.name, value)
        for one, value in zip(shape.things(), shape.numbers(ColumnRole.METRIC), strict=True)
    ]
    note = _shown(min(len(bars), MOST_BARS), len(bars), "first ones")
    thing = " · ".join(shape.thing(c) for c in shape.dimensions) or "When"
    return bar(frame(shape, note), bars[:MOST_BARS], thing)


def _periods(shape: Shape) -> tuple[str, str]:
    """The two periods of a comparison in words: before, now."""
    now, before = shape.query.time_range, shape.query.comparison
    so_far = ", so far" if now and now.partial else ""
    return (
        outset(period(before.range)) if before else "Before",
        outset(period(now)) + so_far if now else "Now",
    )


def _pairs(shape: Shape) -> Spec:
    change = _change(shape)
    was = shape.numbers(ColumnRole.BASELINE)
    now = shape.numbers(ColumnRole.METRIC)
    changes = map(number, shape.values(change))
    pairs = [
        Pair(one.label, one.name, before, after, moved_by, change.unit)
        for one, before, after, moved_by in zip(shape.things(), was, now, changes, strict=True)
    ]
    note = _shown(min(len(pairs), MOST_ROWS), len(pairs), "first ones")
    return before_now(
        frame(shape, note, when=False),
        pairs[:MOST_ROWS],
        shape.thing(shape.dimensions[0]),
        *_periods(shape),
    )


def _change(shape: Shape) -> Column:
    """How a change is told: relative where the table has it."""
    return shape.columns(ColumnRole.CHANGE)[-1]


def _two_bars(shape: Shape) -> Spec:
    names = _periods(shape)
    change = _change(shape)
    values = (shape.numbers(ColumnRole.BASELINE)[0], shape.numbers(ColumnRole.METRIC)[0])
    partials = (False, bool(shape.query.time_range and shape.query.time_range.partial))
    short = labels(_short_periods(shape), _PERIOD)
    bars = list(map(Bar, short, names, values, partials))
    by = moved(number(shape.values(change)[0]), change.unit, shape.locale)
    spans = (f"{names[1]}, against {inside(names[0])}", f"Change: {by}")
    return bar(frame(shape, when=False), bars, "Period", spans)


def _short_periods(shape: Shape) -> list[str]:
    """The names of the two periods without their dates, where they have names."""
    now, before = shape.query.time_range, shape.query.comparison
    so_far = ", so far" if now and now.partial else ""
    return [
        outset(before.range.label or days(before.range)) if before else "Before",
        outset(now.label or days(now)) + so_far if now else "Now",
    ]


def _is_sentiment(shape: Shape) -> bool:
    """Parts of a whole with a fixed order: counts by sentiment."""
    return shape.definition.additive and any(_of_sentiments(shape, c) for c in shape.dimensions)


def _of_sentiments(shape: Shape, column: Column) -> bool:
    values = set(shape.values(column))
    return len(values) > 1 and values <= set(SENTIMENTS)


def _share_rows(shape: Shape) -> Spec:
    parts = next(c for c in shape.dimensions if _of_sentiments(shape, c))
    by = next(c for c in shape.dimensions if c is not parts)
    sizes = _grid(shape, by, parts)
    things = list(dict.fromkeys(shape.values(by)))
    rows = [
        Parts(label, plain(thing), tuple(sizes.get((thing, part)) for part in SENTIMENTS))
        for thing, label in zip(things, labels(things), strict=True)
    ]
    note = _shown(min(len(rows), MOST_ROWS), len(rows), "first ones")
    return share_by(frame(shape, note, unit=_OF_ALL), rows[:MOST_ROWS], SENTIMENTS, shape.thing(by))


def _grid(shape: Shape, one: Column, other: Column) -> dict[tuple[Cell, Cell], float | None]:
    keys = zip(shape.values(one), shape.values(other), strict=True)
    return dict(zip(keys, shape.numbers(ColumnRole.METRIC), strict=True))


def _heat_map(shape: Shape) -> Spec:
    down, across = _sides(shape)
    cells = _grid(shape, down, across)
    rows, cols = _by_size(shape, down), _by_size(shape, across)
    data = HeatMap(
        down=named(rows),
        across=named(cols, _across(cols)),
        cells=tuple(tuple(cells.get((row, col)) for col in cols) for row in rows),
    )
    return heat_map(frame(shape), data, shape.thing(down), shape.thing(across))


def _across(names: Sequence[Cell]) -> int:
    longest = max(len(word) for name in names for word in plain(name).split())
    return min(max(longest, _ACROSS.start), _ACROSS.stop - 1)


def _by_size(shape: Shape, column: Column) -> list[Cell]:
    """A dimension's values in the catalog's order, or those with the highest figures first."""
    found = shape.distinct(column)
    if shape.order(column):
        return found
    sizes: dict[Cell, list[float]] = {}
    for value, size in zip(shape.values(column), shape.numbers(ColumnRole.METRIC), strict=True):
        if size is not None:
            sizes.setdefault(value, []).append(size)
    means = {value: sum(known) / len(known) for value, known in sizes.items()}
    return sorted(found, key=lambda v: (v is None, -means.get(v, float("-inf"))))


def _sides(shape: Shape) -> tuple[Column, Column]:
    """The dimension with more values goes down."""
    first, second = shape.dimensions
    longer = len(shape.distinct(first)) >= len(shape.distinct(second))
    return (first, second) if longer else (second, first)


def _is_grid(shape: Shape) -> bool:
    """Two dimensions of which most pairs have a figure, few enough for a phone."""
    down, across = (len(shape.distinct(c)) for c in _sides(shape))
    return (
        2 <= across <= MOST_ACROSS
        and down <= MOST_DOWN
        and len(shape.result.rows) * 2 >= down * across
    )


def _few(shape: Shape) -> bool:
    return not shape.dimensions or len(shape.distinct(shape.dimensions[0])) <= MOST_SERIES


def _as_bars(shape: Shape) -> bool:
    return shape.query.chart == "bar"


_NONE, _ONE, _TWO, _FEW = range(1), range(1, 2), range(2, 3), range(2)
_TREND = frozenset({Kind.TREND})
_RANKING = frozenset({Kind.RANKING})
_SPLIT = frozenset({Kind.BREAKDOWN, Kind.RANKING})
_AGAINST = frozenset({Kind.COMPARISON, Kind.CHANGE})

# Kinds, over time, dimensions, how it is drawn, on what else it depends.
FORMS = (
    Form(_AGAINST, False, _ONE, _pairs, least=1),
    Form(_AGAINST, False, _NONE, _two_bars, least=1),
    Form(_TREND, True, _NONE, _columns, _as_bars),
    Form(_TREND, True, _ONE, _mix_over_time, _is_sentiment),
    Form(_TREND, True, _FEW, _time(line, MOST_SERIES), _few),
    Form(_TREND, True, _ONE, _panels),
    Form(_RANKING, True, _NONE, _bars),
    Form(_SPLIT, False, _ONE, _bars),
    Form(_SPLIT, False, _TWO, _share_rows, _is_sentiment),
    Form(frozenset({Kind.BREAKDOWN}), False, _TWO, _heat_map, _is_grid),
    Form(_SPLIT, False, _TWO, _bars),
)
