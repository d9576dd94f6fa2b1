"""A chart as a picture: the Vega-Lite spec that the page draws, under the same theme, by vl-convert.

vl-convert carries Liberation Sans with it, so a machine without fonts draws the same picture.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal

import vl_convert

Theme = Literal["light", "dark"]

_THEMES = Path(__file__).with_name("chart_theme.json")
_VEGA_LITE = "6.4"
_AUTOSIZE = {"type": "fit-x", "contains": "padding"}
_PANEL_MARGIN = 64
"""What the panels of a row share beside their plots: the axis and the padding, in pixels."""


class Width(IntEnum):
    """Widths a chart is made for, in CSS pixels; a picture has ``scale`` as many."""

    PHONE = 360
    SLACK = 600
    DESKTOP = 760


def to_png(
    spec: Mapping[str, Any],
    theme: Theme = "light",
    width: int = Width.DESKTOP,
    scale: float = 2.0,
) -> bytes:
    """The picture, ``width * scale`` pixels wide. Slack: ``width=Width.SLACK`` gives 1200 pixels."""
    png: bytes = vl_convert.vegalite_to_png(
        sized(spec, width),
        vl_version=_VEGA_LITE,
        scale=scale,
        config=config(theme),
        allowed_base_urls=[],
    )
    return png


def to_svg(spec: Mapping[str, Any], theme: Theme = "light", width: int = Width.DESKTOP) -> str:
    """The same as SVG."""
    svg: str = vl_convert.vegalite_to_svg(
        sized(spec, width), vl_version=_VEGA_LITE, config=config(theme), allowed_base_urls=[]
    )
    return svg


def config(theme: Theme) -> dict[str, Any]:
    """The Vega-Lite config of a theme. The caller may change its copy."""
    return deepcopy(_themes()[theme])


@cache
def _themes() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads(_THEMES.read_text(encoding="utf-8"))
    return found


def sized(spec: Mapping[str, Any], width: int) -> dict[str, Any]:
    """The spec at a width in CSS pixels. Panels (``usermeta.panels``) go side by side as they fit.

    ``bot/web/src/answer/draw.js`` does the same in the browser.
    """
    panels = spec.get("usermeta", {}).get("panels")
    if panels is None:
        return {"autosize": _AUTOSIZE, **spec, "width": width}
    room = width - _PANEL_MARGIN
    columns = max(1, min(panels["count"], room // panels["least"]))
    inner = {**spec["spec"], "width": (room - (columns - 1) * panels["gap"]) // columns}
    return {**spec, "columns": columns, "spec": inner}
