"""Columns over time, from zero. A missing step leaves its place empty, a partial one is an outline."""

from __future__ import annotations

from analytics.answer.charts import over_time
from analytics.answer.charts.figures import axis, extent
from analytics.answer.charts.line import HEIGHT
from analytics.answer.charts.over_time import OverTime
from analytics.answer.charts.spec import Frame, Spec, base, but, only, tooltip

MOST_COLUMNS = 60


def columns(frame: Frame, data: OverTime) -> Spec:
    """One series, at most sixty steps."""
    if len(data.series) != 1 or len(data.steps) > MOST_COLUMNS:
        raise ValueError(f"columns take one series and at most {MOST_COLUMNS} steps")
    reach = extent(data.series[0].values, zero=True, unit=frame.unit)
    told = over_time.told(data.series[0], data, frame)
    notes = data.notes(frame.locale, "Outlined")
    spec = base(frame, "columns", over_time.rows(data, frame), f"Columns over time. {told}", notes)
    spec["height"] = HEIGHT
    encoding = {
        "x": over_time.x(data, frame.locale, "band"),
        "y": {
            "field": "value",
            "type": "quantitative",
            "scale": reach.scale(),
            "axis": axis(reach, frame.unit, frame.locale),
        },
        "tooltip": tooltip(when="When", text=frame.measure),
    }
    spec["layer"] = [
        {"transform": but("partial"), "mark": {"type": "bar"}, "encoding": encoding},
        {
            "transform": only("partial"),
            "mark": {"type": "bar", "style": "unfinished"},
            "encoding": encoding,
        },
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "style": "zero"},
            "encoding": {"y": {"field": "zero", "type": "quantitative", "scale": reach.scale()}},
        },
    ]
    return spec
