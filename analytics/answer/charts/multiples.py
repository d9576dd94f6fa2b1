"""Small multiples: a small line chart a series, all on the same axes."""

from __future__ import annotations

from analytics.answer.charts import over_time
from analytics.answer.charts.figures import extent
from analytics.answer.charts.line import layers
from analytics.answer.charts.over_time import OverTime
from analytics.answer.charts.spec import Frame, Spec, base

MOST_PANELS = 12
_LEAST = 200
_GAP = 20
_HEIGHT = 90


def multiples(frame: Frame, data: OverTime) -> Spec:
    """At most twelve panels, in the order of the series. ``usermeta.panels`` says how they may be
    set side by side: ``least`` pixels each, ``gap`` between them."""
    if not 1 <= len(data.series) <= MOST_PANELS:
        raise ValueError(f"small multiples take 1 to {MOST_PANELS} series")
    reach = extent((v for one in data.series for v in one.values), frame.zero, ticks=2)
    told = " ".join(over_time.told(one, data, frame) for one in data.series)
    notes = ("All on the same axes", *data.notes(frame.locale, "Dashed and hollow"))
    rows = over_time.rows(data, frame)
    spec = base(frame, "multiples", rows, f"{len(data.series)} small line charts. {told}", notes)
    del spec["width"]
    spec["usermeta"]["panels"] = {"count": len(data.series), "least": _LEAST, "gap": _GAP}
    spec["facet"] = {
        "field": "series",
        "type": "nominal",
        "title": None,
        "sort": [one.label for one in data.series],
        "header": {"labelExpr": "split(datum.label, '\\n')"},
    }
    spec["columns"] = 1
    spec["spacing"] = _GAP
    spec["spec"] = {
        "width": _LEAST,
        "height": _HEIGHT,
        "layer": layers(frame, data, reach, coloured=False),
    }
    return spec
