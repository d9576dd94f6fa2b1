"""Everything that answers on one snapshot share: catalog narrowed to it, lexicon, values, coverage."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from analytics.catalog.available import HOURLY, available
from analytics.catalog.types import Catalog, TimePart
from analytics.query.plans import Plans
from analytics.query.relation import Tables, schemas
from analytics.sources.warehouse import Warehouse
from analytics.understand.countries import country_words
from analytics.understand.known import Known
from analytics.understand.language import Vocabulary
from analytics.understand.lessons import NO_LESSONS, Lessons
from analytics.understand.lexicon import Entry, build_lexicon
from analytics.understand.link import Encoder, Linker
from analytics.understand.spelling import Spelling
from analytics.understand.times.anchored import Dated
from analytics.understand.times.units import Calendar
from analytics.understand.values import (
    Value,
    build_value_index,
    categorical,
    label_parts,
    value_synonyms,
)

MOST_VALUES = 50_000
"""Dimensions with more distinct values than this are not matched by name (nobody types them)."""


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day of a fact."""

    first: date
    last: date


@dataclass(frozen=True)
class Context:
    """One snapshot, ready for questions."""

    warehouse: Warehouse
    known: Known
    tables: Tables
    coverage: Mapping[str, Span]
    absent: tuple[str, ...] = ()
    """Labels of the kinds of data that the catalog knows and this snapshot does not hold."""

    max_rows: int = 1000

    @cached_property
    def plans(self) -> Plans:
        """Queries of this snapshot, compiled."""
        return Plans(self.catalog, self.tables, self.max_rows)

    def read_by(self, day_first: bool | None) -> Context:
        """This snapshot for a reader whose dates have the day first, or not; a setting comes before that."""
        calendar = self.known.calendar
        if day_first is None or calendar.day_first is not None:
            return self
        known = replace(self.known, calendar=replace(calendar, day_first=day_first))
        context = replace(self, known=known)
        context.__dict__["plans"] = self.plans  # compiled once for all readers
        return context

    @property
    def catalog(self) -> Catalog:
        """The catalog as far as this snapshot can carry it."""
        return self.known.catalog


def open_context(
    warehouse: Warehouse,
    catalog: Catalog,
    vocabulary: Vocabulary,
    encoder: Encoder,
    english: Collection[str],
    calendar: Calendar,
    max_rows: int = 1000,
    lessons: Lessons = NO_LESSONS,
) -> Context:
    """Reads what a snapshot holds. One pass over the distinct values of its dimensions."""
    narrowed = available(catalog, warehouse.tables, _empty(warehouse))
    narrowed = replace(_without_hours(warehouse, narrowed), calendar=calendar)
    stored = _values(warehouse, narrowed)
    held = {(v.dimension, v.value) for v in stored}
    synonyms = (*value_synonyms(narrowed), *lessons.values)
    values = [*stored, *(v for v in synonyms if (v.dimension, v.value) in held)]
    values += label_parts(narrowed, stored)
    learned = [entry for entry in lessons.entries if _still_there(entry, narrowed)]
    lexicon = build_lexicon(narrowed, vocabulary, learned)
    values += country_words(stored, english, lexicon.words | vocabulary.frame)
    index = build_value_index(values)
    coverage = _coverage(warehouse, narrowed)
    known = Known(
        catalog=narrowed,
        lexicon=lexicon,
        vocabulary=vocabulary,
        values=index,
        linker=Linker(narrowed, encoder),
        calendar=calendar,
        spelling=Spelling(lexicon.words | index.words | vocabulary.frame, english),
        lessons=lessons,
        first_days={name: span.first for name, span in coverage.items()},
        data_until=warehouse.data_as_of,
        anchors=_anchors(warehouse, narrowed),
    )
    tables = schemas({name: table.columns for name, table in warehouse.tables.items()})
    absent = tuple(m.label for m in catalog.models.values() if m.name not in coverage)
    return Context(warehouse, known, tables, coverage, absent, max_rows)


def _still_there(learned: Entry, catalog: Catalog) -> bool:
    """Whether the catalog still has what a learned word stands for."""
    if learned.role == "metric":
        return learned.name in catalog.metrics
    return any(learned.name in catalog.dimensions_of(model) for model in catalog.models.values())


def _empty(warehouse: Warehouse) -> dict[str, frozenset[str]]:
    """Columns that hold nothing, by table: what no source filled cannot be asked for."""
    found = {}
    for table in warehouse.tables.values():
        if table.rows:
            counts = ", ".join(f'count("{c}") AS "{c}"' for c in table.columns)
            row = warehouse.execute(f'SELECT {counts} FROM "{table.name}"').to_pylist()[0]
            found[table.name] = frozenset(name for name, n in row.items() if n == 0)
    return found


def _without_hours(warehouse: Warehouse, catalog: Catalog) -> Catalog:
    """Where all times of a fact are midnight, only its days are known: no hours are offered."""
    models = dict(catalog.models)
    for name, model in models.items():
        if any(d.part in HOURLY for d in model.dimensions):
            sql = f'SELECT 1 FROM "{model.table}" WHERE extract(hour FROM "{model.time}") <> 0 LIMIT 1'
            if not warehouse.execute(sql).num_rows:
                days = tuple(d for d in model.dimensions if d.part not in HOURLY)
                models[name] = replace(model, dimensions=days)
    return replace(catalog, models=models)


def _values(warehouse: Warehouse, catalog: Catalog) -> list[Value]:
    found: dict[tuple[str, str], None] = {}
    parts = {d.name: d for m in catalog.models.values() for d in m.dimensions if d.part}
    for name in parts:
        if parts[name].part is not TimePart.MONTH:  # "March" is a month of a year
            found |= {(name, value): None for value in parts[name].ordered_values}
    for name, places in categorical(catalog).items():
        if name in parts:
            continue
        for place in places:
            column = f'"{place.column}"'
            if place.key and place.key in warehouse.tables[place.table].columns:
                column = f'coalesce("{place.column}"::varchar, "{place.key}"::varchar)'
            sql = (
                f'SELECT DISTINCT {column}::varchar AS v FROM "{place.table}" '
                f"WHERE {column} IS NOT NULL ORDER BY v LIMIT {MOST_VALUES + 1}"
            )
            values = warehouse.execute(sql).column(0).to_pylist()
            if len(values) <= MOST_VALUES:
                found |= {(name, str(v)): None for v in values}
    return [Value(dimension, value, value) for dimension, value in found]


def _anchors(warehouse: Warehouse, catalog: Catalog) -> tuple[Dated, ...]:
    """The days of every anchor, by the name of its thing; names that several things share are left out."""
    found = []
    for table in catalog.dimension_tables.values():
        names = {d.name: d.column for d in table.dimensions}
        for anchor in table.anchors:
            end = f'"{anchor.end}"::date' if anchor.end else "NULL::date"
            sql = (
                f'SELECT "{names[anchor.of]}"::varchar AS name, min("{anchor.start}"::date) AS a, '
                f'max({end}) AS b FROM "{table.table}" WHERE "{anchor.start}" IS NOT NULL '
                f'AND "{names[anchor.of]}" IS NOT NULL GROUP BY 1 HAVING count(*) = 1 LIMIT {MOST_VALUES}'
            )
            rows = warehouse.execute(sql).to_pylist()
            if rows:
                days = {row["name"]: (_day(row["a"]), row["b"] and _day(row["b"])) for row in rows}
                found.append(Dated(anchor, days))
    return tuple(found)


def _coverage(warehouse: Warehouse, catalog: Catalog) -> dict[str, Span]:
    spans = {}
    for model in catalog.models.values():
        sql = f'SELECT min("{model.time}") AS a, max("{model.time}") AS b FROM "{model.table}"'
        row = warehouse.execute(sql).to_pylist()[0]
        if row["a"] is not None:
            spans[model.name] = Span(_day(row["a"]), _day(row["b"]))
    return spans


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value
