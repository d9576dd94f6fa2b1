"""The few groups that explain a change: a scan over single values and pairs, one cause after another.

A group is scored by the likelihood ratio of "it changed otherwise than the rest" (a scan statistic:
Kulldorff 1997; over subsets of attributes: Neill 2012), less the length of its description: the
logarithm of how many dimensions, and how many of their values, there are to choose from. A part of
the true cause has fewer units, a wider group dilutes the difference, so both lose against it. A group
must also pass a Bonferroni bound, weighted by the same description (each dimension gets an equal part
of the level, and each of its values an equal part of that), have enough units, and matter for the
size of the change. The search goes on in the rest, without the units of the causes found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

import numpy as np

from analytics.drivers.cube import Condition, Cube
from analytics.drivers.dispersion import Dispersion
from analytics.drivers.moments import A, Array, B, Flags, Ints, N
from analytics.drivers.score import Scores, mix_scores, rate_scores, share_scores
from analytics.query.units import Form

MOST_DRIVERS = 3
_RIVAL = 0.7
"""A cause of the other kind that explains this much as well is a rival; the likelier one wins."""

_WORTH_A_LOOK = 0.01


class Cause(StrEnum):
    """In which way a group explains a change."""

    RATE = "rate"
    MIX = "mix"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts as a cause. ``level``: chance of naming one where there is none, all groups
    together. ``least``: units of the group on the side that has more (a sum) or on both sides (a
    rate). ``material``: least effect as a part of the change. ``along``: only what went its way."""

    least: int
    level: float = 0.01
    material: float = 0.1
    along: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """What the search knows beside the cube.

    ``factors``: by axis of the cube, in order of its values. ``sizes``: how many values each axis's
    dimension has, ``dimensions``: how many dimensions there are, ``units``: how many units in all.
    ``growth``: now / before of a sum, were nothing new.
    """

    rules: Rules
    factors: Sequence[Dispersion]
    sizes: Sequence[int]
    dimensions: int
    units: float
    growth: float
    in_proportion: bool
    change: float

    def values(self, axis: int) -> float:
        """A single value's place among all: any dimension first, then any value of it."""
        return float(self.dimensions * self.sizes[axis])

    def pairs(self, one: int, other: int) -> float:
        """Likewise for a pair; there are never more pairs than have their least number of units."""
        crossed = min(self.sizes[one] * self.sizes[other], self.units / self.rules.least)
        return max(self.dimensions * (self.dimensions - 1) / 2 * crossed, 1.0)


@dataclass(frozen=True, slots=True)
class Found:
    """A cause: where, how, and how sure. ``p_value`` is corrected for all groups looked at."""

    conditions: tuple[Condition, ...]
    cause: Cause
    t: float
    p_value: float
    effect: float
    alone: float
    """The p value that the group would have, had nothing else been looked at."""


@dataclass(frozen=True, slots=True)
class _Groups:
    """Groups of one or two conditions: axes and codes (m, 2), −1 where there is no second."""

    axes: Ints
    codes: Ints
    moments: Array
    rate_factor: Array
    share_factor: Array
    choices: Array


def search(cube: Cube, setting: Setting) -> tuple[Found, ...]:
    """Up to three causes, in the order found."""
    found: list[Found] = []
    left = cube
    while len(found) < MOST_DRIVERS and len(left.codes):
        cause = _best(left, setting)
        if cause is None:
            break
        found.append(cause)
        left = left.only(~left.inside(cause.conditions))
    return tuple(found)


def hint(cube: Cube, setting: Setting) -> Found | None:
    """The likeliest group where none is sure: worth a look, but it may well be chance."""
    found = _best(cube, replace(setting, rules=replace(setting.rules, level=1.0, along=True)))
    return found if found is not None and found.alone <= _WORTH_A_LOOK else None


def _best(cube: Cube, setting: Setting) -> Found | None:
    if not cube.axes:
        return None
    groups = _groups(cube, setting)
    if not len(groups.moments):
        return None
    whole = cube.whole
    if cube.form is Form.SUM:
        scores = share_scores(groups.moments, whole, groups.share_factor, A, setting.growth)
        return _winner(cube, groups, scores, Cause.AMOUNT, setting)
    own = rate_scores(groups.moments, whole, groups.rate_factor, setting.in_proportion)
    mix = mix_scores(groups.moments, whole, groups.share_factor, groups.rate_factor)
    return _likelier(
        _winner(cube, groups, own, Cause.RATE, setting),
        _winner(cube, groups, mix, Cause.MIX, setting),
    )


def _likelier(one: Found | None, other: Found | None) -> Found | None:
    """Of a rate and a mix cause the one that explains more; the surer one where both explain it."""
    if one is None or other is None:
        return one or other
    small, large = sorted((one, other), key=lambda f: abs(f.effect))
    if abs(small.effect) >= _RIVAL * abs(large.effect):
        return max((one, other), key=lambda f: abs(f.t))
    return large


def _winner(
    cube: Cube, groups: _Groups, scores: Scores, cause: Cause, setting: Setting
) -> Found | None:
    rules = setting.rules
    families = 2 * (1 if cause is Cause.AMOUNT else 2)  # values and pairs; rate and mix
    p_value = np.minimum(scores.p_value * groups.choices * families, 1.0)
    passes = (
        (p_value <= rules.level)
        & (np.abs(scores.effect) >= rules.material * abs(setting.change))
        & _enough(groups.moments, cause, rules.least)
    )
    if rules.along:
        passes &= scores.effect * setting.change > 0
    if not passes.any():
        return None
    merit = np.where(passes, scores.likelihood - np.log(groups.choices), -np.inf)
    at = int(np.argmax(merit))
    return Found(
        conditions=_conditions(cube, groups, at),
        cause=cause,
        t=float(scores.t[at]),
        p_value=float(p_value[at]),
        effect=float(scores.effect[at]),
        alone=float(scores.p_value[at]),
    )


def _enough(moments: Array, cause: Cause, least: int) -> Flags:
    units = moments[..., N]
    if cause is Cause.RATE:
        return np.asarray(units.min(axis=1) >= least)
    return np.asarray(units.max(axis=1) >= least)


def _conditions(cube: Cube, groups: _Groups, at: int) -> tuple[Condition, ...]:
    found = []
    for axis, code in zip(groups.axes[at], groups.codes[at], strict=True):
        if axis >= 0:
            named = cube.axes[int(axis)]
            found.append(Condition(named.name, named.values[int(code)]))
    return tuple(found)


def _groups(cube: Cube, setting: Setting) -> _Groups:
    """All single values and pairs with units in the cube, but no group that is all there is."""
    parts = [_single(cube, setting, i) for i in range(len(cube.axes))]
    units = [cube.by((i,))[..., N].sum(axis=1) for i in range(len(cube.axes))]
    parts += [
        _pair(cube, setting, one, other, units)
        for one, other in combinations(range(len(cube.axes)), 2)
    ]
    joined = _Groups(*(np.concatenate([getattr(p, f) for p in parts]) for f in _Groups.__slots__))
    rest = cube.whole - joined.moments
    real = (joined.moments[..., N].sum(axis=1) > 0) & (rest[..., N].min(axis=1) > 0)
    real &= (rest[..., B].min(axis=1) > 0) if cube.form is not Form.SUM else True
    return _Groups(*(getattr(joined, f)[real] for f in _Groups.__slots__))


def _single(cube: Cube, setting: Setting, axis: int) -> _Groups:
    named, factor = cube.axes[axis], setting.factors[axis]
    codes = np.array([c for c in range(len(named.values)) if c != named.other], dtype=np.int64)
    none = np.full(len(codes), -1, dtype=np.int64)
    return _Groups(
        axes=np.stack([np.full(len(codes), axis, dtype=np.int64), none], axis=1),
        codes=np.stack([codes, none], axis=1),
        moments=cube.by((axis,))[codes],
        rate_factor=factor.rate[codes],
        share_factor=factor.share[codes],
        choices=np.full(len(codes), setting.values(axis)),
    )


def _pair(cube: Cube, setting: Setting, one: int, other: int, by_value: Sequence[Array]) -> _Groups:
    """Pairs of values, without those that are the same units as one of the two values alone."""
    first, second = cube.axes[one], cube.axes[other]
    moments = cube.by((one, other))
    c1, c2 = np.unravel_index(np.arange(len(moments)), (len(first.values), len(second.values)))
    units = moments[..., N].sum(axis=1)
    named = [c for c, _ in enumerate(first.values) if c != first.other]
    kept = np.isin(c1, named) & (c2 != (-1 if second.other is None else second.other))
    kept &= (units > 0) & (units < np.minimum(by_value[one][c1], by_value[other][c2]))
    c1, c2, units = c1[kept], c2[kept], units[kept]
    # A shock that all units of a value share inflates the variance by how many units share it.
    part_of_one, part_of_other = units / by_value[one][c1], units / by_value[other][c2]
    a, b = setting.factors[one], setting.factors[other]
    return _Groups(
        axes=np.tile(np.array([one, other], dtype=np.int64), (len(c1), 1)),
        codes=np.stack([c1, c2], axis=1).astype(np.int64),
        moments=moments[kept],
        rate_factor=1 + (a.rate[c1] - 1) * part_of_one + (b.rate[c2] - 1) * part_of_other,
        share_factor=1 + (a.share[c1] - 1) * part_of_one + (b.share[c2] - 1) * part_of_other,
        choices=np.full(len(c1), setting.pairs(one, other)),
    )
