"""Recommendations: declarative rules over the first row of a result, each citing its figures."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analytics.answer.format import figure, period
from analytics.catalog.types import Catalog
from analytics.query.execute import Executed
from analytics.types import Cell, ColumnRole, Query, Recommendation
from analytics.wording import outset

_OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_CONDITIONS = {"kind", "direction", "dimension", "metric", "now", "change", "cause", "heard"}


@dataclass(frozen=True, slots=True)
class Rule:
    """When to recommend what, and the sentence that gives the reason."""

    name: str
    when: Mapping[str, Sequence[Any]]
    text: str
    because: str


def load_rules(path: Path) -> tuple[Rule, ...]:
    """Reads the rules. Raises ValueError naming the rule that is off."""
    rules = tuple(
        Rule(r["name"], r["when"], r["text"], r["because"])
        for r in yaml.safe_load(path.read_text(encoding="utf-8"))
    )
    for rule in rules:
        unknown = set(rule.when) - _CONDITIONS
        if unknown:
            raise ValueError(
                f"{path.name}: rule {rule.name!r}: unknown condition {sorted(unknown)}"
            )
    return rules


def recommend(
    rules: Sequence[Rule], query: Query, executed: Executed, catalog: Catalog
) -> tuple[Recommendation, ...]:
    """The first rule that fires for this result, if any."""
    if not executed.result.rows or not query.metrics or query.metrics[0] not in catalog.metrics:
        return ()
    for rule in rules:
        row = _worst_row(rule, executed)
        if _fires(rule, query, executed, row):
            words = _words(query, executed, catalog, row)
            return (Recommendation(rule.text.format(**words), rule.because.format(**words)),)
    return ()


def _worst_row(rule: Rule, executed: Executed) -> int:
    """The row a threshold is about: the highest for ">", the lowest for "<"; else the first."""
    condition = rule.when.get("now")
    if condition is None:
        return 0
    values = [
        _number(_at(executed, i, ColumnRole.METRIC)) for i in range(len(executed.result.rows))
    ]
    known = [(v, i) for i, v in enumerate(values) if v is not None]
    if not known:
        return 0
    return (max(known) if condition[0] in {">", ">="} else min(known))[1]


def _fires(rule: Rule, query: Query, executed: Executed, row: int) -> bool:
    when = rule.when
    if "kind" in when and query.kind not in when["kind"]:
        return False
    if "direction" in when and (
        query.direction is None or query.direction not in when["direction"]
    ):
        return False
    if "dimension" in when and not set(query.group_by) & set(when["dimension"]):
        return False
    if "metric" in when and query.metrics[0] not in when["metric"]:
        return False
    if "cause" in when and not set(executed.hidden.get("cause", ())) & set(when["cause"]):
        return False
    if when.get("heard") and not executed.hidden.get("theme"):
        return False
    return all(
        _holds(when[name], _at(executed, row, role))
        for name, role in (("now", ColumnRole.METRIC), ("change", ColumnRole.CHANGE))
        if name in when
    )


def _holds(condition: Sequence[Any], value: Cell) -> bool:
    number = _number(value)
    return number is not None and _OPERATORS[condition[0]](number, float(condition[1]))


def _number(value: Cell) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _at(executed: Executed, row: int, role: ColumnRole) -> Cell:
    columns = executed.result.columns
    return next(
        (v for c, v in zip(columns, executed.result.rows[row], strict=True) if c.role is role), None
    )


def _words(query: Query, executed: Executed, catalog: Catalog, row: int) -> dict[str, str]:
    metric = catalog.metrics[query.metrics[0]]
    unit = metric.unit.value
    top = _at(executed, row, ColumnRole.DIMENSION)
    return {
        "top": str(top) if top is not None else "it",
        "metric": outset(metric.label),
        "now": figure(_at(executed, row, ColumnRole.METRIC), unit),
        "before": figure(_at(executed, row, ColumnRole.BASELINE), unit),
        "change": figure(_at(executed, row, ColumnRole.CHANGE), unit),
        "n": figure(_at(executed, row, ColumnRole.COUNT), "count"),
        "theme": str(next(iter(executed.hidden.get("theme", ())), "it")),
        "period": f"in {period(query.time_range)}" if query.time_range else "over all data",
    }
