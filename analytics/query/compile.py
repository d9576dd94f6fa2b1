"""Query → SQL, with a typed description of every column it yields."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from analytics.catalog.figures import is_count, needs_members
from analytics.catalog.types import Better, Catalog, DimensionKind, Metric, Unit
from analytics.query.aggregate import BEFORE, TIME, Slice, aggregate, key_column
from analytics.query.derived import derive, derived_column, read_range
from analytics.query.members import add_members
from analytics.query.relation import Tables, relation
from analytics.types import (
    Column,
    ColumnRole,
    Direction,
    Grain,
    How,
    Kind,
    Op,
    Query,
)

CHANGE_Z = "change__z"
CHANGES = ("change", "change_ratio")
"""What a condition on the groups of a comparison may be on, beside metrics."""
_SHARES = {Unit.RATIO, Unit.POINTS}
SOUND_Z = 1.96
"""Two-sided 5 % of a normal: a change less likely than that by chance counts as sound."""


@dataclass(frozen=True, slots=True)
class Plan:
    """SQL for one engine, the visible columns in order, and hidden ones after them."""

    sql: str
    columns: tuple[Column, ...]
    hidden: tuple[str, ...]
    limit: int | None


def compile_query(
    query: Query, catalog: Catalog, tables: Tables, max_rows: int = 1000, dialect: str = "duckdb"
) -> Plan:
    """Plans a query. Names in it must be the catalog's; raises KeyError otherwise."""
    if query.kind is Kind.EVIDENCE:
        return compile_evidence(query, catalog, tables, dialect)
    compiler = _Compiler(query, catalog, tables)
    table, columns, hidden = compiler.run()
    limit = min(query.limit or max_rows, max_rows)
    if (query.group_by or query.grain) and not compiler.counts:
        table = table.order_by(compiler.order(table))
        if query.within is None:
            table = table.limit(limit + 1, offset=query.skip)
        else:
            limit = max_rows
            table = table.limit(limit + 1)
    wanted = (*(c.name for c in columns), *hidden)
    if table.columns != wanted:
        table = table.select(*wanted)
    return Plan(str(ibis.to_sql(table, dialect=dialect)), columns, hidden, limit)


class _Compiler:
    """Holds the query while its table is put together."""

    def __init__(self, query: Query, catalog: Catalog, tables: Tables) -> None:
        self.query = query
        self.catalog = catalog
        self.tables = tables
        self.metrics = [catalog.metrics[name] for name in query.metrics]
        self.how = query.derived.how if query.derived else None
        self.counts = self.how is How.COUNT

    def run(self) -> tuple[ir.Table, tuple[Column, ...], tuple[str, ...]]:
        """The table, its visible columns and its hidden ones."""
        query = self.query
        step = query.derived.step if query.derived else None
        parts = query.derived.part if query.derived and self.how is How.MEAN else ()
        now = Slice(
            (*query.group_by, *parts),
            step or query.grain,
            query.filters,
            read_range(query),
            spread=self._tested or self.how is How.MOVING_AVERAGE,
            firsts=self.how is How.RUNNING_TOTAL,
        )
        before = query.comparison.range if query.comparison else None
        table = aggregate(self.catalog, self.tables, self._all_metrics(), now, before)
        if needs_members(query, self.catalog):
            table = add_members(table, query, self.catalog, self.tables)
        table = self._zero_filled(table)
        columns = [*self._key_columns(), *self._metric_columns()]
        if self.query.comparison is not None:
            table = self._with_change(table)
            if self._tested and f"{query.metrics[0]}__var" in table.columns:
                table = table.mutate(**{CHANGE_Z: _z(table, query.metrics[0])})
        table = self._having(table)
        if query.derived is not None:
            table = derive(table, query, self.catalog, self.tables, now)
        if self.query.kind is Kind.CHANGE:
            table = self._sound_changes(table)
        if self.query.kind in {Kind.RANKING, Kind.CHANGE}:
            for name in self.query.group_by:
                table = table.filter(table[name].notnull())
            for metric in self.metrics[:1]:
                table = table.filter(table[metric.name].notnull())
            table = self._enough(table)
        if query.within is not None:
            table = self._first_within(table)
        visible = tuple(columns)
        shown = {c.name for c in visible}
        hidden = tuple(c for c in table.columns if c not in shown and self._keep_hidden(c))
        return table, visible, hidden

    @property
    def _tested(self) -> bool:
        """Whether chance is weighed: where the answer lists changes, or says yes or no to one."""
        query = self.query
        said = query.kind is Kind.COMPARISON and query.direction is not None
        claimed = query.claim is not None and query.claim.subject is not None
        return query.kind is Kind.CHANGE or said or claimed

    def _first_within(self, table: ir.Table) -> ir.Table:
        """The first rows of each value of ``within``, in the order of the query."""
        query = self.query
        assert query.within is not None
        keys = [k for k in (query.within, key_column(query.within)) if k in table.columns]
        if query.within != TIME:
            table = table.filter(table[query.within].notnull())
        place = ibis.row_number().over(group_by=keys, order_by=self._ranked(table))
        table = table.mutate(place__in=place)
        first = query.skip
        return table.filter(
            table["place__in"] >= first, table["place__in"] < first + (query.limit or 1)
        )

    def _keep_hidden(self, name: str) -> bool:
        return name.endswith("__key") or "__n" in name or "__var" in name or name == CHANGE_Z

    def _all_metrics(self) -> list[Metric]:
        held = (h.metric for h in self.query.having if h.metric not in CHANGES)
        return [self.catalog.metrics[name] for name in dict.fromkeys((*self.query.metrics, *held))]

    def _zero_filled(self, table: ir.Table) -> ir.Table:
        """A group that one part lacks has nothing of what is counted: 0. Averages stay unknown."""
        changed = {
            f"{m.name}{s}": table[f"{m.name}{s}"].fill_null(0)
            for m in self._all_metrics()
            for s in ("", BEFORE)
            if is_count(m) and f"{m.name}{s}" in table.columns
        }
        return table.mutate(**changed) if changed else table

    def _key_columns(self) -> list[Column]:
        columns: list[Column] = []
        if self.counts:
            return columns
        if self.query.grain is not None:
            kind = "timestamp" if self.query.grain is Grain.HOUR else "date"
            columns.append(Column(TIME, kind, self._step_unit(self.query.grain), ColumnRole.TIME))
        reachable = self.catalog.dimensions_of_metric(self.metrics[0])
        for name in self.query.group_by:
            numeric = reachable[name].kind is DimensionKind.NUMERIC
            kind = "number" if numeric else "string"
            columns.append(Column(name, kind, "text", ColumnRole.DIMENSION))
        return columns

    def _step_unit(self, grain: Grain) -> str:
        """How to write a step: quarters and years that are no calendar ones say so."""
        fiscal = self.catalog.calendar.fiscal_start > 1 and grain in {Grain.QUARTER, Grain.YEAR}
        return f"fiscal_{grain.value}" if fiscal else grain.value

    def _metric_columns(self) -> list[Column]:
        columns: list[Column] = []
        if self.query.derived is not None:
            columns.append(self._derived_column())
            if self.how in {How.COUNT, How.MEAN}:
                return columns
        for metric in self.metrics:
            if self.query.derived is not None and (
                metric is self.metrics[0] or self.how is How.RATIO
            ):
                columns.append(
                    Column(metric.name, "number", metric.unit.value, ColumnRole.INFO, metric.name)
                )
                continue
            unit, kind = metric.unit.value, "integer" if metric.unit is Unit.COUNT else "number"
            columns.append(Column(metric.name, kind, unit, ColumnRole.METRIC, metric.name))
            if self.query.comparison is not None:
                columns += self._change_columns(metric, unit, kind)
        grouped = bool(self.query.group_by or self.query.grain)
        for metric in self.metrics:
            if metric.minimum_sample and metric.ratio_of is None and grouped:
                columns.append(
                    Column(f"{metric.name}__n", "integer", "count", ColumnRole.COUNT, metric.name)
                )
        return columns

    def _derived_column(self) -> Column:
        name, metric = derived_column(self.query), self.metrics[0]
        if self.counts:
            return Column(name, "integer", Unit.COUNT.value, ColumnRole.METRIC)
        whole = self.how is How.RUNNING_TOTAL and metric.unit is Unit.COUNT
        unit = Unit.RATIO if self.how is How.SHARE else metric.unit
        if unit is Unit.COUNT and not whole:
            unit = Unit.NUMBER  # a mean of counts has decimals
        kind = "integer" if whole else "number"
        return Column(name, kind, unit.value, ColumnRole.METRIC, metric.name)

    def _change_columns(self, metric: Metric, unit: str, kind: str) -> list[Column]:
        change_unit = Unit.POINTS.value if metric.unit is Unit.RATIO else unit
        only = len(self.metrics) == 1
        change = "change" if only else f"{metric.name}__change"
        columns = [
            Column(f"{metric.name}{BEFORE}", kind, unit, ColumnRole.BASELINE, metric.name),
            Column(change, kind, change_unit, ColumnRole.CHANGE, metric.name),
        ]
        if metric.unit not in _SHARES:
            relative = "change_ratio" if only else f"{metric.name}__change_ratio"
            columns.append(Column(relative, "number", "ratio", ColumnRole.CHANGE, metric.name))
        return columns

    def _with_change(self, table: ir.Table) -> ir.Table:
        only = len(self.metrics) == 1
        for metric in self.metrics:
            now, before = table[metric.name], table[f"{metric.name}{BEFORE}"]
            change = "change" if only else f"{metric.name}__change"
            relative = "change_ratio" if only else f"{metric.name}__change_ratio"
            table = table.mutate(**{change: now - before})
            if metric.unit not in _SHARES:
                ratio = (now - before).cast("float64") / before.cast("float64").abs().nullif(0)
                table = table.mutate(**{relative: ratio})
        return table

    def _having(self, table: ir.Table) -> ir.Table:
        compare: dict[Op, Callable[[ir.Value, float], ir.BooleanValue]] = {
            Op.GT: lambda v, n: v > n, Op.GE: lambda v, n: v >= n, Op.LT: lambda v, n: v < n,
            Op.LE: lambda v, n: v <= n, Op.EQ: lambda v, n: v == n, Op.NE: lambda v, n: v != n,
        }  # fmt: skip
        for name in self.query.group_by if self.query.having else ():
            table = table.filter(table[name].notnull())  # what belongs to nobody meets no condition
        for having in self.query.having:
            table = table.filter(compare[having.op](table[having.metric], having.value))
        return table

    def _enough(self, table: ir.Table) -> ir.Table:
        """Groups with too few responses do not take part in a ranking of opinions."""
        if self.query.having:
            return table
        for metric in self.metrics:
            for suffix in ("", BEFORE):
                sample = f"{metric.name}__n{suffix}"
                if metric.minimum_sample and sample in table.columns:
                    table = table.filter(table[sample] >= metric.minimum_sample)
        return table

    def _sound_changes(self, table: ir.Table) -> ir.Table:
        """Only changes in the asked direction; for "turned …" those that chance does not explain."""
        metric, query = self.metrics[0], self.query
        now, before = table[metric.name], table[f"{metric.name}{BEFORE}"]
        better_down = metric.better is Better.LOWER
        match query.direction:
            case Direction.TURNED_NEGATIVE:
                return table.filter(now < 0, before >= 0, table[CHANGE_Z] <= -SOUND_Z)
            case Direction.TURNED_POSITIVE:
                return table.filter(now > 0, before <= 0, table[CHANGE_Z] >= SOUND_Z)
            case Direction.ROSE:
                return table.filter(now > before)
            case Direction.FELL:
                return table.filter(now < before)
            case Direction.IMPROVED:
                return table.filter(now < before if better_down else now > before)
            case Direction.WORSENED:
                return table.filter(now > before if better_down else now < before)
            case _:
                return table.filter(now != before)

    def order(self, table: ir.Table) -> list[ir.Value]:
        """The rows' order: where they are ranked within something, that comes first."""
        if self.query.within is None:
            return self._ranked(table)
        keys = (self.query.within, key_column(self.query.within))
        within = [self._sortable(table, k) for k in keys if k in table.columns]
        return [*(ibis.asc(k, nulls_first=False) for k in within), *self._ranked(table)]

    def _ranked(self, table: ir.Table) -> list[ir.Value]:
        """The asked order, ties broken by the keys so that the same question gives the same rows."""
        by: list[ir.Value] = []
        for one in self.query.order_by:
            if one.field not in table.columns:
                continue
            field = one.field
            if self.query.derived is not None and field == self.query.metrics[0]:
                field = derived_column(self.query)
            column = self._sortable(table, field)
            if one.field == "change" and self.query.direction is Direction.ANY:
                column = column.abs()
            by.append(
                ibis.desc(column, nulls_first=False)
                if one.descending
                else ibis.asc(column, nulls_first=False)
            )
        ordered = {one.field for one in self.query.order_by}
        keys = [TIME] if self.query.grain is not None else []
        keys += [
            c
            for name in self.query.group_by
            for c in (name, key_column(name))
            if c in table.columns
        ]
        if self.query.within is not None:
            ordered |= {self.query.within, key_column(self.query.within)}
        keys = [key for key in keys if key not in ordered]
        by += [ibis.asc(self._sortable(table, key), nulls_first=False) for key in keys]
        return by

    def _sortable(self, table: ir.Table, name: str) -> ir.Value:
        """What a column is sorted by: where its values have an order of their own, their place in it."""
        dimension = self.catalog.dimensions_of_metric(self.metrics[0]).get(name)
        if dimension is None or not dimension.ordered_values:
            return table[name]
        places = [(value, place) for place, value in enumerate(dimension.ordered_values)]
        return table[name].cases(*places, else_=len(places))


def _z(table: ir.Table, metric: str) -> ir.Value:
    """Difference of two means over its standard error under "no change" (pooled variance).

    Pooling keeps the error above zero where every response of one period agrees.
    """
    n1, n0 = (table[f"{metric}__n{s}"].cast("float64") for s in ("", BEFORE))
    v1, v0 = (table[f"{metric}__var{s}"].fill_null(0) for s in ("", BEFORE))
    difference = table[metric] - table[f"{metric}{BEFORE}"]
    between = n1 * n0 / (n1 + n0) * difference * difference
    pooled = ((n1 - 1) * v1 + (n0 - 1) * v0 + between) / (n1 + n0 - 1).nullif(0)
    return difference / (pooled * (1 / n1.nullif(0) + 1 / n0.nullif(0))).sqrt().nullif(0)


EVIDENCE_COLUMNS: Sequence[tuple[str, str]] = (
    ("id", "string"),
    ("created_at", "timestamp"),
    ("product", "string"),
    ("sentiment", "string"),
    ("text", "string"),
)


def compile_evidence(
    query: Query,
    catalog: Catalog,
    tables: Tables,
    dialect: str = "duckdb",
    ids: Sequence[str] | None = None,
) -> Plan:
    """Rows of words: those that speak most clearly first, newest first among equals.

    ``ids``: of the rows that the query finds, only these.
    """
    model = catalog.models[query.metrics[0].split(".")[0]]
    fields = model.verbatims
    assert fields is not None
    named = [*(f.dimension for f in query.filters), "product"]
    read = [fields.id, fields.text, fields.title, fields.sentiment, "sentiment_score"]
    rows = relation(catalog, model, tables, named, [c for c in read if c is not None])
    rows = rows.narrowed(query.time_range, query.filters)
    if ids is not None:
        rows = rows.where(rows.table[fields.id].cast("string").isin(list(ids)))
    table = rows.table
    text = table[fields.text].fill_null("")
    if fields.title is not None and fields.title in table.columns:
        text = ibis.ifelse(text == "", table[fields.title].fill_null(""), text)
    has_product = "product" in catalog.dimensions_of(model)
    score = "sentiment_score" in table.columns
    words = text.length()
    columns: dict[str, ir.Value] = {
        "id": table[fields.id].cast("string"),
        "created_at": table[model.time],
        "product": rows.value("product") if has_product else ibis.null("string"),
        "sentiment": table[fields.sentiment]
        if fields.sentiment in table.columns
        else ibis.null("string"),
        "text": text,
        "matching": table.count().over(ibis.window()),
        "clarity": table["sentiment_score"].abs().round(1) if score else ibis.literal(0.0),
        "readable": ibis.ifelse((words >= 40) & (words <= 400), 1, 0),
    }
    quoted = table.select(**columns)
    quoted = quoted.filter(quoted["text"] != "")
    limit = query.limit or 5
    ordered = quoted.order_by(
        ibis.desc("readable"), ibis.desc("clarity"), ibis.desc("created_at"), ibis.asc("id")
    ).limit(limit, offset=query.skip)
    visible = tuple(Column(name, kind, "text", ColumnRole.INFO) for name, kind in EVIDENCE_COLUMNS)
    ordered = ordered.select(*[c.name for c in visible], "matching")
    return Plan(str(ibis.to_sql(ordered, dialect=dialect)), visible, ("matching",), limit)
