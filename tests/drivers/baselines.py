"""What the search is measured against: the largest difference, and Adtributor."""

from __future__ import annotations

import numpy as np

from analytics.drivers.cube import Condition
from analytics.drivers.moments import BEFORE, NOW, A, B, N, rate, weight
from analytics.drivers.singles import Single
from analytics.drivers.study import Study
from analytics.query.units import Form

Named = frozenset[Condition]

_EXPLAINS = 0.67
_ELEMENT = 0.1


def largest_difference(study: Study) -> Named:
    """The single value whose figure changed most, with the units that a ranking asks for."""
    best, named = -1.0, frozenset[Condition]()
    for single in _usable(study):
        groups = single.moments
        figures = groups[..., A] if study.form is Form.SUM else rate(groups)
        moved = np.abs(figures[:, NOW] - figures[:, BEFORE])
        moved[groups[..., N].min(axis=1) < study.setting.rules.least] = -1
        at = int(np.nanargmax(moved))
        if moved[at] > best:
            best, named = float(moved[at]), _named(single, at)
    return named


def largest_contribution(study: Study) -> Named:
    """The single value or pair that adds most to the change (own change times share, or amount)."""
    best, named = -1.0, frozenset[Condition]()
    cube, whole = study.cube, study.cube.whole
    for axes in [(i,) for i in range(len(cube.axes))] + _pairs(len(cube.axes)):
        groups = cube.by(axes)
        if study.form is Form.SUM:
            adds = np.abs(groups[:, NOW, A] - groups[:, BEFORE, A])
        else:
            shares, rates = weight(groups, whole, B), rate(groups)
            adds = np.abs(shares.mean(axis=1) * (rates[:, NOW] - rates[:, BEFORE]))
        adds[groups[..., N].min(axis=1) < study.setting.rules.least] = -1
        at = int(np.argmax(np.nan_to_num(adds, nan=-1)))
        if adds[at] > best:
            places = np.unravel_index(at, [len(cube.axes[i].values) for i in axes])
            best = float(adds[at])
            named = frozenset(
                Condition(cube.axes[i].name, cube.axes[i].values[int(c)])
                for i, c in zip(axes, places, strict=True)
            )
    return named


def adtributor(study: Study) -> Named:
    """Bhagwan et al., NSDI 2014: the dimension with the most surprising values that together explain
    two thirds of the change; its most surprising value. Nothing where no dimension explains that."""
    best, named = -1.0, frozenset[Condition]()
    for single in _usable(study):
        surprise, power = _surprise(single, study), _power(single, study)
        explained, total, first = 0.0, 0.0, None
        for at in np.argsort(-surprise):
            if power[at] > _ELEMENT:
                first = at if first is None else first
                explained += power[at]
                total += surprise[at]
            if explained > _EXPLAINS:
                break
        if first is not None and explained > _EXPLAINS and total > best:
            best, named = total, _named(single, int(first))
    return named


def _surprise(single: Single, study: Study) -> np.ndarray:
    """Jensen-Shannon divergence of a value's share of the whole; for a rate of both its parts."""
    whole, groups = study.singles.moments, single.moments
    parts = (A,) if study.form is Form.SUM else (A, B)
    found = np.zeros(len(groups))
    for moment in parts:
        shares = np.clip(weight(groups, whole, moment), 1e-12, None)
        p, q = shares[:, BEFORE], shares[:, NOW]
        found += 0.5 * (p * np.log(2 * p / (p + q)) + q * np.log(2 * q / (p + q)))
    return found


def _power(single: Single, study: Study) -> np.ndarray:
    """Part of the change that a value explains; for a rate by finite differences of its parts."""
    whole, groups = study.singles.moments, single.moments
    moved = groups[:, NOW] - groups[:, BEFORE]
    if study.form is Form.SUM:
        growth = study.setting.growth
        moved = groups[:, NOW, A] - growth * groups[:, BEFORE, A]
        total = whole[NOW, A] - growth * whole[BEFORE, A]
        return moved / total if total else np.zeros(len(groups))
    a, b = whole[BEFORE, A], whole[BEFORE, B]
    each = (moved[:, A] * b - moved[:, B] * a) / (b * (b + moved[:, B]))
    return each / each.sum() if each.sum() else np.zeros(len(groups))


def _usable(study: Study) -> list[Single]:
    return [s for s in study.singles.dimensions if s.split and len(s.values) > 1]


def _pairs(count: int) -> list[tuple[int, ...]]:
    return [(i, j) for i in range(count) for j in range(i + 1, count)]


def _named(single: Single, at: int) -> Named:
    return frozenset({Condition(single.name, single.values[at])})
