"""The themes that a snapshot knows, written with it and read from the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pandas as pd

from analytics.build.marts.tables import has_column, write
from models.themes.discover import VERSION, Theme

TABLE: Final = "theme_centres"
_COLUMNS: Final = {
    "theme_id": "VARCHAR", "label": "VARCHAR", "keywords": "VARCHAR", "kept": "BOOLEAN",
    "found_on": "DATE", "version": "VARCHAR", "centre": "BLOB",
}  # fmt: skip


@dataclass(frozen=True)
class Remembered:
    """Themes of an earlier snapshot, the day its data end, and the texts and share they covered."""

    themes: tuple[Theme, ...]
    as_of: date
    texts: int
    share: float


def remember(connection: duckdb.DuckDBPyConnection, themes: Sequence[Theme]) -> None:
    """Writes all themes, also those that only catch what is no theme."""
    rows = [
        [t.theme_id, t.label, "\n".join(t.keywords), t.kept, t.found_on, VERSION, _bytes(t)]
        for t in themes
    ]
    write(connection, TABLE, _COLUMNS, pd.DataFrame(rows, columns=list(_COLUMNS)))


def _bytes(theme: Theme) -> bytes:
    return np.asarray(theme.centre, dtype="<f4").tobytes()


def recall(snapshot: Path | None, sources: frozenset[str]) -> Remembered | None:
    """What a snapshot of at least one of the same sources knew; None where it knew nothing usable."""
    if snapshot is None or not snapshot.is_file():
        return None
    try:
        with duckdb.connect(str(snapshot), read_only=True) as connection:
            return _read(connection, sources)
    except duckdb.Error:
        return None  # an older layout, or damaged: themes are found anew


def _read(connection: duckdb.DuckDBPyConnection, sources: frozenset[str]) -> Remembered | None:
    if not has_column(connection, TABLE, "centre"):
        return None
    built = connection.execute("SELECT source, data_as_of FROM build_info").fetchall()
    if not sources & {str(source) for source, _ in built}:
        return None
    found = connection.execute(
        f"SELECT theme_id, label, keywords, centre, kept, found_on FROM {TABLE} WHERE version = ?",
        [VERSION],
    ).fetchall()
    measured = dict(
        connection.execute("SELECT metric, value FROM model_runs WHERE model = 'themes'").fetchall()
    )
    if not found or not measured:
        return None
    themes = tuple(
        Theme(key, label, tuple(words.split("\n")), np.frombuffer(centre, "<f4"), kept, str(day))
        for key, label, words, centre, kept, day in found
    )
    as_of = max(day for _, day in built)
    return Remembered(themes, as_of, int(measured["texts"]), float(measured["share_with_theme"]))
