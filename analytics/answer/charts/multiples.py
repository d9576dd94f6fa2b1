"""Small multiples: a small line chart a series, all on the same axes."""

from __future__ import annotations

from analytics.answer.charts import over_time
from analytics.answer.charts.figures import extent
from analytics.answer.charts.line import HOW, layers
from analytics.answer.charts.over_time import OverTime
from analytics.answer.charts.spec import Frame, Spec, base
from analytics.answer.charts.words import LINES

MOST_PANELS = 12
_MOST_ACROSS = 4
_LEAST = 130
_GAP = 20
_ROW_GAP = 54
"""Room for a name over two lines."""
_LABELLED = 3
_HEIGHT = 90


def multiples(frame: Frame, data: OverTime) -> Spec:
    """At most twelve panels, in the order of the series. ``usermeta.panels`` says how to set them
    side by side: at most ``count`` in a row, at ``least`` so wide, with a ``gap`` (in pixels)."""
    if not 1 <= len(data.series) <= MOST_PANELS:
        raise ValueError(f"small multiples take 1 to {MOST_PANELS} series")
    reach = extent((v for one in data.series for v in one.values), frame.zero, frame.unit, ticks=2)
    told = " ".join(over_time.told(one, data, frame) for one in data.series)
    notes = ("All on the same axes", *data.notes(frame.locale, HOW))
    rows = over_time.rows(data, frame, dotted=False)
    spec = base(frame, "multiples", rows, f"{len(data.series)} small line charts. {told}", notes)
    del spec["width"]
    across = min(len(data.series), _MOST_ACROSS)
    spec["usermeta"]["panels"] = {"count": across, "least": _LEAST, "gap": _GAP}
    spec["facet"] = {
        "field": "series",
        "type": "nominal",
        "title": None,
        "sort": [one.label for one in data.series],
        "header": {"labelExpr": LINES},
    }
    spec["columns"] = 1
    spec["bounds"] = "flush"
    spec["spacing"] = {"row": _ROW_GAP, "column": _GAP}
    spec["spec"] = {
        "width": _LEAST,
        "height": _HEIGHT,
        "layer": layers(frame, data, reach, coloured=False, labelled=_LABELLED),
    }
    return spec
