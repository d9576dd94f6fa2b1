"""Two periods in one query give what two queries give, whether they are read in one pass or in two."""

from dataclasses import replace
from datetime import date

import pytest

from analytics.analyst.context import Context
from analytics.query.execute import execute
from analytics.types import (
    Baseline,
    Cell,
    Comparison,
    Filter,
    Grain,
    Kind,
    Op,
    Query,
    TimeRange,
)
from tests.analytics.core.world import METRICS

MARCH = TimeRange(date(2026, 3, 1), date(2026, 4, 1))
BEFORE = {
    "next to it": TimeRange(date(2026, 2, 1), date(2026, 3, 1)),
    "near": TimeRange(date(2026, 2, 1), date(2026, 2, 12)),
    "far": TimeRange(date(2025, 3, 1), date(2025, 4, 1)),
    "overlapping": TimeRange(date(2026, 2, 1), date(2026, 3, 11)),
    "later": TimeRange(date(2026, 3, 11), date(2026, 4, 11)),
    "empty": TimeRange(date(2026, 2, 20), date(2026, 3, 1)),
}
FILTERS = ((), (Filter("product", Op.IN, ("Nimbus Kettle", "p4")),))


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("metric", [m.name for m in METRICS])
def test_each_side_is_the_period_alone(metric: str, before: str, world: Context) -> None:
    for group_by in ((), ("product",), ("region", "product")):
        for filters in FILTERS:
            query = Query(Kind.VALUE, (metric,), group_by, filters=filters, time_range=MARCH)
            if group_by:
                query = replace(query, kind=Kind.BREAKDOWN)
            now, then = (
                _figures(replace(query, time_range=one), world) for one in (MARCH, BEFORE[before])
            )
            comparison = Comparison(Baseline.CUSTOM, BEFORE[before])
            both = replace(query, kind=Kind.COMPARISON, comparison=comparison)
            zero = 0 if _additive(metric) else None
            keys = now.keys() | then.keys()
            assert _figures(both, world) == {k: now.get(k, zero) for k in keys}
            assert _figures(both, world, 1) == {k: then.get(k, zero) for k in keys}


def test_a_trend_beside_the_period_before(world: Context) -> None:
    comparison = Comparison(Baseline.CUSTOM, BEFORE["next to it"])
    query = Query(
        Kind.COMPARISON,
        ("review_count",),
        grain=Grain.MONTH,
        time_range=MARCH,
        comparison=comparison,
    )
    assert _figures(query, world) == {(date(2026, 2, 1), ""): 0, (date(2026, 3, 1), ""): 15}
    assert _figures(query, world, 1) == {(date(2026, 2, 1), ""): 12, (date(2026, 3, 1), ""): 0}


def _additive(name: str) -> bool:
    [metric] = [m for m in METRICS if m.name == name]
    return metric.additive and metric.ratio_of is None


def _figures(query: Query, world: Context, place: int = 0) -> dict[tuple[Cell, ...], Cell]:
    """The figure at that place after the keys, by key; products by their id, as names repeat."""
    executed = execute(query, world.plans.of(query), world.catalog, world.warehouse)
    named = [name for name in query.group_by if name != "product"]
    ids = executed.hidden.get("product__key", [""] * len(executed.result.rows))
    columns = [column.name for column in executed.result.columns]
    kept = [columns.index(name) for name in (*named, *(["time"] if query.grain else []))]
    first = len(query.group_by) + bool(query.grain)
    return {
        (*(row[i] for i in kept), identity): _rounded(row[first + place])
        for row, identity in zip(executed.result.rows, ids, strict=True)
    }


def _rounded(value: Cell) -> Cell:
    return round(value, 9) if isinstance(value, float) else value
