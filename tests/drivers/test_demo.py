"""The demo company's planted events (docs/demo.md) are found from the shipped catalog alone."""

from collections.abc import Iterator
from datetime import date

import duckdb
import pyarrow as pa
import pytest

from analytics.catalog.available import available
from analytics.catalog.load import load_catalog
from analytics.demo import generate
from analytics.drivers.explain import explain
from analytics.query.relation import schemas
from analytics.sources.warehouse import TableInfo
from analytics.types import Baseline, Comparison, Kind, Query, TimeRange
from bot.settings import ROOT

AS_OF = date(2026, 10, 28)


class Demo:
    """The generated company in memory."""

    def __init__(self) -> None:
        self.connection = duckdb.connect()
        known: set[str] = set()
        for name, part in generate():
            self.connection.register("part", part)
            how = "INSERT INTO {0}" if name in known else "CREATE TABLE {0} AS"
            self.connection.execute(how.format(name) + " SELECT * FROM part")
            self.connection.unregister("part")
            known.add(name)
        tables = {name: self._table(name) for name in known}
        self.catalog = available(load_catalog(ROOT / "knowledge" / "catalog"), tables)
        self.tables = schemas({name: dict(t.columns) for name, t in tables.items()})

    def _table(self, name: str) -> TableInfo:
        columns = {row[0]: row[1] for row in self.connection.execute(f"DESCRIBE {name}").fetchall()}
        [(rows,)] = self.connection.execute(f"SELECT count(*) FROM {name}").fetchall()
        return TableInfo(name, columns, rows)

    def execute(self, sql: str) -> pa.Table:
        return self.connection.sql(sql).to_arrow_table()


@pytest.fixture(scope="module")
def demo() -> Iterator[Demo]:
    company = Demo()
    yield company
    company.connection.close()


def month(number: int) -> TimeRange:
    return TimeRange(date(2026, number, 1), date(2026, number + 1, 1))


def days(first: date, last: date) -> TimeRange:
    return TimeRange(first, last)


SEPTEMBER_BUG = days(date(2026, 9, 7), date(2026, 9, 21)), days(date(2026, 8, 24), date(2026, 9, 7))
SUMMER = days(date(2026, 7, 1), date(2026, 10, 1)), days(date(2026, 4, 1), date(2026, 7, 1))
RELAYOUT = days(date(2026, 6, 15), date(2026, 9, 1)), days(date(2026, 4, 1), date(2026, 6, 15))


@pytest.mark.parametrize(
    ("metric", "periods", "cause"),
    [
        ("average_rating", (month(10), month(9)), {"product": "Aurora Headphones Pro"}),
        ("average_rating", (month(3), month(2)), {"product": "Brisa Air Fryer XL"}),
        ("average_rating", (month(5), month(4)), {"region": "North"}),
        ("posts", (month(7), month(6)), {"product": "Brisa Ice Cream Maker"}),
        ("orders", SEPTEMBER_BUG, {"sales_channel": "app"}),
        ("spend", SUMMER, {"marketing_channel": "display"}),
        ("roas", SUMMER, {"marketing_channel": "display"}),
        ("dwell_time", RELAYOUT, {"store": "Berlin Mitte", "zone": "Kitchen"}),
    ],
)
def test_planted_events_come_first(demo, metric, periods, cause):
    now, before = periods
    comparison = Comparison(Baseline.CUSTOM, before)
    query = Query(Kind.DRIVERS, (metric,), time_range=now, comparison=comparison)
    found = explain(query, demo.catalog, demo.tables, demo, AS_OF)
    assert found is not None
    first = found.drivers[0].part
    assert {c.dimension: c.value for c in first.conditions} == cause
    parts = sum(d.part.contribution for d in found.drivers) + found.rest.contribution
    assert parts == pytest.approx(found.change)
    assert sum(g.contribution for g in found.groups) == pytest.approx(found.change)


def test_orders_are_not_split_by_what_one_order_can_hold_several_of(demo):
    now, before = SEPTEMBER_BUG
    query = Query(
        Kind.DRIVERS, ("orders",), time_range=now, comparison=Comparison(Baseline.CUSTOM, before)
    )
    found = explain(query, demo.catalog, demo.tables, demo, AS_OF)
    assert found is not None
    assert {"product", "category", "brand"} <= set(found.unsplit)
    assert "sales_channel" in found.searched


def test_a_median_has_no_exact_parts(demo):
    now, before = SEPTEMBER_BUG
    comparison = Comparison(Baseline.CUSTOM, before)
    query = Query(Kind.DRIVERS, ("median_order_value",), time_range=now, comparison=comparison)
    assert explain(query, demo.catalog, demo.tables, demo, AS_OF) is None


def test_no_person_and_no_outcome_is_ever_a_reason(demo):
    comparison = Comparison(Baseline.CUSTOM, month(9))
    query = Query(Kind.DRIVERS, ("average_rating",), time_range=month(10), comparison=comparison)
    found = explain(query, demo.catalog, demo.tables, demo, AS_OF)
    assert found is not None
    named = {*found.searched, *found.unsplit}
    assert not named & {"customer", "sentiment", "emotion", "segment", "rating"}
