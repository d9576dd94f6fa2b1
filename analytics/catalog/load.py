"""Reads the catalog from YAML: one file per semantic model, ``dimensions.yml`` and ``cross.yml``.

Everything wrong in any file is collected and reported at once, each with file and line.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import ibis
import ibis.expr.types as ir

from analytics.catalog.contract import CONTRACT
from analytics.catalog.expression import ExpressionError, Shape, check, to_ibis
from analytics.catalog.phrases import Claim, dimension_phrases, metric_phrases, normal, undecided
from analytics.catalog.section import Section
from analytics.catalog.types import (
    Better,
    Catalog,
    Dimension,
    DimensionKind,
    DimensionTable,
    Metric,
    SemanticModel,
    TextFields,
    Unit,
)
from analytics.catalog.yaml_nodes import YamlProblem, read_nodes

DIMENSIONS = "dimensions.yml"
CROSS = "cross.yml"

Columns = Mapping[str, str]


class CatalogError(Exception):
    """A catalog that cannot be used; ``problems`` has one line for each thing to mend."""

    user_facing = True

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


def load_catalog(folder: Path) -> Catalog:
    """Read every ``*.yml`` of a folder. Raises CatalogError with all that is wrong."""
    return _Loader(folder).load()


class _Loader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self.tables: dict[str, DimensionTable] = {}
        self.models: dict[str, SemanticModel] = {}
        self.metrics: dict[str, Metric] = {}
        self.dimension_sources: dict[int, str] = {}

    def load(self) -> Catalog:
        paths = sorted(self.folder.glob("*.yml"))
        if not paths:
            raise CatalogError([f"{self.folder}: there is no catalog file (*.yml) here"])
        # Models name dimension tables, and ratios name metrics of models: read in that order.
        for path in sorted(paths, key=lambda p: (p.name != DIMENSIONS, p.name == CROSS, p.name)):
            self._read_file(path)
        self._check_ratios()
        self._check_phrases()
        self._check_names()
        if self.problems:
            raise CatalogError(sorted(self.problems, key=_by_place))
        self._set_versions()
        return Catalog(self.models, self.tables, self.metrics, _hash_files(paths))

    def _read_file(self, path: Path) -> None:
        try:
            root = read_nodes(path)
        except YamlProblem as problem:
            self.problems.append(str(problem))
            return
        section = Section(root, path.stem, self.problems)
        if path.name == DIMENSIONS:
            self._read_dimension_tables(section)
        elif path.name == CROSS:
            self._read_cross(section)
        else:
            self._read_model(path.stem, section)
        section.done()

    def _read_dimension_tables(self, section: Section) -> None:
        for table, body in section.rest("dimension table"):
            columns = self._columns(table, body)
            key = body.text("key")
            if columns and key and key not in columns:
                body.problem(f'table "{table}" has no column "{key}"', "key")
            dimensions = self._dimensions(body, table, columns)
            body.done()
            self.tables[table] = DimensionTable(table, key, dimensions)

    def _read_model(self, name: str, section: Section) -> None:
        table = section.text("table", name)
        columns = self._columns(table, section)
        time = section.text("time")
        if columns and time and columns.get(time) not in ("timestamp", "date"):
            section.problem(f'"{time}" is not a time column of "{table}"', "time")
        joins = self._joins(section, table, columns)
        own = self._dimensions(section, table, columns)
        if table in self.tables:
            # The fact is a dimension table itself: its dimensions need no join.
            own = (*self.tables[table].dimensions, *own)
        owner = section.text("owner", "")
        model = SemanticModel(
            name=name,
            label=section.text("label"),
            table=table,
            time=time,
            joins=joins,
            dimensions=own,
            metrics=(),
            row_words=section.texts("row_words"),
            verbatims=self._verbatims(section, columns),
            description=section.text("description", ""),
        )
        fact = ibis.table(dict(columns), name=table) if columns else None
        found = [
            self._metric(key, body, name, owner, fact)
            for key, body in section.sections("metrics", "metric")
        ]
        self.models[name] = replace(model, metrics=tuple(found))

    def _read_cross(self, section: Section) -> None:
        owner = section.text("owner", "")
        for name, body in section.sections("metrics", "metric"):
            if "ratio_of" not in body:
                body.problem('"ratio_of" is missing: cross.yml holds ratios of two metrics')
            self._metric(name, body, "", owner, None)

    def _columns(self, table: str, section: Section) -> Columns:
        columns = dict(CONTRACT.get(table, {})) | section.text_map("columns")
        if not columns:
            section.problem(
                f'table "{table}" is not in the warehouse contract; give its "columns" with types'
            )
        for name, kind in list(columns.items()):
            try:
                ibis.dtype(kind)
            except Exception:  # Ibis raises what its type parser raises
                section.problem(f'column "{name}" has an unknown type {kind!r}', "columns")
                del columns[name]
        return columns

    def _joins(self, section: Section, table: str, columns: Columns) -> tuple[str, ...]:
        joins = []
        for name in section.texts("joins"):
            joined = self.tables.get(name)
            if joined is None:
                known = ", ".join(self.tables)
                section.problem(f'joins unknown table "{name}" (there are: {known})', "joins")
            elif columns and joined.key not in columns:
                section.problem(f'"{table}" has no "{joined.key}" to join "{name}" by', "joins")
            elif name == table:
                section.problem(f'"{table}" cannot be joined to itself', "joins")
            else:
                joins.append(name)
        return tuple(joins)

    def _verbatims(self, section: Section, columns: Columns) -> TextFields | None:
        fields = section.text_map("verbatims")
        if not fields:
            return None
        for field, column in fields.items():
            if field not in TextFields.__slots__:
                section.problem(f'verbatims: unknown key "{field}"', "verbatims")
            elif columns and column not in columns:
                section.problem(f'verbatims: unknown column "{column}"', "verbatims")
        if missing := {"id", "text"} - fields.keys():
            section.problem(f'verbatims: "{min(missing)}" is missing', "verbatims")
        known = {key: fields.get(key) for key in ("title", "sentiment")}
        return TextFields(fields.get("id", ""), fields.get("text", ""), **known)

    def _dimensions(self, section: Section, table: str, columns: Columns) -> tuple[Dimension, ...]:
        found = []
        for name, body in section.sections("dimensions", "dimension"):
            dimension = _dimension(name, body, table, columns)
            self.dimension_sources[id(dimension)] = f'{body.source}: dimension "{name}"'
            found.append(dimension)
        return tuple(found)

    def _metric(
        self, name: str, body: Section, model: str, owner: str, fact: ir.Table | None
    ) -> Metric:
        metric = _metric(name, body, model, owner)
        if fact is not None:
            _check_expressions(metric, body, fact)
        if name in self.metrics:
            body.problem(f"the name is taken by {self.metrics[name].source}")
        self.metrics[name] = metric
        return metric

    def _check_ratios(self) -> None:
        for metric in list(self.metrics.values()):
            parts = [self.metrics.get(part) for part in metric.ratio_of or ()]
            for name, part in zip(metric.ratio_of or (), parts, strict=True):
                if part is None:
                    self._metric_problem(metric, f'ratio_of names unknown metric "{name}"')
                elif part.ratio_of:
                    self._metric_problem(metric, f'ratio_of "{name}", which is a ratio itself')
            if not metric.model and parts and parts[0] is not None:
                self.metrics[metric.name] = replace(metric, model=parts[0].model)

    def _check_phrases(self) -> None:
        claims = [Claim(m.name, m.default_rank, metric_phrases(m)) for m in self.metrics.values()]
        for phrase, earlier, later in undecided(claims):
            metric = self.metrics[later.name]
            other = self.metrics[earlier.name].source
            self._metric_problem(
                metric,
                f'"{phrase}" is also a phrase of metric "{earlier.name}" ({other});'
                " give one of them a higher default_rank",
            )
        dimensions = list(self._all_dimensions())
        by_name = {d.name: d for d in dimensions}
        for phrase, before, after in undecided(
            Claim(d.name, d.specificity, dimension_phrases(d)) for d in dimensions
        ):
            self.problems.append(
                f'{self.dimension_sources[id(by_name[after.name])]}: "{phrase}" is also a phrase'
                f' of dimension "{before.name}"; give one of them a higher specificity'
            )

    def _check_names(self) -> None:
        seen: dict[str, str] = {}
        for table in self.tables.values():
            for dimension in table.dimensions:
                source = self.dimension_sources[id(dimension)]
                if dimension.name in seen:
                    self.problems.append(f"{source}: the name is taken in {seen[dimension.name]}")
                seen.setdefault(dimension.name, f'dimension table "{table.table}"')
        words: dict[str, str] = {}
        for model in self.models.values():
            for word in model.row_words:
                if (other := words.setdefault(normal(word), model.name)) != model.name:
                    self.problems.append(
                        f'{model.name}.yml:1: row word "{word}" is also one of "{other}"'
                    )

    def _all_dimensions(self) -> list[Dimension]:
        """Every dimension once: those of tables first, then those of facts."""
        found = [d for table in self.tables.values() for d in table.dimensions]
        found += [d for model in self.models.values() for d in model.dimensions]
        return list({id(d): d for d in found}.values())

    def _metric_problem(self, metric: Metric, message: str) -> None:
        self.problems.append(f'{metric.source}: metric "{metric.name}": {message}')

    def _set_versions(self) -> None:
        plain = {
            name: replace(metric, version=_version(metric, self.models, ()))
            for name, metric in self.metrics.items()
        }
        self.metrics = {
            name: replace(
                metric,
                version=_version(
                    metric,
                    self.models,
                    tuple(plain[part].version for part in metric.ratio_of),
                ),
            )
            if metric.ratio_of
            else metric
            for name, metric in plain.items()
        }
        self.models = {
            name: replace(model, metrics=tuple(self.metrics[m.name] for m in model.metrics))
            for name, model in self.models.items()
        }


def _dimension(name: str, body: Section, table: str, columns: Columns) -> Dimension:
    label = body.text("label")
    dimension = Dimension(
        name=name,
        label=label,
        plural=body.text("plural", f"{label}s"),
        table=table,
        column=body.text("column", name),
        key=body.optional_text("key"),
        kind=body.choice("kind", DimensionKind, DimensionKind.CATEGORICAL),
        synonyms=body.texts("synonyms"),
        value_synonyms=body.texts_map("value_synonyms"),
        unit_words=body.texts("unit_words"),
        ordered_values=body.texts("ordered_values"),
        specificity=body.number("specificity"),
        person=body.flag("person"),
        description=body.text("description", ""),
    )
    body.done()
    for field, column in (("column", dimension.column), ("key", dimension.key)):
        if columns and column and column not in columns:
            body.problem(f'table "{table}" has no column "{column}"', field)
    _check_value_words(dimension, body)
    return dimension


def _check_value_words(dimension: Dimension, body: Section) -> None:
    owners: dict[str, str] = {}
    for value, words in dimension.value_synonyms.items():
        for word in words:
            if (other := owners.setdefault(normal(word), value)) != value:
                body.problem(f'"{word}" stands for both "{other}" and "{value}"', "value_synonyms")


def _metric(name: str, body: Section, model: str, owner: str) -> Metric:
    average_of = body.optional_text("average_of")
    ratio = body.texts("ratio_of")
    if "ratio_of" in body and len(ratio) != 2:
        body.problem('"ratio_of" must name two metrics', "ratio_of")
    metric = Metric(
        name=name,
        label=body.text("label"),
        description=body.text("description"),
        model=model,
        unit=body.choice("unit", Unit),
        synonyms=body.texts("synonyms"),
        verbs=body.texts("verbs"),
        expression=body.optional_text("expression"),
        average_of=average_of,
        ratio_of=(ratio[0], ratio[1]) if len(ratio) == 2 else None,
        per=body.optional_text("per"),
        inner=body.text_map("inner") or None,
        where=body.optional_text("where"),
        # A mean rests on the rows that have a value, not on all rows.
        sample=body.text("sample", f"count({average_of})" if average_of else "count(*)"),
        minimum_sample=body.number("minimum_sample"),
        better=body.choice("better", Better, Better.HIGHER),
        additive=body.flag("additive"),
        default_rank=body.number("default_rank"),
        owner=body.text("owner", owner),
        examples=body.texts("examples"),
        source=body.source,
    )
    body.done()
    _check_form(metric, body)
    return metric


def _check_form(metric: Metric, body: Section) -> None:
    forms = [key for key in ("expression", "average_of", "ratio_of") if key in body]
    if len(forms) != 1:
        given = " and ".join(f'"{form}"' for form in forms) or "none of them"
        body.problem(f'needs one of "expression", "average_of", "ratio_of"; it has {given}')
    if (metric.per is None) != (metric.inner is None):
        body.problem('"per" and "inner" go together')
    if not metric.additive:
        return
    if metric.expression is None or metric.per is not None:
        body.problem("a mean or a ratio does not add up: it cannot be additive", "additive")
    elif "distinct" in metric.expression.casefold():
        body.problem("distinct counts do not add up: it cannot be additive", "additive")


def _check_expressions(metric: Metric, body: Section, fact: ir.Table) -> None:
    _try(body, "where", metric.where, fact, Shape.CONDITION)
    rows = fact
    if metric.per is not None and metric.inner is not None:
        inner = _inner(metric.per, metric.inner, body, fact)
        if inner is None:
            return
        rows = inner
    _try(body, "expression", metric.expression, rows, Shape.AGGREGATE)
    _try(body, "average_of", metric.average_of, rows, Shape.ROW_VALUE)
    if "sample" in body or metric.average_of is None:
        _try(body, "sample", metric.sample, rows, Shape.AGGREGATE)


def _inner(per: str, inner: Mapping[str, str], body: Section, fact: ir.Table) -> ir.Table | None:
    """The table of one row per ``per`` that the outer expression runs over; None if unsound."""
    if per not in fact.columns:
        body.problem(f'per: unknown column "{per}"', "per")
        return None
    passed = [_try(body, "inner", sql, fact, Shape.AGGREGATE) for sql in inner.values()]
    if not all(passed):
        return None
    types = {name: to_ibis(sql, fact).type() for name, sql in inner.items()}
    return ibis.table({per: fact[per].type(), **types}, name=f"per_{per}")


def _try(body: Section, key: str, sql: str | None, table: ir.Table, shape: Shape) -> bool:
    if sql is None:
        return True
    try:
        check(sql, table, shape)
    except ExpressionError as error:
        body.problem(f"{key}: {error}", key)
        return False
    return True


def _version(metric: Metric, models: Mapping[str, SemanticModel], parts: tuple[str, ...]) -> str:
    """Short hash of all that decides the figure; words about it leave it alone."""
    model = models[metric.model]
    definition = [
        model.table,
        model.time,
        metric.unit.value,
        metric.expression,
        metric.average_of,
        metric.ratio_of,
        metric.per,
        dict(metric.inner or {}),
        metric.where,
        metric.sample,
        metric.minimum_sample,
        parts,
    ]
    return hashlib.sha256(json.dumps(definition).encode()).hexdigest()[:8]


def _hash_files(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _by_place(problem: str) -> tuple[str, int]:
    file, line, *_ = problem.split(":", 2)
    return file, int(line) if line.isdigit() else 0
