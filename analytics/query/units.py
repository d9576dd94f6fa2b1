"""A metric as sums over units: what each row (or order, or customer) adds to its figure.

A mean is ``sum(a) / sum(b)`` over its rows, a ratio of sums likewise, a sum is ``sum(a)``. Figures in
this form split exactly over groups, and the sums of squares of ``a`` and ``b`` say how much chance
there is in them. A median or a maximum has no such form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import ibis
import ibis.expr.types as ir
from sqlglot import exp

from analytics.catalog.available import metric_columns
from analytics.catalog.expression import parse, to_ibis
from analytics.catalog.types import Catalog, Metric
from analytics.query.relation import Relation, Tables, relation
from analytics.types import Filter, Op, TimeRange

SIDE, BLOCK, TOP, BOTTOM = "side", "block", "a", "b"

MIXED = "\ue001"
"""The value of a thing whose rows differ in a dimension (an order of two categories)."""


class Form(StrEnum):
    """How a figure is made of its units."""

    SUM = "sum"
    MEAN = "mean"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sets of rows that are compared: 0 is before, 1 is now."""

    filters: tuple[Filter, ...]
    time_range: TimeRange | None


def value_column(position: int) -> str:
    """Name of the column that holds a dimension's value."""
    return f"d{position}"


def form_of(metric: Metric, catalog: Catalog) -> Form | None:
    """The form of a metric; None where it has none (a median, a maximum)."""
    if metric.ratio_of is not None:
        parts = [catalog.metrics[name] for name in metric.ratio_of]
        return Form.RATIO if all(form_of(m, catalog) is Form.SUM for m in parts) else None
    if metric.average_of is not None:
        return Form.MEAN
    assert metric.expression is not None
    top, bottom = _parts(metric.expression)
    if not _linear(top) or (bottom is not None and not _linear(bottom)):
        return None
    if len(_counted(metric)) > 1:
        return None
    return Form.SUM if bottom is None else Form.RATIO


def units(
    catalog: Catalog,
    tables: Tables,
    metric: Metric,
    dimensions: Sequence[str],
    sides: tuple[Side, Side],
    width: int,
) -> ir.Table:
    """One row a unit: side (0 or 1), block of days, the dimensions' values as text, ``a`` and ``b``.

    ``width``: days of a block. Units that span days (customers) are all in block 0.
    """
    if metric.ratio_of is None:
        return _both(catalog, tables, metric, dimensions, sides, width)
    top, bottom = (
        _both(catalog, tables, catalog.metrics[name], dimensions, sides, width)
        for name in metric.ratio_of
    )
    below = bottom.mutate(**{TOP: ibis.literal(0.0), BOTTOM: bottom[TOP]})
    return ibis.union(top, below.select(*top.columns), distinct=False)


def _both(
    catalog: Catalog,
    tables: Tables,
    metric: Metric,
    dimensions: Sequence[str],
    sides: tuple[Side, Side],
    width: int,
) -> ir.Table:
    one, other = (
        _one_side(catalog, tables, metric, dimensions, side, number, width)
        for number, side in enumerate(sides)
    )
    return ibis.union(one, other, distinct=False)


def _one_side(
    catalog: Catalog,
    tables: Tables,
    metric: Metric,
    dimensions: Sequence[str],
    side: Side,
    number: int,
    width: int,
) -> ir.Table:
    model = catalog.models[metric.model]
    used = (*dimensions, *(f.dimension for f in side.filters))
    columns = metric_columns(metric)
    if model.verbatims is not None and any(f.op is Op.CONTAINS for f in side.filters):
        columns |= {model.verbatims.text, model.verbatims.title or model.verbatims.text}
    rows = relation(catalog, model, tables, used, columns)
    rows = rows.narrowed(side.time_range, side.filters)
    if metric.where is not None:
        rows = rows.where(to_ibis(metric.where, rows.table))
    keys = [
        rows.value(name).cast("string").name(value_column(i)) for i, name in enumerate(dimensions)
    ]
    thing = metric.per or next(iter(_counted(metric)), None)
    if thing is None:
        made = _by_row(rows, metric, keys, side, width)
    else:
        made = _by_thing(rows, metric, keys, thing)
    made = made.filter((made[TOP] != 0) | (made[BOTTOM] != 0))
    marked = made.mutate(**{SIDE: ibis.literal(number, "int8")})
    names = [value_column(i) for i in range(len(dimensions))]
    return marked.select(SIDE, BLOCK, *names, TOP, BOTTOM)


def _by_row(
    rows: Relation, metric: Metric, keys: list[ir.Value], side: Side, width: int
) -> ir.Table:
    """The unit is a row of the fact."""
    table = rows.table
    top, bottom = _row_values(metric, table)
    block = ibis.literal(0, "int64")
    if side.time_range is not None:
        first = ibis.literal(side.time_range.start)
        day = table[rows.model.time].cast("date").delta(first, unit="day")
        block = (day // width).cast("int64")
    return table.select(*keys, block.name(BLOCK), top.name(TOP), bottom.name(BOTTOM))


def _row_values(metric: Metric, table: ir.Table) -> tuple[ir.Value, ir.Value]:
    if metric.average_of is not None:
        value = to_ibis(metric.average_of, table).cast("float64")
        return value.fill_null(0.0), value.notnull().cast("float64")
    assert metric.expression is not None
    top, bottom = _parts(metric.expression)
    nothing = ibis.literal(0.0)
    return (
        _row_value(top, table),
        nothing if bottom is None else _row_value(bottom, table),
    )


def _row_value(node: exp.Expr, table: ir.Table) -> ir.Value:
    """What one row adds to an aggregate."""
    sql = _of_row(node.copy()).sql(dialect="duckdb")
    return to_ibis(sql, table).cast("float64").fill_null(0.0)


def _of_row(node: exp.Expr) -> exp.Expr:
    match node:
        case exp.Filter():
            condition, value = node.expression.this, _of_row(node.this)
            return exp.Case(ifs=[exp.If(this=condition, true=value)], default=exp.Literal.number(0))
        case exp.Sum():
            return exp.Paren(this=exp.Coalesce(this=node.this, expressions=[exp.Literal.number(0)]))
        case exp.Count() if isinstance(node.this, exp.Star):
            return exp.Literal.number(1)
        case exp.Count():
            absent = exp.If(
                this=exp.Is(this=node.this, expression=exp.Null()), true=exp.Literal.number(0)
            )
            return exp.Case(ifs=[absent], default=exp.Literal.number(1))
        case exp.Paren() | exp.Neg():
            node.set("this", _of_row(node.this))
            return node
        case exp.Binary():
            node.set("this", _of_row(node.this))
            node.set("expression", _of_row(node.expression))
            return node
        case _:
            return node


def _by_thing(rows: Relation, metric: Metric, keys: list[ir.Value], thing: str) -> ir.Table:
    """The unit is an order, a customer, …: one row for each, with the values that all its rows share."""
    table = rows.table
    if metric.per is not None:
        table = table.filter(table[thing].notnull())
    shared = [_shared(table, key) for key in keys]
    entity = table[thing].name("entity__key")
    if metric.per is not None:
        inner = [to_ibis(sql, table).name(n) for n, sql in (metric.inner or {}).items()]
        entities = table.group_by(entity).aggregate([*shared, *inner])
        top, bottom = _row_values(metric, entities)
        made = entities.mutate(**{TOP: top, BOTTOM: bottom})
    else:
        assert metric.expression is not None
        top, bottom = (
            ibis.literal(0.0)
            if part is None
            else to_ibis(part.sql(dialect="duckdb"), table).cast("float64").fill_null(0.0)
            for part in _parts(metric.expression)
        )
        made = table.group_by(entity).aggregate([*shared, top.name(TOP), bottom.name(BOTTOM)])
    return made.mutate(**{BLOCK: ibis.literal(0, "int64")})


def _shared(table: ir.Table, key: ir.Value) -> ir.Value:
    """The value that all rows of a thing have, or MIXED."""
    least, known = key.min(), key.count()
    same = (least == key.max()) & (known == table.count())
    value = ibis.cases((known == 0, ibis.null("string")), (same, least), else_=MIXED)
    return value.name(key.get_name())


def _parts(sql: str) -> tuple[exp.Expr, exp.Expr | None]:
    """Numerator and denominator; no denominator where the figure is a sum."""
    node = _bare(parse(sql))
    if isinstance(node, exp.Div) and not isinstance(_bare(node.expression), exp.Literal):
        return _bare(node.this), _bare(node.expression)
    return node, None


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _linear(node: exp.Expr) -> bool:
    """Sums and counts, added up or scaled: groups of rows add up to the whole."""
    node = _bare(node)
    match node:
        case exp.Sum() | exp.Count():
            return True
        case exp.Filter():
            return isinstance(node.this, exp.Sum | exp.Count)
        case exp.Neg():
            return _linear(node.this)
        case exp.Add() | exp.Sub():
            return _linear(node.this) and _linear(node.expression)
        case exp.Mul():
            left, right = _bare(node.this), _bare(node.expression)
            if isinstance(left, exp.Literal):
                return _linear(right)
            return isinstance(right, exp.Literal) and _linear(left)
        case exp.Div():
            return isinstance(_bare(node.expression), exp.Literal) and _linear(node.this)
        case _:
            return False


def _counted(metric: Metric) -> frozenset[str]:
    """Columns whose different values a metric counts."""
    if metric.expression is None or metric.per is not None:
        return frozenset()
    return frozenset(
        column.name
        for distinct in parse(metric.expression).find_all(exp.Distinct)
        for column in distinct.find_all(exp.Column)
    )
