"""Compiled queries, kept by shape: questions that differ in days and names alone share one compilation.

Building SQL through Ibis takes 5 to 70 ms. So a query is compiled once with stand-ins for its days and
names, and each question's own ones are put into the finished SQL, as quoted literals.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from datetime import date

from analytics.catalog.types import Catalog, Dimension, SemanticModel
from analytics.query.aggregate import base_metrics, near
from analytics.query.compile import CHANGES, Plan, compile_query
from analytics.query.relation import Tables
from analytics.types import Claim, Filter, How, Kind, Op, Query, TimeRange

MOST = 2_000
"""Shapes kept; a company's questions have some hundred."""

_BEFORE = (date(9001, 1, 1), date(9002, 1, 1))
_NOW = (date(9004, 1, 1), date(9005, 1, 1))
_NOW_NEAR = (date(9003, 1, 1), date(9004, 1, 1))
_NOW_NEXT = (date(9002, 1, 1), date(9003, 1, 1))
_COUNT_STEPS = {How.MOVING_AVERAGE, How.MEAN}
"""Their SQL depends on the days themselves."""
_OPEN, _CLOSE = "\ue000", "\ue001"
_STAND_IN = re.compile(f"'({_OPEN}\\d+{_CLOSE}|900[1-5]-01-01)'")


class Plans:
    """Plans of queries on one catalog and its tables. Safe to share between threads."""

    def __init__(self, catalog: Catalog, tables: Tables, max_rows: int = 1000) -> None:
        self._catalog = catalog
        self._tables = tables
        self._max_rows = max_rows
        self._lock = threading.Lock()
        self._kept: dict[Query, Plan] = {}

    def of(self, query: Query) -> Plan:
        """The plan of a query: the same that ``compile_query`` gives. Raises KeyError as that does."""
        shape = _shape(query, self._textual(query))
        if shape is None:
            return self._compiled(query)
        plan = self._kept.get(shape.query)
        if plan is None:
            plan = self._compiled(shape.query)
            with self._lock:
                if len(self._kept) >= MOST:
                    self._kept.clear()
                self._kept[shape.query] = plan
        return replace(plan, sql=shape.filled(plan.sql))

    def _compiled(self, query: Query) -> Plan:
        return compile_query(query, self._catalog, self._tables, self._max_rows)

    def _textual(self, query: Query) -> frozenset[str]:
        """The dimensions of the query's filters whose values are texts in its tables."""
        if not query.filters:
            return frozenset()
        reachable = [self._catalog.dimensions_of(model) for model in self._models(query)]
        return frozenset(
            one.dimension
            for one in query.filters
            if all(
                self._is_text(found[one.dimension]) for found in reachable if one.dimension in found
            )
        )

    def _models(self, query: Query) -> list[SemanticModel]:
        if query.kind is Kind.EVIDENCE:
            return [self._catalog.models[query.metrics[0].split(".")[0]]]
        names = (*query.metrics, *(having.metric for having in query.having))
        metrics = [self._catalog.metrics[name] for name in names if name not in CHANGES]
        return [self._catalog.models[m.model] for m in base_metrics(self._catalog, metrics)]

    def _is_text(self, dimension: Dimension) -> bool:
        return bool(self._tables[dimension.table][dimension.column].is_string())


@dataclass(frozen=True, slots=True)
class _Shape:
    """A query with stand-ins, and what each of them stands for."""

    query: Query
    values: dict[str, str]

    def filled(self, sql: str) -> str:
        """The SQL with the values in place, in one pass: a value is never looked at again."""
        return _STAND_IN.sub(lambda found: _quoted(self.values[found[1]]), sql)


def _quoted(value: str) -> str:
    """A string literal of standard SQL."""
    return "'" + value.replace("'", "''") + "'"


def _shape(query: Query, textual: frozenset[str]) -> _Shape | None:
    """None where a value that stays in the query could be taken for a stand-in, or decides the SQL."""
    if query.kind is Kind.LIST or (query.derived and query.derived.how in _COUNT_STEPS):
        return None
    values: dict[str, str] = {}
    filters = tuple(_stood_in(one, textual, values) for one in query.filters)
    kept = [value for one in filters for value in one.values if value not in values]
    if any(isinstance(value, str) and (_OPEN in value or "900" in value) for value in kept):
        return None
    shape = replace(query, filters=filters, chart=None, claim=_of_groups(query.claim))
    now, before = query.time_range, query.comparison.range if query.comparison else None
    if before is not None and (now is None or now.start < before.end):
        return None
    if query.comparison is not None and before is not None:
        shape = replace(
            shape, comparison=replace(query.comparison, range=_days(before, _BEFORE, values))
        )
    if now is not None:
        shape = replace(shape, time_range=_days(now, _stand_in(now, before), values))
    return _Shape(shape, values)


def _of_groups(claim: Claim | None) -> Claim | None:
    """A claim on groups asks for their spread; whom it is about does not matter to the SQL."""
    return None if claim is None or claim.subject is None else Claim(claim.op, subject="")


def _stand_in(now: TimeRange, before: TimeRange | None) -> tuple[date, date]:
    """Days as near to those of the earlier period as the real ones: that decides the SQL."""
    if before is None or not near(now, before):
        return _NOW
    return _NOW_NEXT if now.start == before.end else _NOW_NEAR


def _stood_in(one: Filter, textual: frozenset[str], values: dict[str, str]) -> Filter:
    """A filter by names with stand-ins; others decide the SQL by their values and stay."""
    texts = all(isinstance(value, str) for value in one.values)
    if one.op is Op.CONTAINS or one.dimension not in textual or not texts:
        return one
    return replace(one, values=tuple(_noted(str(value), values) for value in one.values))


def _noted(value: str, values: dict[str, str]) -> str:
    name = f"{_OPEN}{len(values)}{_CLOSE}"
    values[name] = value
    return name


def _days(time_range: TimeRange, days: tuple[date, date], values: dict[str, str]) -> TimeRange:
    start, end = days
    values[start.isoformat()] = time_range.start.isoformat()
    values[end.isoformat()] = time_range.end.isoformat()
    return TimeRange(start, end)
