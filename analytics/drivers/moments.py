"""Sums of a set of units on both sides: arrays whose last two axes are (side, moment).

Sides are before (0) and now (1). Moments are the number of units n, the sums of a and b, and the sums
of a², ab and b². Sets that do not overlap add up; what is left of a whole is a difference.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

N, A, B, AA, AB, BB = range(6)
MOMENTS = 6
BEFORE, NOW = 0, 1


def rate(moments: Array) -> Array:
    """a / b by side; NaN where there is nothing. (…, 2, 6) → (…, 2)."""
    b = moments[..., B]
    return _quotient(moments[..., A], b, np.nan)


def residual(moments: Array) -> Array:
    """Sum of (a − rate · b)² by side: the spread of units around their rate. (…, 2, 6) → (…, 2)."""
    r = np.nan_to_num(rate(moments))
    spread = moments[..., AA] - 2 * r * moments[..., AB] + r * r * moments[..., BB]
    return np.asarray(np.maximum(spread, 0.0))


def weight(moments: Array, whole: Array, moment: int) -> Array:
    """Share of the whole in a or b, by side; 0 where the whole is nothing."""
    total = np.broadcast_to(whole[..., moment], moments[..., moment].shape)
    return _quotient(moments[..., moment], total, 0.0)


def _quotient(top: Array, bottom: Array, empty: float) -> Array:
    out = np.full(bottom.shape, empty)
    return np.asarray(np.divide(top, bottom, out=out, where=bottom != 0))
