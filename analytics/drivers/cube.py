"""Sums for every combination of a few dimensions' values: everything the search looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.drivers.moments import MOMENTS, Array, Flags, Ints
from analytics.query.units import Form


@dataclass(frozen=True, slots=True)
class Axis:
    """A dimension with its values; None is "not known". ``other``: place of all the others as one."""

    name: str
    values: tuple[str | None, ...]
    other: int | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """A value of a dimension; None is "not known"."""

    dimension: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Cube:
    """``codes`` (cells, axes): place of the cell's value on each axis; ``moments`` (cells, 2, 6)."""

    form: Form
    axes: tuple[Axis, ...]
    codes: Ints
    moments: Array

    @property
    def whole(self) -> Array:
        """Sums over all cells, (2, 6)."""
        return np.asarray(self.moments.sum(axis=0))

    def inside(self, conditions: Sequence[Condition]) -> Flags:
        """Which cells meet all conditions."""
        found = np.ones(len(self.codes), dtype=bool)
        places = {axis.name: i for i, axis in enumerate(self.axes)}
        for one in conditions:
            at = places[one.dimension]
            found &= self.codes[:, at] == self.axes[at].values.index(one.value)
        return found

    def only(self, cells: Flags) -> Cube:
        """The cube of some of the cells."""
        return replace(self, codes=self.codes[cells], moments=self.moments[cells])

    def by(self, axes: Sequence[int]) -> Array:
        """Sums by the values of one or several axes: (product of their sizes, 2, 6)."""
        sizes = [len(self.axes[i].values) for i in axes]
        place = np.ravel_multi_index(tuple(self.codes[:, i] for i in axes), sizes)
        size = int(np.prod(sizes))
        flat = self.moments.reshape(len(self.moments), 2 * MOMENTS)
        sums = [np.bincount(place, flat[:, k], size) for k in range(2 * MOMENTS)]
        return np.stack(sums, axis=1).reshape(size, 2, MOMENTS).astype(np.float64)
