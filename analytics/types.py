"""The nouns that travel the way of a question: one frozen type each, one canonical form.

    ParsedMessage ─▶ Query | Clarification ─▶ Result ─▶ Answer

This file imports nothing of the project. ``to_wire`` gives JSON-able values; ``query_from_wire`` is
its inverse for queries. Dates are plain calendar dates in UTC; a range is half open, [start, end).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Act(StrEnum):
    """What a message does; its topic lives in the mentions."""

    ASK = "ask"
    REFINE = "refine"
    EXPLAIN = "explain"
    DEFINE = "define"
    SUBSCRIBE = "subscribe"
    FEEDBACK = "feedback"
    CAPABILITIES = "capabilities"
    SMALL_TALK = "small_talk"
    OUT_OF_SCOPE = "out_of_scope"
    UNSURE = "nlu_fallback"


class Role(StrEnum):
    """The roles that a piece of a message can play."""

    METRIC = "metric"
    DIMENSION = "dimension"
    VALUE = "value"
    TIME = "time"
    GRAIN = "grain"
    COMPARISON = "comparison"
    RANK = "rank"
    DIRECTION = "direction"
    NUMBER = "number"
    EXCLUSION = "exclusion"
    FORM = "form"


class Kind(StrEnum):
    """What sort of answer a query asks for."""

    VALUE = "value"
    TREND = "trend"
    BREAKDOWN = "breakdown"
    RANKING = "ranking"
    COMPARISON = "comparison"
    CHANGE = "change"
    DRIVERS = "drivers"
    FORECAST = "forecast"
    EVIDENCE = "evidence"
    THEMES = "themes"
    SEGMENT = "segment"
    FUNNEL = "funnel"
    RECOMMEND = "recommend"
    SIMILAR = "similar"
    HEATMAP = "heatmap"
    LIST = "list"


class Grain(StrEnum):
    """Width of one step of a trend."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Op(StrEnum):
    """Comparison of a dimension or a metric with literal values."""

    IN = "in"
    NOT_IN = "not_in"
    EQ = "="
    NE = "!="
    GT = ">"
    GE = ">="
    LT = "<"
    LE = "<="
    CONTAINS = "contains"


class Direction(StrEnum):
    """Which changes a change question is after."""

    IMPROVED = "improved"
    WORSENED = "worsened"
    ROSE = "rose"
    FELL = "fell"
    TURNED_NEGATIVE = "turned_negative"
    TURNED_POSITIVE = "turned_positive"
    ANY = "any"


class Baseline(StrEnum):
    """What a period is compared with."""

    PREVIOUS_PERIOD = "previous_period"
    SAME_PERIOD_LAST_YEAR = "same_period_last_year"
    CUSTOM = "custom"


class How(StrEnum):
    """What is made of a metric's figures once they are aggregated."""

    SHARE = "share"
    RUNNING_TOTAL = "running_total"
    MOVING_AVERAGE = "moving_average"
    MEAN = "mean"
    RATIO = "ratio"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of the message with the role that the NLU model gave it."""

    role: Role
    text: str
    start: int
    end: int
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class ParsedMessage:
    """What Rasa made of a message."""

    text: str
    act: Act
    confidence: float
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Days [start, end) and the words for it; ``partial`` when the period is not over at ``today``."""

    start: date
    end: date
    label: str = ""
    partial: bool = False

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a time range must not be empty: {self.start} .. {self.end}")

    @property
    def days(self) -> int:
        """Number of days in the range."""
        return (self.end - self.start).days


Literal = str | float | int | bool


@dataclass(frozen=True, slots=True)
class Filter:
    """Rows whose ``dimension`` stands in ``op`` to ``values``; several filters all hold."""

    dimension: str
    op: Op
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Having:
    """Groups whose ``metric`` (also "change", "change_ratio") stands in ``op`` to ``value``."""

    metric: str
    op: Op
    value: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The period to compare with; ``range`` is always resolved."""

    baseline: Baseline
    range: TimeRange


@dataclass(frozen=True, slots=True)
class OrderBy:
    """Order of the rows by a metric (or its change), or by a dimension."""

    field: str
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Derived:
    """A figure made of the metric's figures.

    SHARE: of the whole, which is the same question without the filters on the dimensions in ``part``,
    or, where none is named, without its groups. RUNNING_TOTAL: from the first step on. MOVING_AVERAGE:
    mean of a step and those before it, ``size`` in all. MEAN: over all steps of width ``step``, or over
    the groups of the dimensions in ``part``. RATIO: the first metric for each (or each ``size``) of the
    second. COUNT: how many groups there are.
    """

    how: How
    part: tuple[str, ...] = ()
    size: int | None = None
    step: Grain | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a yes-or-no question supposes of the figure: that it stands in ``op`` to ``value``, or, where
    a ``subject`` is named, that this group's figure does to those of the others."""

    op: Op
    value: float | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A typed question over governed metrics. Names are catalog names, never user text.

    A ranking leaves out its first ``skip`` rows ("second best"), and is made anew in each value of the
    dimension ``within`` (or in each step: "time").
    """

    kind: Kind
    metrics: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    grain: Grain | None = None
    filters: tuple[Filter, ...] = ()
    having: tuple[Having, ...] = ()
    time_range: TimeRange | None = None
    comparison: Comparison | None = None
    direction: Direction | None = None
    order_by: tuple[OrderBy, ...] = ()
    limit: int | None = None
    chart: str | None = None
    derived: Derived | None = None
    within: str | None = None
    skip: int = 0
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """A problem that a user can meet, in words, with ways on (each a message that runs)."""

    code: str
    message: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clarification:
    """The resolver would rather ask or decline than guess."""

    issues: tuple[Issue, ...]


class ColumnRole(StrEnum):
    """What a result column is."""

    DIMENSION = "dimension"
    TIME = "time"
    METRIC = "metric"
    BASELINE = "baseline"
    CHANGE = "change"
    COUNT = "count"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Column:
    """A typed result column. ``unit`` says how to format: count, ratio, points, currency, …

    ``currency`` is the ISO 4217 code of amounts of money, where the data say it.
    """

    name: str
    type: str
    unit: str
    role: ColumnRole
    metric: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class MetricDefinition:
    """A metric as the answer cites it."""

    name: str
    label: str
    description: str
    expression: str
    version: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a figure comes from."""

    query: Query | None
    sql: str
    metrics: tuple[MetricDefinition, ...]
    snapshot: str
    data_as_of: date
    row_count: int
    truncated: bool
    elapsed_ms: float


Cell = str | int | float | bool | None | date | datetime


@dataclass(frozen=True, slots=True)
class Result:
    """Rows with typed columns and provenance. Shares are fractions; things are display names."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    provenance: Provenance
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """A customer's own words, with personal data masked."""

    source: str
    id: str
    quote: str
    sentiment: str | None
    product: str | None
    created_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What to do, and the figures that fired it."""

    text: str
    because: str


@dataclass(frozen=True, slots=True)
class FilterInForce:
    """What narrows an answer, in words, and the query without it (None: it cannot be taken away)."""

    text: str
    without: Query | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a channel renders; never channel markup."""

    text: str
    query: Query | None = None
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    chart: Mapping[str, Any] | None = None
    evidence: tuple[Quote, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    suggestions: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
    provenance: Provenance | None = None
    filters: tuple[FilterInForce, ...] = ()
    choices: tuple[Query | None, ...] = ()
    """For each suggestion the query that it asks, where it is one: sent along, a click cannot be misread."""


class WishKind(StrEnum):
    """What a reply wants done that is not the analyst's to do."""

    SAVE = "save"
    FORGET = "forget"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Wish:
    """To save ``query`` as ``name``, to forget that name, or to hand out the answer's table as a file."""

    kind: WishKind
    name: str = ""
    query: Query | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Answers to one message, and the query that a follow-up refines.

    ``back``: that query is an earlier one of the conversation, gone back to.
    """

    answers: tuple[Answer, ...]
    query: Query | None
    wish: Wish | None = None
    back: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person who asks. Policies widen later; ``authorize`` is the only place that reads them.

    ``locale`` (BCP 47) says how they write numbers and dates.
    """

    name: str
    role: str
    locale: str = "en"


def to_wire(value: Any) -> Any:
    """Any of these nouns as JSON-able values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_wire(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [to_wire(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_wire(item) for key, item in value.items()}
    return value


def query_from_wire(wire: Mapping[str, Any]) -> Query:
    """The query that ``to_wire`` wrote; what is absent has its default. Raises ValueError or TypeError.

    Types are checked, names are not: whether a catalog has them is for ``validate``.
    """
    if not isinstance(wire, Mapping):
        raise TypeError("a query is an object")
    if unknown := set(wire) - {f.name for f in fields(Query)}:
        raise ValueError(f"unknown field of a query: {min(map(str, unknown))}")
    if not wire.get("metrics"):
        raise ValueError("a query names at least one metric")
    grain, direction = _text_or_none(wire, "grain"), _text_or_none(wire, "direction")
    return Query(
        kind=Kind(_text(wire.get("kind"))),
        metrics=tuple(_text(name) for name in _items(wire, "metrics")),
        group_by=tuple(_text(name) for name in _items(wire, "group_by")),
        grain=Grain(grain) if grain else None,
        filters=tuple(_filter(one) for one in _items(wire, "filters")),
        having=tuple(_having(one) for one in _items(wire, "having")),
        time_range=_range(wire.get("time_range")),
        comparison=_comparison(wire.get("comparison")),
        direction=Direction(direction) if direction else None,
        order_by=tuple(_order(one) for one in _items(wire, "order_by")),
        limit=_whole_or_none(wire.get("limit")),
        chart=_text_or_none(wire, "chart"),
        derived=_derived(wire.get("derived")),
        within=_text_or_none(wire, "within"),
        skip=_whole_or_none(wire.get("skip")) or 0,
        claim=_claim(wire.get("claim")),
    )


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError("an object is needed")
    return value


def _items(wire: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = wire.get(name) or ()
    if not isinstance(value, list | tuple):
        raise TypeError(f"{name} is a list")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is needed")
    return value


def _text_or_none(wire: Mapping[str, Any], name: str) -> str | None:
    value = wire.get(name)
    return None if value is None else _text(value)


def _whole_or_none(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("a whole number is needed")
    return value


def _literal(value: Any) -> Literal:
    if not isinstance(value, str | int | float):
        raise TypeError("a text, number or truth value is needed")
    return value


def _filter(value: Any) -> Filter:
    wire = _object(value)
    values = tuple(_literal(one) for one in _items(wire, "values"))
    return Filter(_text(wire.get("dimension")), Op(_text(wire.get("op"))), values)


def _having(value: Any) -> Having:
    wire = _object(value)
    number = _literal(wire.get("value"))
    if isinstance(number, str):
        raise TypeError("a number is needed")
    return Having(_text(wire.get("metric")), Op(_text(wire.get("op"))), number)


def _order(value: Any) -> OrderBy:
    wire = _object(value)
    return OrderBy(_text(wire.get("field")), wire.get("descending", True) is True)


def _derived(value: Any) -> Derived | None:
    if value is None:
        return None
    wire = _object(value)
    step = _text_or_none(wire, "step")
    return Derived(
        How(_text(wire.get("how"))),
        tuple(_text(name) for name in _items(wire, "part")),
        _whole_or_none(wire.get("size")),
        Grain(step) if step else None,
    )


def _claim(value: Any) -> Claim | None:
    if value is None:
        return None
    wire = _object(value)
    number = wire.get("value")
    if number is not None and (isinstance(number, bool) or not isinstance(number, int | float)):
        raise TypeError("a number is needed")
    return Claim(Op(_text(wire.get("op"))), number, _text_or_none(wire, "subject"))


def _range(value: Any) -> TimeRange | None:
    if value is None:
        return None
    wire = _object(value)
    return TimeRange(
        date.fromisoformat(_text(wire.get("start"))),
        date.fromisoformat(_text(wire.get("end"))),
        _text(wire.get("label", "")),
        wire.get("partial", False) is True,
    )


def _comparison(value: Any) -> Comparison | None:
    if value is None:
        return None
    wire = _object(value)
    time_range = _range(wire.get("range"))
    if time_range is None:
        raise ValueError("a comparison needs a range")
    return Comparison(Baseline(_text(wire.get("baseline"))), time_range)
