"""Derived figures in words: what the first metric is called and how it is written in such an answer."""

from __future__ import annotations

from dataclasses import replace

from analytics.catalog.types import Better, Catalog, Metric, Unit
from analytics.types import Derived, How, Query
from analytics.wording import inside


def as_told(query: Query, catalog: Catalog) -> Catalog:
    """The catalog in which the query's first metric is the derived figure; unchanged where it is plain."""
    if query.derived is None:
        return catalog
    metric = catalog.metrics[query.metrics[0]]
    told = replace(
        metric,
        label=derived_label(query, query.derived, metric, catalog),
        unit=_unit(query.derived.how, metric),
        additive=False,
        minimum_sample=0,
        better=Better.NEITHER if query.derived.how is How.SHARE else metric.better,
    )
    return replace(catalog, metrics={**catalog.metrics, metric.name: told})


def derived_label(query: Query, derived: Derived, metric: Metric, catalog: Catalog) -> str:
    """ "Share of revenue", "7-day average of orders"."""
    label = inside(metric.label)
    match derived.how:
        case How.SHARE:
            return f"Share of {label}"
        case How.RUNNING_TOTAL:
            return f"Running total of {label}"
        case How.MOVING_AVERAGE:
            grain = query.grain.value if query.grain else "step"
            return f"{derived.size}-{grain} average of {label}"
        case How.MEAN if derived.step is not None:
            return f"Average {label} per {derived.step.value}"
        case How.MEAN:
            return f"Average {label} per {' and '.join(_labels(derived.part, metric, catalog))}"
        case How.RATIO:
            below = inside(catalog.metrics[query.metrics[1]].label)
            return f"{metric.label} per {derived.size or ''} {below}".replace("  ", " ")
        case How.COUNT:
            known = catalog.dimensions_of_metric(metric)
            things = [inside(known[name].plural) for name in query.group_by if name in known]
            steps = f"{query.grain.value}s" if query.grain else "groups"
            return f"Number of {' and '.join(things) or steps}"


def _labels(names: tuple[str, ...], metric: Metric, catalog: Catalog) -> list[str]:
    known = catalog.dimensions_of_metric(metric)
    return [inside(known[name].label) for name in names if name in known]


def _unit(how: How, metric: Metric) -> Unit:
    match how:
        case How.SHARE:
            return Unit.RATIO
        case How.COUNT:
            return Unit.COUNT
        case How.RUNNING_TOTAL:
            return metric.unit
        case How.MOVING_AVERAGE | How.MEAN | How.RATIO:
            return Unit.NUMBER if metric.unit is Unit.COUNT else metric.unit
