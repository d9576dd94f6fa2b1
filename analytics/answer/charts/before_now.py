"""Before and now, a row a thing: a ring where it was, an arrowhead where it is, the change beside it.

The arrowhead points the way it went, the figure has sign and arrow; where the catalog says which way
is good, colour says so too, and never alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics.answer.charts.bar import names
from analytics.answer.charts.figures import NONE, Extent, axis, extent, moved, short
from analytics.answer.charts.spec import (
    Frame,
    Row,
    Spec,
    base,
    direction,
    good_or_bad,
    tooltip,
)
from analytics.answer.charts.words import plain

MOST_ROWS = 20
_STEP = 32
_RING = 8
"""Pixels that a ring at the end of the axis needs beside it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A thing before and now. ``change`` in its own unit, as the table has it."""

    label: str
    name: str
    before: float | None
    now: float | None
    change: float | None
    change_unit: str


def before_now(frame: Frame, pairs: Sequence[Pair], thing: str, before: str, now: str) -> Spec:
    """At most twenty things. ``before`` and ``now`` are the two periods in words."""
    if not 1 <= len(pairs) <= MOST_ROWS:
        raise ValueError(f"before and now takes 1 to {MOST_ROWS} rows")
    reach = extent(
        (v for p in pairs for v in (p.before, p.now)), zero=False, unit=frame.unit, ticks=3
    )
    told = "; ".join(_told(p, frame) for p in pairs)
    notes = (f"○ {before}", f"► {now}")
    spec = base(
        frame, "before_now", [_row(frame, p) for p in pairs], f"Change by row. {told}", notes
    )
    spec["height"] = len(pairs) * _STEP
    spec["layer"] = _layers(
        frame, pairs, reach, tooltip(name=thing, was=before, text=now, moved="Change")
    )
    return spec


def _row(frame: Frame, pair: Pair) -> Row:
    change = None
    if pair.before is not None and pair.now is not None:
        change = pair.now - pair.before
    return {
        "label": pair.label,
        "name": plain(pair.name),
        "before": pair.before,
        "now": pair.now,
        "way": _way(change),
        "direction": direction(change, frame.better),
        "was": short(pair.before, frame.unit, frame.locale),
        "text": short(pair.now, frame.unit, frame.locale),
        "moved": moved(pair.change, pair.change_unit, frame.locale),
    }  # fmt: skip


def _way(change: float | None) -> str:
    if not change:
        return "circle"
    return "triangle-right" if change > 0 else "triangle-left"


def _layers(
    frame: Frame, pairs: Sequence[Pair], reach: Extent, shown: list[dict[str, Any]]
) -> list[Spec]:
    y = names([p.label for p in pairs])
    ticks = axis(reach, frame.unit, frame.locale) | {"grid": True}
    scale = reach.scale() | {"padding": _RING}

    def x(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "scale": scale, "axis": ticks}

    colour = {"color": good_or_bad()} if any(direction(1, frame.better) for _ in pairs) else {}
    return [
        *_zero(reach, scale),
        {
            "transform": _known("before", "now"),
            "mark": {"type": "rule", "strokeWidth": 2.5, "style": "quiet-line"},
            "encoding": {"y": y, "x": x("before"), "x2": {"field": "now"}, **colour},
        },
        {
            "transform": _known("before"),
            "mark": {"type": "point", "style": "before", "size": 60},
            "encoding": {"y": y, "x": x("before")},
        },
        {
            "transform": _known("now"),
            "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
            "encoding": {
                "y": y, "x": x("now"), **colour,
                "shape": {"field": "way", "type": "nominal", "scale": None, "legend": None},
                "tooltip": shown,
            },
        },
        {
            "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 10},
            "encoding": {
                "y": y, "x": {"value": "width"}, "text": {"field": "moved"}, "tooltip": shown,
            },
        },
    ]  # fmt: skip


def _zero(reach: Extent, scale: dict[str, Any]) -> list[Spec]:
    if not reach.low <= 0 <= reach.high:
        return []
    x = {"datum": 0, "type": "quantitative", "scale": scale}
    return [{"mark": {"type": "rule", "style": "zero"}, "encoding": {"x": x}}]


def _known(*fields: str) -> list[dict[str, Any]]:
    return [{"filter": {"field": field, "valid": True}} for field in fields]


def _told(pair: Pair, frame: Frame) -> str:
    was, now = (short(v, frame.unit, frame.locale) for v in (pair.before, pair.now))
    change = moved(pair.change, pair.change_unit, frame.locale)
    which = {"better": ", better", "worse": ", worse"}.get(
        direction(pair.change, frame.better) or "", ""
    )
    return f"{plain(pair.name)} from {was} to {now}" + (
        f" ({change}{which})" if change != NONE else ""
    )
