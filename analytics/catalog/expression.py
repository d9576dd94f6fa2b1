"""The SQL of the catalog: a small allowlisted language, translated to Ibis.

A metric's expression is SQL text, because people who know figures know SQL. It never reaches an
engine as text: it is parsed, every node is checked against the table below, and an Ibis expression
is built from it. So one catalog runs on every Ibis backend, and nothing outside the allowlist
(subqueries, functions that read files, window functions, several statements) can be said at all.

Division never fails: ``x / y`` means ``x / nullif(y, 0)``, as a float.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

import ibis
import ibis.expr.types as ir
import sqlglot
from ibis.common.annotations import ValidationError
from ibis.common.exceptions import IbisError
from sqlglot import exp
from sqlglot.errors import SqlglotError


class ExpressionError(ValueError):
    """SQL that the catalog does not accept, with the reason in words."""


class Shape(StrEnum):
    """What an expression must yield."""

    AGGREGATE = "an aggregate"
    ROW_VALUE = "a number for each row"
    CONDITION = "a condition on each row"


def to_ibis(sql: str, table: ir.Table) -> ir.Value:
    """Translate allowlisted SQL over ``table`` to an Ibis expression.

    Row-level SQL gives a column, aggregate SQL a scalar for use in ``table.aggregate``.
    Raises ExpressionError for what is not allowlisted, no column of the table, or of a wrong type.
    """
    return _Translator(table).value(parse(sql))


def check(sql: str, table: ir.Table, shape: Shape) -> None:
    """Raise ExpressionError unless ``sql`` translates over ``table`` and has that shape."""
    node = parse(sql)
    value = _Translator(table).value(node)
    aggregated = node.find(*_AGGREGATES) is not None
    if aggregated != (shape is Shape.AGGREGATE):
        raise ExpressionError(f"{_words(node)} is not {shape.value}")
    if shape is Shape.AGGREGATE and (bare := _bare_column(node)):
        raise ExpressionError(f'column "{bare}" is outside an aggregate such as sum or count')
    if shape is Shape.CONDITION and not value.type().is_boolean():
        raise ExpressionError(f"{_words(node)} is not {shape.value}")
    if shape is not Shape.CONDITION and not (value.type().is_numeric()):
        raise ExpressionError(f"{_words(node)} is not a number")


def columns_of(sql: str) -> frozenset[str]:
    """Names of the columns that ``sql`` reads."""
    return frozenset(column.name for column in parse(sql).find_all(exp.Column))


@lru_cache(maxsize=2048)
def parse(sql: str) -> exp.Expr:
    """The syntax tree of one expression. Raises ExpressionError where there is not exactly one."""
    try:
        nodes = [node for node in sqlglot.parse(sql, dialect="duckdb") if node is not None]
    except SqlglotError as error:
        raise ExpressionError(f"{sql!r} is not an SQL expression") from error
    if len(nodes) != 1:
        raise ExpressionError(f"{sql!r} is not one SQL expression")
    return nodes[0]


_AGGREGATES = (
    exp.Count,
    exp.Sum,
    exp.Avg,
    exp.Min,
    exp.Max,
    exp.Median,
    exp.Quantile,
    exp.PercentileCont,
)

_BINARY: dict[type[exp.Expr], Callable[[ir.Value, ir.Value], ir.Value]] = {
    exp.Add: lambda a, b: a + b,
    exp.Sub: lambda a, b: a - b,
    exp.Mul: lambda a, b: a * b,
    exp.Div: lambda a, b: a.cast("float64") / b.nullif(0),
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.And: lambda a, b: a & b,
    exp.Or: lambda a, b: a | b,
    exp.Nullif: lambda a, b: a.nullif(b),
}

# Whole days and seconds count the same on every backend; hours and minutes are seconds divided.
_DIFF_UNITS = {"SECOND": "second", "DAY": "day"}


def _words(node: exp.Expr) -> str:
    return f'"{node.sql(dialect="duckdb")}"'


def _bare_column(node: exp.Expr) -> str | None:
    for column in node.find_all(exp.Column):
        if column.find_ancestor(exp.Filter, *_AGGREGATES) is None:
            return column.name
    return None


class _Translator:
    """Walks a syntax tree and builds the Ibis expression over one table."""

    def __init__(self, table: ir.Table) -> None:
        self.table = table

    def value(self, node: exp.Expr) -> ir.Value:
        """The Ibis expression of a node, with errors in words."""
        try:
            return self._translate(node)
        except (IbisError, ValidationError, AttributeError, TypeError) as error:
            raise ExpressionError(
                f"{_words(node)} does not fit the types of its columns"
            ) from error

    def _translate(self, node: exp.Expr) -> ir.Value:
        if isinstance(node, _AGGREGATES):
            return self._aggregate(node, None)
        if operator := _BINARY.get(type(node)):
            return operator(self.value(node.this), self.value(node.expression))
        match node:
            case exp.Column() if node.args.get("table") is None:
                return self._column(node.name)
            case exp.Literal() | exp.Boolean() | exp.Null():
                return self._literal(node)
            case exp.Paren():
                return self.value(node.this)
            case exp.Neg():
                return -self.value(node.this)
            case exp.Not():
                return ~self.value(node.this)
            case exp.Is() if isinstance(node.expression, exp.Null):
                return self.value(node.this).isnull()
            case exp.In() if node.expressions:
                return self.value(node.this).isin([self.value(e) for e in node.expressions])
            case exp.Between():
                low, high = self.value(node.args["low"]), self.value(node.args["high"])
                return self.value(node.this).between(low, high)
            case exp.Coalesce():
                parts = [node.this, *node.expressions]
                return ibis.coalesce(*(self.value(part) for part in parts))
            case exp.Length():
                return self.value(node.this).length()
            case exp.Abs():
                return self.value(node.this).abs()
            case exp.Case():
                return self._case(node)
            case exp.DateDiff():
                return self._date_diff(node)
            case exp.Filter():
                return self._filtered(node)
            case _:
                raise ExpressionError(f"{_words(node)} is not allowed in the catalog")

    def _column(self, name: str) -> ir.Value:
        if name not in self.table.columns:
            known = ", ".join(self.table.columns)
            raise ExpressionError(f'unknown column "{name}" (there are: {known})')
        return self.table[name]

    def _literal(self, node: exp.Expr) -> ir.Value:
        if isinstance(node, exp.Null):
            return ibis.null()
        return ibis.literal(node.to_py())

    def _case(self, node: exp.Case) -> ir.Value:
        subject = self.value(node.this) if node.this else None
        branches = []
        for branch in node.args["ifs"]:
            test = self.value(branch.this)
            branches.append((test if subject is None else subject == test, branch.args["true"]))
        default = node.args.get("default")
        otherwise = self.value(default) if default is not None else None
        return ibis.cases(*((test, self.value(then)) for test, then in branches), else_=otherwise)

    def _date_diff(self, node: exp.DateDiff) -> ir.Value:
        unit = _DIFF_UNITS.get(node.text("unit").upper())
        if unit is None:
            raise ExpressionError(f"{_words(node)}: date_diff counts 'second' or 'day'")
        return self.value(node.this).delta(self.value(node.expression), unit=unit)

    def _filtered(self, node: exp.Filter) -> ir.Value:
        if not isinstance(node.this, _AGGREGATES):
            raise ExpressionError(f"{_words(node)}: only an aggregate takes a filter")
        return self._aggregate(node.this, self.value(node.expression.this))

    def _aggregate(self, node: exp.Expr, where: ir.BooleanValue | None) -> ir.Value:
        if node.find_ancestor(*_AGGREGATES):
            raise ExpressionError(f"{_words(node)}: an aggregate within an aggregate")
        if isinstance(node, exp.Count):
            return self._count(node, where)
        column = self.value(node.this)
        match node:
            case exp.Sum():
                return column.sum(where=where)
            case exp.Avg():
                return column.mean(where=where)
            case exp.Min():
                return column.min(where=where)
            case exp.Max():
                return column.max(where=where)
            case exp.Median():
                return column.median(where=where)
            case _:
                return column.quantile(self._share(node), where=where)

    def _share(self, node: exp.Expr) -> float:
        share = node.args.get("quantile") or node.expression
        if isinstance(share, exp.Literal) and not share.is_string and 0 <= float(share.name) <= 1:
            return float(share.name)
        raise ExpressionError(f"{_words(node)}: the quantile must be a number from 0 to 1")

    def _count(self, node: exp.Count, where: ir.BooleanValue | None) -> ir.Value:
        counted = node.this
        if isinstance(counted, exp.Star) and not counted.args.get("except_"):
            return self.table.count(where=where)
        if node.expressions:
            raise ExpressionError(f"{_words(node)}: count takes one column")
        if not isinstance(counted, exp.Distinct):
            return self.value(counted).count(where=where)
        if len(counted.expressions) != 1:
            raise ExpressionError(f"{_words(node)}: count(distinct …) takes one column")
        return self.value(counted.expressions[0]).nunique(where=where)
