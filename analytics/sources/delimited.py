"""Reading delimited text that may be broken: a bad row is reported, its neighbours survive.

A plain CSV reader gives up at a bad byte, and a stray quote makes it swallow the rows up to the
next quote. Here a record that is not closed within a few lines, or that does not parse to the
header's number of fields, is reported by its first line, and reading resumes at the line after.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from analytics.sources.errors import SourceError
from analytics.sources.raw import BATCH_ROWS, BadRow, Batch, RawTable, text_batch
from analytics.sources.text_lines import MAX_LINE, Line, read_lines

MAX_RECORD_LINES = 500


def read_delimited(path: Path, encoding: str, delimiter: str) -> RawTable:
    """A CSV file, plain or gzip; a row's number is its line in the file, the header being 1."""
    lines = read_lines(path, encoding)
    try:
        first = next(lines)
    except StopIteration:
        raise SourceError(f"{path} is empty.") from None
    if first.problem:
        raise SourceError(f"{path}: the header cannot be read: {first.problem}.")
    header = [name.strip() for name in next(csv.reader([first.text], delimiter=delimiter))]
    return RawTable(tuple(header), _batches(lines, header, delimiter))


def _batches(lines: Iterator[Line], header: list[str], delimiter: str) -> Iterator[Batch]:
    rows: list[int] = []
    cells: list[Sequence[str]] = []
    bad: list[BadRow] = []
    for row, values, problem in _Records(lines, len(header), delimiter):
        if values is None:
            bad.append(BadRow(row, problem))
        else:
            rows.append(row)
            cells.append(values)
        if len(rows) + len(bad) >= BATCH_ROWS:
            yield text_batch(header, rows, zip(*cells, strict=True), bad)
            rows, cells, bad = [], [], []
    yield text_batch(header, rows, zip(*cells, strict=True), bad)


class _Records:
    """Assembles lines into records; lines read ahead for a record that fails are read again."""

    def __init__(self, lines: Iterator[Line], width: int, delimiter: str) -> None:
        self._lines = lines
        self._ahead: list[Line] = []
        self._width = width
        self._delimiter = delimiter

    def __iter__(self) -> Iterator[tuple[int, Sequence[str] | None, str]]:
        while (line := self._next()) is not None:
            if line.problem and not line.text:
                yield line.number, None, line.problem
            elif line.text.strip("\r\n"):
                values, problem = self._record(line)
                yield line.number, values, problem

    def _next(self) -> Line | None:
        if self._ahead:
            return self._ahead.pop()
        return next(self._lines, None)

    def _record(self, line: Line) -> tuple[Sequence[str] | None, str]:
        """Fields and no problem, or no fields and the problem; takes further lines if it must."""
        taken = [] if line.text.count('"') % 2 == 0 else self._until_closed(line.text)
        rows, problem = self._parse(line.text + "".join(item.text for item in taken))
        if rows is None:
            # What was taken to close the quote may be whole rows.
            self._ahead.extend(reversed(taken))
            return None, line.problem or problem
        broken = next((item.problem for item in (line, *taken) if item.problem), "")
        if broken:
            return None, broken
        if len(rows) != 1 or len(rows[0]) != self._width:
            found = len(rows[0]) if len(rows) == 1 else f"{len(rows)} rows of"
            return None, f"{found} fields instead of {self._width}"
        return rows[0], ""

    def _until_closed(self, text: str) -> list[Line]:
        """The lines up to the one that closes the quote; all taken ones where none does."""
        taken: list[Line] = []
        length, open_quote = len(text), True
        while open_quote and len(taken) < MAX_RECORD_LINES and length < MAX_LINE:
            line = self._next()
            if line is None:
                break
            taken.append(line)
            if not line.text:
                break
            length += len(line.text)
            open_quote ^= line.text.count('"') % 2 == 1
        return taken

    def _parse(self, text: str) -> tuple[list[list[str]] | None, str]:
        if len(text) > MAX_LINE:
            return None, f"row longer than {MAX_LINE:,} characters"
        if '"' not in text:  # most rows; splitting is several times faster than parsing
            return [text.rstrip("\r\n").split(self._delimiter)], ""
        try:
            return list(csv.reader([text], delimiter=self._delimiter, strict=True)), ""
        except csv.Error as error:
            return None, f"stray quote: {error}"
