"""What came out: a change taken apart exactly, its causes first, each as a filter that can be asked for."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.drivers.cube import Condition
from analytics.drivers.search import Cause
from analytics.query.units import Form
from analytics.types import Filter, Op, Query


@dataclass(frozen=True, slots=True)
class Part:
    """A group of units and what it adds to the change.

    ``before`` and ``now`` are the group's own figures (None where it has no units), shares are its
    part of the whole's weight (of its amount, for a sum). ``rate_effect`` is what its own change
    adds, ``mix_effect`` what its growing or shrinking adds; for a sum all is in ``rate_effect``.
    """

    conditions: tuple[Condition, ...]
    before: float | None
    now: float | None
    share_before: float
    share_now: float
    units_before: int
    units_now: int
    rate_effect: float
    mix_effect: float

    @property
    def contribution(self) -> float:
        """What the group adds to the change; over all parts this sums to the change."""
        return self.rate_effect + self.mix_effect

    @property
    def filters(self) -> tuple[Filter, ...] | None:
        """The group as filters of a query; None where a value is not known."""
        if any(one.value is None for one in self.conditions):
            return None
        return tuple(Filter(c.dimension, Op.IN, (c.value or "",)) for c in self.conditions)


@dataclass(frozen=True, slots=True)
class Driver:
    """A cause, with how sure it is: ``p_value`` is corrected for everything that was looked at."""

    part: Part
    cause: Cause
    t: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Paradox:
    """Simpson's: the groups of a dimension went one way and the whole the other, by the mix alone.

    ``every``: all of them did; else some stayed where they were, within chance.
    """

    dimension: str
    groups: tuple[Part, ...]
    rate_effect: float
    mix_effect: float
    every: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a figure changed. ``drivers`` in order of weight; empty where no group stands out.

    ``change_t``: t statistic of the whole change (None where there is no telling). ``hint``: where
    nothing is sure, the likeliest group. ``groups``: the exact decomposition by the dimension that
    tells most. ``unsplit``: dimensions whose groups overlap. ``enough``: both sides have the units
    that the figure needs.
    """

    query: Query
    form: Form
    before: float
    now: float
    units_before: int
    units_now: int
    change_t: float | None
    drivers: tuple[Driver, ...]
    hint: Driver | None
    rest: Part
    groups: tuple[Part, ...]
    paradox: Paradox | None
    searched: tuple[str, ...]
    unsplit: tuple[str, ...]
    enough: bool
    sql: tuple[str, ...]

    @property
    def change(self) -> float:
        """Now less before."""
        return self.now - self.before

    def share(self, part: Part) -> float | None:
        """A part's contribution as a share of the change."""
        return part.contribution / self.change if self.change else None
