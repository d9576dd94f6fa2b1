"""Figures over time as lines, columns and shares take them: every step is there, also the empty ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from analytics.answer.charts import steps as time
from analytics.answer.charts.figures import short
from analytics.answer.charts.spec import Frame, Row
from analytics.answer.charts.steps import Step
from analytics.answer.charts.words import plain
from analytics.types import Grain

Value = float | None

_DOTTED = 40


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its label (unique in a chart), its full name, and a value or None a step."""

    label: str
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class OverTime:
    """Series over the same steps. ``open_end``: the last step is not over; ``cut_start``: the first
    one began before the data asked for."""

    grain: Grain
    steps: tuple[Step, ...]
    series: tuple[Series, ...]
    open_end: bool = False
    cut_start: bool = False

    def __post_init__(self) -> None:
        if any(len(one.values) != len(self.steps) for one in self.series):
            raise ValueError("every series needs a value or None for every step")

    @property
    def partial(self) -> frozenset[int]:
        """Places of the steps that are not whole."""
        last = len(self.steps) - 1
        return frozenset(({last} if self.open_end else set()) | ({0} if self.cut_start else set()))

    def notes(self, locale: str, how: str) -> tuple[str, ...]:
        """What a reader must know about the steps that are not whole. ``how`` they are drawn."""
        words = [time.text(self.steps[i], self.grain, locale) for i in sorted(self.partial)]
        return (f"{how}: incomplete ({', '.join(words)})",) if words else ()


def x(
    data: OverTime, locale: str, scale: str = "point", labelled: int = time.LABELLED
) -> dict[str, Any]:
    """The time channel: all steps in order, missing ones too."""
    return {
        "field": "step",
        "type": "ordinal",
        "scale": {
            "type": scale,
            "domain": [time.iso(step) for step in data.steps],
            **({"padding": 0} if scale == "point" else {"paddingInner": 0.15, "paddingOuter": 0}),
        },
        "axis": time.axis(data.steps, data.grain, locale, labelled),
    }


def rows(data: OverTime, frame: Frame, dotted: bool = True) -> list[Row]:
    """A row a series and step. ``whole`` is null where a step is partial or missing, ``so_far``
    everywhere but there and at the whole step beside it (the two ends of a dashed piece). ``dotted``:
    few whole steps get a ``dot`` each; a step between two gaps always does."""
    return [row for one in data.series for row in _rows(one, data, frame, dotted)]


def _rows(one: Series, data: OverTime, frame: Frame, dotted: bool) -> Iterator[Row]:
    dotted = dotted and len(data.steps) <= _DOTTED
    for i, (step, value) in enumerate(zip(data.steps, one.values, strict=True)):
        partial = i in data.partial
        beside = not data.partial.isdisjoint({i - 1, i + 1})
        yield {
            "step": time.iso(step),
            "series": one.label,
            "name": plain(one.name),
            "value": value,
            "whole": None if partial else value,
            "so_far": value if partial or beside else None,
            "partial": partial,
            "dot": not partial and value is not None and (dotted or _alone(one.values, i)),
            "when": time.text(step, data.grain, frame.locale) + (", so far" if partial else ""),
            "text": short(value, frame.unit, frame.locale),
        }


def _alone(values: tuple[Value, ...], i: int) -> bool:
    """A value between two gaps, which no line would show."""
    before = values[i - 1] if i else None
    after = values[i + 1] if i + 1 < len(values) else None
    return before is None and after is None


def told(one: Series, data: OverTime, frame: Frame) -> str:
    """A series in words: where it starts and ends, its highest and lowest, its gaps."""
    known = [(v, i) for i, v in enumerate(one.values) if v is not None]
    whole = [(v, i) for v, i in known if i not in data.partial] or known
    if not known:
        return f"{plain(one.name)}: no figure."

    def said(pair: tuple[float, int]) -> str:
        when = time.text(data.steps[pair[1]], data.grain, frame.locale)
        return f"{short(pair[0], frame.unit, frame.locale)} in {when}"

    gaps = len(one.values) - len(known)
    missing = f" {gaps} of {len(one.values)} steps have no figure." if gaps else ""
    return (
        f"{plain(one.name)}: from {said(whole[0])} to {said(whole[-1])}; "
        f"highest {said(max(whole))}, lowest {said(min(whole))}.{missing}"
    )
