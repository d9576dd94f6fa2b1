"""Figures on a chart: short labels by unit and locale, and axes with round ticks."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from analytics.answer.charts.locales import compact
from analytics.answer.locale import DEFAULT, currency, speech

NONE = "–"
_LEAST = 1e-9
"""Smaller figures are drawn as nothing."""
_PERCENT = "\u00a0%"
_AFTER = {"seconds": "s", "minutes": "min", "hours": "h", "days": "d"}
_WORDS = {
    "count": "number", "ratio": "percent", "points": "points", "currency": "amount",
    "stars": "stars", "number": "",
}  # fmt: skip


def unit_words(unit: str) -> str:
    """The unit in a subtitle: "hours", "percent"."""
    if unit == "currency":
        return currency() or _WORDS[unit]
    return _WORDS.get(unit, unit)


def short(value: float | None, unit: str, locale: str) -> str:
    """A figure as a label: "12.3%", "1,234", "4.21", "3.5 h"; the dash where there is none."""
    if value is None:
        return NONE
    match unit:
        case "count":
            return _minus(value, _number(value, 0, locale))
        case "ratio":
            return _minus(value, _number(value * 100, 1, locale)) + _PERCENT
        case "points":
            return signed(value, _number(value * 100, 1, locale))
        case "currency":
            return _minus(value, _number(value, 0 if abs(value) >= 1000 else 2, locale))
        case "stars":
            return _minus(value, _number(value, 2, locale))
        case "seconds" | "minutes" | "hours" | "days":
            return _minus(value, _number(value, 1, locale)) + f"\u00a0{_AFTER[unit]}"
        case _:
            places = 0 if float(value).is_integer() else 2 if abs(value) >= 0.01 else 4
            return _minus(value, _number(value, places, locale))


def _number(value: float, places: int, locale: str) -> str:
    """The size of a number with the locale's separators."""
    between = speech(locale or DEFAULT)
    text = f"{abs(value):,.{places}f}"
    return text.translate({ord(","): between.group, ord("."): between.decimal})


def _minus(value: float, size: str) -> str:
    return f"−{size}" if value < 0 and any(c in size for c in "123456789") else size


def rough(value: float | None, unit: str, locale: str) -> str:
    """A figure for a narrow place: three digits and a suffix where it is large ("111K")."""
    if value is None or abs(value) < 10_000 or unit in {"ratio", "points"}:
        return short(value, unit, locale)
    divisor, suffix = compact(locale, abs(value))
    size = abs(value) / divisor
    return _minus(value, _number(size, 1 if size < 100 else 0, locale)) + suffix


def signed(value: float, size: str) -> str:
    """A size with its sign, zero without."""
    return f"+{size}" if value > 0 else f"−{size}" if value < 0 else size


def moved(change: float | None, unit: str, locale: str) -> str:
    """A change with arrow and sign: "▲ +12.3%"; colour never says it alone."""
    if change is None:
        return NONE
    size = short(abs(change), unit, locale).lstrip("+")
    if unit == "points":
        size += "\u00a0pts"
    return f"{'▲' if change > 0 else '▼' if change < 0 else '='} {signed(change, size)}"


@dataclass(frozen=True, slots=True)
class Extent:
    """The reach of an axis with its ticks, in raw values."""

    low: float
    high: float
    ticks: tuple[float, ...]

    @property
    def step(self) -> float:
        """The distance of two ticks."""
        return self.ticks[1] - self.ticks[0] if len(self.ticks) > 1 else self.high - self.low

    def scale(self) -> dict[str, Any]:
        """The scale, exactly that."""
        return {"domain": [self.low, self.high], "zero": False, "nice": False}

    def pixels(self, value: float, height: int) -> float:
        """Where a value stands, in pixels from the top."""
        return (self.high - value) / (self.high - self.low) * height

    def value(self, pixels: float, height: int) -> float:
        """The value that stands there."""
        return self.high - pixels / height * (self.high - self.low)


def extent(
    values: Iterable[float | None], zero: bool, unit: str = "number", ticks: int = 5
) -> Extent:
    """Round limits around values; from (or to) zero where asked, or where zero is not far away.
    Things that are counted have whole ticks."""
    known = [v for v in values if v is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if zero or (low > 0 and low < high * 0.35) or (high < 0 and high > low * 0.35):
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= max(abs(low), abs(high), _LEAST) * 1e-9:
        spread = max(abs(low), abs(high)) * 0.1 if max(abs(low), abs(high)) > _LEAST else 1.0
        low, high = (low, high + spread) if low == 0 else (low - spread, high + spread)
    step = _round_step((high - low) / ticks)
    if unit == "count":
        step = max(step, 1.0)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    marks = tuple(_clean(n * step) for n in range(first, last + 1))
    return Extent(marks[0], marks[-1], marks)


def _round_step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= rough * (1 - 1e-9))


def _clean(value: float) -> float:
    rounded = float(f"{value:.10g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def axis(reach: Extent, unit: str, locale: str) -> dict[str, Any]:
    """An axis with the ticks of the extent, its labels written here and as short as they can be."""
    labels = json.dumps(tick_labels(reach, unit, locale), ensure_ascii=False)
    place = f"round((datum.value - {reach.low:.12g}) / {reach.step:.12g})"
    return {"values": list(reach.ticks), "title": None, "labelExpr": f"{labels}[{place}]"}


def tick_labels(reach: Extent, unit: str, locale: str) -> list[str]:
    """A label a tick, from low to high: "0", "0.5M", "1M"."""
    factor, suffix = {"ratio": (100, _PERCENT), "points": (100, "")}.get(
        unit, compact(locale, max(abs(reach.low), abs(reach.high)))
    )
    if factor != 100:
        factor = 1 / factor
    places = _places(reach.step * factor)
    written = [(tick, _number(tick * factor, places, locale)) for tick in reach.ticks]
    if unit == "points":
        return [signed(value, size) for value, size in written]
    after = suffix or f"\u00a0{_AFTER[unit]}" if unit in _AFTER else suffix
    return [
        f"{'−' if value < 0 else ''}{size}{after if value or unit == 'ratio' else ''}"
        for value, size in written
    ]


def _places(step: float) -> int:
    """Decimals that tell two ticks apart."""
    return next((n for n in range(12) if abs(step * 10**n - round(step * 10**n)) < 1e-6), 12)
