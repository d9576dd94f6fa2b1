"""Lines of a text file, plain or gzip, with broken or endless ones reported instead of raised."""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from analytics.sources.errors import SourceError

MAX_LINE = 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line, its end included; where it cannot be used, `problem` says why.

    The text of a line with a problem is what could be made of it, good for finding its end only.
    """

    number: int
    text: str
    problem: str = ""


def read_lines(path: Path, encoding: str) -> Iterator[Line]:
    """Every line from 1 on. Raises SourceError where the file itself cannot be read."""
    try:
        with closing(_open(path)) as file:
            yield from _lines(file, encoding)
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(f"{path} cannot be read: {error}.") from error
    except LookupError as error:
        raise SourceError(f"{path}: {error}; give an encoding that Python knows.") from error


def _open(path: Path) -> BinaryIO:
    if path.suffix == ".gz":
        return cast(BinaryIO, gzip.open(path))
    return path.open("rb", buffering=1 << 20)


def _lines(file: BinaryIO, encoding: str) -> Iterator[Line]:
    number = 0
    while raw := file.readline(MAX_LINE + 1):
        number += 1
        if len(raw) > MAX_LINE:
            _skip_rest(file, raw)
            yield Line(number, "", f"row longer than {MAX_LINE:,} bytes")
            continue
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        try:
            yield Line(number, raw.decode(encoding))
        except UnicodeDecodeError as error:
            problem = f"broken encoding: byte {error.start + 1} is not {encoding}"
            yield Line(number, raw.decode(encoding, "replace"), problem)


def _skip_rest(file: BinaryIO, raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = file.readline(MAX_LINE)
