"""A query's sums, fetched and made ready for the search: which dimensions and values it looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from analytics.catalog.types import Catalog, Metric, Unit
from analytics.drivers.cube import Axis, Cube
from analytics.drivers.dispersion import Dispersion, dispersion
from analytics.drivers.moments import BEFORE, NOW, A, Array, N, rate
from analytics.drivers.reading import (
    Reader,
    Sides,
    dimensions_for,
    read_cube,
    read_singles,
    sides_of,
    units_of,
)
from analytics.drivers.score import mix_scores, rate_scores, share_scores
from analytics.drivers.search import Rules, Setting
from analytics.drivers.singles import Single, Singles
from analytics.query.relation import Tables
from analytics.query.units import Form, form_of
from analytics.types import Query

_LEAST_UNITS = 10
_AXES, _MOST_AXES = 6, 16
_MOST_CELLS = 45_000
_NEVER_NEGATIVE = frozenset(
    {Unit.RATIO, Unit.CURRENCY, Unit.COUNT, Unit.SECONDS, Unit.MINUTES, Unit.HOURS, Unit.DAYS}
)


@dataclass(frozen=True, slots=True)
class Study:
    """All that the search needs, and the SQL that fetched it."""

    form: Form
    singles: Singles
    cube: Cube
    setting: Setting
    sql: tuple[str, ...]


def study_of(
    query: Query, catalog: Catalog, tables: Tables, reader: Reader, as_of: date
) -> Study | None:
    """The sums of a query's first metric; None where it has no form, no two sides or no units."""
    metric = catalog.metrics[query.metrics[0]]
    form, sides = form_of(metric, catalog), sides_of(query, as_of)
    if form is None or sides is None:
        return None
    names = [d.name for d in dimensions_for(query, metric, catalog)]
    table = units_of(catalog, tables, metric, names, sides)
    singles, sql = read_singles(table, form, names, reader)
    if (singles.moments[:, N] == 0).any():
        return None
    return _Maker(metric, form, sides, singles).study(table, names, reader, sql)


@dataclass(frozen=True, slots=True)
class _Maker:
    metric: Metric
    form: Form
    sides: Sides
    singles: Singles

    def study(self, table: object, names: Sequence[str], reader: Reader, sql: str) -> Study:
        """Chooses what to cross, fetches it, and puts the setting together."""
        usable = [s for s in self.singles.dimensions if s.split and len(s.values) > 1]
        factors = {s.name: dispersion(s, self.singles, self.form) for s in usable}
        kept = self._kept(usable, factors)
        cube, second = read_cube(table, self.form, names, kept, reader)
        by_name = {s.name: s for s in usable}
        aligned = [_aligned(axis, by_name[axis.name], factors[axis.name]) for axis in cube.axes]
        setting = self._setting(usable, [axis.name for axis in cube.axes], aligned)
        return Study(self.form, self.singles, cube, setting, (sql, second))

    def _setting(
        self, usable: Sequence[Single], axes: Sequence[str], factors: Sequence[Dispersion]
    ) -> Setting:
        sizes = {s.name: len(s.values) for s in usable}
        return Setting(
            rules=self.rules,
            factors=factors,
            sizes=[sizes[name] for name in axes],
            dimensions=len(usable),
            units=float(self.singles.moments[:, N].sum()),
            growth=self._growth(),
            in_proportion=self.metric.unit in _NEVER_NEGATIVE,
            change=self._change(),
        )

    @property
    def rules(self) -> Rules:
        """The least number of units is the metric's own, where it asks for more."""
        return Rules(least=max(self.metric.minimum_sample, _LEAST_UNITS))

    def _growth(self) -> float:
        """What a sum is multiplied by where nothing happens but more (or fewer) days."""
        if self.sides.days is not None:
            return self.sides.days[1] / self.sides.days[0]
        sums = self.singles.moments[:, A]
        return float(sums[NOW] / sums[BEFORE]) if (sums > 0).all() else 1.0

    def _change(self) -> float:
        whole = self.singles.moments
        figures = whole[:, A] if self.form is Form.SUM else np.nan_to_num(rate(whole))
        return float(figures[NOW] - figures[BEFORE])

    def _kept(
        self, usable: Sequence[Single], factors: dict[str, Dispersion]
    ) -> dict[str, Sequence[str] | None]:
        """The dimensions with the strongest values, and how many values of each fit."""
        strength = {s.name: self._strength(s, factors[s.name]) for s in usable}
        many = self.singles.moments[:, N].sum() > _MOST_CELLS
        axes = sorted(usable, key=lambda s: -strength[s.name].max())[
            : _AXES if many else _MOST_AXES
        ]
        sizes = {s.name: len(s.values) for s in axes}
        if many:
            sizes = _fitting(sizes)
        return {s.name: _strongest(s, strength[s.name], sizes[s.name]) for s in axes}

    def _strength(self, single: Single, factor: Dispersion) -> Array:
        """How much each value stands out by itself."""
        groups, whole = single.moments, self.singles.moments
        if self.form is Form.SUM:
            return np.abs(share_scores(groups, whole, factor.share, A, self._growth()).t)
        own = rate_scores(groups, whole, factor.rate, in_proportion=False).t
        mix = mix_scores(groups, whole, factor.share, factor.rate).t
        return np.asarray(np.maximum(np.abs(own), np.abs(mix)))


def _fitting(sizes: dict[str, int]) -> dict[str, int]:
    """Fewer values of the longest dimensions until the combinations stay few."""
    fitted = dict(sizes)
    while np.prod([float(n) for n in fitted.values()]) > _MOST_CELLS:
        longest = max(fitted, key=lambda name: fitted[name])
        if fitted[longest] <= 4:
            fitted.pop(list(fitted)[-1])
        else:
            fitted[longest] -= 1
    return {name: fitted.get(name, 0) for name in sizes}


def _strongest(single: Single, strength: Array, most: int) -> Sequence[str] | None:
    """None where all values are looked at."""
    if len(single.values) <= most and not single.cut:
        return None
    order = [single.values[i] for i in np.argsort(-strength, kind="stable")]
    return [value for value in order if value is not None][: max(most - 1, 1)]


def _aligned(axis: Axis, single: Single, factor: Dispersion) -> Dispersion:
    """Factors in the order of the axis; what a single does not list gets the median."""
    places = [single.values.index(v) if v in single.values else -1 for v in axis.values]
    rates, shares = (np.append(f, np.median(f)) for f in (factor.rate, factor.share))
    return Dispersion(rates[places], shares[places])
