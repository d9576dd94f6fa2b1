"""Result → Vega-Lite spec (data only, no code). None where no chart helps.

Bars start at zero; lines show gaps as gaps and mark a period that is not over. Colours are from the
Okabe-Ito palette, which people with colour-blindness can tell apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analytics.answer.format import inside, outset
from analytics.catalog.types import Catalog, Metric
from analytics.types import Cell, Column, ColumnRole, Kind, Query, Result, to_wire

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_MOST_BARS = 20
_MOST_SERIES = 6
_FORMAT = {"ratio": ".0%", "points": "+.0%", "count": ",.0f", "currency": ",.0f", "stars": ".1f"}


def chart(query: Query, result: Result, catalog: Catalog) -> Mapping[str, Any] | None:
    """A chart that fits the shape of the result."""
    least = 1 if query.kind is Kind.CHANGE else 2
    if query.chart == "table" or len(result.rows) < least or not query.metrics:
        return None
    columns = result.columns
    time = _first(columns, ColumnRole.TIME)
    dimensions = [c for c in columns if c.role is ColumnRole.DIMENSION]
    metric = _first(columns, ColumnRole.METRIC)
    if metric is None or len(dimensions) > 2:
        return None
    definition = catalog.metrics[metric.metric or metric.name]
    if query.kind in {Kind.CHANGE, Kind.COMPARISON}:
        return (
            _before_and_now(result, dimensions, metric, definition)
            if len(dimensions) == 1
            else None
        )
    if time is not None and query.kind is not Kind.RANKING:
        return _lines(query, result, dimensions, metric, definition)
    if len(dimensions) == 1 or (time is not None and not dimensions):
        return _bars(result, dimensions or [time] if time else dimensions, metric, definition)
    return None


def _first(columns: Sequence[Column], role: ColumnRole) -> Column | None:
    return next((c for c in columns if c.role is role), None)


def _values(
    result: Result, columns: Sequence[Column], most: int | None = None
) -> list[dict[str, Any]]:
    positions = [result.columns.index(c) for c in columns]
    rows = result.rows if most is None else result.rows[:most]
    return [
        {c.name: _plain(row[p]) for c, p in zip(columns, positions, strict=True)} for row in rows
    ]


def _plain(cell: Cell) -> Any:
    return to_wire(cell)


def _base(definition: Metric, description: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "$schema": _SCHEMA,
        "description": description,
        "data": {"values": values},
        "width": "container",
        "config": {"range": {"category": list(PALETTE)}, "view": {"stroke": None}},
    }


def _axis(column: Column, definition: Metric) -> dict[str, Any]:
    axis: dict[str, Any] = {"format": _FORMAT[column.unit]} if column.unit in _FORMAT else {}
    return {
        "field": column.name,
        "type": "quantitative",
        "title": _title(column, definition),
        "axis": axis,
    }


def _title(column: Column, definition: Metric) -> str:
    unit = {"seconds": " (s)", "minutes": " (min)", "hours": " (h)", "days": " (days)"}.get(
        column.unit, ""
    )
    change = "Change in " if column.role is ColumnRole.CHANGE else ""
    label = inside(definition.label) if change else outset(definition.label)
    return f"{change}{label}{unit}"


def _bars(
    result: Result, dimensions: Sequence[Column], metric: Column, definition: Metric
) -> dict[str, Any]:
    """Horizontal bars in the order of the rows, from zero, labelled with their value."""
    by = dimensions[0]
    values = _values(result, [by, metric], _MOST_BARS)
    spec = _base(definition, f"Bars: {outset(definition.label)} by {by.name}", values)
    y = {
        "field": by.name,
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 160},
    }
    x = _axis(metric, definition) | {"scale": {"zero": True}}
    label: dict[str, Any] = {"field": metric.name, "type": "quantitative"}
    if metric.unit in _FORMAT:
        label["format"] = ".1%" if metric.unit == "ratio" else _FORMAT[metric.unit]
    spec["height"] = {"step": 24}
    spec["layer"] = [
        {"mark": {"type": "bar", "color": PALETTE[0]}, "encoding": {"y": y, "x": x}},
        *(
            {
                "transform": [{"filter": f"datum['{metric.name}'] {sign} 0"}],
                "mark": {"type": "text", "align": align, "dx": shift},
                "encoding": {"y": y, "x": {**x, "title": None}, "text": label},
            }
            for sign, align, shift in ((">=", "left", 4), ("<", "right", -4))
        ),
    ]
    return spec


def _before_and_now(
    result: Result, dimensions: Sequence[Column], metric: Column, definition: Metric
) -> dict[str, Any]:
    """Two bars a thing: the period before, and this one."""
    by = dimensions[0]
    before = next(
        c for c in result.columns if c.role is ColumnRole.BASELINE and c.metric == metric.metric
    )
    values = [
        {by.name: row[by.name], "period": period, "value": row[column.name]}
        for row in _values(result, [by, metric, before], _MOST_BARS // 2)
        for period, column in (("before", before), ("now", metric))
    ]
    spec = _base(
        definition, f"Bars: {outset(definition.label)} by {by.name}, before and now", values
    )
    spec["mark"] = "bar"
    spec["height"] = {"step": 14}
    spec["encoding"] = {
        "y": {"field": by.name, "type": "nominal", "sort": None, "title": None},
        "yOffset": {"field": "period", "sort": ["before", "now"]},
        "x": _axis(metric, definition) | {"field": "value", "scale": {"zero": True}},
        "color": {
            "field": "period",
            "scale": {"domain": ["before", "now"], "range": ["#9AA5B1", PALETTE[0]]},
            "title": None,
        },
    }
    return spec


_TIME_FORMAT = {
    "hour": "%d %b %H:%M", "day": "%d %b", "week": "%d %b",
    "month": "%b %Y", "quarter": "Q%q %Y", "year": "%Y",
}  # fmt: skip
_TIME_UNIT = {
    "hour": "utcyearmonthdatehours", "day": "utcyearmonthdate", "week": "utcyearmonthdate",
    "month": "utcyearmonth", "quarter": "utcyearquarter", "year": "utcyear",
}  # fmt: skip


def _time_axis(time: Column) -> dict[str, Any]:
    """Dates are read as UTC whatever the reader's time zone, and labelled as coarse as the grain."""
    return {
        "field": time.name,
        "type": "temporal",
        "timeUnit": _TIME_UNIT[time.unit],
        "scale": {"type": "utc"},
        "axis": {"format": _TIME_FORMAT[time.unit], "labelOverlap": True},
        "title": None,
    }


def _lines(
    query: Query, result: Result, dimensions: Sequence[Column], metric: Column, definition: Metric
) -> dict[str, Any] | None:
    """A line a series over time; at most six series, or no chart."""
    time = next(c for c in result.columns if c.role is ColumnRole.TIME)
    values = _values(result, [time, *dimensions, metric])
    if dimensions and len({v[dimensions[0].name] for v in values}) > _MOST_SERIES:
        return None
    spec = _base(definition, f"Line: {outset(definition.label)} over time", values)
    additive = definition.additive
    encoding: dict[str, Any] = {
        "x": _time_axis(time),
        "y": _axis(metric, definition) | {"scale": {"zero": additive}},
    }
    if dimensions:
        encoding["color"] = {"field": dimensions[0].name, "type": "nominal", "title": None}
    mark = {"type": "bar" if query.chart == "bar" else "line", "point": len(values) <= 60}
    layers: list[dict[str, Any]] = [{"mark": mark, "encoding": encoding}]
    partial = query.time_range is None or query.time_range.partial
    if partial and values and not dimensions:
        last = [values[-1] | {"note": "so far"}]
        layers.append(
            {
                "data": {"values": last},
                "mark": {"type": "text", "align": "right", "dy": -8, "color": "#6B7280"},
                "encoding": {**encoding, "text": {"field": "note"}},
            }
        )
    spec["layer"] = layers
    return spec
