"""From a figure before to a figure now, by what contributed: each bar starts where the last one ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isclose
from typing import Any

from analytics.answer.charts.bar import names
from analytics.answer.charts.figures import Extent, axis, extent, moved, short
from analytics.answer.charts.spec import (
    Frame,
    Row,
    Spec,
    base,
    direction,
    good_or_bad,
    only,
    tooltip,
)
from analytics.answer.charts.words import labels, plain
from analytics.catalog.types import Better

MOST_CONTRIBUTIONS = 12
_STEP = 28


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Two totals with their names, and signed contributions in the metric's own unit (as ``change_unit``
    words them). They add up to the difference: what is left over has to be one of them."""

    before: tuple[str, float]
    now: tuple[str, float]
    contributions: tuple[tuple[str, float], ...]
    change_unit: str

    def __post_init__(self) -> None:
        change, parts = self.now[1] - self.before[1], [size for _, size in self.contributions]
        scale = max(map(abs, (self.now[1], self.before[1], *parts)))
        if not isclose(sum(parts), change, rel_tol=1e-6, abs_tol=scale * 1e-9):
            raise ValueError("the contributions of a waterfall must add up to the change")


def waterfall(frame: Frame, data: Waterfall) -> Spec:
    """At most twelve contributions, in their order.

    A contribution's length is its size wherever the axis starts; the totals are bars only where the
    axis holds zero, and lines that mark a place where it does not.
    """
    if not 1 <= len(data.contributions) <= MOST_CONTRIBUTIONS:
        raise ValueError(f"a waterfall takes 1 to {MOST_CONTRIBUTIONS} contributions")
    rows = list(_rows(frame, data))
    reach = _reach(rows, frame.unit)
    notes = [] if reach.low <= 0 <= reach.high else ["The axis does not start at zero"]
    spec = base(frame, "waterfall", rows, _told(frame, data), notes)
    spec["height"] = len(rows) * _STEP
    spec["layer"] = _layers(frame, rows, reach)
    return spec


def _rows(frame: Frame, data: Waterfall) -> Iterator[Row]:
    things = [data.before[0], *(name for name, _ in data.contributions), data.now[0]]
    short_names = labels(things)
    yield _total(frame, short_names[0], *data.before)
    low = data.before[1]
    for label, (name, size) in zip(short_names[1:-1], data.contributions, strict=True):
        yield {
            "label": label,
            "name": plain(name),
            "total": False,
            "start": low,
            "end": low + size,
            "direction": _direction(size, frame.better),
            "text": moved(size, data.change_unit, frame.locale),
        }
        low += size
    yield _total(frame, short_names[-1], *data.now)


def _direction(size: float, better: Better) -> str:
    """Where no way is better, up and down still differ: by arrow and sign, in one colour."""
    return direction(size, better) or "same"


def _total(frame: Frame, label: str, name: str, value: float) -> Row:
    return {
        "label": label,
        "name": plain(name),
        "total": True,
        "start": 0,
        "end": value,
        "text": short(value, frame.unit, frame.locale),
    }


def _reach(rows: Sequence[Row], unit: str) -> Extent:
    ends = [row["end"] for row in rows]
    near = min(map(abs, ends)) < 2 * (max(ends) - min(ends))
    return extent(ends, near, unit, ticks=3)


def _layers(frame: Frame, rows: Sequence[Row], reach: Extent) -> list[Spec]:
    y = names([row["label"] for row in rows])
    zero = reach.low <= 0 <= reach.high
    ticks = axis(reach, frame.unit, frame.locale)

    def x(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "scale": reach.scale(), "axis": ticks}

    shown = tooltip(name="What", text=frame.measure)
    totals: Spec = {
        "transform": only("total"),
        "mark": {"type": "bar", "style": "total"}
        if zero
        else {"type": "tick", "style": "total", "thickness": 4},
        "encoding": {"y": y, "x": x("start"), "x2": {"field": "end"}, "tooltip": shown}
        if zero
        else {"y": y, "x": x("end"), "tooltip": shown},
    }
    parts: Spec = {
        "transform": [{"filter": {"field": "total", "equal": False}}],
        "mark": {"type": "bar"},
        "encoding": {
            "y": y, "x": x("start"), "x2": {"field": "end"}, "color": good_or_bad(),
            "tooltip": shown,
        },
    }  # fmt: skip
    figures: Spec = {
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 8},
        "encoding": {"y": y, "x": {"value": "width"}, "text": {"field": "text"}},
    }
    return [totals, parts, *_connectors(rows, reach, ticks), figures]


def _connectors(rows: Sequence[Row], reach: Extent, ticks: dict[str, Any]) -> list[Spec]:
    """Thin lines from where a bar ends down to where the next one starts."""
    values = [
        {"label": one["label"], "next": following["label"], "at": one["end"]}
        for one, following in pairwise(rows)
    ]
    y = {"field": "label", "type": "nominal", "sort": None}
    x = {"field": "at", "type": "quantitative", "scale": reach.scale(), "axis": ticks}
    return [
        {
            "data": {"values": values},
            "mark": {"type": "rule", "style": "quiet-line"},
            "encoding": {"y": y, "y2": {"field": "next"}, "x": x},
        }
    ]


def _told(frame: Frame, data: Waterfall) -> str:
    parts = "; ".join(
        f"{plain(name)} {moved(size, data.change_unit, frame.locale)}"
        for name, size in data.contributions
    )
    ends = [f"{plain(n)} {short(v, frame.unit, frame.locale)}" for n, v in (data.before, data.now)]
    return f"Waterfall from {ends[0]} to {ends[1]}: {parts}."
