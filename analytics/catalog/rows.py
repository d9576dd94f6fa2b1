"""Which rows of a source a metric counts, as filters: "negative reviews" are reviews with a sentiment."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from analytics.catalog.expression import parse
from analytics.catalog.types import Catalog, Metric
from analytics.types import Filter, Op


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of a semantic model, narrowed by filters."""

    model: str
    filters: tuple[Filter, ...] = ()


def rows_counted(metric: Metric, catalog: Catalog) -> Rows | None:
    """The rows that a metric counts; None where it counts none, or its condition is no filter on values."""
    if metric.expression != "count(*)" or metric.model not in catalog.models:
        return None
    if metric.where is None:
        return Rows(metric.model)
    model = catalog.models[metric.model]
    columns = {d.column: d.name for d in model.dimensions}
    filters = [_filter(part, columns) for part in _conjuncts(parse(metric.where))]
    if any(one is None for one in filters):
        return None
    return Rows(metric.model, tuple(one for one in filters if one is not None))


def _conjuncts(condition: exp.Expr) -> list[exp.Expr]:
    if isinstance(condition, exp.And):
        return [*_conjuncts(condition.left), *_conjuncts(condition.right)]
    return [condition]


def _filter(condition: exp.Expr, columns: dict[str, str]) -> Filter | None:
    match condition:
        case exp.EQ(this=exp.Column() as column, expression=exp.Literal() as value):
            values = [value]
        case exp.In(this=exp.Column() as column) if not condition.args.get("query"):
            values = condition.expressions
        case _:
            return None
    known = column.name in columns and all(
        isinstance(v, exp.Literal) and v.is_string for v in values
    )
    return Filter(columns[column.name], Op.IN, tuple(v.name for v in values)) if known else None
