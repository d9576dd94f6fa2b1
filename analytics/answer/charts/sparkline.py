"""A line as small as a word, beside a figure: its course, its gaps, and where it is now."""

from __future__ import annotations

from analytics.answer.charts import over_time
from analytics.answer.charts.figures import extent
from analytics.answer.charts.over_time import OverTime
from analytics.answer.charts.spec import Frame, Row, Spec, base, only

_HEIGHT = 40


def sparkline(frame: Frame, data: OverTime) -> Spec:
    """One series without axes or title; a partial last step is dashed, with a hollow end."""
    if len(data.series) != 1:
        raise ValueError("a sparkline takes one series")
    told = over_time.told(data.series[0], data, frame)
    rows = over_time.rows(data, frame, dotted=False)
    spec = base(frame, "sparkline", _ended(rows), f"Sparkline. {told}")
    del spec["title"]
    spec["height"] = _HEIGHT
    reach = extent(data.series[0].values, zero=False)
    x = over_time.x(data, frame.locale) | {"axis": None}

    def y(field: str) -> Spec:
        return {"field": field, "type": "quantitative", "scale": reach.scale(), "axis": None}

    def line(field: str, **more: object) -> Spec:
        mark = {"type": "line", "invalid": "break-paths-show-path-domains", **more}
        return {"mark": mark, "encoding": {"x": x, "y": y(field)}}

    def points(which: str, **more: object) -> Spec:
        mark = {"type": "point", **more}
        return {"transform": only(which), "mark": mark, "encoding": {"x": x, "y": y("value")}}

    dashed = [line("so_far", strokeDash=[3, 2]), points("partial", style="hollow", filled=False)]
    spec["layer"] = [
        line("whole"),
        *(dashed if data.partial else []),
        points("dot", size=16),
        points("last"),
    ]
    return spec


def _ended(rows: list[Row]) -> list[Row]:
    """The last whole value gets a point."""
    whole = [i for i, row in enumerate(rows) if row["whole"] is not None]
    return [row | ({"last": True} if whole[-1:] == [i] else {}) for i, row in enumerate(rows)]
