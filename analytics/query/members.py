"""Things of which a fact has no row: a product without reviews is a group of nothing, not no group."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from analytics.catalog.figures import home
from analytics.catalog.types import Catalog, Dimension, DimensionTable
from analytics.query.aggregate import key_column
from analytics.query.relation import Tables, matches
from analytics.types import Query


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
