"""Names of things as labels: one line or two, never markup, never more room than there is.

Names come from customers' data. In a chart they are data or literal titles, which Vega never
evaluates; here they lose what would break a line or turn the reading direction of their neighbours.
"""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

LINE = "\n"
"""Splits the lines of an axis label (see ``LINES``)."""

LINES = r"split(datum.label, '\n')"
"""The expression that does so. It is constant: no name ever becomes part of an expression."""

UNKNOWN = "not known"
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_KEPT = "\u200d"  # joins the parts of one emoji
_MOST = 200
_JAVASCRIPT = frozenset(
    "__defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ __proto__ constructor "
    "hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf".split()
)
"""Vega keeps panels by name in an object that has these already, and fails on a product so called."""


def plain(value: object) -> str:
    """A name as one line without control and direction marks, at most 200 characters."""
    if value is None:
        return UNKNOWN
    shown = (
        c if c in _KEPT or unicodedata.category(c) not in _INVISIBLE else " " for c in str(value)
    )
    return cut(" ".join("".join(shown).split()), _MOST) or "(empty)"


def cut(text: str, most: int) -> str:
    """The beginning of a text, with an ellipsis where something is left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def wrapped(text: str, width: int, most: int = 2) -> list[str]:
    """Lines of at most ``width`` characters; what does not fit into ``most`` lines is cut."""
    lines = textwrap.wrap(text, width, max_lines=most, placeholder=" …")
    return lines or [text]


@dataclass(frozen=True, slots=True)
class Named:
    """A thing's label, of its own in a chart, and its whole name."""

    label: str
    name: str


def named(
    values: Sequence[object], width: int = 18, keys: Sequence[object] = ()
) -> tuple[Named, ...]:
    """Values of a dimension with their labels; None is "not known". Different ``keys`` (the values,
    if none) are different things, though they may read the same."""
    return tuple(
        Named(label, plain(value))
        for label, value in zip(labels(values, width, keys=keys), values, strict=True)
    )


def labels(
    names: Sequence[object], width: int = 18, most: int = 2, keys: Sequence[object] = ()
) -> list[str]:
    """One short label a name, ``most`` lines at most. Different names get different labels."""
    found: dict[object, str] = {}
    for name, key in zip(names, keys or names, strict=True):
        if key not in found:
            found[key] = _free(plain(name), width, most, set(found.values()))
    return [found[key] for key in keys or names]


def _free(name: str, width: int, most: int, taken: set[str]) -> str:
    """The name in some lines; where that is taken, its beginning and end; failing that, numbered."""
    label = LINE.join(wrapped(name, width, most))
    if label in _JAVASCRIPT:
        label += "\u200b"
    if label not in taken:
        return label
    ends = f"{name[: width - 2].rstrip()}{LINE}…{name[-(width - 1) :].lstrip()}"
    if len(name) > width and ends not in taken:
        return ends
    return next(t for n in range(2, len(taken) + 3) if (t := f"{label} ({n})") not in taken)
