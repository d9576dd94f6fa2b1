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

MARCH = TimeRange(date(2026, 3, 1), date(2026, 4, 1))
BEFORE = {
    "next to it": TimeRange(date(2026, 2, 1), date(2026, 3, 1)),
    "near": TimeRange(date(2026, 2, 1), date(2026, 2, 12)),
    "far": TimeRange(date(2025, 3, 1), date(2025, 4, 1)),
    "overlapping": TimeRange(date(2026, 2, 1), date(2026, 3, 11)),
    "later": TimeRange(date(2026, 3, 11), date(2026, 4, 11)),
    "empty": TimeRange(date(2026, 2, 20), date(2026, 3, 1)),
}
PLAIN = ("review_count", "average_rating", "revenue", "orders", "repeat_rate", "reviews_per_order")
COUNTED = {"review_count", "revenue", "orders"}
"""Of these a group without rows has none; an average or a ratio of nothing is not known."""
NAMED = Filter("product", Op.IN, ("Nimbus Kettle", "p4"))
SCOPES = (((), ()), (("product",), ()), (("region", "product"), (NAMED,)))


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("metric", PLAIN)
def test_each_side_is_the_period_alone(metric: str, before: str, world: Context) -> None:
    zero = 0 if metric in COUNTED else None
    for group_by, filters in SCOPES:
        kind = Kind.BREAKDOWN if group_by else Kind.VALUE
        query = Query(kind, (metric,), group_by, filters=filters, time_range=MARCH)
        [now] = _figures(query, world)
        [then] = _figures(replace(query, time_range=BEFORE[before]), world)
        comparison = Comparison(Baseline.CUSTOM, BEFORE[before])
        both = replace(query, kind=Kind.COMPARISON, comparison=comparison)
        keys = now.keys() | then.keys()
        expected = [{key: one.get(key, zero) for key in keys} for one in (now, then)]
        assert _figures(both, world, 2) == expected


def test_a_trend_beside_the_period_before(world: Context) -> None:
    comparison = Comparison(Baseline.CUSTOM, BEFORE["next to it"])
    query = Query(
        Kind.COMPARISON,
        ("review_count",),
        grain=Grain.MONTH,
        time_range=MARCH,
        comparison=comparison,
    )
    february, march = (date(2026, 2, 1), ""), (date(2026, 3, 1), "")
    assert _figures(query, world, 2) == [{february: 0, march: 15}, {february: 12, march: 0}]


def _figures(query: Query, world: Context, sides: int = 1) -> list[dict[tuple[Cell, ...], Cell]]:
    """The figures of each side by key; products by their id, as names repeat."""
    executed = execute(query, world.plans.of(query), world.catalog, world.warehouse)
    named = [name for name in query.group_by if name != "product"]
    ids = executed.hidden.get("product__key", [""] * len(executed.result.rows))
    columns = [column.name for column in executed.result.columns]
    kept = [columns.index(name) for name in (*named, *(["time"] if query.grain else []))]
    first = len(query.group_by) + bool(query.grain)
    return [
        {
            (*(row[i] for i in kept), identity): _rounded(row[first + side])
            for row, identity in zip(executed.result.rows, ids, strict=True)
        }
        for side in range(sides)
    ]


def _rounded(value: Cell) -> Cell:
    return round(value, 9) if isinstance(value, float) else value
