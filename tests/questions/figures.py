"""Compare an answer's table with gold rows: columns by role, rows by key, figures by tolerance.

Each ``match_*`` function returns why the two differ, and an empty string where they agree. Extra
context columns (number of responses, previous value, change) are welcome; the first metric column
must be the one asked for, and where several were asked for, each must be there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import permutations
from typing import Any, Final, TypeAlias

from tests.questions.gold import Gold
from tests.questions.questions import Question

Key: TypeAlias = tuple[str, ...]

KEY_ROLES: Final = frozenset({"dimension", "time"})


@dataclass(frozen=True)
class Table:
    """An answer's rows, split by the columns' roles into keys and figures; in its order."""

    keys: tuple[tuple[str, ...], ...]
    figures: tuple[tuple[Any, ...], ...]
    truncated: bool
    withheld: bool = False

    @staticmethod
    def of(answer: dict[str, Any]) -> Table:
        """Split the rows of an answer of the API."""
        columns = answer["columns"]
        key_places = [i for i, column in enumerate(columns) if column.get("role") in KEY_ROLES]
        figure_places = [i for i in range(len(columns)) if i not in key_places]
        figure_places.sort(key=lambda i: columns[i].get("role") != "metric")
        return Table(
            keys=tuple(tuple(canonical(row[i]) for i in key_places) for row in answer["rows"]),
            figures=tuple(tuple(row[i] for i in figure_places) for row in answer["rows"]),
            truncated=bool((answer.get("provenance") or {}).get("truncated")),
            withheld=any("few" in str(issue["code"]) for issue in answer.get("issues") or ()),
        )


def canonical(value: Any) -> str:
    """One spelling per key: dates as ISO days, whole numbers bare, text without case."""
    if isinstance(value, datetime):
        value = value.date() if value.time() == datetime.min.time() else value
    if isinstance(value, date):
        return value.isoformat()
    text = " ".join(str(value).split()).casefold()
    return _day(text) or _whole(text) or text


def _day(text: str) -> str:
    try:
        return (
            datetime.fromisoformat(text.removesuffix("z")).date().isoformat() if "-" in text else ""
        )
    except ValueError:
        return ""


def _whole(text: str) -> str:
    try:
        number = float(text)
    except ValueError:
        return ""
    return str(int(number)) if number.is_integer() else str(number)


def close(got: Any, wanted: Any, tolerance: float) -> bool:
    """True where two figures agree; nothing and zero are told apart."""
    if wanted is None or got is None:
        return wanted is None and got is None
    try:
        return abs(float(got) - float(wanted)) <= tolerance * max(1.0, abs(float(wanted)))
    except (TypeError, ValueError):
        return False


def match_value(table: Table, gold: Gold, tolerance: float) -> str:
    """One row with the figure (or the figures) of the gold row."""
    if len(table.figures) != 1:
        return f"{len(table.figures)} rows where one figure was asked for"
    got, wanted = table.figures[0], gold[0]
    return "" if _figures_agree(got, wanted, tolerance) else f"got {got[:3]}, expected {wanted}"


def match_pair(table: Table, gold: Gold, tolerance: float) -> str:
    """The figures of one row or of several hold every figure of the gold row.

    The very first is the gold's first or last: now first, or in the order of time.
    """
    got = [figure for row in table.figures for figure in row]
    wanted = gold[0]
    missing = [value for value in wanted if not any(close(each, value, tolerance) for each in got)]
    if missing:
        return f"missing {missing} among {got[:8]}"
    ends = (wanted[0], wanted[-1])
    return (
        ""
        if any(close(got[0], end, tolerance) for end in ends)
        else f"first figure {got[0]}, expected {wanted[0]}"
    )


def match_together(tables: Sequence[Table], gold: Gold, tolerance: float) -> str:
    """Tables of one row each hold every figure of the gold row between them."""
    if any(len(table.figures) != 1 for table in tables):
        return "several rows where one figure each was asked for"
    got = [figure for table in tables for figure in table.figures[0]]
    missing = [value for value in gold[0] if not any(close(each, value, tolerance) for each in got)]
    return f"missing {missing} among {got[:8]}" if missing else ""


def match_ranking(table: Table, gold: Gold, question: Question) -> str:
    """Keys and figures in the gold's order; with ``prefix`` the answer may be shorter.

    Things with the same figure may stand in any order, and at the end any of them may be left out.
    """
    wanted = [(canonical(row[0]), row[1:]) for row in gold]
    count = min(len(table.keys), len(wanted)) if question.prefix else len(wanted)
    if len(table.keys) != count and not question.prefix:
        return f"{len(table.keys)} rows, expected {count}"
    for place in range(count):
        key, figures = wanted[place]
        agrees = _figures_agree(table.figures[place], figures, question.tolerance)
        tied = agrees and _may_stand_at(place, table.keys[place], wanted, question.tolerance)
        if key not in table.keys[place] and not tied:
            return f"place {place + 1} is {table.keys[place]}, expected {key}"
        if not question.keys_only and not agrees:
            return f"{key}: got {table.figures[place]}, expected {figures}"
    return ""


def _may_stand_at(
    place: int, keys: Key, wanted: list[tuple[str, tuple[Any, ...]]], tolerance: float
) -> bool:
    """Whether a thing with the same figure as the one wanted here is one of equals."""
    figures = wanted[place][1]
    equals = [key for key, other in wanted if _figures_agree(other, figures, tolerance)]
    return bool(figures) and (
        bool(set(equals) & set(keys))
        or (bool(keys) and _figures_agree(wanted[-1][1], figures, tolerance))
    )


def match_subset(table: Table, gold: Gold, includes: tuple[str, ...]) -> str:
    """Every key of the answer is one of the gold's, and those in ``includes`` are there."""
    found = {part for key in table.keys for part in key}
    missing = [name for name in includes if canonical(name) not in found]
    if missing:
        return f"not named: {missing}"
    allowed = {canonical(row[0]) for row in gold}
    strangers = [key for key in table.keys if not allowed.intersection(key)]
    return f"not in the list: {strangers[:5]}" if strangers else ""


def match_rows(table: Table, gold: Gold, question: Question) -> str:
    """The same keys with the same figures, in any order; for a trend in the order of time.

    Groups and periods without data may be left out or be empty in the answer, and so may figures
    that it says rest on too few responses.
    """
    wanted = {
        tuple(canonical(value) for value in row[: question.keys]): row[question.keys :]
        for row in gold
    }
    whys = [_keyed_mismatch(keyed, wanted, table, question) for keyed in _keyed(table, question)]
    why = min(whys, key=len, default="no key columns")
    if not why and question.compare == "trend" and question.keys == 1:
        days = [key for row in table.keys for key in row[:1]]
        return "" if days == sorted(days) else "not in the order of time"
    return why


def _keyed(table: Table, question: Question) -> list[dict[Key, tuple[Any, ...]]]:
    """The rows by key, once for each order that the key columns can be read in."""
    width = len(table.keys[0]) if table.keys else 0
    orders = permutations(range(width), min(question.keys, width))
    return [
        {
            tuple(key[i] for i in order): figures
            for key, figures in zip(table.keys, table.figures, strict=True)
        }
        for order in orders
    ]


def _keyed_mismatch(
    got: dict[Key, tuple[Any, ...]],
    wanted: dict[Key, tuple[Any, ...]],
    table: Table,
    question: Question,
) -> str:
    if len(got) != len(table.keys):
        return f"{len(table.keys)} rows share {len(got)} keys"
    missing = [key for key, figures in wanted.items() if key not in got and any(figures)]
    if missing and not (table.truncated and got):
        return f"{len(missing)} keys missing, such as {missing[:3]}; got {list(got)[:3]}"
    strangers = [key for key, figures in got.items() if key not in wanted and figures[0]]
    if strangers:
        return f"{len(strangers)} keys too many, such as {strangers[:3]}"
    shown = [key for key in wanted if key in got and not (table.withheld and got[key][0] is None)]
    for key in shown:
        if not _figures_agree(got[key], wanted[key], question.tolerance):
            return f"{key}: got {got[key]}, expected {wanted[key]}"
    return "" if shown else "every figure is withheld"


def _figures_agree(got: tuple[Any, ...], wanted: tuple[Any, ...], tolerance: float) -> bool:
    if len(wanted) == 1:
        return bool(got) and close(got[0], wanted[0], tolerance)
    return all(any(close(each, value, tolerance) for each in got) for value in wanted)
