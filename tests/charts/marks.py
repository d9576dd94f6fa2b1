"""What a spec draws, mark by mark: its layers, and the scene that Vega makes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import vl_convert

from bot.render.png import config, sized

Layer = Mapping[str, Any]


def layers(spec: Mapping[str, Any]) -> list[Layer]:
    """The layers of a chart, also of a panel of small multiples."""
    inner = spec.get("spec", spec)
    found: list[Layer] = inner["layer"]
    return found


def kind(layer: Layer) -> str:
    """The type of a layer's mark."""
    mark = layer["mark"]
    return str(mark if isinstance(mark, str) else mark["type"])


def rows(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The chart's own data."""
    found: list[dict[str, Any]] = spec["data"]["values"]
    return found


def scene(spec: Mapping[str, Any], width: int = 760, theme: Any = "light") -> dict[str, Any]:
    """Vega's scene graph of the spec."""
    found: dict[str, Any] = vl_convert.vegalite_to_scenegraph(
        sized(spec, width), vl_version="6.4", config=config(theme)
    )
    return found


def items(node: Any, mark: str) -> Iterator[dict[str, Any]]:
    """All drawn items of a mark type, anywhere in the scene."""
    if isinstance(node, list):
        for one in node:
            yield from items(one, mark)
    elif isinstance(node, dict):
        if node.get("marktype") == mark:
            yield from (item for item in node.get("items", []) if "items" not in item)
        for value in node.values():
            if isinstance(value, dict | list):
                yield from items(value, mark)


def words(spec: Mapping[str, Any], width: int = 760) -> list[str]:
    """Every text that is drawn, line by line."""
    found = []
    for item in items(scene(spec, width), "text"):
        text = item.get("text", "")
        found += [str(t) for t in text] if isinstance(text, list) else [str(text)]
    return found
