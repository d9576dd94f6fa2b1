"""Exact decomposition of a change. The parts add up to the change to rounding.

Means and ratios: Bennet (1920), "The theory of measurement of changes in cost of living", J. Royal
Statistical Society 83(3): both effects are valued half way between the two periods, so no part is
left over and neither period is preferred.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.drivers.moments import NOW, A, Array, B, rate, weight


@dataclass(frozen=True, slots=True)
class Effects:
    """What each group adds to the change: by its own figure (rate), and by its weight (mix)."""

    rate: Array
    mix: Array

    @property
    def total(self) -> Array:
        """Both together."""
        return self.rate + self.mix


def of_rates(groups: Array) -> Effects:
    """Effects of groups (m, 2, 6) that make up the whole, on the whole's rate.

    Mix: change of the group's share times how far its rate (half way) lies from the whole's. Rate:
    its share (half way) times the change of its rate. A group that is absent on one side has no
    change of its rate: all it adds is mix.
    """
    whole = groups.sum(axis=0)
    shares, rates = weight(groups, whole, B), _filled(rate(groups))
    overall = _filled(rate(whole[None])).mean()
    moved = shares[:, NOW] - shares[:, 0]
    mix = moved * (rates.mean(axis=1) - overall)
    own = shares.mean(axis=1) * (rates[:, NOW] - rates[:, 0])
    return Effects(rate=own, mix=np.asarray(np.where(moved == 0, 0.0, mix)))


def of_sums(groups: Array) -> Effects:
    """Effects of groups (m, 2, 6) on a sum: their own differences."""
    difference = groups[:, NOW, A] - groups[:, 0, A]
    return Effects(rate=difference, mix=np.zeros(len(groups)))


def in_turn(parts: Array) -> Effects:
    """Effects on a rate of groups taken out one after another; the last one is the rest.

    Each step splits what is left into a group and its rest (two groups, as in ``of_rates``), so the
    mix effect of a group is its growing or shrinking against that rest, and the rest keeps its rate
    effect only. parts: (k + 1, 2, 6).
    """
    own, mix, share_left = [], [], 1.0
    for step in range(len(parts) - 1):
        rest = parts[step + 1 :].sum(axis=0)
        pair = of_rates(np.stack([parts[step], rest]))
        own.append(share_left * pair.rate[0])
        mix.append(share_left * pair.mix.sum())
        share_left *= float(weight(rest, parts[step] + rest, B).mean())
    last = _filled(rate(parts[-1:]))[0]
    own.append(share_left * (last[NOW] - last[0]))
    mix.append(0.0)
    return Effects(np.asarray(own), np.asarray(mix))


def _filled(rates: Array) -> Array:
    """A side without units takes the rate of the other; 0 where both have none."""
    other = rates[:, ::-1]
    return np.nan_to_num(np.where(np.isnan(rates), other, rates))
