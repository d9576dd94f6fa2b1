"""Of the metrics that share a word, those of the sort asked for: a share, money; of people or things."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analytics.catalog.people import people_dimensions
from analytics.catalog.types import Metric, Unit
from analytics.understand.resolver.asked import Asked

_PEOPLE = frozenset({"who", "people"})


def fitting(asked: Asked, pool: Sequence[Metric], share: bool = False) -> list[Metric]:
    """The metrics of the sort that the words around them ask for; all where none is.

    "How many came back?" asks for a number, "how many percent" (or ``share``) for a part, and "who came
    back?" for people, not for goods.
    """
    tests: tuple[Callable[[Metric], bool] | None, ...] = (
        _of_unit(asked, share),
        _of_people(asked, pool),
    )
    kept = list(pool)
    for test in tests:
        if test is not None and len(kept) > 1:
            kept = [metric for metric in kept if test(metric)] or kept
    return kept


def in_money(asked: Asked, metric: Metric) -> Metric:
    """ "How did it sell, in euros": the amount of money that the same rows make, where one is asked for."""
    if "money" not in asked.reading.forms or metric.unit is Unit.CURRENCY:
        return metric
    amounts = [
        m
        for m in asked.catalog.metrics.values()
        if m.unit is Unit.CURRENCY and m.additive and m.model == metric.model
    ]
    return max(amounts, key=lambda m: m.default_rank, default=metric)


def _of_unit(asked: Asked, share: bool) -> Callable[[Metric], bool] | None:
    reading = asked.reading
    if share or reading.forms & {"share", "percent"}:
        return lambda metric: metric.unit is Unit.RATIO
    if "money" in reading.forms:
        return lambda metric: metric.unit is Unit.CURRENCY
    if reading.words >= {"how", "many"}:
        return lambda metric: metric.unit is Unit.COUNT
    return None


def _of_people(asked: Asked, pool: Sequence[Metric]) -> Callable[[Metric], bool] | None:
    """Metrics of people are made of one row for each of them."""
    if len({metric.per is None for metric in pool}) < 2:
        return None
    named = {name for mention in asked.reading.dimensions for name in mention.names}
    of_people = bool(named & people_dimensions(asked.catalog)) or bool(
        _PEOPLE & asked.reading.words
    )
    return lambda metric: (metric.per is not None) is of_people
