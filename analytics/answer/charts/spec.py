"""What every chart has: a frame in words around it, and its data inside it.

Specs are plain dicts, not Altair objects: they are data on their way to JSON, read best as what they
are in the golden tests, and cost no import in the process that answers. Tests hold each of them
against the Vega-Lite schema that Altair ships. All text is written here, in the reader's locale, so
a spec needs no formatter; colours and fonts come from the theme around it (``chart_theme.json``),
which knows the marks by their ``style``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analytics.answer.charts.words import cut, plain, wrapped
from analytics.catalog.types import Better

Spec = dict[str, Any]
Row = dict[str, Any]

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_TITLE = 38
_SUBTITLE = 54


@dataclass(frozen=True, slots=True)
class Frame:
    """The words around a chart, and what its figures are.

    ``zero``: an axis of lines starts at zero (counts, amounts). ``better``: which way is good.
    """

    title: str
    subtitle: tuple[str, ...]
    measure: str
    unit: str
    locale: str = "en-US"
    better: Better = Better.NEITHER
    zero: bool = False


def base(
    frame: Frame, kind: str, values: Sequence[Row], told: str, notes: Sequence[str] = ()
) -> Spec:
    """A spec without marks. ``told`` says in words what is to be seen; ``notes`` join the subtitle."""
    subtitle = [plain(line) for line in (*frame.subtitle, *notes) if line]
    return {
        "$schema": _SCHEMA,
        "description": cut(". ".join((plain(frame.title), *subtitle, told)), 1000),
        "title": {
            "text": wrapped(plain(frame.title), _TITLE),
            "subtitle": [part for line in subtitle for part in wrapped(line, _SUBTITLE)],
        },
        "data": {"values": list(values)},
        "width": "container",
        "usermeta": {"kind": kind, "rows": len(values)},
    }


def only(field: str) -> list[dict[str, Any]]:
    """Rows whose field is true."""
    return [{"filter": {"field": field, "equal": True}}]


def but(field: str) -> list[dict[str, Any]]:
    """Rows whose field is not true."""
    return [{"filter": {"not": {"field": field, "equal": True}}}]


def tooltip(**titles: str) -> list[dict[str, Any]]:
    """Fields that a pointer shows, under their titles; all are text already."""
    return [{"field": f, "type": "nominal", "title": plain(t)} for f, t in titles.items()]


def direction(change: float | None, better: Better) -> str | None:
    """Whether a change is "worse", "same" or "better"; None where no way is better."""
    if change is None or better is Better.NEITHER:
        return None
    if change == 0:
        return "same"
    return "better" if (change > 0) is (better is Better.HIGHER) else "worse"


def good_or_bad() -> dict[str, Any]:
    """Colour by ``direction``: the theme's ordinal colours are bad, neutral and good."""
    return {
        "field": "direction",
        "type": "ordinal",
        "scale": {"domain": ["worse", "same", "better"]},
        "legend": None,
    }
