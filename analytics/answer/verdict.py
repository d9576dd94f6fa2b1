"""Yes, no, or not clearly: the answer to what a question supposes."""

from __future__ import annotations

import math
from collections.abc import Callable

from analytics.catalog.types import Better, Catalog
from analytics.query.compile import CHANGE_Z, SOUND_Z
from analytics.query.execute import Executed
from analytics.types import Cell, Claim, ColumnRole, Direction, Kind, Op, Query

YES, NO, UNCLEAR, PARTLY = "Yes. ", "No. ", "Not clearly: that is within chance. ", "Partly. "

_HOLDS: dict[Op, Callable[[float, float], bool]] = {
    Op.GT: lambda a, b: a > b,
    Op.GE: lambda a, b: a >= b,
    Op.LT: lambda a, b: a < b,
    Op.LE: lambda a, b: a <= b,
    Op.EQ: lambda a, b: a == b,
    Op.NE: lambda a, b: a != b,
}


def verdict(query: Query, executed: Executed, catalog: Catalog) -> str:
    """The first words of the answer to a yes-or-no question; empty where none was asked."""
    if query.claim is not None:
        if query.claim.subject is not None:
            return _of_group(query, query.claim, executed)
        return _of_value(query.claim, executed)
    if query.kind is Kind.COMPARISON and not query.group_by and len(query.metrics) == 1:
        return _of_change(query, executed, catalog)
    return ""


def _cells(executed: Executed, role: ColumnRole) -> list[Cell]:
    for place, column in enumerate(executed.result.columns):
        if column.role is role:
            return [row[place] for row in executed.result.rows]
    return []


def _of_value(claim: Claim, executed: Executed) -> str:
    figures = _cells(executed, ColumnRole.METRIC)
    if len(figures) != 1 or not isinstance(figures[0], int | float) or claim.value is None:
        return ""
    return YES if _HOLDS[claim.op](figures[0], claim.value) else NO


def _of_change(query: Query, executed: Executed, catalog: Catalog) -> str:
    changes = _cells(executed, ColumnRole.CHANGE)
    better_down = catalog.metrics[query.metrics[0]].better is Better.LOWER
    up = {
        Direction.ROSE: True,
        Direction.FELL: False,
        Direction.IMPROVED: not better_down,
        Direction.WORSENED: better_down,
    }.get(query.direction or Direction.ANY)
    if up is None or not changes or not isinstance(changes[0], int | float):
        return ""
    if changes[0] == 0 or (changes[0] > 0) is not up:
        return NO
    strengths = executed.hidden.get(CHANGE_Z, ())
    z = strengths[0] if strengths else None
    return UNCLEAR if isinstance(z, int | float) and abs(z) < SOUND_Z else YES


def _of_group(query: Query, claim: Claim, executed: Executed) -> str:
    """The subject against each other group: ahead of all, of none, or of some."""
    names = _cells(executed, ColumnRole.DIMENSION)
    figures = _cells(executed, ColumnRole.METRIC)
    if claim.subject not in names:
        return ""
    place = names.index(claim.subject)
    own = figures[place]
    if not isinstance(own, int | float):
        return ""
    others = [
        i
        for i, value in enumerate(figures)
        if i != place and names[i] is not None and isinstance(value, int | float)
    ]
    if not others:
        return ""
    ahead = [i for i in others if _HOLDS[claim.op](own, _number(figures[i]))]
    if not ahead:
        return NO
    if len(ahead) < len(others):
        return PARTLY
    sure = [_differ(query, executed, place, i) for i in others]
    return YES if all(each is not False for each in sure) else UNCLEAR


def _number(value: Cell) -> float:
    assert isinstance(value, int | float)
    return float(value)


def _differ(query: Query, executed: Executed, one: int, other: int) -> bool | None:
    """Whether two means differ by more than chance explains; None for what is no mean."""
    metric = query.metrics[0]
    means = _cells(executed, ColumnRole.METRIC)
    spread = executed.hidden.get(f"{metric}__var")
    counts = executed.hidden.get(f"{metric}__n") or tuple(_cells(executed, ColumnRole.COUNT))
    if not spread or not counts:
        return None
    error = 0.0
    for i in (one, other):
        n, variance = counts[i], spread[i]
        if not isinstance(n, int | float) or n < 2 or not isinstance(variance, int | float):
            return False
        error += variance / n
    gap = abs(_number(means[one]) - _number(means[other]))
    return gap > SOUND_Z * math.sqrt(error)
