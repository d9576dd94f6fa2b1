# ruff: noqa: E501 — one form a line reads as a table
"""One small input for every form, and a small catalog with results of every shape."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from analytics.answer.charts import steps as time
from analytics.answer.charts.bar import Bar, bar
from analytics.answer.charts.before_now import Pair, before_now
from analytics.answer.charts.columns import columns
from analytics.answer.charts.forecast import Expected, Forecast, forecast
from analytics.answer.charts.heat_map import HeatMap, heat_map
from analytics.answer.charts.line import line
from analytics.answer.charts.multiples import multiples
from analytics.answer.charts.over_time import OverTime, Series
from analytics.answer.charts.share import SENTIMENTS, Parts, share_by, share_over_time
from analytics.answer.charts.sparkline import sparkline
from analytics.answer.charts.spec import Frame, Spec
from analytics.answer.charts.waterfall import Waterfall, waterfall
from analytics.answer.charts.words import named
from analytics.catalog.types import (
    Better,
    Catalog,
    Dimension,
    Metric,
    SemanticModel,
    Unit,
)
from analytics.types import (
    Cell,
    Column,
    ColumnRole,
    Grain,
    Kind,
    Provenance,
    Query,
    Result,
)

REVENUE = Frame(
    "Revenue by month", ("January 2026 to April 2026 · amount",), "Revenue", "currency",
    better=Better.HIGHER, zero=True,
)  # fmt: skip
SENTIMENT = Frame(
    "Net sentiment by product", ("April 2026 · points",), "Net sentiment", "points",
    better=Better.HIGHER,
)  # fmt: skip
MONTHS = tuple(time.between(date(2026, 1, 1), date(2026, 4, 1), Grain.MONTH))

Values = Sequence[float | None]


def over_time(*series: Values, open_end: bool = False, names: Sequence[str] = ()) -> OverTime:
    """Series over the months from January 2026 on."""
    called = names or [f"Series {i + 1}" for i in range(len(series))]
    months = time.between(date(2026, 1, 1), time_of(len(series[0])), Grain.MONTH)
    made = [Series(n, n, tuple(v)) for n, v in zip(called, series, strict=True)]
    return OverTime(Grain.MONTH, tuple(months), tuple(made), open_end)


def time_of(count: int) -> date:
    """The last of so many months."""
    last = time.after(date(2026, 1, 1), Grain.MONTH, count - 1)
    assert isinstance(last, date)
    return last


def specs() -> dict[str, Spec]:
    """Every form once, small enough to read."""
    gap: Values = (120.0, None, 90.5, 60.0)
    other: Values = (80.0, 85.0, 70.0, 40.0)
    shares = [(3.0, 4.0, 0.0, 1.0), (1.0, 1.0, 0.0, 1.0), (6.0, 5.0, 0.0, 2.0)]
    sentiments = over_time(*shares, open_end=True, names=SENTIMENTS)
    pairs = [
        Pair("Kettle", "Kettle", 0.2, -0.1, -0.3, "points"),
        Pair("Iron", "Iron", 0.1, 0.25, 0.15, "points"),
        Pair("Fan", "Fan", None, 0.3, None, "points"),
    ]
    expected = [Expected(time.after(MONTHS[-1], Grain.MONTH), 100.0, 90.0, 110.0, 80.0, 120.0)]
    grid = HeatMap(named(("North", "South")), named(("Web", "Shop")), ((1.0, None), (4.0, 2.0)))
    change = HeatMap(named(("North", "South")), named(("Web", "Shop")), ((1.0, -2.0), (0.0, 2.0)))
    steps = Waterfall(
        ("March", 200.0), ("April", 170.0), (("North", -50.0), ("South", 20.0)), "currency"
    )
    return {
        "line": line(REVENUE, over_time(gap, open_end=True)),
        "line_of_two": line(REVENUE, over_time(gap, other, names=("North", "South"))),
        "multiples": multiples(REVENUE, over_time(gap, other, open_end=True, names=("North", "South"))),
        "columns": columns(REVENUE, over_time(gap, open_end=True)),
        "bar": bar(SENTIMENT, [Bar("Iron", "Iron", 0.4), Bar("Kettle", "Kettle", -0.2), Bar("Fan", "Fan", None)], "Product"),
        "before_now": before_now(SENTIMENT, pairs, "Product", "March 2026", "April 2026"),
        "share_over_time": share_over_time(REVENUE, sentiments),
        "share_by": share_by(REVENUE, [Parts("Kettle", "Kettle", (1.0, 1.0, 2.0)), Parts("Fan", "Fan", (None, 1.0, 3.0))], SENTIMENTS, "Product"),
        "waterfall": waterfall(REVENUE, steps),
        "heat_map": heat_map(REVENUE, grid, "Region", "Channel"),
        "heat_map_around_zero": heat_map(SENTIMENT, change, "Region", "Channel"),
        "forecast": forecast(REVENUE, Forecast(Grain.MONTH, tuple(zip(MONTHS, gap, strict=True)), tuple(expected))),
        "sparkline": sparkline(REVENUE, over_time(gap, open_end=True)),
    }  # fmt: skip


def _metric(name: str, unit: Unit, better: Better, additive: bool) -> Metric:
    label = name.replace("_", " ").capitalize()
    return Metric(
        name,
        label,
        f"{label}.",
        "sales",
        unit,
        expression="count(*)",
        better=better,
        additive=additive,
    )


METRICS = {
    m.name: m
    for m in (
        _metric("revenue", Unit.CURRENCY, Better.HIGHER, True),
        _metric("reviews", Unit.COUNT, Better.NEITHER, True),
        _metric("net_sentiment", Unit.POINTS, Better.HIGHER, False),
        _metric("return_rate", Unit.RATIO, Better.LOWER, False),
    )
}
DIMENSIONS = tuple(
    Dimension(name, name.capitalize(), f"{name.capitalize()}s", "sales", name, ordered_values=order)
    for name, order in (
        ("product", ()), ("region", ()), ("sentiment", SENTIMENTS), ("age", ("18-24", "25-34", "35+")),
    )
)  # fmt: skip
MODEL = SemanticModel("sales", "Sales", "sales", "day", (), DIMENSIONS, tuple(METRICS.values()))
CATALOG = Catalog({"sales": MODEL}, {}, METRICS, "1")
AS_OF = date(2026, 4, 14)


def result(query: Query, rows: Sequence[Sequence[Cell]]) -> Result:
    """A result of a query, its columns as the compiler names and orders them."""
    columns = []
    if query.grain is not None:
        columns.append(Column("time", "date", query.grain.value, ColumnRole.TIME))
    columns += [Column(d, "string", "text", ColumnRole.DIMENSION) for d in query.group_by]
    for name in query.metrics:
        unit = METRICS[name].unit.value
        columns.append(Column(name, "number", unit, ColumnRole.METRIC, name))
        if query.comparison is not None:
            columns.append(Column(f"{name}__before", "number", unit, ColumnRole.BASELINE, name))
            columns.append(Column("change", "number", unit, ColumnRole.CHANGE, name))
    provenance = Provenance(query, "", (), "s", AS_OF, len(rows), False, 1.0)
    return Result(tuple(columns), tuple(tuple(row) for row in rows), provenance)


def trend(
    metric: str, *group_by: str, grain: Grain = Grain.MONTH, chart: str | None = None
) -> Query:
    """A trend query over all data."""
    return Query(Kind.TREND, (metric,), group_by, grain, chart=chart)
