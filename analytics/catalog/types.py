"""What a catalog is made of. ``load.py`` reads it from YAML; nothing here does I/O.

A *semantic model* describes one fact table: its time column, the dimension tables it joins to (always
many to one, by key, so a join never multiplies rows), its own dimensions and its metrics.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from analytics.catalog.calendar import MONDAY_AND_JANUARY, Calendar


class DimensionKind(StrEnum):
    """How values of a dimension are matched and compared."""

    CATEGORICAL = "categorical"
    NUMERIC = "numeric"
    BOOLEAN = "boolean"
    DATE = "date"


class TimePart(StrEnum):
    """What a dimension takes from the time of a row, whichever the day."""

    WEEKDAY = "weekday"
    DAY_TYPE = "day_type"
    HOUR = "hour"
    PART_OF_DAY = "part_of_day"
    MONTH = "month"


COUNTED_DAYS = frozenset({TimePart.WEEKDAY, TimePart.DAY_TYPE, TimePart.MONTH})
"""Parts that some days have and others not, so that their days can be counted."""


class Unit(StrEnum):
    """How a figure reads. Raw values: ratios are fractions, durations are in the unit named."""

    COUNT = "count"
    RATIO = "ratio"
    POINTS = "points"
    CURRENCY = "currency"
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    STARS = "stars"
    NUMBER = "number"


class Better(StrEnum):
    """Which way a metric should go."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Audience(StrEnum):
    """Who may see a semantic model: people of the company, or every visitor of a page too."""

    STAFF = "staff"
    EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class Tag:
    """How a row of a fact has several values at once: rows of another table whose ``link`` equals its ``of``.

    ``only`` holds values that further columns of that table must have.
    """

    link: str
    of: str
    only: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something to group and filter by.

    ``column`` holds the display value; ``key`` (where given) identifies the thing when names repeat.
    ``value_synonyms`` maps a stored value to other words for it. ``unit_words`` are the words that
    make a number a value of this numeric dimension ("stars"). ``specificity`` breaks ties when a word
    names several dimensions that a metric can reach: higher wins. An ``outcome`` says what came of a
    row (its status, the mood of its text), so it is never the reason for another figure. With a ``tag``,
    ``table`` gives a row several values (its themes): it counts for each of them, so that groups overlap
    and never add up to the whole. With ``part``, its value is that part of the time in ``column``.
    """

    name: str
    label: str
    plural: str
    table: str
    column: str
    key: str | None = None
    kind: DimensionKind = DimensionKind.CATEGORICAL
    synonyms: tuple[str, ...] = ()
    value_synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit_words: tuple[str, ...] = ()
    ordered_values: tuple[str, ...] = ()
    specificity: int = 0
    person: bool = False
    outcome: bool = False
    description: str = ""
    tag: Tag | None = None
    part: TimePart | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A moment or span in the life of a thing that periods are told from: "since the launch".

    ``of`` is the dimension that names the thing; ``start`` and ``end`` are date columns of its table.
    """

    name: str
    of: str
    start: str
    end: str | None
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DimensionTable:
    """A table of things that facts refer to by ``key``."""

    table: str
    key: str
    dimensions: tuple[Dimension, ...]
    audience: Audience = Audience.STAFF
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class Metric:
    """A governed figure.

    Exactly one of ``expression`` (SQL aggregate over the fact's columns), ``average_of`` (SQL value of
    one row; the metric is its mean, so its spread is known and a change can be tested) and ``ratio_of``
    (two other metrics, aggregated apart on the shared dimensions, then divided) is set.
    With ``per``, rows are first aggregated to one row per that column by ``inner`` (name -> aggregate),
    and ``expression``/``average_of`` runs over those. ``where`` keeps only some rows of the fact.
    ``sample`` is the aggregate that counts the responses behind the figure. ``default_rank`` decides
    between metrics that share a word: higher wins.
    """

    name: str
    label: str
    description: str
    model: str
    unit: Unit
    synonyms: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    expression: str | None = None
    average_of: str | None = None
    ratio_of: tuple[str, str] | None = None
    per: str | None = None
    inner: Mapping[str, str] | None = None
    where: str | None = None
    sample: str = "count(*)"
    minimum_sample: int = 0
    better: Better = Better.HIGHER
    additive: bool = False
    default_rank: int = 0
    owner: str = ""
    examples: tuple[str, ...] = ()
    version: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class TextFields:
    """Columns that make a row of a fact a quotable verbatim."""

    id: str
    text: str
    title: str | None = None
    sentiment: str | None = None


@dataclass(frozen=True, slots=True)
class SemanticModel:
    """One fact table and what can be asked of it. ``row_words`` name one row ("review")."""

    name: str
    label: str
    table: str
    time: str
    joins: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    metrics: tuple[Metric, ...]
    row_words: tuple[str, ...] = ()
    verbatims: TextFields | None = None
    description: str = ""
    audience: Audience = Audience.STAFF


@dataclass(frozen=True, slots=True)
class Catalog:
    """All semantic models, as loaded (``available`` narrows it to what a warehouse holds)."""

    models: Mapping[str, SemanticModel]
    dimension_tables: Mapping[str, DimensionTable]
    metrics: Mapping[str, Metric]
    version: str
    calendar: Calendar = MONDAY_AND_JANUARY

    def model_of(self, metric: Metric) -> SemanticModel:
        """The semantic model that a metric belongs to (a ratio's: that of its numerator)."""
        if metric.ratio_of:
            return self.model_of(self.metrics[metric.ratio_of[0]])
        return self.models[metric.model]

    def dimensions_of(self, model: SemanticModel) -> Mapping[str, Dimension]:
        """Dimensions reachable from a fact: its joined tables' and its own (its own win)."""
        found: dict[str, Dimension] = {}
        for table in model.joins:
            if table in self.dimension_tables:
                found |= {d.name: d for d in self.dimension_tables[table].dimensions}
        return found | {d.name: d for d in model.dimensions}

    @property
    def tags(self) -> frozenset[str]:
        """Dimensions of which a row may have several values."""
        return frozenset(
            d.name for model in self.models.values() for d in model.dimensions if d.tag is not None
        )

    def overlapping(self, metric: Metric, dimensions: Iterable[str]) -> bool:
        """Whether groups by these dimensions share rows, so that they do not add up."""
        known = self.dimensions_of_metric(metric)
        return any(known[name].tag is not None for name in dimensions if name in known)

    def dimensions_of_metric(self, metric: Metric) -> Mapping[str, Dimension]:
        """Dimensions by which a metric can be grouped; for a ratio those that both parts share."""
        if metric.ratio_of is None:
            return self.dimensions_of(self.models[metric.model])
        first, second = (self.dimensions_of_metric(self.metrics[m]) for m in metric.ratio_of)
        return {name: d for name, d in first.items() if name in second}
