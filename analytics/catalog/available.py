"""What of the catalog a warehouse can answer, and in words what the rest would need.

A warehouse may hold any subset of the contract, so a table may be absent or empty and a column may be
absent. Nothing of a narrowed catalog refers to what is not there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Protocol

from analytics.catalog.expression import columns_of
from analytics.catalog.types import (
    Catalog,
    Dimension,
    DimensionTable,
    Metric,
    SemanticModel,
    TextFields,
    TimePart,
)


class TableInfo(Protocol):
    """What must be known of a table of the warehouse."""

    @property
    def columns(self) -> Mapping[str, str]:
        """Type by column name."""

    @property
    def rows(self) -> int:
        """Number of rows."""


Tables = Mapping[str, TableInfo]
HOURLY = frozenset({TimePart.HOUR, TimePart.PART_OF_DAY})
"""Parts of time that a day alone does not have."""
Columns = Mapping[str, Collection[str]]
_NONE: Columns = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Filled:
    columns: Mapping[str, str]
    rows: int


def available(catalog: Catalog, tables: Tables, empty: Columns = _NONE) -> Catalog:
    """The part of the catalog whose tables are filled and whose columns are there.

    ``empty`` names, by table, columns that hold no value at all: as good as absent.
    """
    tables = _filled(tables, empty)
    dimension_tables = dict(_dimension_tables(catalog, tables))
    metrics = {
        name: metric
        for name, metric in catalog.metrics.items()
        if not any(_gaps(catalog, tables, metric))
    }
    models = {
        name: _narrowed(model, tables, dimension_tables, metrics)
        for name, model in catalog.models.items()
        if _has(tables, model.table, (model.time,))
    }
    return replace(
        catalog,
        models={name: m for name, m in models.items() if m.metrics or m.verbatims},
        dimension_tables=dimension_tables,
        metrics=metrics,
    )


def missing(catalog: Catalog, tables: Tables, name: str, empty: Columns = _NONE) -> str:
    """What a metric or dimension of the full catalog would need; "" where it is available.

    Raises KeyError for a name that the catalog does not have.
    """
    tables = _filled(tables, empty)
    if metric := catalog.metrics.get(name):
        gaps = list(dict.fromkeys(_gaps(catalog, tables, metric)))
        return f"{metric.label} needs {' and '.join(gaps)}." if gaps else ""
    dimensions = [d for m in catalog.models.values() for d in m.dimensions if d.name == name]
    dimensions += [
        d for t in catalog.dimension_tables.values() for d in t.dimensions if d.name == name
    ]
    if not dimensions:
        raise KeyError(name)
    needs = [list(_dimension_gaps(catalog, tables, d)) for d in dimensions]
    if not all(needs):
        return ""
    ways = dict.fromkeys(" and ".join(gaps) for gaps in needs)
    return f"{dimensions[0].label} needs {', or '.join(ways)}."


def metric_columns(metric: Metric) -> frozenset[str]:
    """Columns of the fact that a metric reads (none for a ratio of two metrics)."""
    outer = (metric.expression, metric.average_of, metric.sample)
    # With ``per``, the outer expressions read the inner aggregates.
    inner = (metric.inner or {}).values() if metric.per else outer
    texts = [sql for sql in (*inner, metric.where) if sql]
    columns = frozenset[str]().union(*(columns_of(sql) for sql in texts))
    return columns | {metric.per} if metric.per else columns


def _filled(tables: Tables, empty: Columns) -> Tables:
    return {
        name: _Filled(
            {c: kind for c, kind in info.columns.items() if c not in empty.get(name, ())},
            info.rows,
        )
        for name, info in tables.items()
    }


def _gaps(catalog: Catalog, tables: Tables, metric: Metric) -> Iterator[str]:
    if metric.ratio_of is not None:
        for part in metric.ratio_of:
            yield from _gaps(catalog, tables, catalog.metrics[part])
        return
    model = catalog.models[metric.model]
    columns = (model.time, *sorted(metric_columns(metric)))
    yield from _table_gaps(catalog, tables, model.table, columns)


def _dimension_gaps(catalog: Catalog, tables: Tables, dimension: Dimension) -> Iterator[str]:
    yield from _table_gaps(catalog, tables, dimension.table, _dimension_columns(dimension))


def _table_gaps(
    catalog: Catalog, tables: Tables, table: str, columns: Iterable[str]
) -> Iterator[str]:
    info = tables.get(table)
    if info is None or not info.rows:
        yield f'a source of {_table_words(catalog, table)} (table "{table}")'
        return
    for column in columns:
        if column not in info.columns:
            yield f'values in "{column}" of {_table_words(catalog, table)} (table "{table}")'


def _table_words(catalog: Catalog, table: str) -> str:
    labels = [model.label for model in catalog.models.values() if model.table == table]
    return (labels[0] if labels else table.replace("_", " ")).lower()


def _has(tables: Tables, table: str, columns: Iterable[str]) -> bool:
    info = tables.get(table)
    return info is not None and info.rows > 0 and info.columns.keys() >= set(columns)


def _dimension_columns(dimension: Dimension) -> tuple[str, ...]:
    tag = (dimension.tag.link, *dimension.tag.only) if dimension.tag else ()
    return (dimension.column, dimension.key, *tag) if dimension.key else (dimension.column, *tag)


def _dimension_tables(catalog: Catalog, tables: Tables) -> Iterator[tuple[str, DimensionTable]]:
    for name, table in catalog.dimension_tables.items():
        if _has(tables, name, (table.key,)):
            kept = _present(table.dimensions, tables)
            names = {d.name for d in kept}
            anchors = tuple(
                a for a in table.anchors if a.of in names and _has(tables, name, (a.start,))
            )
            anchors = tuple(
                a if a.end is None or _has(tables, name, (a.end,)) else replace(a, end=None)
                for a in anchors
            )
            yield name, replace(table, dimensions=kept, anchors=anchors)


def _present(dimensions: Iterable[Dimension], tables: Tables) -> tuple[Dimension, ...]:
    return tuple(
        d
        for d in dimensions
        if _has(tables, d.table, _dimension_columns(d)) and not _lacks_hours(tables, d)
    )


def _lacks_hours(tables: Tables, dimension: Dimension) -> bool:
    """A column of days has no hours."""
    kind = tables[dimension.table].columns[dimension.column].upper()
    return dimension.part in HOURLY and kind == "DATE"


def _narrowed(
    model: SemanticModel,
    tables: Tables,
    dimension_tables: Mapping[str, DimensionTable],
    metrics: Mapping[str, Metric],
) -> SemanticModel:
    return replace(
        model,
        joins=tuple(
            join
            for join in model.joins
            if join in dimension_tables and _has(tables, model.table, (dimension_tables[join].key,))
        ),
        dimensions=_present(model.dimensions, tables),
        metrics=tuple(metric for metric in model.metrics if metric.name in metrics),
        verbatims=_verbatims(model, tables),
    )


def _verbatims(model: SemanticModel, tables: Tables) -> TextFields | None:
    fields = model.verbatims
    if fields is None or not _has(tables, model.table, (fields.id, fields.text)):
        return None
    columns = tables[model.table].columns
    return replace(
        fields,
        title=fields.title if fields.title in columns else None,
        sentiment=fields.sentiment if fields.sentiment in columns else None,
    )
