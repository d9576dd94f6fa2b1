"""What a message says, in catalog terms but not yet decided: mentions with their alternatives."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from analytics.types import Grain, Issue, Op, TimeRange
from analytics.understand.values import Value

_CHARTS = frozenset({"table", "line", "bar", "chart"})


@dataclass(frozen=True, slots=True)
class MetricMention:
    """A phrase for a metric; several names where the phrase is shared. ``rows`` = it names the rows
    themselves ("reviews"), so it may only say which source is meant; ``verb`` = it implies the metric
    ("sold")."""

    names: tuple[str, ...]
    text: str
    at: int
    rows: bool = False
    verb: bool = False


@dataclass(frozen=True, slots=True)
class DimensionMention:
    """A phrase for a dimension. ``grouped``: split by it; ``single``: one thing is asked for;
    ``each``: it was said with "by", "per" or "in each"."""

    names: tuple[str, ...]
    text: str
    at: int
    grouped: bool
    single: bool = False
    each: bool = False


@dataclass(frozen=True, slots=True)
class ValueMention:
    """Words for a stored value, in one or several dimensions.

    ``whole``: for all of them ("laptops"). ``part``: a share is asked for of what it keeps.
    """

    values: tuple[Value, ...]
    text: str
    at: int
    excluded: bool = False
    whole: bool = False
    part: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A numeric condition on a dimension of rows, on a metric of groups or (``change``) on its change.

    ``times``: how often it happened ("bought twice"), not how much.
    """

    op: Op
    number: float
    at: int
    dimensions: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    change: bool = False
    times: bool = False


@dataclass(frozen=True, slots=True)
class Comparative:
    """ "Higher in … than in …": which way (more, less, better, worse), and where the "than" stands."""

    way: str
    at: int
    than: int | None = None


@dataclass(frozen=True, slots=True)
class Per:
    """ "… per order", "… per 100 orders": the metric below the line of a ratio."""

    names: tuple[str, ...]
    text: str
    size: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a message says.

    ``place``: 2 for "second best". ``window``: steps of a moving average. ``counted``: where the things
    stand that "how many" asks for. ``supposes``: it is a yes-or-no question.
    """

    metrics: tuple[MetricMention, ...] = ()
    dimensions: tuple[DimensionMention, ...] = ()
    values: tuple[ValueMention, ...] = ()
    times: tuple[TimeRange, ...] = ()
    grain: Grain | None = None
    grain_asked: bool = False
    per: Per | None = None
    comparisons: frozenset[str] = frozenset()
    versus_at: int | None = None
    time_positions: tuple[int, ...] = ()
    pair: tuple[TimeRange, TimeRange] | None = None
    rank: str | None = None
    count: int | None = None
    place: int | None = None
    window: int | None = None
    comparative: Comparative | None = None
    counted: int | None = None
    supposes: bool = False
    direction: str | None = None
    forms: frozenset[str] = frozenset()
    conditions: tuple[Condition, ...] = ()
    models: tuple[str, ...] = ()
    search: str | None = None
    problems: tuple[Issue, ...] = ()
    notes: tuple[Issue, ...] = ()
    words: frozenset[str] = field(default_factory=frozenset)

    @property
    def parts(self) -> frozenset[str]:
        """Dimensions of the values that a share is asked for."""
        return frozenset(v.dimension for m in self.values if m.part for v in m.values)

    @property
    def grouped(self) -> bool:
        """Something is asked for each of several things."""
        return any(mention.grouped for mention in self.dimensions)

    @property
    def says_nothing(self) -> bool:
        """Nothing is named but, at most, a form of chart."""
        return replace(self, forms=self.forms - _CHARTS).empty and self.count is None

    @property
    def empty(self) -> bool:
        """Nothing of the catalog or the warehouse is mentioned."""
        return not (
            self.metrics or self.dimensions or self.values or self.times or self.grain
            or self.rank or self.direction or self.comparisons or self.conditions
            or self.forms or self.models
        )  # fmt: skip
