"""Reads the catalog from YAML: one file per semantic model, ``dimensions.yml`` and ``cross.yml``.

Everything wrong in any file is collected and reported at once, each with file and line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import ibis
import ibis.expr.types as ir

from analytics.catalog.contract import CONTRACT
from analytics.catalog.dimension_entry import read_dimension
from analytics.catalog.metric_entry import read_metric
from analytics.catalog.phrases import Claim, dimension_phrases, metric_phrases, normal, undecided
from analytics.catalog.section import Section
from analytics.catalog.types import (
    Anchor,
    Audience,
    Catalog,
    Dimension,
    DimensionTable,
    Metric,
    SemanticModel,
    Tag,
    TextFields,
)
from analytics.catalog.version import files_version, metric_version
from analytics.catalog.yaml_nodes import YamlProblem, read_nodes

DIMENSIONS = "dimensions.yml"
TIME = "time.yml"
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
        self.parts: list[Dimension] = []
        self.dimension_sources: dict[int, str] = {}

    def load(self) -> Catalog:
        paths = sorted(self.folder.glob("*.yml"))
        if not paths:
            raise CatalogError([f"{self.folder}: there is no catalog file (*.yml) here"])
        # Models name dimension tables, and ratios name metrics of models: read in that order.
        for path in sorted(paths, key=lambda p: (p.name != DIMENSIONS, p.name == CROSS, p.name)):
            self._read_file(path)
        self._add_parts_of_time()
        self._check_ratios()
        self._check_phrases()
        self._check_names()
        if self.problems:
            raise CatalogError(sorted(self.problems, key=_by_place))
        self._set_versions()
        return Catalog(self.models, self.tables, self.metrics, files_version(paths))

    def _read_file(self, path: Path) -> None:
        try:
            root = read_nodes(path)
        except YamlProblem as problem:
            self.problems.append(str(problem))
            return
        section = Section(root, path.stem, self.problems)
        if path.name == DIMENSIONS:
            self._read_dimension_tables(section)
        elif path.name == TIME:
            self._read_parts_of_time(section)
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
            audience = body.choice("audience", Audience, Audience.STAFF)
            anchors = self._anchors(body, table, columns, {d.name for d in dimensions})
            body.done()
            self.tables[table] = DimensionTable(table, key, dimensions, audience, anchors)

    def _anchors(
        self, section: Section, table: str, columns: Columns, dimensions: set[str]
    ) -> tuple[Anchor, ...]:
        found = []
        for name, body in section.sections("anchors", "anchor"):
            anchor = Anchor(
                name,
                body.text("of"),
                body.text("start"),
                body.optional_text("end"),
                body.texts("phrases"),
            )
            body.done()
            if anchor.of not in dimensions:
                body.problem(f'table "{table}" has no dimension "{anchor.of}"', "of")
            for key, column in (("start", anchor.start), ("end", anchor.end)):
                if columns and column and columns.get(column) not in ("timestamp", "date"):
                    body.problem(f'"{column}" is not a time column of "{table}"', key)
            found.append(anchor)
        return tuple(found)

    def _read_parts_of_time(self, section: Section) -> None:
        for name, body in section.rest("part of time"):
            dimension = read_dimension(name, body, "", {}, part=True)
            self.dimension_sources[id(dimension)] = f'{body.source}: part of time "{name}"'
            self.parts.append(dimension)

    def _add_parts_of_time(self) -> None:
        """Every fact can be seen by the parts of its own time."""
        for name, model in self.models.items():
            own = []
            for part in self.parts:
                there = replace(part, table=model.table, column=model.time)
                self.dimension_sources[id(there)] = self.dimension_sources[id(part)]
                own.append(there)
            self.models[name] = replace(model, dimensions=(*model.dimensions, *own))

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
        own = (*self._borrowed(section, table), *own, *self._tags(section, table, columns))
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
            audience=section.choice("audience", Audience, Audience.STAFF),
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

    def _borrowed(self, section: Section, table: str) -> tuple[Dimension, ...]:
        """Dimensions of another semantic model of the same table, which dates its rows otherwise."""
        name = section.optional_text("dimensions_from")
        if name is None:
            return ()
        model = self.models.get(name)
        if model is None or model.table != table:
            section.problem(
                f'"{name}" is no semantic model of table "{table}" in a file that comes before',
                "dimensions_from",
            )
            return ()
        return model.dimensions

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
            dimension = read_dimension(name, body, table, columns)
            self.dimension_sources[id(dimension)] = f'{body.source}: dimension "{name}"'
            found.append(dimension)
        return tuple(found)

    def _tags(self, section: Section, table: str, columns: Columns) -> tuple[Dimension, ...]:
        """Dimensions of which a row may have several values, kept in a table of their own."""
        found = []
        for name, body in section.sections("tags", "tag"):
            tag = Tag(body.text("link"), body.text("of"), body.text_map("only"))
            home = body.text("table")
            there = self._columns(home, body)
            for column in (tag.link, *tag.only):
                if there and column and column not in there:
                    body.problem(f'table "{home}" has no column "{column}"')
            if columns and tag.of and tag.of not in columns:
                body.problem(f'table "{table}" has no column "{tag.of}"', "of")
            source = f'{body.source}: tag "{name}"'
            dimension = replace(read_dimension(name, body, home, there), tag=tag)
            self.dimension_sources[id(dimension)] = source
            found.append(dimension)
        return tuple(found)

    def _metric(
        self, name: str, body: Section, model: str, owner: str, fact: ir.Table | None
    ) -> Metric:
        metric = read_metric(name, body, model, owner, fact)
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
        # A ratio's version follows from its parts', so they come first.
        versions: dict[str, str] = {}
        for metric in sorted(self.metrics.values(), key=lambda m: m.ratio_of is not None):
            parts = tuple(versions[part] for part in metric.ratio_of or ())
            versions[metric.name] = metric_version(metric, self.models, parts)
        self.metrics = {
            name: replace(metric, version=versions[name]) for name, metric in self.metrics.items()
        }
        self.models = {
            name: replace(model, metrics=tuple(self.metrics[m.name] for m in model.metrics))
            for name, model in self.models.items()
        }


def _by_place(problem: str) -> tuple[str, int]:
    file, line, *_ = problem.split(":", 2)
    return file, int(line) if line.isdigit() else 0
