"""Reading source mappings from YAML; every mistake is an error that names file and place."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import yaml
from babel.numbers import is_currency

from analytics.sources.errors import SourceError
from analytics.sources.expressions import ExpressionRefused, check_expression
from analytics.sources.mapping import (
    Input,
    InputColumn,
    Join,
    RejectRule,
    Shape,
    SourceMapping,
)

SHIPPED = Path(__file__).parents[2] / "knowledge" / "sources"
KINDS = ("text", "number", "integer", "boolean", "timestamp", "date")
FORMATS = ("auto", "csv", "json", "parquet", "table")
FILE_ROW = "file_row"


def shipped_mappings(folder: Path = SHIPPED) -> dict[str, SourceMapping]:
    """Every mapping of a folder by name, sorted."""
    mappings = [load_mapping(path) for path in sorted(folder.glob("*.yml"))]
    return {mapping.name: mapping for mapping in mappings}


def find_mapping(name: str, folder: Path = SHIPPED) -> SourceMapping:
    """A shipped mapping by name, or any mapping by the path of its YAML file."""
    if name.endswith((".yml", ".yaml")):
        return load_mapping(Path(name))
    path = folder / f"{name}.yml"
    if "/" in name or not path.is_file():
        known = ", ".join(sorted(item.stem for item in folder.glob("*.yml")))
        raise SourceError(
            f"There is no source named {name!r}. Known: {known}. "
            "A mapping of your own is given by the path of its .yml file."
        )
    return load_mapping(path)


def load_mapping(path: Path) -> SourceMapping:
    """Read and check one mapping file; raises SourceError naming the file and the place."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SourceError(f"There is no mapping file {path}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SourceError(f"{path}: is not readable YAML: {error}") from error
    return _Reader(path).mapping(content)


_TOP = {"name", "label", "about", "currency", "inputs", "steps", "tables"}


class _Reader:
    """Turns parsed YAML into a mapping, keeping track of where it is for error messages."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sql = duckdb.connect()

    def mapping(self, content: Any) -> SourceMapping:
        top = self._object(content, "", _TOP)
        inputs = tuple(
            self._input(name, item, f"inputs.{name}")
            for name, item in self._object(top.get("inputs"), "inputs").items()
        )
        known = {item.name for item in inputs}
        steps = tuple(self._shapes(top.get("steps") or {}, "steps", known))
        known |= {step.name for step in steps}
        tables = tuple(self._shapes(top.get("tables"), "tables", known))
        name = str(top.get("name", self._path.stem))
        about = str(top.get("about", "")).strip()
        label = str(top.get("label", name))
        currency = str(top.get("currency", ""))
        if currency and not is_currency(currency):
            self._fail("currency", f"{currency!r} is no ISO 4217 code (such as EUR)")
        return SourceMapping(name, label, about, self._path, inputs, steps, tables, currency)

    def _input(self, name: str, item: Any, at: str) -> Input:
        fields = {
            "files",
            "format",
            "encoding",
            "delimiter",
            "table",
            "optional",
            "columns",
            "reject",
            "distinct",
        }
        entry = self._object(item, at, fields)
        columns = None
        if "columns" in entry:
            found = self._object(entry["columns"], f"{at}.columns")
            columns = tuple(self._column(key, value, at) for key, value in found.items())
        if entry.get("format", "auto") not in FORMATS:
            self._fail(f"{at}.format", f"is not one of {', '.join(FORMATS)}")
        names = None if columns is None else {column.name for column in columns} | {FILE_ROW}
        distinct = self._names(entry.get("distinct"), f"{at}.distinct")
        if names is not None and set(distinct) - names:
            self._fail(f"{at}.distinct", "names a column that the input does not list")
        return Input(
            name=name,
            files=self._names(entry.get("files"), f"{at}.files"),
            format=str(entry.get("format", "auto")),
            encoding=str(entry.get("encoding", "utf-8")),
            delimiter=str(entry.get("delimiter", ",")),
            table=str(entry.get("table", "")),
            optional=bool(entry.get("optional", False)),
            columns=columns,
            reject=tuple(
                self._reject(rule, f"{at}.reject", names) for rule in entry.get("reject") or ()
            ),
            distinct=distinct,
        )

    def _column(self, name: str, item: Any, at: str) -> InputColumn:
        at = f"{at}.columns.{name}"
        entry = {"type": item} if isinstance(item, str) else item
        entry = self._object(entry, at, {"type", "format", "required", "optional"})
        kind = str(entry.get("type", "text"))
        if kind not in KINDS:
            self._fail(at, f"type {kind!r} is not one of {', '.join(KINDS)}")
        if name == FILE_ROW:
            self._fail(at, f"{FILE_ROW} is the name of the row number and cannot be a column")
        return InputColumn(
            name=name,
            kind=kind,
            formats=self._names(entry.get("format"), f"{at}.format"),
            required=bool(entry.get("required", False)),
            optional=bool(entry.get("optional", False)),
        )

    def _reject(self, item: Any, at: str, names: set[str] | None) -> RejectRule:
        entry = self._object(item, at, {"when", "column", "reason"})
        rule = RejectRule(*(str(entry.get(key, "")) for key in ("when", "column", "reason")))
        if not (rule.when and rule.column and rule.reason):
            self._fail(at, "needs when, column and reason")
        self._expression(rule.when, f"{at}.when", names, aggregates=False)
        return rule

    def _shapes(self, item: Any, at: str, known: set[str]) -> Iterable[Shape]:
        for name, content in self._object(item, at).items():
            shape = self._shape(name, content, f"{at}.{name}", known)
            known = known | ({name} if at == "steps" else set())
            yield shape

    def _shape(self, name: str, item: Any, at: str, known: set[str]) -> Shape:
        fields = {"from", "joins", "group_by", "columns", "position", "time"}
        entry = self._object(item, at, fields)
        source = str(entry.get("from", ""))
        joins = tuple(self._join(join, f"{at}.joins", known) for join in entry.get("joins") or ())
        if source not in known:
            self._fail(f"{at}.from", f"{source!r} is no input or earlier step")
        group_by = self._names(entry.get("group_by"), f"{at}.group_by")
        return Shape(
            name=name,
            source=source,
            columns=self._expressions(entry.get("columns"), f"{at}.columns", bool(group_by)),
            joins=joins,
            group_by=group_by,
            position=self._position(entry.get("position"), f"{at}.position"),
            time=str(entry["time"]) if entry.get("time") else None,
        )

    def _join(self, item: Any, at: str, known: set[str]) -> Join:
        entry = self._object(item, at, {"to", "by"})
        join = Join(str(entry.get("to", "")), self._names(entry.get("by"), f"{at}.by"))
        if join.to not in known or not join.by:
            self._fail(at, f"{join.to!r} is no input or earlier step, or `by` is empty")
        return join

    def _expressions(self, item: Any, at: str, grouped: bool) -> Mapping[str, str] | None:
        if item is None:
            return None
        found = {name: str(sql) for name, sql in self._object(item, at).items()}
        for name, sql in found.items():
            self._expression(sql, f"{at}.{name}", None, aggregates=grouped)
        return found

    def _position(self, item: Any, at: str) -> Mapping[str, tuple[str, ...]] | None:
        if item is None:
            return None
        return {name: self._names(value, at) for name, value in self._object(item, at).items()}

    def _expression(self, sql: str, at: str, names: set[str] | None, aggregates: bool) -> None:
        try:
            expression = check_expression(self._sql, sql)
        except ExpressionRefused as error:
            self._fail(at, str(error))
        if expression.aggregates and not aggregates:
            self._fail(at, "aggregates rows, which needs group_by")
        if names is not None and expression.columns - names:
            missing = ", ".join(sorted(expression.columns - names))
            self._fail(at, f"names columns that the input does not list: {missing}")

    def _object(self, item: Any, at: str, fields: set[str] | None = None) -> dict[str, Any]:
        if not isinstance(item, dict):
            self._fail(at, "must be an object of names and values")
        unknown = [str(key) for key in item if fields is not None and key not in fields]
        if unknown:
            self._fail(
                at, f"unknown entry {unknown[0]!r}; known: {', '.join(sorted(fields or ()))}"
            )
        return {str(key): value for key, value in item.items()}

    def _names(self, item: Any, at: str) -> tuple[str, ...]:
        if item is None:
            return ()
        if isinstance(item, str):
            return (item,)
        if not isinstance(item, list):
            self._fail(at, "must be a name or a list of names")
        return tuple(str(name) for name in item)

    def _fail(self, at: str, problem: str) -> NoReturn:
        raise SourceError(f"{self._path}: {at or 'top level'}: {problem}.")
