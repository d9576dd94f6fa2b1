"""Shares of a whole, stacked to 100 %: over time, or a row a thing. Order and colours are fixed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from analytics.answer.charts import over_time
from analytics.answer.charts import steps as time
from analytics.answer.charts.bar import names
from analytics.answer.charts.figures import Extent, axis, short
from analytics.answer.charts.line import HEIGHT, spaced
from analytics.answer.charts.over_time import OverTime
from analytics.answer.charts.spec import Frame, Row, Spec, base, tooltip
from analytics.answer.charts.words import plain

SENTIMENTS = ("negative", "neutral", "positive")
"""From the bottom (or left) up: the theme's ordinal colours are bad, neutral and good."""

MOST_STEPS = 80
MOST_ROWS = 20
_WHOLE = Extent(0, 1, (0, 0.25, 0.5, 0.75, 1))
_FITS = 0.12
_STEP = 28


@dataclass(frozen=True, slots=True)
class Parts:
    """A thing and the size of each of its parts, in the order of the parts."""

    label: str
    name: str
    sizes: tuple[float | None, ...]


def share_over_time(frame: Frame, data: OverTime) -> Spec:
    """A column a step; the series are its parts, the first one at the bottom."""
    if not 2 <= len(data.series) <= len(SENTIMENTS) or len(data.steps) > MOST_STEPS:
        raise ValueError(f"shares over time take 2 or 3 series and at most {MOST_STEPS} steps")
    parts = [one.label for one in data.series]
    rows = list(_over_time(frame, data))
    notes = data.notes(frame.locale, "Pale")
    spec = base(frame, "share", rows, _told(parts, rows, frame), notes)
    spec["height"] = HEIGHT
    x, y = over_time.x(data, frame.locale, "band"), _channel(frame, "y")
    encoding = {
        "x": x, **y, "color": _colour(parts),
        "tooltip": tooltip(when="When", part="Of", text="Share", size=frame.measure),
        "opacity": {
            "condition": {"test": {"field": "partial", "equal": True}, "value": 0.5}, "value": 1
        },
    }  # fmt: skip
    mark = {"type": "bar", "style": "gap"}
    spec["layer"] = [{"mark": mark, "encoding": encoding}, *_ends(data, rows, parts)]
    return spec


def _over_time(frame: Frame, data: OverTime) -> Iterator[Row]:
    parts = data.partial
    for i, step in enumerate(data.steps):
        sizes = tuple(one.values[i] for one in data.series)
        whole = {"step": time.iso(step), **({"partial": True} if i in parts else {})}
        when = time.text(step, data.grain, frame.locale)
        for row in _stacked(frame, [one.label for one in data.series], sizes):
            yield {**whole, **row, "when": when}


def _stacked(frame: Frame, parts: Sequence[str], sizes: Sequence[float | None]) -> Iterator[Row]:
    """Each part from ``low`` to ``high`` of the whole; nothing where there is no whole."""
    total = sum(size or 0 for size in sizes)
    low = 0.0
    for part, size in zip(parts, sizes, strict=True):
        if total <= 0:
            yield {"part": part, "low": None, "high": None, "share": None}
            continue
        fraction = (size or 0) / total
        yield {
            "part": part,
            "low": round(low, 6),
            "high": round(low + fraction, 6),
            "share": round(fraction, 6),
            "text": short(fraction, "ratio", frame.locale),
            "size": short(size or 0, frame.unit, frame.locale),
        }
        low += fraction


def _channel(frame: Frame, side: str) -> dict[str, Any]:
    """Low to high of the whole, on an axis from 0 to 100 %."""
    ticks = axis(_WHOLE, "ratio", frame.locale)
    scale = {"domain": [0, 1], "zero": True, "nice": False}
    return {
        side: {"field": "low", "type": "quantitative", "scale": scale, "axis": ticks},
        f"{side}2": {"field": "high"},
    }


def _colour(parts: Sequence[str], legend: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "field": "part",
        "type": "ordinal",
        "scale": {"domain": list(SENTIMENTS if set(parts) <= set(SENTIMENTS) else parts)},
        "legend": legend,
    }


def _ends(data: OverTime, rows: Sequence[Row], parts: Sequence[str]) -> list[Spec]:
    """The parts' names right of the last column, each where its piece is."""
    last = [row for row in rows if row["low"] is not None][-len(parts) :]
    places = [_WHOLE.pixels((row["low"] + row["high"]) / 2, HEIGHT) for row in last]
    values = [
        {"part": row["part"], "y": _WHOLE.value(place, HEIGHT)}
        for row, place in zip(last, spaced(places, 16, HEIGHT), strict=True)
    ]
    y = {"field": "y", "type": "quantitative", "scale": {"domain": [0, 1]}}
    key = {"type": "point", "shape": "square", "size": 70, "xOffset": 12}
    text = {"type": "text", "align": "left", "baseline": "middle", "dx": 22}
    at = {"x": {"value": "width"}, "y": y}
    return [
        {"data": {"values": values}, "mark": key, "encoding": {**at, "color": _colour(parts)}},
        {"data": {"values": values}, "mark": text, "encoding": {**at, "text": {"field": "part"}}},
    ]


def share_by(frame: Frame, things: Sequence[Parts], parts: Sequence[str], thing: str) -> Spec:
    """A row a thing, in their order; at most twenty."""
    if not 1 <= len(things) <= MOST_ROWS or len(parts) > len(SENTIMENTS):
        raise ValueError(f"shares take 1 to {MOST_ROWS} rows of at most {len(SENTIMENTS)} parts")
    rows = [
        {"label": one.label, "name": plain(one.name), **row}
        for one in things
        for row in _stacked(frame, parts, one.sizes)
    ]
    spec = base(frame, "share", rows, _told(parts, rows, frame))
    spec["height"] = len(things) * _STEP
    y = names([one.label for one in things])
    legend = {"title": None, "orient": "top", "direction": "horizontal"}
    shown = tooltip(name=thing, part="Of", text="Share", size=frame.measure)
    x = _channel(frame, "x")
    spec["layer"] = [
        {
            "mark": {"type": "bar", "style": "gap"},
            "encoding": {"y": y, **x, "color": _colour(parts, legend), "tooltip": shown},
        },
        _inside(y, x, parts[0], "low", "left", 6),
        _inside(y, x, parts[-1], "high", "right", -6),
    ]
    return spec


def _inside(y: dict[str, Any], x: dict[str, Any], part: str, end: str, align: str, dx: int) -> Spec:
    """The share of the first and the last part, in its bar, where that is wide enough."""
    fits = {"field": "share", "gte": _FITS}
    return {
        "transform": [{"filter": {"and": [{"field": "part", "equal": part}, fits]}}],
        "mark": {"type": "text", "style": "inside", "align": align, "dx": dx, "baseline": "middle"},
        "encoding": {"y": y, "x": {**x["x"], "field": end}, "text": {"field": "text"}},
    }


def _told(parts: Sequence[str], rows: Sequence[Row], frame: Frame) -> str:
    known = [row for row in rows if row["low"] is not None]
    if not known:
        return "Shares without figures."

    def said(some: Sequence[Row]) -> str:
        where = some[0].get("when") or some[0].get("name")
        return f"{where}: " + ", ".join(f"{row['part']} {row['text']}" for row in some)

    first, last = known[: len(parts)], known[-len(parts) :]
    return f"Shares of {', '.join(parts)}, stacked to 100%. {said(first)}. {said(last)}."
