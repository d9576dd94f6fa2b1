"""A query that a language model proposes: the shape it must fill, and the way from there to a Query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from analytics.catalog.types import Catalog, Dimension, DimensionKind, Metric
from analytics.text import stems
from analytics.types import (
    Baseline,
    Comparison,
    Filter,
    Grain,
    Kind,
    Op,
    OrderBy,
    Query,
    TimeRange,
)
from analytics.understand.known import Known
from analytics.understand.times.baseline import previous_range, year_before
from analytics.understand.times.find import find_times


class ProposedFilter(BaseModel):
    """Rows to keep."""

    dimension: str = Field(description="name of a dimension of the catalog")
    operator: Literal["in", "not_in", "=", "!=", ">", ">=", "<", "<="] = "in"
    values: list[str | float] = Field(description="stored values, as the data spell them")


class ProposedQuery(BaseModel):
    """The question in terms of the catalog."""

    fits: bool = Field(description="false where the catalog has nothing that answers the message")
    kind: Literal["value", "trend", "breakdown", "ranking", "comparison"] = "value"
    metrics: list[str] = Field(default_factory=list, description="names of metrics of the catalog")
    group_by: list[str] = Field(default_factory=list, description="names of dimensions")
    grain: Literal["day", "week", "month", "quarter", "year"] | None = None
    filters: list[ProposedFilter] = Field(default_factory=list)
    period: str | None = Field(None, description='in plain words, as in "last month", "May 2026"')
    compare_with: Literal["previous_period", "same_period_last_year"] | None = None
    highest_first: bool = True
    limit: int | None = None


class NotAProposal(ValueError):
    """What was proposed does not name things of this data."""


def to_query(proposed: Mapping[str, Any], known: Known, today: date) -> Query:
    """The proposal as a query. Raises NotAProposal; names are still to be checked against the catalog."""
    shape = ProposedQuery.model_validate(proposed)
    if not shape.fits or not shape.metrics:
        raise NotAProposal("the catalog has nothing that fits")
    time_range = _period(shape.period, known, today)
    kind = Kind(shape.kind)
    order = (
        (OrderBy(shape.metrics[0], shape.highest_first),)
        if kind in {Kind.RANKING, Kind.BREAKDOWN}
        else ()
    )
    return Query(
        kind,
        metrics=tuple(shape.metrics),
        group_by=tuple(shape.group_by),
        grain=Grain(shape.grain) if shape.grain else None,
        filters=tuple(_filter(one, shape.metrics[0], known) for one in shape.filters),
        time_range=time_range,
        comparison=_comparison(shape, time_range, known),
        order_by=(OrderBy("time", descending=False),) if kind is Kind.TREND else order,
        limit=shape.limit,
    )


def _period(words: str | None, known: Known, today: date) -> TimeRange | None:
    """The period by our own reading of the words: a model does not compute dates."""
    if not words or not words.strip():
        return None
    found = find_times(words, today, known.calendar)
    if len(found) != 1 or words[: found[0].start].strip() or words[found[0].end :].strip():
        raise NotAProposal("the period is not one")
    return found[0].range


def _comparison(
    shape: ProposedQuery, time_range: TimeRange | None, known: Known
) -> Comparison | None:
    if shape.compare_with is None:
        return None
    if time_range is None:
        raise NotAProposal("a comparison needs a period")
    if shape.compare_with == "same_period_last_year":
        return Comparison(Baseline.SAME_PERIOD_LAST_YEAR, year_before(time_range))
    metrics = [known.catalog.metrics[m] for m in shape.metrics if m in known.catalog.metrics]
    additive = any(metric.additive for metric in metrics)
    before = previous_range(time_range, known.calendar, like_for_like=additive)
    if before is None:
        raise NotAProposal("nothing is before all time")
    return Comparison(Baseline.PREVIOUS_PERIOD, before)


def _filter(proposed: ProposedFilter, metric: str, known: Known) -> Filter:
    if metric not in known.catalog.metrics:
        raise NotAProposal("there is no such metric")
    reachable = known.catalog.dimensions_of_metric(known.catalog.metrics[metric])
    dimension = reachable.get(proposed.dimension)
    if dimension is None:
        raise NotAProposal("there is no such dimension")
    values = tuple(_value(value, dimension, known) for value in proposed.values)
    return Filter(proposed.dimension, Op(proposed.operator), values)


def _value(value: str | float, dimension: Dimension, known: Known) -> str | float:
    """A stored value; one that the data do not have would give an empty answer that looks true."""
    if dimension.kind is not DimensionKind.CATEGORICAL:
        return value
    for one in known.values.lookup(stems(str(value))):
        if one.dimension == dimension.name:
            return one.value
    raise NotAProposal("there is no such value")


def described(catalog: Catalog, metrics: Sequence[Metric]) -> dict[str, Any]:
    """What can be asked, as it is shown to a language model: definitions only, never data."""
    reachable = {m.name: catalog.dimensions_of_metric(m) for m in metrics}
    return {
        "metrics": [
            {
                "name": m.name,
                "label": m.label,
                "description": m.description,
                "dimensions": sorted(reachable[m.name]),
            }
            for m in metrics
        ],
        "dimensions": {
            name: f"{d.label}: {d.description}"
            for dimensions in reachable.values()
            for name, d in dimensions.items()
        },
    }


def worth_showing(known: Known, message: str, most: int = 40) -> tuple[Metric, ...]:
    """The metrics nearest in meaning to a message, then the best known, ``most`` in all."""
    near = [link.name for link in known.linker.metrics(message)]
    ranked = sorted(known.catalog.metrics.values(), key=lambda m: -m.default_rank)
    names = dict.fromkeys([*near, *(m.name for m in ranked)])
    return tuple(known.catalog.metrics[n] for n in list(names)[:most] if n in known.catalog.metrics)
