"""A grid of cells, the darker the more; around a meaningful middle in two colours.

Figures stand in the cells where they fit; a cell without a figure is an empty outline, not a zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from analytics.answer.charts.figures import rough, short
from analytics.answer.charts.spec import Frame, Row, Spec, base, tooltip
from analytics.answer.charts.words import LINE, LINES, Named, plain
from analytics.catalog.types import Better

MOST_ACROSS = 8
MOST_DOWN = 20
_STEP = 34
_STRONG = 0.54
_STRONG_FROM_MIDDLE = 0.71
"""Where on the theme's scales the figures change colour, so that all can be read."""
_CHARACTER = 6
_LINE = 14


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Things down and across in their order, and a value or None a cell, row by row. ``middle``: the
    value at which the meaning turns (0 for a change); None where there is none."""

    down: tuple[Named, ...]
    across: tuple[Named, ...]
    cells: tuple[tuple[float | None, ...], ...]
    middle: float | None = None

    def __post_init__(self) -> None:
        if len(self.cells) != len(self.down) or any(len(r) != len(self.across) for r in self.cells):
            raise ValueError("a heat map needs a value or None for every pair")

    @property
    def known(self) -> list[float]:
        """The values that there are."""
        return [v for row in self.cells for v in row if v is not None]


def heat_map(frame: Frame, data: HeatMap, down: str, across: str) -> Spec:
    """``down`` and ``across`` say what the rows and the columns are ("Product", "Region")."""
    if not data.known:
        raise ValueError("a heat map without any figure shows nothing")
    middle = _middle(frame, data)
    spec = base(
        frame,
        "heat_map",
        list(_rows(frame, data, middle)),
        _told(frame, data),
        _key(frame, data, middle),
    )
    spec["height"] = len(data.down) * _STEP
    at = {
        "x": _side("across", data.across)
        | {"axis": _axis(data.across, across) | {"orient": "top"}},
        "y": _side("down", data.down) | {"axis": _axis(data.down)},
    }
    shown = tooltip(row=down, column=across, text=frame.measure)
    colour = {
        "field": "value",
        "type": "quantitative",
        "legend": None,
        **_scale(frame, data, middle),
    }
    spec["layer"] = [
        {
            "transform": _where("empty"),
            "mark": {"type": "rect", "style": "empty"},
            "encoding": {**at, "tooltip": shown},
        },
        {
            "transform": [*_where("weak", "strong")],
            "mark": {"type": "rect", "style": "gap"},
            "encoding": {**at, "color": colour, "tooltip": shown},
        },
        *(_text(kind, style, at, _room(frame, data)) for kind, style in _TEXTS),
    ]
    return spec


_TEXTS = (("weak", "on-weak"), ("strong", "on-strong"), ("empty", "quiet"))


def _where(*kinds: str) -> list[dict[str, Any]]:
    return [{"filter": {"field": "kind", "oneOf": list(kinds)}}]


def _key(frame: Frame, data: HeatMap, middle: float | None) -> list[str]:
    """What the colours mean, in words: it holds also where the figures do not fit."""
    low, high = (short(v, frame.unit, frame.locale) for v in (min(data.known), max(data.known)))
    turn = "" if middle is None else f", turning at {short(middle, frame.unit, frame.locale)}"
    return [f"Colour from {low} to {high}{turn}"]


def _side(field: str, names: tuple[Named, ...]) -> dict[str, Any]:
    return {
        "field": field,
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": [one.label for one in names], "padding": 0},
    }


def _axis(names: Sequence[Named], title: str | None = None) -> dict[str, Any]:
    """Names of rows, or of columns under a title: those stand above, lines growing downwards."""
    return {
        "labelExpr": LINES,
        "labelAngle": 0,
        "title": plain(title) if title else None,
        "ticks": False,
        "labelPadding": 6 + _LINE * max(one.label.count(LINE) for one in names) if title else 6,
        **({"labelLimit": {"expr": "bandwidth('x') + 4"}} if title else {}),
    }


def _rows(frame: Frame, data: HeatMap, middle: float | None) -> Iterator[Row]:
    low, high = _reach(data, middle)
    for down, cells in zip(data.down, data.cells, strict=True):
        for across, value in zip(data.across, cells, strict=True):
            yield {
                "down": down.label,
                "across": across.label,
                "row": down.name,
                "column": across.name,
                "value": value,
                "kind": _kind(value, low, high, middle),
                "text": short(value, frame.unit, frame.locale),
                "cell": rough(value, frame.unit, frame.locale),
            }


def _kind(value: float | None, low: float, high: float, middle: float | None) -> str:
    """How dark a cell is: what colour its figure must have."""
    if value is None:
        return "empty"
    if middle is not None:
        return "strong" if abs(value - middle) > _STRONG_FROM_MIDDLE * (high - middle) else "weak"
    return "strong" if value - low > _STRONG * (high - low) else "weak"


def _middle(frame: Frame, data: HeatMap) -> float | None:
    """Zero is the middle of what can be below it."""
    if data.middle is not None:
        return data.middle
    return 0.0 if min(data.known) < 0 < max(data.known) or frame.unit == "points" else None


def _reach(data: HeatMap, middle: float | None) -> tuple[float, float]:
    """The ends of the scale: even around a middle, from zero where there is none."""
    if middle is not None:
        far = max(abs(v - middle) for v in data.known) or 1.0
        return middle - far, middle + far
    low, high = min(data.known), max(data.known)
    low = 0.0 if 0 < low < high * 0.5 else low
    return (low, high) if low < high else (low - 1, high)


def _scale(frame: Frame, data: HeatMap, middle: float | None) -> dict[str, Any]:
    low, high = _reach(data, middle)
    if middle is None:
        return {
            "scale": {
                "domain": [low, high],
                "range": "ramp",
                "interpolate": "lab",
                "zero": False,
                "nice": False,
            }
        }
    reverse = frame.better is Better.LOWER
    ends = {
        "domain": [low, middle, high],
        "range": "diverging",
        "interpolate": "lab",
        "type": "linear",
    }
    return {"scale": ends | ({"reverse": True} if reverse else {})}


def _room(frame: Frame, data: HeatMap) -> int:
    """Pixels that the longest figure takes."""
    longest = max(len(rough(v, frame.unit, frame.locale)) for v in data.known)
    return longest * _CHARACTER + 4


def _text(kind: str, style: str, at: dict[str, Any], room: int) -> Spec:
    return {
        "transform": _where(kind),
        "mark": {
            "type": "text",
            "style": style,
            "baseline": "middle",
            "fontSize": 11,
            "opacity": {"expr": f"bandwidth('x') < {room} ? 0 : 1"},
        },
        "encoding": {**at, "text": {"field": "cell"}},
    }


def _told(frame: Frame, data: HeatMap) -> str:
    def said(value: float) -> str:
        row, column = next(
            (r, c)
            for r, cells in enumerate(data.cells)
            for c, one in enumerate(cells)
            if one == value
        )
        where = f"{data.down[row].name} and {data.across[column].name}"
        return f"{short(value, frame.unit, frame.locale)} for {where}"

    empty = sum(v is None for row in data.cells for v in row)
    return (
        f"Heat map of {len(data.down)} by {len(data.across)}. Highest {said(max(data.known))}; "
        f"lowest {said(min(data.known))}; {empty} cells have no figure."
    )
