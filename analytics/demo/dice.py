"""Seeded randomness: one independent generator per (seed, table, part), and vectorised choices."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Times = NDArray[np.datetime64]


@dataclass(frozen=True)
class Part:
    """Rows `first` to `last` (exclusive) of a table of `total` rows."""

    number: int
    first: int
    last: int
    total: int

    @property
    def rows(self) -> int:
        """Number of rows in this part."""
        return self.last - self.first


def generator(seed: int, name: str, part: int = 0) -> np.random.Generator:
    """A generator that depends on nothing but its arguments, on any machine."""
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(name.encode()), part]))


def parts(total: int, rows: int) -> Iterator[Part]:
    """Split `total` rows into parts of at most `rows`."""
    for number, first in enumerate(range(0, total, rows)):
        yield Part(number, first, min(first + rows, total), total)


def days_of_part(part: Part, day_weights: Floats, rng: np.random.Generator) -> Ints:
    """Day numbers of the part's rows, in time order, spread like `day_weights`.

    Stratified inverse transform: row i falls into the i-th of `total` equal slices of the cumulated
    weights, so that any part can be drawn alone and all parts together follow the weights.
    """
    cumulated = np.cumsum(day_weights)
    at = (np.arange(part.first, part.last) + rng.random(part.rows)) / part.total
    days = np.searchsorted(cumulated, at * cumulated[-1], side="right")
    return np.asarray(np.minimum(days, len(day_weights) - 1))


def choose(rng: np.random.Generator, weights: Floats, count: int) -> Ints:
    """`count` indices drawn with replacement, with probability proportional to `weights`."""
    cumulated = np.cumsum(weights)
    draws = rng.random(count) * cumulated[-1]
    picked = np.searchsorted(cumulated, draws, side="right")
    return np.asarray(np.minimum(picked, len(weights) - 1))


def choose_by_row(rng: np.random.Generator, weights: Floats) -> Ints:
    """One index per row of `weights` (shape: rows, choices)."""
    cumulated = np.cumsum(weights, axis=1)
    draws = rng.random(len(weights))[:, None] * cumulated[:, -1:]
    picked: Ints = (cumulated <= draws).sum(axis=1)
    return np.asarray(np.minimum(picked, weights.shape[1] - 1))


def ids(prefix: str, numbers: Ints, width: int = 7) -> pa.Array:
    """Readable ids such as R0000042."""
    digits = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width, "0")
    return pc.binary_join_element_wise(prefix, digits, "")


def named(values: tuple[str, ...], picked: Ints) -> pa.Array:
    """The picked values as a plain string column; -1 gives null."""
    indices = pa.array(picked, mask=picked < 0)
    return pa.array(values, pa.string()).take(indices)


def with_nulls(column: pa.Array, missing: Bools) -> pa.Array:
    """The column, null where `missing`."""
    return pc.if_else(pa.array(missing), pa.scalar(None, column.type), column)


def clip_count(count: float) -> int:
    """A row count of at least one."""
    return max(1, round(count))
