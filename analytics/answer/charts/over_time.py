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
        if len(self.partial) > 1:
            return (f"{how}: the first and the last {self.grain.value} are incomplete",)
        words = [time.text(self.steps[i], self.grain, locale) for i in self.partial]
        return tuple(f"{how}: {step} is incomplete" for step in words)


def x(
    data: OverTime, locale: str, scale: str = "point", labelled: int = time.LABELLED
) -> dict[str, Any]:
    """The time channel: all steps in order. Points find them in the rows, where dates sort as text;
    bands must be told, as a column without a figure is not drawn and would lose its place."""
    if scale == "point":
        places: dict[str, Any] = {"padding": 0}
    else:
        domain = [time.iso(step) for step in data.steps]
        places = {"domain": domain, "paddingInner": 0.15, "paddingOuter": 0}
    return {
        "field": "step",
        "type": "ordinal",
        "scale": {"type": scale, **places},
        "axis": time.axis(data.steps, data.grain, locale, labelled),
    }


def rows(data: OverTime, frame: Frame, dotted: bool = True) -> list[Row]:
    """A row a series and step. ``whole`` is null where a step is partial or missing; ``so_far`` is
    there at a partial step and at the one beside it (the two ends of a dashed piece). ``dotted``: few
    whole steps get a ``dot`` each; a step between two gaps always does. A row has no flag that is false."""
    return [row for one in data.series for row in _rows(one, data, frame, dotted)]


def _rows(one: Series, data: OverTime, frame: Frame, dotted: bool) -> Iterator[Row]:
    dotted = dotted and len(data.steps) <= _DOTTED
    named = {"series": one.label, **({"name": plain(one.name)} if len(data.series) > 1 else {})}
    parts = data.partial
    for i, (step, value) in enumerate(zip(data.steps, one.values, strict=True)):
        partial = i in parts
        row = {
            "step": time.iso(step),
            **named,
            "value": value,
            "whole": None if partial else value,
            "when": time.text(step, data.grain, frame.locale) + (", so far" if partial else ""),
            "text": short(value, frame.unit, frame.locale),
        }
        if partial:
            row["partial"] = True
        if partial or i - 1 in parts or i + 1 in parts:
            row["so_far"] = value
        if not partial and value is not None and (dotted or _alone(one.values, i)):
            row["dot"] = True
        yield row


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
