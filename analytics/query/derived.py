"""Figures made of a metric's figures: shares, running totals, moving averages, means per step, counts.

Each reads rows that are aggregated already, so it can neither multiply nor lose what was counted.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import ibis
import ibis.expr.types as ir
from dateutil.relativedelta import relativedelta

from analytics.catalog.calendar import Calendar, start_of
from analytics.catalog.types import COUNTED_DAYS, Catalog, Metric
from analytics.query.aggregate import TIME, Slice, aggregate, key_column
from analytics.query.relation import Tables
from analytics.query.time_part import days_by_part, part_of_day
from analytics.types import Derived, Grain, How, Op, Query, TimeRange

COUNTED = "count"
"""The column of a count of groups."""
_DAYS = {Grain.DAY: 1, Grain.WEEK: 7}
_STEP = {
    Grain.DAY: relativedelta(days=1),
    Grain.WEEK: relativedelta(weeks=1),
    Grain.MONTH: relativedelta(months=1),
    Grain.QUARTER: relativedelta(months=3),
    Grain.YEAR: relativedelta(years=1),
}


def derived_column(query: Query) -> str:
    """Name of the column that holds the derived figure of the query's first metric."""
    assert query.derived is not None
    if query.derived.how is How.COUNT:
        return COUNTED
    return f"{query.metrics[0]}__{query.derived.how.value}"


def read_range(query: Query) -> TimeRange | None:
    """The period that is read: a moving average begins with the steps before the first shown."""
    wanted, derived = query.time_range, query.derived
    if derived is None or derived.how is not How.MOVING_AVERAGE:
        return wanted
    if wanted is None or query.grain is None or wanted.start.year < 1000:
        return wanted
    lead = _STEP[query.grain] * ((derived.size or 1) - 1)
    return replace(wanted, start=wanted.start - lead)


def derive(table: ir.Table, query: Query, catalog: Catalog, tables: Tables, now: Slice) -> ir.Table:
    """The aggregated table with the column ``derived_column``; fewer rows for means and counts."""
    derived, metric = query.derived, catalog.metrics[query.metrics[0]]
    assert derived is not None
    name = derived_column(query)
    match derived.how:
        case How.SHARE:
            return _share(table, query, catalog, tables, now, metric, name)
        case How.RUNNING_TOTAL:
            window = ibis.cumulative_window(order_by=TIME, group_by=_group_keys(table, query))
            return table.mutate(table[metric.name].sum().over(window).name(name))
        case How.MOVING_AVERAGE:
            return _moving_average(table, query, derived, metric, name, catalog.calendar)
        case How.MEAN if derived.step is not None:
            return _mean_of_steps(table, query, derived.step, metric, name, catalog)
        case How.MEAN:
            return _mean_of_groups(table, query, metric, name)
        case How.RATIO:
            below = table[query.metrics[1]].cast("float64").nullif(0)
            ratio = table[metric.name].cast("float64") / below * float(derived.size or 1)
            return table.mutate(ratio.name(name))
        case How.COUNT:
            return table.aggregate(table.count().name(name))


def _group_keys(table: ir.Table, query: Query) -> list[str]:
    return [
        column
        for dimension in query.group_by
        for column in (dimension, key_column(dimension))
        if column in table.columns
    ]


def _share(
    table: ir.Table,
    query: Query,
    catalog: Catalog,
    tables: Tables,
    now: Slice,
    metric: Metric,
    name: str,
) -> ir.Table:
    """The figure over that of the whole, which is aggregated apart: groups may overlap."""
    part = query.derived.part if query.derived else ()
    whole = replace(
        now,
        group_by=now.group_by if part else (),
        filters=tuple(f for f in now.filters if f.dimension not in part),
    )
    total = aggregate(catalog, tables, [metric], whole)
    keys = [*(_group_keys(table, query) if part else ()), *([TIME] if now.grain else ())]
    renamed = total.select(
        **{f"whole__{k}": total[k] for k in keys}, whole__figure=total[metric.name]
    )
    if keys:
        same = [table[k].identical_to(renamed[f"whole__{k}"]) for k in keys]
        # The whole has every group that the part has, and those in which the part is nothing.
        joined = table.right_join(renamed, same) if part else table.left_join(renamed, same)
    else:
        joined = table.cross_join(renamed)
    figure = joined[metric.name].cast("float64")
    if part:
        figure = figure.fill_null(0.0)
        joined = joined.mutate(**{k: joined[f"whole__{k}"] for k in keys})
    return joined.mutate((figure / joined["whole__figure"].cast("float64").nullif(0)).name(name))


def _moving_average(
    table: ir.Table, query: Query, derived: Derived, metric: Metric, name: str, cal: Calendar
) -> ir.Table:
    """Mean of the steps in the window: of counts over all days in it, of averages over all responses."""
    size, grain = derived.size or 1, query.grain
    assert grain is not None
    keys = _group_keys(table, query)
    if grain in _DAYS:
        before = ibis.interval(days=_DAYS[grain] * (size - 1))
        window = ibis.range_window(
            preceding=before, following=ibis.interval(days=0), order_by=TIME, group_by=keys
        )
    else:
        window = ibis.window(preceding=size - 1, following=0, order_by=TIME, group_by=keys)
    value = table[metric.name].cast("float64")
    if metric.average_of is not None:
        n = table[f"{metric.name}__n"]
        moved = (value * n).sum().over(window) / n.sum().over(window).nullif(0)
    elif grain in _DAYS:
        first = table[TIME].min().over(ibis.window())
        passed = table[TIME].delta(first, unit="day") / _DAYS[grain] + 1
        moved = value.sum().over(window) / ibis.least(passed, ibis.literal(size)).cast("float64")
    else:
        moved = value.mean().over(window)
    table = table.mutate(moved.name(name))
    if query.time_range is None or query.time_range.start.year < 1000:
        return table
    return table.filter(
        table[TIME] >= ibis.literal(start_of(query.time_range.start, grain.value, cal))
    )


def steps_in(time_range: TimeRange, step: Grain, cal: Calendar) -> int:
    """How many steps of a width a period has, days without anything included."""
    count, start = 0, start_of(time_range.start, step.value, cal)
    while start < time_range.end:
        start, count = start + _STEP[step], count + 1
    return count


def _mean_of_steps(
    table: ir.Table, query: Query, step: Grain, metric: Metric, name: str, catalog: Catalog
) -> ir.Table:
    """The mean over all steps of the period; without a period from the first step with data to the last."""
    total = table[metric.name].cast("float64").sum()
    if query.time_range is not None and (days := _days_of_parts(query, catalog)) is not None:
        name_of, counts = days
        each = table[name_of].cases(*counts.items()).cast("float64")
        mean = total / each.max()
    elif query.time_range is not None and query.time_range.start.year >= 1000:
        mean = total / float(_steps(query, query.time_range, step, catalog) or 1)
    else:
        ends = table.aggregate(first=table[TIME].min(), last=table[TIME].max())
        mean = total / (_apart(ends["first"].as_scalar(), ends["last"].as_scalar(), step) + 1)
    return _over_groups(table, query, mean.name(name))


def _steps(query: Query, time_range: TimeRange, step: Grain, catalog: Catalog) -> int:
    """Steps of the period; of days only those that a filter on parts of time leaves: weekends, Mondays."""
    if step is not Grain.DAY:
        return steps_in(time_range, step, catalog.calendar)
    reachable = catalog.dimensions_of_metric(catalog.metrics[query.metrics[0]])
    days = [time_range.start + timedelta(days=ahead) for ahead in range(time_range.days)]
    for one in query.filters:
        dimension = reachable.get(one.dimension)
        if dimension is not None and dimension.part in COUNTED_DAYS:
            names = dimension.ordered_values
            inside = one.op in {Op.IN, Op.EQ}
            days = [
                day
                for day in days
                if (part_of_day(day, dimension.part, names) in one.values) is inside
            ]
    return len(days)


def _days_of_parts(query: Query, catalog: Catalog) -> tuple[str, dict[str, int]] | None:
    """The part of time that is grouped by, and how many days of the period each of its values has."""
    assert query.time_range is not None
    reachable = catalog.dimensions_of_metric(catalog.metrics[query.metrics[0]])
    for name in query.group_by:
        dimension = reachable[name]
        if dimension.part is not None:
            return name, days_by_part(query.time_range, dimension.part, dimension.ordered_values)
    return None


def _apart(first: ir.Value, last: ir.Value, step: Grain) -> ir.Value:
    """How many steps lie between two first days of steps."""
    if step in _DAYS:
        return last.delta(first, unit="day") / _DAYS[step]
    months = (last.year() - first.year()) * 12 + last.month() - first.month()
    return months / {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}[step]


def _mean_of_groups(table: ir.Table, query: Query, metric: Metric, name: str) -> ir.Table:
    """The mean over the groups that have a figure; what belongs to nobody is no group."""
    assert query.derived is not None
    for part in query.derived.part:
        table = table.filter(table[part].notnull())
    return _over_groups(table, query, table[metric.name].cast("float64").mean().name(name))


def _over_groups(table: ir.Table, query: Query, figure: ir.Value) -> ir.Table:
    keys = _group_keys(table, query)
    return table.group_by(keys).aggregate(figure) if keys else table.aggregate(figure)
