"""Sums over units by groups, for both sides of a comparison: what a decomposition is made of."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from analytics.query.units import BLOCK, BOTTOM, MIXED, SIDE, TOP, Form, value_column

OTHER = "\ue000"
"""Stands for all values that are not looked at one by one; a character that no text uses."""

_PLAIN = ("n", "a", "aa")
_FULL = ("n", "a", "b", "aa", "ab", "bb")


def moments_of(form: Form) -> tuple[str, ...]:
    """Sums that a form needs: units, a, b and their products. A mean has b = 1, a sum has none."""
    return _FULL if form is Form.RATIO else _PLAIN


def singles_sql(
    units: ir.Table, form: Form, dimensions: int, most: int, dialect: str = "duckdb"
) -> str:
    """Sums by value, side and block of days, for the ``most`` frequent values of each dimension.

    Columns: dim (its position), value, side, block, then the moments. Position -1 is the whole.
    """
    nothing = ibis.null("string")
    parts = [_grouped(units, form, -1, nothing)]
    parts += [_grouped(units, form, i, units[value_column(i)]) for i in range(dimensions)]
    table = ibis.union(*parts, distinct=False)
    return str(ibis.to_sql(_most_frequent(table, most), dialect=dialect))


def _grouped(units: ir.Table, form: Form, position: int, value: ir.Value) -> ir.Table:
    keys = [ibis.literal(position, "int64").name("dim"), value.name("value"), SIDE, BLOCK]
    return units.group_by(keys).aggregate(_moments(units, form))


def _most_frequent(table: ir.Table, most: int) -> ir.Table:
    """The rows of each dimension's ``most`` - 1 most frequent values."""
    columns = table.columns
    table = table.mutate(often=table["n"].sum().over(group_by=["dim", "value"]))
    mixed = table["value"].fill_null("") == MIXED  # never left out: it says that groups overlap
    order = [ibis.desc(mixed), ibis.desc("often"), ibis.asc("value", nulls_first=False)]
    table = table.mutate(place=ibis.dense_rank().over(group_by="dim", order_by=order))
    return table.filter(table["place"] < most - 1).select(*columns)


def cube_sql(
    units: ir.Table,
    form: Form,
    kept: Sequence[tuple[int, Sequence[str] | None]],
    dialect: str = "duckdb",
) -> str:
    """Sums by side for every combination of values of several dimensions (position, values).

    Columns: one a dimension, in that order, then side and the moments.
    """
    keys = [_narrowed(units[value_column(i)], v).name(value_column(i)) for i, v in kept]
    table = units.group_by([*keys, SIDE]).aggregate(_moments(units, form))
    table = table.select(*(value_column(i) for i, _ in kept), SIDE, *moments_of(form))
    return str(ibis.to_sql(table, dialect=dialect))


def _narrowed(column: ir.Value, values: Sequence[str] | None) -> ir.Value:
    """All values outside the list as one; NULL stays a group of its own."""
    if values is None:
        return column
    return ibis.ifelse(column.isnull() | column.isin(list(values)), column, ibis.literal(OTHER))


def _moments(units: ir.Table, form: Form) -> list[ir.Value]:
    a, b = units[TOP], units[BOTTOM]
    terms = {"a": a, "b": b, "aa": a * a, "ab": a * b, "bb": b * b}
    count = units.count().cast("float64").name("n")
    return [count, *(terms[name].sum().name(name) for name in moments_of(form)[1:])]
