"""Raw input as it comes from a file: batches of rows, and the rows that could not be read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

BATCH_ROWS = 50_000
ROW = "file_row"


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read: its number in the file, and why."""

    row: int
    reason: str


@dataclass(frozen=True)
class Batch:
    """Some rows: an Arrow table whose column `file_row` is the row's number in the file."""

    table: pa.Table
    bad: Sequence[BadRow] = ()


@dataclass(frozen=True)
class RawTable:
    """Column names and, once through, the rows."""

    columns: tuple[str, ...]
    batches: Iterator[Batch]


def text_batch(
    names: Sequence[str],
    rows: Sequence[int],
    columns: Iterable[Sequence[str | None]],
    bad: Sequence[BadRow] = (),
) -> Batch:
    """A batch of text columns; with no rows, `columns` may be empty."""
    filled = list(columns) or [() for _ in names]
    arrays = [pa.array(rows, pa.int64()), *(pa.array(values, pa.string()) for values in filled)]
    return Batch(pa.Table.from_arrays(arrays, names=[ROW, *names]), bad)
