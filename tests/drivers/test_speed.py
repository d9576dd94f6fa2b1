"""A million rows, eight dimensions: under two seconds of processor time, whatever else the machine does."""

import time
from datetime import date

import duckdb
import pyarrow as pa
import pytest

from analytics.catalog.types import Catalog, Dimension, Metric, SemanticModel, Unit
from analytics.drivers.explain import explain
from analytics.query.relation import schemas
from analytics.types import Baseline, Comparison, Kind, Query, TimeRange

MOST_SECONDS = 2.0
SIZES = {
    "product": 60, "region": 5, "channel": 4, "city": 200, "age": 6, "gender": 3, "segment": 8,
    "device": 3,
}  # fmt: skip


class Million:
    """A fact of a million rows over 61 days."""

    def __init__(self) -> None:
        self.connection = duckdb.connect(config={"threads": 2})
        columns = ", ".join(
            f"'{n} ' || floor({size} * random() * random())::INT AS {n}"
            for n, size in SIZES.items()
        )
        self.connection.execute("SELECT setseed(0.5)")
        self.connection.execute(
            "CREATE TABLE facts AS SELECT TIMESTAMP '2026-04-01' + INTERVAL (floor(random() * 61)::INT) "
            f"DAY AS at, {columns}, random() AS x, random() * 100 AS revenue FROM range(1000000)"
        )

    def execute(self, sql: str) -> pa.Table:
        return self.connection.sql(sql).to_arrow_table()


@pytest.mark.slow
@pytest.mark.parametrize("metric", ["score", "revenue"])
def test_a_million_rows(metric):
    dimensions = tuple(Dimension(n, n, f"{n}s", "facts", n) for n in SIZES)
    metrics = {
        "score": Metric("score", "Score", "", "facts", Unit.NUMBER, average_of="x"),
        "revenue": Metric(
            "revenue", "Revenue", "", "facts", Unit.CURRENCY, expression="sum(revenue)"
        ),
    }
    model = SemanticModel("facts", "Facts", "facts", "at", (), dimensions, tuple(metrics.values()))
    catalog = Catalog({"facts": model}, {}, metrics, "speed")
    million = Million()
    described = million.connection.execute("DESCRIBE facts").fetchall()
    tables = schemas({"facts": {row[0]: row[1] for row in described}})
    before = TimeRange(date(2026, 4, 1), date(2026, 5, 1))
    now = TimeRange(date(2026, 5, 1), date(2026, 6, 1))
    comparison = Comparison(Baseline.CUSTOM, before)
    query = Query(Kind.DRIVERS, (metric,), time_range=now, comparison=comparison)
    started = time.process_time()
    found = explain(query, catalog, tables, million, date(2026, 5, 31))
    assert time.process_time() - started < MOST_SECONDS
    assert found is not None
    assert not found.drivers
    assert found.units_before + found.units_now == 1_000_000
