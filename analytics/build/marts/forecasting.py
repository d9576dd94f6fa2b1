"""Forecasting one series: two simple methods, a backtest that picks one, and its error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

Floats = NDArray[np.float64]
Method = Callable[[Floats, int], Floats]

MIN_PERIODS: Final = 12
MAX_ORIGINS: Final = 12
MIN_ORIGINS: Final = 4
WEIGHTS: Final = np.linspace(0.05, 1.0, 20)
"""Smoothing weights that are tried; 1 repeats the last value."""


@dataclass(frozen=True)
class Forecast:
    """The values ahead, 80 and 95 % intervals, the method, and its mean absolute scaled error."""

    yhat: Floats
    spread: Floats
    origins: int
    method: str
    mase: float

    def columns(self) -> dict[str, Floats]:
        """yhat and the interval bounds by name."""
        near, far = (student.ppf(level, self.origins) * self.spread for level in (0.9, 0.975))
        return {
            "yhat": self.yhat,
            "lo80": self.yhat - near,
            "hi80": self.yhat + near,
            "lo95": self.yhat - far,
            "hi95": self.yhat + far,
        }


def seasonal_naive(season: int) -> Method:
    """The value of the same period one season earlier."""

    def ahead(past: Floats, horizon: int) -> Floats:
        last = past[-season:]
        return np.asarray(np.tile(last, horizon // season + 1)[:horizon])

    return ahead


def exponential_smoothing(past: Floats, horizon: int) -> Floats:
    """A level that follows the series (Brown, 1956), flat ahead.

    Its weight is the one of WEIGHTS with the smallest squared error one step ahead.
    """
    level = np.full(len(WEIGHTS), past[0])
    loss = np.zeros(len(WEIGHTS))
    for value in past[1:]:
        error = value - level
        loss += error**2
        level = level + WEIGHTS * error
    return np.full(horizon, level[int(loss.argmin())])


def _origins(length: int, horizon: int, shortest: int) -> list[int]:
    """Ends of the pasts to forecast from: the latest ones with a full horizon after them."""
    last = length - horizon
    return list(range(max(shortest, last - MAX_ORIGINS + 1), last + 1))


def backtest(values: Floats, method: Method, horizon: int, origins: list[int]) -> Floats:
    """(origin, step): actual minus forecast, each forecast made from its past only."""
    return np.stack(
        [values[end : end + horizon] - method(values[:end], horizon) for end in origins]
    )


def _scale(values: Floats, season: int) -> float:
    """Mean absolute error of the (seasonal) naive forecast within the series."""
    lag = season if len(values) > season + 1 else 1
    return float(np.abs(values[lag:] - values[:-lag]).mean())


def _methods(season: int, first: int) -> dict[str, Method]:
    smoothing: dict[str, Method] = {"exponential smoothing": exponential_smoothing}
    if first < season:
        return smoothing
    return {"seasonal naive": seasonal_naive(season), **smoothing}


def forecast(values: Floats, season: int, horizon: int) -> Forecast | None:
    """Forecast `horizon` periods, or None where the series is too short to know the error.

    A rolling-origin backtest (Tashman, 2000) over up to 12 origins picks the method with the
    smaller mean absolute error; ties go to the first. `mase` is that error over the naive one's
    within the series (Hyndman and Koehler, 2006): below 1 beats repeating the past. The spread of
    each step is the root mean squared error of the backtest, never shrinking with the distance;
    the intervals widen it by Student's t, since few origins know the spread only roughly.
    """
    if len(values) < MIN_PERIODS:
        return None
    horizon_tested = min(horizon, len(values) // 3)
    seasonal = len(values) - horizon_tested - MIN_ORIGINS + 1 >= season
    shortest = season if seasonal else MIN_PERIODS // 2
    origins = _origins(len(values), horizon_tested, shortest)
    if len(origins) < MIN_ORIGINS:
        return None
    tested = {
        name: (method, backtest(values, method, horizon_tested, origins))
        for name, method in _methods(season, origins[0]).items()
    }
    name = min(tested, key=lambda each: float(np.abs(tested[each][1]).mean()))
    method, errors = tested[name]
    spread = np.maximum.accumulate(np.sqrt((errors**2).mean(axis=0)))
    spread = np.append(spread, np.full(horizon - horizon_tested, spread[-1]))
    scale = _scale(values, season)
    mase = float(np.abs(errors).mean() / scale) if scale > 0 else 0.0
    return Forecast(method(values, horizon), spread, len(origins), name, mase)
