"""Two hundred changes with a known cause, and a hundred without one. Everything from a seed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analytics.drivers.cube import Condition
from tests.drivers.shop import BEFORE, FREE, NOW, SIZES, Frame, Shop, named

LEAST_UNITS = 150
"""Units that a planted cause has in each period."""

LEAST_STRENGTH = 6.0
"""A planted value or pair is plain to see for who knows where to look: a before-and-after test of
its own units gives at least this many standard errors. Weaker draws are drawn again."""

SURE = 1.96
"""Standard errors from which a planted reversal is in the rows drawn, and not lost in their noise."""

EFFECTS = (0.5, 0.75, 1.0)
"""Planted changes: in standard deviations of a unit; for sums and rates a multiple made of it."""

PLAN = (
    *(("score", kind, n) for kind, n in (("value", 25), ("pair", 20), ("mix", 15), ("simpson", 10))),
    *(("conversion", kind, n) for kind, n in (("value", 15), ("pair", 10), ("mix", 10), ("simpson", 5))),
    *(("margin", kind, n) for kind, n in (("value", 10), ("pair", 10), ("mix", 5), ("simpson", 5))),
    *(("revenue", kind, n) for kind, n in (("value", 15), ("pair", 15))),
    *(("orders", kind, n) for kind, n in (("value", 15), ("pair", 15))),
)  # fmt: skip
CALM = ("still", "all alike", "in proportion", "growing")


@dataclass(frozen=True)
class Case:
    """A change, and what caused it (nothing: empty)."""

    name: str
    metric: str
    kind: str
    effect: float
    truth: frozenset[Condition]
    strength: float
    frame: Frame
    reversal: float = 0.0
    """Simpson: the groups' own changes against the whole's, in standard errors; more is plainer."""

    @property
    def reverses(self) -> bool:
        """Whether who knows the dimension sees a reversal beyond chance in the rows."""
        return self.reversal >= SURE


def causes(
    seed: int = 2026, every: int = 1, only: Collection[tuple[str, str]] | None = None
) -> Iterator[Case]:
    """The cases with a cause; ``only`` the first of each (metric, kind) named."""
    number = 0
    for metric, kind, count in PLAN:
        for i in range(count):
            number += 1
            if number % every or (only is not None and ((metric, kind) not in only or i)):
                continue
            random = np.random.default_rng([seed, number])
            yield _case(f"{metric}-{kind}-{i}", metric, kind, EFFECTS[i % len(EFFECTS)], random)


def calm(seed: int = 2026, count: int = 100, every: int = 1) -> Iterator[Case]:
    """The cases without: nothing happened, or the same everywhere."""
    metrics = ("score", "conversion", "margin", "revenue", "orders")
    for i in range(0, count, every):
        random = np.random.default_rng([seed, 100_000 + i])
        kind = CALM[(i // len(metrics)) % len(CALM)]
        metric = metrics[i % len(metrics)]
        yield _case(f"calm-{metric}-{kind}-{i}", metric, kind, 0.0, random)


def _case(name: str, metric: str, kind: str, effect: float, random: np.random.Generator) -> Case:
    apart = 1.0 if kind in {"mix", "simpson"} else 0.3
    while True:
        world = _World(Shop(random, spread=apart), metric, kind, effect, random)
        rows, truth = world.rows()
        if kind not in {"value", "pair"} or world.strength >= LEAST_STRENGTH:
            frame = Frame(named(rows))
            return Case(name, metric, kind, effect, truth, world.strength, frame, world.reversal)


@dataclass
class _World:
    shop: Shop
    metric: str
    kind: str
    effect: float
    random: np.random.Generator
    against: float = 0.0
    """The way that every group goes while the whole goes the other."""
    strength: float = 0.0
    """Of the planted value or pair, in standard errors."""
    reversal: float = 0.0

    def rows(self) -> tuple[pd.DataFrame, frozenset[Condition]]:
        """Both periods, and the planted cause."""
        units = int(self.random.choice([4000, 8000, 15000]))
        grown = self.random.uniform(0.8, 1.25) if self.kind == "growing" or self._sum else 1.0
        before = self.shop.draw(units, BEFORE.start, self.shop.shares)
        if self.kind in {"mix", "simpson"}:
            now, truth = self._shifted(int(units * self.random.uniform(0.9, 1.1)))
            hit = np.zeros(len(now), dtype=bool)
        else:
            now = self.shop.draw(int(units * grown), NOW.start, self.shop.shares)
            was, hit, truth = self._hit(before, now)
            before["hit"], now["hit"] = was, hit
        before = self._valued(before, np.zeros(len(before), dtype=bool), first=True)
        now = self._valued(now, hit, first=False)
        self.strength = self._strength(before, now)
        if self.kind == "simpson":
            [planted] = truth
            self.reversal = _reversal(before, now, planted.dimension)
        return pd.concat([before, now], ignore_index=True), truth

    def _strength(self, before: pd.DataFrame, now: pd.DataFrame) -> float:
        """Change of the planted units' own figure over its standard error."""
        if not self.truth_is_units:
            return 0.0
        one, other = (f.loc[f["hit"]] for f in (before, now))
        if self._sum:
            n, m = len(one) / len(before), len(other) / len(now)
            return float(abs(m - n) / np.sqrt(n / len(before) + m / len(now)))
        a, b = (f["x"] / f["y"].mean() for f in (one, other))
        return float(abs(a.mean() - b.mean()) / np.sqrt(a.var() / len(a) + b.var() / len(b)))

    @property
    def truth_is_units(self) -> bool:
        """Whether some units were changed, rather than how many of each there are."""
        return self.kind in {"value", "pair"}

    @property
    def _sum(self) -> bool:
        return self.metric in {"revenue", "orders"}

    def _hit(
        self, before: pd.DataFrame, now: pd.DataFrame
    ) -> tuple[np.ndarray, np.ndarray, frozenset[Condition]]:
        """Which units before and now belong to the cause: a value or a pair with enough units."""
        if self.kind not in {"value", "pair"}:
            return np.zeros(len(before), dtype=bool), np.zeros(len(now), dtype=bool), frozenset()
        while True:
            chosen = self._conditions()
            masks = [
                np.logical_and.reduce([f[n].to_numpy() == code for n, code in chosen])
                for f in (before, now)
            ]
            sizes = [mask.sum() for mask in masks]
            if min(sizes) >= LEAST_UNITS and sizes[0] < 0.45 * len(before):
                return masks[0], masks[1], frozenset(self._named(n, code) for n, code in chosen)

    def _conditions(self) -> list[tuple[str, int]]:
        if self.kind == "value":
            names = [str(self.random.choice(list(SIZES)))]
        else:
            others = (*FREE, str(self.random.choice(["category", "product"])))
            names = [str(n) for n in self.random.choice(others, 2, replace=False)]
        return [(n, int(self.random.integers(SIZES[n]))) for n in names]

    def _named(self, name: str, code: int) -> Condition:
        unknown = name == "source" and code == SIZES[name] - 1
        return Condition(name, None if unknown else f"{name} {code}")

    def _shifted(self, units: int) -> tuple[pd.DataFrame, frozenset[Condition]]:
        """The share of one value grows at the cost of all others."""
        name = str(self.random.choice(["region", "age", "source", "channel"]))
        levels = self.shop.levels[name]
        code = int(np.argmax(np.abs(levels - levels @ self.shop.shares[name])))
        levels[code] += np.sign(levels[code] - levels.mean()) * 0.8
        shares = self.shop.shares[name].copy()
        more = (1 - shares[code]) * (0.25 + 0.25 * self.effect)
        shares *= 1 - more / (1 - shares[code])
        shares[code] = 1 - (shares.sum() - shares[code])
        self.against = -float(np.sign(levels[code] - levels.mean()))
        now = self.shop.draw(units, NOW.start, {**self.shop.shares, name: shares})
        return now, frozenset({self._named(name, code)})

    def _valued(self, frame: pd.DataFrame, hit: np.ndarray, first: bool) -> pd.DataFrame:
        """Rows with their figures x and y."""
        drift, factor = (0.0, 1.0) if first else self._everywhere()
        level = self.shop.level(frame)
        if not first and self.kind == "simpson":
            drift = 0.12 * self.against
        sign = self.random.choice([-1, 1]) if hit.any() else 1
        match self.metric:
            case "score":
                x = level + drift + sign * self.effect * hit + self.random.normal(0, 1, len(frame))
            case "conversion":
                odds = -1.0 + 0.8 * (level + drift) + 1.6 * sign * self.effect * hit
                chance = np.clip(factor / (1 + np.exp(-odds)), 0, 1)
                x = (self.random.random(len(frame)) < chance).astype(float)
            case _:
                x = factor * np.exp(1.5 + 0.4 * level + 0.7 * self.random.normal(0, 1, len(frame)))
        if self.metric == "margin":
            y = np.exp(2 + 0.5 * self.random.normal(0, 1, len(frame)))
            own = factor * np.exp(-1.5 + 0.4 * (level + drift) + 0.5 * sign * self.effect * hit)
            x = y * own * np.exp(self.random.normal(0, 0.5, len(frame)))
            return frame.assign(x=x, y=y)
        frame = frame.assign(x=x, y=1.0)
        return self._resized(frame, hit, sign) if self._sum else frame

    def _resized(self, frame: pd.DataFrame, hit: np.ndarray, sign: int) -> pd.DataFrame:
        """For sums the cause has fewer or more units."""
        times = np.exp(sign * self.effect)
        copies = np.where(hit, np.floor(times + self.random.random(len(frame))), 1).astype(int)
        return frame.loc[frame.index.repeat(copies)].reset_index(drop=True)

    def _everywhere(self) -> tuple[float, float]:
        """What happens to all alike: a shift, or a factor."""
        match self.kind:
            case "all alike":
                return float(self.random.uniform(-0.5, 0.5)), 1.0
            case "in proportion":
                return 0.0, float(self.random.uniform(0.75, 1.2))
            case "still" | "mix" | "simpson":
                return 0.0, 1.0
            case _:
                return float(self.random.normal(0, 0.05)), 1.0


def _reversal(before: pd.DataFrame, now: pd.DataFrame, dimension: str) -> float:
    """A stratified test from the rows alone: the groups' own changes, each with its mean share.

    Positive where they go against the whole, in standard errors (Cochran 1954).
    """
    (was, error, weight), (is_, other, weight_now) = (_rates(f, dimension) for f in (before, now))
    shares = (weight / weight.sum() + weight_now / weight_now.sum()) / 2
    own = float((shares * (is_ - was)).sum() / np.sqrt((shares**2 * (error + other)).sum()))
    whole = now["x"].sum() / now["y"].sum() - before["x"].sum() / before["y"].sum()
    return -own * float(np.sign(whole))


def _rates(frame: pd.DataFrame, dimension: str) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Of each group: its figure, that figure's squared standard error, its weight."""
    sums = frame.groupby(dimension)[["x", "y"]].sum()
    rate = sums["x"] / sums["y"]
    off = frame["x"] - frame["y"] * frame[dimension].map(rate)
    return rate, (off**2).groupby(frame[dimension]).sum() / sums["y"] ** 2, sums["y"]
