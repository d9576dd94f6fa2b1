"""Sums by single values in blocks of days: what dimensions there are, and how much blocks vary."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.drivers.moments import Array


@dataclass(frozen=True, slots=True)
class Single:
    """One dimension: its most frequent values, and sums (values, 2, blocks, 6).

    ``split``: whether its groups make up the whole exactly (an order may have lines in two
    categories, so orders do not split by category). ``cut``: there are more values than these.
    """

    name: str
    values: tuple[str | None, ...]
    blocks: Array
    split: bool
    cut: bool

    @property
    def moments(self) -> Array:
        """Sums by value, (values, 2, 6)."""
        return np.asarray(self.blocks.sum(axis=2))


@dataclass(frozen=True, slots=True)
class Singles:
    """The whole in blocks (2, blocks, 6), and each dimension."""

    whole: Array
    dimensions: tuple[Single, ...]

    @property
    def moments(self) -> Array:
        """Sums of the whole, (2, 6)."""
        return np.asarray(self.whole.sum(axis=1))
