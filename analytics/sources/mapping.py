"""A source mapping: how the files of one source become tables of the warehouse contract."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class InputColumn:
    """A column of an input. `kind` is text, number, integer, boolean, timestamp or date.

    `formats` are strptime formats of a timestamp or date, or `epoch_seconds` or
    `epoch_milliseconds`; none means ISO 8601. A `required` column may not be empty in any row.
    """

    name: str
    kind: str = "text"
    formats: tuple[str, ...] = ()
    required: bool = False
    optional: bool = False


@dataclass(frozen=True)
class RejectRule:
    """Rows for which `when` holds are quarantined with this reason, blamed on `column`."""

    when: str
    column: str
    reason: str


@dataclass(frozen=True)
class Input:
    """One file (or database table) of a source. No `columns` means: take all, as text.

    `distinct` names the columns that together tell rows apart; a repeated row is quarantined.
    """

    name: str
    files: tuple[str, ...]
    format: str = "auto"
    encoding: str = "utf-8"
    delimiter: str = ","
    table: str = ""
    optional: bool = False
    columns: tuple[InputColumn, ...] | None = None
    reject: tuple[RejectRule, ...] = ()
    distinct: tuple[str, ...] = ()


@dataclass(frozen=True)
class Join:
    """A left join to another input or step on equal columns; its key must be unique there."""

    to: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """A relation made of inputs: a warehouse table, or a step that other shapes build on.

    `columns` maps name to expression; None takes every column by name. `position` names a column
    that numbers the rows within the given columns, in file order, from 1. `time` names the column
    that dates the rows of a table beyond the contract, which makes it a fact.
    """

    name: str
    source: str
    columns: Mapping[str, str] | None
    joins: tuple[Join, ...] = ()
    group_by: tuple[str, ...] = ()
    position: Mapping[str, tuple[str, ...]] | None = None
    time: str | None = None


@dataclass(frozen=True)
class SourceMapping:
    """Everything about one source, as read from one YAML file.

    ``currency``: ISO 4217 code of its amounts of money, "" where it does not say.
    """

    name: str
    label: str
    about: str
    path: Path
    inputs: tuple[Input, ...]
    steps: tuple[Shape, ...]
    tables: tuple[Shape, ...]
    currency: str = ""

    def input(self, name: str) -> Input:
        """The input of that name; raises KeyError."""
        return {item.name: item for item in self.inputs}[name]
