"""From a query to its sums: which dimensions, which two sides, and the two queries that fetch them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from analytics.catalog.available import metric_columns
from analytics.catalog.types import Catalog, Dimension, DimensionKind, Metric
from analytics.drivers.cube import Axis, Cube
from analytics.drivers.moments import AA, AB, BB, MOMENTS, A, Array, B, Ints, N
from analytics.drivers.singles import Single, Singles
from analytics.query.cells import OTHER, cube_sql, moments_of, singles_sql
from analytics.query.relation import Tables
from analytics.query.units import BLOCK, MIXED, SIDE, Form, Side, units, value_column
from analytics.types import Filter, Op, Query, TimeRange

_MOST_BLOCKS = 16
_MOST_ROWS = 80_000
_MOST_VALUES = 200
_MOST_DIMENSIONS = 20
_PLACES = {"n": N, "a": A, "b": B, "aa": AA, "ab": AB, "bb": BB}


class Reader(Protocol):
    """Runs a SELECT."""

    def execute(self, sql: str) -> pa.Table:
        """Its rows."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sets of rows; ``days`` of each, None where the sides are no periods."""

    before: Side
    now: Side
    days: tuple[int, int] | None

    @property
    def longest(self) -> int:
        """Days of the longer side."""
        return max(self.days or (1, 1))


def sides_of(query: Query, as_of: date) -> Sides | None:
    """Two periods; else two values (or one and all others) of the dimension a query is grouped by."""
    if query.comparison is not None and query.time_range is not None:
        ranges = (query.comparison.range, query.time_range)
        before, now = (Side(query.filters, one) for one in ranges)
        first, second = (_days(one, as_of) for one in ranges)
        return Sides(before, now, (first, second))
    for one in query.filters:
        if one.op is Op.IN and one.dimension in query.group_by and len(one.values) <= 2:
            return _groups_of(query, one)
    return None


def _groups_of(query: Query, one: Filter) -> Sides:
    """Two values side by side, or one value beside all others."""
    others = tuple(f for f in query.filters if f is not one)
    first, *second = one.values
    against = Filter(one.dimension, Op.IN if second else Op.NOT_IN, (*second,) or (first,))
    mine = Filter(one.dimension, Op.IN, (first,))
    before, now = (Side((*others, f), query.time_range) for f in (against, mine))
    return Sides(before, now, None)


def _days(time_range: TimeRange, as_of: date) -> int:
    end = min(time_range.end, as_of + timedelta(days=1))
    return max((end - time_range.start).days, 1)


def dimensions_for(query: Query, metric: Metric, catalog: Catalog) -> list[Dimension]:
    """What may explain a figure: no person, no outcome, nothing the figure itself is made of.

    A query of two periods that is grouped asks for the causes among those dimensions.
    """
    fixed = {f.dimension for f in query.filters if f.op in {Op.IN, Op.EQ} and len(f.values) == 1}
    asked = set(query.group_by) if query.comparison is not None else set()
    if query.comparison is None:
        fixed |= set(query.group_by)
    made_of = _made_of(metric, catalog)
    found = [
        d
        for d in catalog.dimensions_of_metric(metric).values()
        if d.kind in {DimensionKind.CATEGORICAL, DimensionKind.BOOLEAN}
        and not d.person
        and d.tag is None  # its groups overlap
        and d.part is None  # when something happened is no reason for it
        and (d.name in asked if asked else not d.outcome)
        and d.name not in fixed
        and (d.table, d.column) not in made_of
    ]
    found.sort(key=lambda d: (-d.specificity, d.name))
    return found[:_MOST_DIMENSIONS]


def _made_of(metric: Metric, catalog: Catalog) -> set[tuple[str, str]]:
    if metric.ratio_of is not None:
        return set().union(*(_made_of(catalog.metrics[m], catalog) for m in metric.ratio_of))
    table = catalog.models[metric.model].table
    return {(table, column) for column in metric_columns(metric)}


def units_of(
    catalog: Catalog, tables: Tables, metric: Metric, dimensions: Sequence[str], sides: Sides
) -> ir.Table:
    """The units of both sides, in blocks of days."""
    width = -(-sides.longest // _MOST_BLOCKS)
    return units(catalog, tables, metric, dimensions, (sides.before, sides.now), width)


def read_singles(
    table: ir.Table, form: Form, names: Sequence[str], reader: Reader
) -> tuple[Singles, str]:
    """Every dimension by itself, and the SQL that fetched it."""
    most = min(_MOST_VALUES, _MOST_ROWS // (2 * _MOST_BLOCKS * max(len(names), 1)))
    sql = singles_sql(table, form, len(names), most)
    rows = reader.execute(sql).to_pydict()
    blocks = int(max(rows[BLOCK], default=0)) + 1
    values = _moments(rows, form)
    places = tuple(np.array(rows[name], dtype=np.int64) for name in ("dim", SIDE, BLOCK))
    whole = np.zeros((2, blocks, MOMENTS))
    at = places[0] == -1
    whole[places[1][at], places[2][at]] = values[at]
    found = tuple(
        _single(name, rows["value"], places, values, i, whole, most) for i, name in enumerate(names)
    )
    return Singles(whole, found), sql


def _single(
    name: str,
    texts: Sequence[str | None],
    places: tuple[Ints, ...],
    values: Array,
    position: int,
    whole: Array,
    most: int,
) -> Single:
    at = [int(i) for i in np.flatnonzero(places[0] == position)]
    known = sorted({texts[i] for i in at}, key=lambda v: (v is None, v or ""))
    index = {value: i for i, value in enumerate(known)}
    blocks = np.zeros((len(known), *whole.shape))
    for i in at:
        blocks[index[texts[i]], places[1][i], places[2][i]] = values[i]
    cut = len(known) >= most - 1
    return Single(name, tuple(known), blocks, MIXED not in known, cut)


def read_cube(
    table: ir.Table,
    form: Form,
    names: Sequence[str],
    kept: Mapping[str, Sequence[str] | None],
    reader: Reader,
) -> tuple[Cube, str]:
    """Combinations of the values kept (None: all), and the SQL that fetched them."""
    chosen = [(i, kept[name]) for i, name in enumerate(names) if name in kept]
    sql = cube_sql(table, form, chosen)
    rows = reader.execute(sql).to_pydict()
    axes, codes = [], []
    for i, _ in chosen:
        texts = rows[value_column(i)]
        known = sorted(set(texts), key=lambda v: (v is None, v or ""))
        index = {value: code for code, value in enumerate(known)}
        axes.append(Axis(names[i], tuple(known), index.get(OTHER)))
        codes.append([index[text] for text in texts])
    stacked = np.array(codes, dtype=np.int64).T.reshape(len(rows[SIDE]), len(axes))
    cells, place = np.unique(stacked, axis=0, return_inverse=True)
    moments = np.zeros((len(cells), 2, MOMENTS))
    moments[place.ravel(), np.array(rows[SIDE], dtype=np.int64)] = _moments(rows, form)
    return Cube(form, tuple(axes), cells, moments), sql


def _moments(rows: Mapping[str, Sequence[float]], form: Form) -> Array:
    """(rows, 6); the moments that a form does not fetch follow from the others."""
    found = np.zeros((len(rows["n"]), MOMENTS))
    for name in moments_of(form):
        found[:, _PLACES[name]] = np.nan_to_num(np.array(rows[name], dtype=np.float64))
    if form is Form.MEAN:
        found[:, B] = found[:, BB] = found[:, N]
        found[:, AB] = found[:, A]
    return found
