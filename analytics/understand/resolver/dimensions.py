"""Dimensions that all the metrics asked for can be seen by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analytics.catalog.types import Dimension, Metric
from analytics.types import Issue
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.wording import inside, listed


def shared_dimensions(asked: Asked, metrics: Sequence[Metric]) -> Mapping[str, Dimension]:
    """The dimensions that every one of the metrics can be seen by."""
    reachable = [asked.catalog.dimensions_of_metric(m) for m in metrics]
    return {n: d for n, d in reachable[0].items() if all(n in other for other in reachable)}


def pick_dimension(asked: Asked, names: Sequence[str], metrics: Sequence[Metric], text: str) -> str:
    """The most specific dimension of these names. Raises Doubt where none or several fit."""
    shared = shared_dimensions(asked, metrics)
    options = [shared[n] for n in dict.fromkeys(names) if n in shared]
    if not options:
        labels = listed([inside(m.label) for m in metrics])
        raise Doubt(
            Issue(
                "dimension_not_available",
                f"{labels} cannot all be seen by “{text}”.",
                tuple(
                    f"{inside(m.label)} by {text}"
                    for m in metrics
                    if set(names) & set(asked.catalog.dimensions_of_metric(m))
                ),
            )
        )
    top = max(d.specificity for d in options)
    best = [d for d in options if d.specificity == top]
    if len(best) > 1:
        raise Doubt(
            Issue(
                "ambiguous_dimension",
                f"“{text}” could be {listed([d.label for d in best])}. Which one?",
                tuple(f"{metrics[0].label} by {inside(d.label)}" for d in best),
            )
        )
    return best[0].name
