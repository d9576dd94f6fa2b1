"""Horizontal bars from zero in the order of the table, each with its figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics.answer.charts.figures import short
from analytics.answer.charts.spec import Frame, Row, Spec, base, but, only, tooltip
from analytics.answer.charts.words import LINES, plain

MOST_BARS = 20
_STEP = 26
_LINE = 6
"""What every further line of a name adds to the height of all rows, in pixels."""
_CHARACTER = 0.035
"""Part of the reach that a character takes on a phone: room for figures left of negative bars."""


_MIDDLE = {
    "condition": {"test": r"indexof(datum.label, '\n') >= 0", "value": "bottom"},
    "value": "middle",
}
"""Two lines stand around the middle of a bar: Vega sets the first line and hangs the other below."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A thing with its value, or None where there is no figure. ``partial``: its period is not over."""

    label: str
    name: str
    value: float | None
    partial: bool = False


def bar(frame: Frame, bars: Sequence[Bar], thing: str, notes: Sequence[str] = ()) -> Spec:
    """At most twenty bars. ``thing`` is what one of them is about ("Product")."""
    if not 1 <= len(bars) <= MOST_BARS:
        raise ValueError(f"a bar chart takes 1 to {MOST_BARS} bars")
    spec = base(frame, "bar", [_row(frame, one) for one in bars], _told(frame, bars), notes)
    lines = max(b.label.count("\n") for b in bars)
    spec["height"] = len(bars) * (_STEP + _LINE * lines)
    y, x = names([b.label for b in bars]), _x(spec["data"]["values"])
    shown = tooltip(name=thing, text=frame.measure)
    partials = sorted({b.partial for b in bars})
    spec["layer"] = [
        *(_bars(partial, {"y": y, "x": x, "tooltip": shown}) for partial in partials),
        {"mark": {"type": "rule", "style": "zero"}, "encoding": {"x": {"datum": 0, **_plain(x)}}},
        *(_figures(y, x, side) for side in ("right", "left")),
    ]
    return spec


def names(labels: Sequence[str]) -> dict[str, Any]:
    """The channel of the names, in their order; long ones over two lines."""
    return {
        "field": "label",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": list(labels), "paddingInner": 0.3, "paddingOuter": 0.1},
        "axis": {"labelExpr": LINES, "labelBaseline": _MIDDLE, "title": None},
    }


def _row(frame: Frame, one: Bar) -> Row:
    partial = {"partial": True} if one.partial else {}
    return {
        "label": one.label,
        "name": plain(one.name),
        "value": one.value,
        "side": "left" if one.value is not None and one.value < 0 else "right",
        "end": one.value or 0,
        "text": short(one.value, frame.unit, frame.locale),
        **partial,
    }


def _bars(partial: bool, encoding: dict[str, Any]) -> Spec:
    """Filled bars; those of a period that is not over are outlines."""
    style = {"style": "unfinished"} if partial else {}
    return {
        "transform": only("partial") if partial else but("partial"),
        "mark": {"type": "bar", **style},
        "encoding": encoding,
    }


def _x(rows: Sequence[Row]) -> dict[str, Any]:
    known = [row["value"] for row in rows if row["value"] is not None]
    low, high = min([0.0, *known]), max([0.0, *known])
    if low < 0:
        longest = max(len(row["text"]) for row in rows if row["side"] == "left")
        low -= (high - low) * min(longest * _CHARACTER, 0.5)
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [low, high or (0.0 if low else 1.0)], "nice": False, "zero": True},
        "axis": None,
    }


def _plain(x: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in x.items() if key != "field"}


def _figures(y: dict[str, Any], x: dict[str, Any], side: str) -> Spec:
    """The figures at the ends of the bars of one side of zero."""
    away = {"right": ("left", 5), "left": ("right", -5)}[side]
    return {
        "transform": [{"filter": {"field": "side", "equal": side}}],
        "mark": {"type": "text", "align": away[0], "dx": away[1], "baseline": "middle"},
        "encoding": {"y": y, "x": {**x, "field": "end"}, "text": {"field": "text"}},
    }


def _told(frame: Frame, bars: Sequence[Bar]) -> str:
    known = [b for b in bars if b.value is not None]
    if not known:
        return "Bar chart without figures."
    first = ", ".join(
        f"{plain(b.name)} {short(b.value, frame.unit, frame.locale)}" for b in bars[:3]
    )
    ends = [min(known, key=lambda b: b.value or 0), max(known, key=lambda b: b.value or 0)]
    low, high = (f"{plain(b.name)} {short(b.value, frame.unit, frame.locale)}" for b in ends)
    return f"Bar chart of {len(bars)}, in order: {first}. Highest {high}, lowest {low}."
