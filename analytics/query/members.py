"""Things of which a fact has no row: a product without reviews is a group of nothing, not no group."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from sqlglot import exp

from analytics.catalog.expression import parse
from analytics.catalog.types import Catalog, Dimension, DimensionTable, Metric
from analytics.query.aggregate import key_column
from analytics.query.relation import Tables, matches
from analytics.types import Having, Op, Query

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


def add_members(table: ir.Table, query: Query, catalog: Catalog, tables: Tables) -> ir.Table:
    """The groups with, for those that the fact lacks, nothing (NULL) in every figure.

    Raises KeyError where no table lists the things.
    """
    name = query.group_by[0]
    metric = catalog.metrics[query.metrics[0]]
    found = home(name, metric, catalog)
    if found is None:
        raise KeyError(name)
    listing, column = found
    things = ibis.table(tables[listing.table], name=listing.table)
    reachable = catalog.dimensions_of_metric(metric)
    for one in query.filters:
        if one.dimension in reachable and reachable[one.dimension].table == listing.table:
            things = things.filter(matches(things[reachable[one.dimension].column], one))
    key = key_column(name)
    members = _members(things, reachable[name], listing, column, key in table.columns)
    same = (
        members["member__key"]
        .cast("string")
        .identical_to(table[key if key in table.columns else name].cast("string"))
    )
    joined = members.left_join(table, same)
    figures = [c for c in table.columns if c not in {name, key}]
    kept = {name: joined["member"]}
    if key in table.columns:
        kept[key] = joined["member__key"]
    return joined.select(**kept, **{c: joined[c] for c in figures})


def _members(
    things: ir.Table, dimension: Dimension, listing: DimensionTable, column: str, keyed: bool
) -> ir.Table:
    identity = things[listing.key if keyed else column]
    label = things[column]
    if keyed:
        label = ibis.coalesce(label.cast("string"), identity.cast("string"))
    chosen = things.select(member=label, member__key=identity)
    return chosen.filter(chosen["member__key"].notnull()).distinct()
