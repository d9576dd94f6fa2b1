"""How much more blocks of days vary than independent units would: factors on a variance, at least 1.

Units of one day share weather, a campaign or a big customer, and a good day is often followed by
another. Ignoring that makes chance look like a cause. The factor of a value is its blocks' variance
(with the covariance of neighbouring blocks, Newey and West 1987) over that of independent units, on
the calmer side: an event that fills a part of one period is what is looked for, not noise. One
value's factor rests on few blocks, so it is drawn towards the median of its dimension (as Smyth 2004
does for variances of genes).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.drivers.moments import AA, BB, A, Array, B, N, rate, residual, weight
from analytics.drivers.singles import Single, Singles
from analytics.query.units import Form

_LEAST_BLOCKS = 5
_LEAST_UNITS = 20
_LEAST_VALUES = 3
_LAGS = ((1, 2 / 3), (2, 1 / 3))
_PRIOR = 15.0


@dataclass(frozen=True, slots=True)
class Dispersion:
    """Factors by value of one dimension: of its own rate, and of its share of the whole."""

    rate: Array
    share: Array


def dispersion(single: Single, singles: Singles, form: Form) -> Dispersion:
    """The factors of a dimension's values."""
    neutral = np.ones(len(single.values))
    moment = A if form is Form.SUM else B
    used = (singles.whole[:, :, N] > 0).sum(axis=1)
    if used.min() < _LEAST_BLOCKS:
        return Dispersion(neutral, neutral)
    rates = neutral if form is Form.SUM else _of_rate(single, singles.whole)
    return Dispersion(rates, _of_share(single, singles.whole, moment))


def whole_dispersion(singles: Singles) -> float:
    """The factor of the whole's own rate."""
    if (singles.whole[:, :, N] > 0).sum(axis=1).min() < _LEAST_BLOCKS:
        return 1.0
    blocks = singles.whole[None]
    rates = np.nan_to_num(rate(singles.moments))
    errors = blocks[..., A] - rates[None, :, None] * blocks[..., B]
    ratio = _ratio(errors, residual(singles.moments)[None])
    return float(max(1.0, np.nan_to_num(ratio).min()))


def _of_rate(single: Single, whole: Array) -> Array:
    """Deviations of a value's blocks from its own rate, apart from what all values share."""
    moments = single.moments
    rates = np.nan_to_num(rate(moments))[:, :, None]
    common = np.nan_to_num(rate(np.swapaxes(whole, 0, 1))).T - np.nan_to_num(
        rate(whole.sum(axis=1))
    ).reshape(2, 1)
    errors = single.blocks[..., A] - (rates + common[None]) * single.blocks[..., B]
    expected = residual(moments)
    return _drawn_together(_ratio(errors, expected), expected, moments, whole)


def _of_share(single: Single, whole: Array, moment: int) -> Array:
    """Deviations of a value's blocks from its share of the whole."""
    square = AA if moment == A else BB
    moments, total = single.moments, whole.sum(axis=1)
    shares = weight(moments, total, moment)
    errors = single.blocks[..., moment] - shares[:, :, None] * whole[None, :, :, moment]
    own, rest = moments[..., square], total[None, :, square] - moments[..., square]
    independent = (1 - shares) ** 2 * own + shares**2 * np.maximum(rest, 0)
    return _drawn_together(_ratio(errors, independent), independent, moments, whole)


def _ratio(errors: Array, independent: Array) -> Array:
    """Variance by blocks over variance by units, by side (m, 2); NaN where there are no units.

    errors: (m, 2, blocks); independent: (m, 2).
    """
    blocks = errors.shape[-1]
    found = (errors**2).sum(axis=2) * blocks / (blocks - 1)
    for lag, share in _LAGS:
        if blocks > 4 * lag:
            neighbours = errors[..., lag:] * errors[..., :-lag]
            found = found + 2 * share * neighbours.sum(axis=2)
    known = independent > 0
    empty = np.full(found.shape, np.nan)
    return np.asarray(np.divide(found, independent, out=empty, where=known))


def _drawn_together(ratio: Array, independent: Array, moments: Array, whole: Array) -> Array:
    """Each value's calmer side, drawn to the median; all values as one where few are large enough."""
    raw = ratio.min(axis=1)  # NaN where a side has none: then only the others can tell
    enough = (moments[..., N].sum(axis=1) >= _LEAST_UNITS) & ~np.isnan(raw)
    if enough.sum() >= _LEAST_VALUES:
        middle = float(np.median(raw[enough]))
    else:
        spread, expected = np.nan_to_num(ratio) * independent, np.maximum(independent, 0)
        middle = float((spread.sum(axis=0) / np.maximum(expected.sum(axis=0), 1e-300)).min())
    own = float(whole.shape[1] - 1)
    drawn = np.where(enough, (_PRIOR * middle + own * np.nan_to_num(raw)) / (_PRIOR + own), middle)
    return np.asarray(np.maximum(1.0, drawn))
