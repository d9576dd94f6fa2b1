"""A line a series over time, named at its end. Gaps stay gaps; a step that is not over is dashed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from analytics.answer.charts import over_time
from analytics.answer.charts import steps as time
from analytics.answer.charts.figures import Extent, axis, extent, short
from analytics.answer.charts.over_time import OverTime, Series
from analytics.answer.charts.spec import Frame, Row, Spec, base, only, tooltip

MOST_SERIES = 6
HEIGHT = 240
_LABEL = 15
"""Height of a line of text in pixels: labels stand at least so far apart."""
_THIN = 150
"""More steps than this are drawn by a thin line."""
HOW = "Hollow"


def line(frame: Frame, data: OverTime) -> Spec:
    """At most six series (small multiples take more)."""
    if not 1 <= len(data.series) <= MOST_SERIES:
        raise ValueError(f"a line chart takes 1 to {MOST_SERIES} series")
    reach = extent((v for one in data.series for v in one.values), frame.zero, frame.unit)
    told = " ".join(over_time.told(one, data, frame) for one in data.series)
    notes = data.notes(frame.locale, HOW)
    spec = base(frame, "line", over_time.rows(data, frame), f"Line chart. {told}", notes)
    spec["height"] = HEIGHT
    spec["layer"] = [*layers(frame, data, reach), *_ends(frame, data, reach)]
    return spec


def layers(
    frame: Frame,
    data: OverTime,
    reach: Extent,
    coloured: bool = True,
    labelled: int = time.LABELLED,
) -> list[Spec]:
    """Zero, the lines, their partial ends, their points and what a pointer shows."""
    many = coloured and len(data.series) > 1
    x = over_time.x(data, frame.locale, labelled=labelled)
    if not coloured:
        x["axis"]["title"] = None
    colour = {"color": _colour(data)} if many else {}

    def y(field: str) -> dict[str, Any]:
        return {
            "field": field,
            "type": "quantitative",
            "scale": reach.scale(),
            "axis": axis(reach, frame.unit, frame.locale),
        }

    thin = {"strokeWidth": 1} if len(data.steps) > _THIN else {}

    def mark(kind: str, **more: Any) -> dict[str, Any]:
        return {"type": kind, "invalid": "break-paths-show-path-domains", **thin, **more}

    shown = (
        tooltip(when="When", name="Of", text=frame.measure)
        if len(data.series) > 1
        else tooltip(when="When", text=frame.measure)
    )
    partial: list[Spec] = [
        {"mark": mark("line", strokeDash=[4, 3]), "encoding": {"x": x, "y": y("so_far"), **colour}},
        {
            "transform": only("partial"),
            "mark": {"type": "point", "style": "hollow", "filled": False},
            "encoding": {"x": x, "y": y("value"), **colour},
        },
    ]
    return [
        *_zero(reach),
        {"mark": mark("line"), "encoding": {"x": x, "y": y("whole"), **colour}},
        *(partial if data.partial else []),
        {
            "transform": only("dot"),
            "mark": {"type": "point"},
            "encoding": {"x": x, "y": y("whole"), **colour},
        },
        {
            "mark": {"type": "point", "opacity": 0, "size": 160},
            "encoding": {"x": x, "y": y("value"), "tooltip": shown},
        },
    ]


def _zero(reach: Extent) -> list[Spec]:
    if not reach.low <= 0 <= reach.high:
        return []
    return [
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "style": "zero"},
            "encoding": {"y": {"field": "zero", "type": "quantitative", "scale": reach.scale()}},
        }
    ]


def _colour(data: OverTime) -> dict[str, Any]:
    domain = [one.label for one in data.series]
    return {"field": "series", "type": "nominal", "scale": {"domain": domain}, "legend": None}


def _ends(frame: Frame, data: OverTime, reach: Extent) -> list[Spec]:
    """The name of each line (its last figure, where there is one line) right of its end."""
    values = _end_rows(frame, data, reach)
    x = over_time.x(data, frame.locale)
    y = {"field": "y", "type": "quantitative", "scale": reach.scale()}
    one = len(data.series) == 1
    text: Spec = {
        "data": {"values": values},
        "mark": {
            "type": "text", "align": "left", "baseline": "middle", "dx": 8 if one else 18,
            "lineHeight": _LABEL,
        },
        "encoding": {"x": x, "y": y, "text": {"field": "label"}},
    }  # fmt: skip
    if one:
        return [text]
    key: Spec = {
        "data": {"values": values},
        "mark": {"type": "point", "xOffset": 11},
        "encoding": {"x": x, "y": y, "color": _colour(data)},
    }
    return [key, text]


def _end_rows(frame: Frame, data: OverTime, reach: Extent) -> list[Row]:
    last = [(one, v) for one in data.series if (v := _last(one)) is not None]
    if len(data.series) == 1:
        return [_single(frame, data, v) for _, v in last]
    spread = spaced([reach.pixels(v, HEIGHT) for _, v in last], _LABEL, HEIGHT)
    return [
        {
            "step": time.iso(data.steps[-1]),
            "series": one.label,
            "label": one.label.split("\n"),
            "y": reach.value(pixels, HEIGHT),
        }
        for (one, _), pixels in zip(last, spread, strict=True)
    ]


def _single(frame: Frame, data: OverTime, value: float) -> Row:
    at = max(i for i, v in enumerate(data.series[0].values) if v is not None)
    figure = short(value, frame.unit, frame.locale)
    label = [figure, "so far"] if at == len(data.steps) - 1 and data.open_end else [figure]
    return {"step": time.iso(data.steps[at]), "y": value, "label": label}


def _last(one: Series) -> float | None:
    return next((v for v in reversed(one.values) if v is not None), None)


def spaced(places: Sequence[float], gap: float, height: float) -> list[float]:
    """Places at least ``gap`` apart, as near to where they were as their order allows."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    found = list(places)
    for above, below in pairwise(order):
        found[below] = max(found[below], found[above] + gap)
    overhang = max(0.0, found[order[-1]] - height) if order else 0.0
    limit = height if overhang else float("inf")
    for i in reversed(order):
        found[i] = min(found[i], limit)
        limit = found[i] - gap
    return found
