"""Simpson's paradox: the groups went one way and the whole the other, because the mix shifted."""

from __future__ import annotations

import numpy as np

from analytics.drivers.cube import Condition
from analytics.drivers.explanation import Paradox
from analytics.drivers.moments import BEFORE, NOW, Array, B, N, rate, residual, weight
from analytics.drivers.parts import parts_side_by_side
from analytics.drivers.singles import Single, Singles
from analytics.query.units import Form

_SURE = 2.0
_COVERED = 0.9


def paradox_in(singles: Singles, form: Form, least: int) -> Paradox | None:
    """The dimension in which it shows most, if any. Only rates have a mix."""
    if form is Form.SUM:
        return None
    found = [p for s in singles.dimensions if (p := _in_dimension(s, singles, form, least))]
    return max(found, key=lambda p: abs(p.mix_effect), default=None)


def _in_dimension(single: Single, singles: Singles, form: Form, least: int) -> Paradox | None:
    groups, whole = single.moments, singles.moments
    if single.cut or not single.split or len(groups) < 2:
        return None
    change = float(np.diff(rate(whole))[0])
    big = groups[..., N].min(axis=1) >= least
    if weight(groups[big], whole, B).sum(axis=0).min() < _COVERED:
        return None
    moved = np.diff(rate(groups[big]), axis=1)[:, 0]
    along = np.sign(moved) == np.sign(change)
    error = np.sqrt((residual(groups[big]) / groups[big][..., B] ** 2).sum(axis=1))
    if change == 0 or (along & (np.abs(moved) > error)).any():
        return None
    if abs(_pooled_t(groups[big], whole)) < _SURE or abs(_whole_t(whole)) < _SURE:
        return None
    names = [(Condition(single.name, value),) for value in single.values]
    parts = parts_side_by_side(groups, names, form)
    own, mix = sum(p.rate_effect for p in parts), sum(p.mix_effect for p in parts)
    if np.sign(own) != -np.sign(change):
        return None
    return Paradox(single.name, parts, own, mix, every=not along.any() and bool(big.all()))


def _pooled_t(groups: Array, whole: Array) -> float:
    """t statistic of the groups' own changes, weighted by their shares."""
    shares = weight(groups, whole, B).mean(axis=1)
    moved = rate(groups)[:, NOW] - rate(groups)[:, BEFORE]
    error = (residual(groups) / groups[..., B] ** 2).sum(axis=1)
    return float((shares * moved).sum() / np.sqrt((shares**2 * error).sum() or np.inf))


def _whole_t(whole: Array) -> float:
    error = (residual(whole) / whole[:, B] ** 2).sum()
    return float(np.diff(rate(whole))[0] / np.sqrt(error or np.inf))
