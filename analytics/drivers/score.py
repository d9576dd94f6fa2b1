"""How sure it is that a group changed otherwise than the rest, for many groups at once.

Three questions, each a t statistic of a difference in differences (group against all the rest):

- rate: did the group's own figure change more than the rest's? Both as a difference and, where
  figures cannot be negative, in proportion: a group that only keeps its distance, or only its
  proportion, is no cause of a change that was everywhere. The weaker of the two counts.
- share: did the group's share of a sum change? What happens everywhere alike leaves shares alone.
- mix: did the group's weight change, and does its figure differ from the rest's?

All arrays: groups (m, 2, 6), whole (2, 6), factors on the variance (m,).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from analytics.drivers.moments import (
    AA,
    BB,
    BEFORE,
    NOW,
    A,
    Array,
    B,
    Flags,
    N,
    rate,
    residual,
    weight,
)

_PRIOR_UNITS = 5.0
"""Units' worth of the whole's variance that a small group's own variance is mixed with."""

_DIFFERENT = 3.0
"""From how many standard errors on two rates count as different (for a mix effect)."""


@dataclass(frozen=True, slots=True)
class Scores:
    """By group: t statistic, its degrees of freedom, effect on the whole beyond the rest's trend."""

    t: Array
    freedom: Array
    effect: Array

    @property
    def p_value(self) -> Array:
        """Two-sided."""
        return np.asarray(np.maximum(2 * stdtr(self.freedom, -np.abs(self.t)), 1e-300))

    @property
    def likelihood(self) -> Array:
        """Log likelihood ratio of "this group differs" against "no group does" (Student's model)."""
        gain = np.log1p(self.t**2 / self.freedom)
        return np.asarray((self.freedom + 1) / 2 * gain)


def rate_scores(groups: Array, whole: Array, factor: Array, in_proportion: bool) -> Scores:
    """Whether groups' own rates changed otherwise than the rest's."""
    rest = whole - groups
    inside, outside = rate(groups), rate(rest)
    errors = _rate_variance(groups, whole, factor), _rate_variance(rest, whole, factor)
    moved, drift = inside[:, NOW] - inside[:, BEFORE], outside[:, NOW] - outside[:, BEFORE]
    t = _divided(moved - drift, np.sqrt(sum(e.sum(axis=1) for e in errors)))
    if in_proportion:
        t = _weaker(t, _t_of_proportions(inside, outside, *errors))
    t = np.where(np.abs(moved) > np.abs(drift), t, 0.0)
    effect = weight(groups, whole, B).mean(axis=1) * (moved - drift)
    freedom = groups[..., N].sum(axis=1) - 2 + _PRIOR_UNITS
    return Scores(np.nan_to_num(t), np.maximum(freedom, 1.0), np.nan_to_num(effect))


def share_scores(
    groups: Array, whole: Array, factor: Array, moment: int, expected_growth: float
) -> Scores:
    """Whether groups' shares of a sum changed. ``expected_growth``: now / before, were nothing new."""
    rest = whole - groups
    t = _share_t(groups, whole, factor, moment)
    grown = _growth(groups[..., moment]), _growth(rest[..., moment])
    own, drift = (np.abs(np.log(g / expected_growth)) for g in grown)
    t = np.where(own > drift, t, 0.0)
    usual = groups[:, BEFORE, moment] * np.minimum(grown[1], 1e6)
    effect = groups[:, NOW, moment] - usual
    freedom = np.maximum(groups[..., N].sum(axis=1) - 2, 1.0)
    return Scores(np.nan_to_num(t), freedom, np.nan_to_num(effect))


def mix_scores(groups: Array, whole: Array, factor: Array, rate_factor: Array) -> Scores:
    """Whether groups' weights changed, where their rates lie apart from the rest's."""
    rest = whole - groups
    inside, outside = rate(groups), rate(rest)
    gap = np.nanmean(inside, axis=1) - np.nanmean(outside, axis=1)
    error = _rate_variance(groups, whole, rate_factor) + _rate_variance(rest, whole, rate_factor)
    apart = np.abs(_divided(gap, np.sqrt(np.nansum(error, axis=1)) / 2)) >= _DIFFERENT
    shares = weight(groups, whole, B)
    effect = (shares[:, NOW] - shares[:, BEFORE]) * gap
    t = np.where(apart, _share_t(groups, whole, factor, B), 0.0)
    freedom = np.maximum(groups[..., N].sum(axis=1) - 2, 1.0)
    return Scores(np.nan_to_num(t), freedom, np.nan_to_num(effect))


def change_t(whole: Array, factor: float) -> float:
    """t statistic of the whole's own rate change."""
    rates = rate(whole)
    error = _rate_variance(whole[None], whole, np.array([factor])).sum()
    return float(_divided(rates[None, NOW] - rates[None, BEFORE], np.sqrt(error[None]))[0])


def _share_t(groups: Array, whole: Array, factor: Array, moment: int) -> Array:
    """Score test: the variance is that under "no change", so it holds with few units too."""
    square = AA if moment == A else BB
    total = whole[:, moment]
    shares = weight(groups, whole, moment)
    common = groups[..., moment].sum(axis=1) / total.sum()
    squares = groups[..., square].sum(axis=1)
    others = np.maximum(whole[:, square].sum() - squares, 0.0)
    spread = (1 - common) ** 2 * squares + common**2 * others
    per_side = (total / total.sum() / total**2).sum()
    return _divided(shares[:, NOW] - shares[:, BEFORE], np.sqrt(spread * per_side * factor))


def _rate_variance(groups: Array, whole: Array, factor: Array) -> Array:
    """Variance of the rate by side, (m, 2); a small group's is steadied by the whole's."""
    pooled = residual(whole).sum() / max(whole[:, N].sum() - 2, 1.0)
    units = groups[..., N]
    freedom = np.maximum(units - 1, 0.0)
    one = (residual(groups) + _PRIOR_UNITS * pooled) / (freedom + _PRIOR_UNITS)
    b = groups[..., B]
    variance = np.divide(units * one, b * b, out=np.full(b.shape, np.nan), where=b != 0)
    return np.asarray(variance * factor[:, None])


def _t_of_proportions(inside: Array, outside: Array, error: Array, rest: Array) -> Array:
    """The same for logarithms: did the group change in another proportion?"""
    known: Flags = np.asarray((inside > 0).all(axis=1) & (outside > 0).all(axis=1))
    a, b = np.where(known[:, None], inside, 1.0), np.where(known[:, None], outside, 1.0)
    difference = np.log(a[:, NOW] / a[:, BEFORE]) - np.log(b[:, NOW] / b[:, BEFORE])
    spread = (error / a**2 + rest / b**2).sum(axis=1)
    return np.asarray(np.where(known, _divided(difference, np.sqrt(spread)), np.inf))


def _weaker(one: Array, other: Array) -> Array:
    """The smaller of two statistics that agree in direction; an infinite one does not count."""
    agree = np.isinf(other) | (np.sign(one) == np.sign(other))
    return np.where(agree, np.sign(one) * np.minimum(np.abs(one), np.abs(other)), 0.0)


def _growth(sums: Array) -> Array:
    """Now / before, steadied where there is nothing on one side."""
    low = np.maximum(sums.max(axis=1), 1e-12) * 1e-6
    return np.asarray(np.maximum(sums[:, NOW], low) / np.maximum(sums[:, BEFORE], low))


def _divided(top: Array, bottom: Array) -> Array:
    return np.divide(top, bottom, out=np.zeros(np.shape(top)), where=np.asarray(bottom) > 0)
