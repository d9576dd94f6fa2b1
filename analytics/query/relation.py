"""One fact with the dimensions that a question needs, as an Ibis expression.

Dimension tables are joined by key, many to one, with only the columns asked for, so a join can never
multiply rows. Names of joined columns carry their table, so they cannot shadow the fact's own.

A tag (a dimension of which a row may have several values) is the one exception, and only where rows are
grouped by it: a row then counts once for each of its values. As a filter, a tag picks rows and multiplies
none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import ibis
import ibis.expr.schema as sch
import ibis.expr.types as ir
from ibis.backends.sql.datatypes import DuckDBType

from analytics.catalog.types import Catalog, Dimension, SemanticModel, Tag, TextFields
from analytics.query.time_part import part_of_time
from analytics.text import stems, tokenize
from analytics.types import Filter, Literal, Op, TimeRange

Tables = Mapping[str, sch.Schema]


def schemas(columns: Mapping[str, Mapping[str, str]]) -> Tables:
    """Ibis schemas from DuckDB column types, by table."""
    return {
        table: sch.Schema({name: DuckDBType.from_string(kind) for name, kind in types.items()})
        for table, types in columns.items()
    }


@dataclass(frozen=True)
class Relation:
    """A fact joined with the dimension tables in use."""

    catalog: Catalog
    model: SemanticModel
    table: ir.Table
    tables: Tables
    tags: frozenset[str] = frozenset()

    def dimension(self, name: str) -> Dimension:
        """The dimension as this fact sees it."""
        return self.catalog.dimensions_of(self.model)[name]

    def value(self, name: str) -> ir.Value:
        """Display value of a dimension; a thing without a name shows its key."""
        dimension = self.dimension(name)
        value = self.column(dimension, dimension.column)
        if dimension.part is not None:
            return part_of_time(value, dimension.part, dimension.ordered_values)
        if (
            dimension.key
            and dimension.key in self.table.columns
            and dimension.key != dimension.column
        ):
            return ibis.coalesce(value.cast("string"), self.table[dimension.key].cast("string"))
        return value

    def key(self, name: str) -> ir.Value | None:
        """What identifies the thing, where names may repeat."""
        dimension = self.dimension(name)
        if (
            dimension.key
            and dimension.key in self.table.columns
            and dimension.key != dimension.column
        ):
            return self.table[dimension.key]
        return None

    def column(self, dimension: Dimension, column: str) -> ir.Value:
        """A column of the fact or of a joined table."""
        if dimension.table == self.model.table:
            return self.table[column]
        return self.table[f"{dimension.table}__{column}"]

    def narrowed(self, time_range: TimeRange | None, filters: Iterable[Filter]) -> Relation:
        """Only rows in the range that pass all filters."""
        conditions = [self._predicate(one) for one in filters]
        if time_range is not None:
            conditions = [self.since(time_range.start), self.before(time_range.end), *conditions]
        return self.where(*conditions)

    def since(self, day: date) -> ir.BooleanValue:
        """Rows from the begin of the day on."""
        return self.table[self.model.time] >= _begin(day)

    def before(self, day: date) -> ir.BooleanValue:
        """Rows before the begin of the day."""
        return self.table[self.model.time] < _begin(day)

    def where(self, *conditions: ir.BooleanValue) -> Relation:
        """Only rows that meet all conditions."""
        if not conditions:
            return self
        return replace(self, table=self.table.filter(*conditions))

    def _predicate(self, one: Filter) -> ir.BooleanValue:
        if one.op is Op.CONTAINS:
            assert self.model.verbatims is not None
            return contains(self.table, self.model.verbatims, str(one.values[0]))
        dimension = self.dimension(one.dimension)
        if dimension.tag is not None and one.dimension not in self.tags:
            return self._tagged(dimension, dimension.tag, one)
        return matches(self.value(one.dimension), one)

    def _tagged(self, dimension: Dimension, tag: Tag, one: Filter) -> ir.BooleanValue:
        """Rows that have (or, left out, do not have) one of the values."""
        side = _tags_of(self.tables, dimension, tag)
        wanted = replace(one, op=_POSITIVE.get(one.op, one.op))
        found = side.filter(matches(side[dimension.column], wanted))
        inside = self.table[tag.of].isin(found[tag.link])
        return ~inside if one.op in _POSITIVE else inside


_POSITIVE = {Op.NOT_IN: Op.IN, Op.NE: Op.EQ}


def _tags_of(tables: Tables, dimension: Dimension, tag: Tag) -> ir.Table:
    """The values of rows: link and value, each pair once."""
    schema = tables[dimension.table]
    named = {tag.link, dimension.column, *tag.only}
    side = ibis.table({name: schema[name] for name in sorted(named)}, name=dimension.table)
    only = [side[column] == value for column, value in tag.only.items()]
    side = side.filter(side[tag.link].notnull(), side[dimension.column].notnull(), *only)
    return side.select(tag.link, dimension.column).distinct()


def matches(value: ir.Value, one: Filter) -> ir.BooleanValue:
    """Whether a value stands in the filter's relation to its literals. What is unknown is not any of them."""
    literals = [_literal(value, each) for each in one.values]
    first = literals[0]
    match one.op:
        case Op.IN:
            return value.isin(literals)
        case Op.NOT_IN:
            return value.isnull() | ~value.isin(literals)
        case Op.EQ:
            return value == first
        case Op.NE:
            return value != first
        case Op.GT:
            return value > first
        case Op.GE:
            return value >= first
        case Op.LT:
            return value < first
        case Op.LE:
            return value <= first
        case Op.CONTAINS:
            return value.cast("string").lower().contains(str(one.values[0]).lower())


def _literal(value: ir.Value, literal: Literal) -> Literal | ir.Value:
    """Days are typed as text."""
    if isinstance(literal, str) and value.type().is_temporal():
        return ibis.literal(literal).cast(value.type())
    return literal


def _begin(day: date) -> ir.Value:
    return ibis.literal(day.isoformat()).cast("timestamp")


def contains(table: ir.Table, fields: TextFields, phrase: str) -> ir.BooleanValue:
    """Every word of the phrase (by its stem) stands in the text or the title."""
    text = table[fields.text].fill_null("").lower()
    if fields.title is not None and fields.title in table.columns:
        text = text + " " + table[fields.title].fill_null("").lower()
    found = [text.contains(_root(token.word)) for token in tokenize(phrase)]
    return ibis.and_(*found)


def _root(word: str) -> str:
    stem = stems(word)[0]
    return stem if word.startswith(stem) else word


def relation(
    catalog: Catalog,
    model: SemanticModel,
    tables: Tables,
    dimensions: Iterable[str],
    columns: Iterable[str],
    grouped: Iterable[str] = (),
) -> Relation:
    """The fact joined with what these dimensions need; of its own columns, these and theirs alone.

    Fewer columns make the expression quicker to build and the SQL quicker to plan; columns that the
    table lacks are left out. Of tags, those in ``grouped`` are joined: a row comes once for each value.
    """
    reachable = catalog.dimensions_of(model)
    own, joined_columns = {model.time, *columns}, dict[str, set[str]]()
    for dimension in (reachable[name] for name in dimensions if name in reachable):
        if dimension.key:
            own.add(dimension.key)
        if dimension.tag is not None:
            own.add(dimension.tag.of)
        elif dimension.table == model.table:
            own.add(dimension.column)
        else:
            own.add(catalog.dimension_tables[dimension.table].key)
            joined_columns.setdefault(dimension.table, set()).add(dimension.column)
    schema = {name: kind for name, kind in tables[model.table].items() if name in own}
    joined = ibis.table(schema, name=model.table)
    for table, named in sorted(joined_columns.items()):
        joined = _with(joined, tables[table], table, catalog.dimension_tables[table].key, named)
    tags = [reachable[name] for name in grouped if name in reachable and reachable[name].tag]
    for dimension in tags:
        joined = _with_tag(joined, tables, dimension)
    if joined_columns or tags:
        joined = joined.select(*joined.columns)
    return Relation(catalog, model, joined, tables, frozenset(d.name for d in tags))


def _with(joined: ir.Table, schema: sch.Schema, table: str, key: str, named: set[str]) -> ir.Table:
    side = ibis.table({name: schema[name] for name in {key, *named}}, name=table)
    side = side.select(
        **{f"{table}__key": side[key]}, **{f"{table}__{c}": side[c] for c in sorted(named)}
    )
    return joined.left_join(side, joined[key] == side[f"{table}__key"])


def _with_tag(joined: ir.Table, tables: Tables, dimension: Dimension) -> ir.Table:
    """A row for each value that the fact's row has; rows without any are left out."""
    tag = dimension.tag
    assert tag is not None
    side = _tags_of(tables, dimension, tag)
    named = {
        f"{dimension.table}__link": side[tag.link],
        f"{dimension.table}__{dimension.column}": side[dimension.column],
    }
    side = side.select(**named)
    return joined.inner_join(side, joined[tag.of] == side[f"{dimension.table}__link"])
