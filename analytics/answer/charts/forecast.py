"""What was, as a line; what is expected, dashed, in bands that hold 80 and 95 of 100 outcomes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analytics.answer.charts import over_time
from analytics.answer.charts import steps as time
from analytics.answer.charts.figures import Extent, axis, extent, short
from analytics.answer.charts.line import HEIGHT
from analytics.answer.charts.over_time import OverTime, Series, Value
from analytics.answer.charts.spec import Frame, Row, Spec, base, only, tooltip
from analytics.answer.charts.steps import Step
from analytics.types import Grain


@dataclass(frozen=True, slots=True)
class Expected:
    """A forecast step: what is expected, and the limits of the bands around it."""

    step: Step
    value: float
    low80: float
    high80: float
    low95: float
    high95: float

    def __post_init__(self) -> None:
        inside = self.low95 <= self.low80 <= self.value <= self.high80 <= self.high95
        if not inside:
            raise ValueError("the 95 % band must hold the 80 % band, and that the expected value")


@dataclass(frozen=True, slots=True)
class Forecast:
    """Actual values (None: a gap), and the steps expected after them."""

    grain: Grain
    actual: tuple[tuple[Step, Value], ...]
    expected: tuple[Expected, ...]


def forecast(frame: Frame, data: Forecast) -> Spec:
    """Actual values and at least one expected step."""
    if not data.expected or not data.actual:
        raise ValueError("a forecast chart takes actual and expected steps")
    reach = _reach(frame, data)
    rows = list(_rows(frame, data))
    spec = base(
        frame, "forecast", rows, _told(frame, data), ["Dashed: expected, in 80 and 95 % bands"]
    )
    spec["height"] = HEIGHT
    spec["layer"] = _layers(frame, data, reach)
    return spec


def _reach(frame: Frame, data: Forecast) -> Extent:
    known = [v for _, v in data.actual]
    bands = [v for e in data.expected for v in (e.low95, e.high95)]
    return extent([*known, *bands], frame.zero, frame.unit)


def _rows(frame: Frame, data: Forecast) -> Iterator[Row]:
    known = [i for i, (_, value) in enumerate(data.actual) if value is not None]
    for i, (step, value) in enumerate(data.actual):
        joint = known and i == known[-1]
        yield {
            "step": time.iso(step),
            "value": value,
            "expected": value if joint else None,
            "what": "Actual",
            "when": time.text(step, data.grain, frame.locale),
            "text": short(value, frame.unit, frame.locale),
            "range": "",
        }
    for one in data.expected:
        low, high = (short(v, frame.unit, frame.locale) for v in (one.low80, one.high80))
        yield {
            "step": time.iso(one.step),
            "value": None,
            "expected": one.value,
            "low80": one.low80,
            "high80": one.high80,
            "low95": one.low95,
            "high95": one.high95,
            "forecast": True,
            "what": "Expected",
            "when": time.text(one.step, data.grain, frame.locale),
            "text": short(one.value, frame.unit, frame.locale),
            "range": f"{low} to {high}",
        }


def _layers(frame: Frame, data: Forecast, reach: Extent) -> list[Spec]:
    x = over_time.x(_steps(data), frame.locale)

    def y(field: str) -> dict[str, Any]:
        ticks = axis(reach, frame.unit, frame.locale)
        return {
            "field": field, "type": "quantitative", "scale": reach.scale(), "axis": ticks,
        }  # fmt: skip

    def band(percent: int, opacity: float) -> Spec:
        return {
            "transform": only("forecast"),
            "mark": {"type": "area", "opacity": opacity},
            "encoding": {"x": x, "y": y(f"low{percent}"), "y2": {"field": f"high{percent}"}},
        }

    def line(field: str, **more: Any) -> Spec:
        mark = {"type": "line", "invalid": "break-paths-show-path-domains", **more}
        return {"mark": mark, "encoding": {"x": x, "y": y(field)}}

    shown = tooltip(when="When", what="What", text=frame.measure, range="80 of 100 times")
    hover: Spec = {
        "mark": {"type": "point", "opacity": 0, "size": 160},
        "encoding": {"x": x, "y": y("expected"), "tooltip": shown},
    }
    return [
        band(95, 0.15),
        band(80, 0.25),
        line("value"),
        line("expected", strokeDash=[5, 3]),
        hover,
        *_ends(x, data.expected[-1], reach),
    ]


def _steps(data: Forecast) -> OverTime:
    steps = (*(step for step, _ in data.actual), *(e.step for e in data.expected))
    return OverTime(data.grain, steps, (Series("", "", (None,) * len(steps)),))


def _ends(x: dict[str, Any], last: Expected, reach: Extent) -> list[Spec]:
    """The bands named at their upper limits."""
    step = time.iso(last.step)
    values = [
        {"step": step, "y": last.high95, "label": "95 %"},
        {"step": step, "y": last.high80, "label": "80 %"},
    ]
    apart = reach.pixels(last.high80, HEIGHT) - reach.pixels(last.high95, HEIGHT)
    if apart < 12:
        values = [{"step": step, "y": last.high95, "label": "80, 95 %"}]
    y = {"field": "y", "type": "quantitative", "scale": reach.scale()}
    mark = {"type": "text", "style": "quiet", "align": "left", "baseline": "middle", "dx": 6}
    return [
        {
            "data": {"values": values},
            "mark": mark,
            "encoding": {"x": x, "y": y, "text": {"field": "label"}},
        }
    ]


def _told(frame: Frame, data: Forecast) -> str:
    last = data.expected[-1]
    figures = (last.value, last.low80, last.high80, last.low95, last.high95)
    value, low80, high80, low95, high95 = (short(v, frame.unit, frame.locale) for v in figures)
    known = [(step, value) for step, value in data.actual if value is not None]
    now = ""
    if known:
        when = time.text(known[-1][0], data.grain, frame.locale)
        now = f"Last actual figure {short(known[-1][1], frame.unit, frame.locale)} in {when}. "
    when = time.text(last.step, data.grain, frame.locale)
    return (
        f"Forecast. {now}Expected in {when}: {value}; 80 of 100 times between {low80} and {high80}, "
        f"95 between {low95} and {high95}."
    )
