"""What can be made of a metric's figures, and where the things of a dimension are listed."""

from __future__ import annotations

from sqlglot import exp

from analytics.catalog.expression import parse
from analytics.catalog.types import Catalog, DimensionTable, Metric, Unit
from analytics.types import Having, How, Op, Query

_COUNTS = {Unit.COUNT, Unit.CURRENCY}


def fits(how: How, metric: Metric) -> bool:
    """Whether a metric has such a figure: a mean of means, or a sum of rates, says nothing."""
    adds_up = metric.additive or (
        metric.unit in _COUNTS and "distinct" in (metric.expression or "") and not _divides(metric)
    )
    match how:
        case How.COUNT:
            return True
        case How.MOVING_AVERAGE:
            return adds_up or metric.average_of is not None
        case How.RUNNING_TOTAL:
            return metric.ratio_of is None and metric.per is None and adds_up
        case How.SHARE | How.MEAN | How.RATIO:
            return metric.ratio_of is None and adds_up


def _divides(metric: Metric) -> bool:
    return "/" in (metric.expression or "")


_TRUE_OF_ZERO = {
    Op.EQ: lambda n: n == 0,
    Op.NE: lambda n: n != 0,
    Op.GT: lambda n: n < 0,
    Op.GE: lambda n: n <= 0,
    Op.LT: lambda n: n > 0,
    Op.LE: lambda n: n >= 0,
}


def holds_for_nothing(having: Having, catalog: Catalog) -> bool:
    """Whether a group without any row meets a condition: "no reviews", "fewer than 3 orders"."""
    metric = catalog.metrics.get(having.metric)
    test = _TRUE_OF_ZERO.get(having.op)
    return metric is not None and is_count(metric) and test is not None and test(having.value)


def is_count(metric: Metric) -> bool:
    """Whether the metric of no rows is 0 (a sum or a count), not unknown (an average, the largest)."""
    if metric.expression is None or metric.ratio_of is not None:
        return False
    node = parse(metric.expression)
    inner = node.this if isinstance(node, exp.Filter) else node
    return metric.additive or isinstance(inner, exp.Count | exp.Sum)


def needs_members(query: Query, catalog: Catalog) -> bool:
    """Whether groups of nothing belong to the answer."""
    return (
        len(query.group_by) == 1
        and query.grain is None
        and query.comparison is None
        and bool(query.having)
        and all(holds_for_nothing(one, catalog) for one in query.having)
    )


def home(dimension: str, metric: Metric, catalog: Catalog) -> tuple[DimensionTable, str] | None:
    """The table that lists all things of a dimension, and the column with their names there."""
    known = catalog.dimensions_of_metric(metric)[dimension]
    if known.table in catalog.dimension_tables:
        return catalog.dimension_tables[known.table], known.column
    for name in catalog.model_of(metric).joins:
        table = catalog.dimension_tables.get(name)
        if table is not None and table.key == known.column:
            return table, table.key
    return None
