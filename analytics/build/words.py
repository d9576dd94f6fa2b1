"""The index of customers' words beside a snapshot: each text by its words, each statement by its meaning."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from analytics.build.marts.mart import NotEnoughDataError
from analytics.build.marts.themes import TextTools, names_of, texts_of
from models.themes.statements import statements

LONGEST = 8192
"""Characters of a text that are searched for words."""


def index_words(
    connection: duckdb.DuckDBPyConnection, folder: Path, as_of: date, tools: TextTools
) -> int:
    """Write an index for each table of texts below ``folder``; how many texts they hold.

    Statements are those that themes are found from, so each has its vector already, and only those
    of new texts were encoded. The index holds ids, no text.
    """
    from knowledge.retrieval.verbatims import write_verbatims

    try:
        texts = texts_of(connection, as_of)
    except NotEnoughDataError:
        return 0
    names = names_of(connection, texts)
    for source, own in texts.groupby("source", sort=True):
        said = [
            list(dict.fromkeys(s.plain for s in statements(body, names))) for body in own["body"]
        ]
        rows = [row for row, pieces in enumerate(said) for _ in pieces]
        distinct = sorted({piece for pieces in said for piece in pieces})
        place = {piece: i for i, piece in enumerate(distinct)}
        places = [place[piece] for pieces in said for piece in pieces]
        vectors = tools.encoder.encode(distinct)[places] if places else np.zeros((0, 1), np.float32)
        write_verbatims(
            folder / str(source), [*own["source_id"]], [t[:LONGEST] for t in own["body"]], vectors, rows
        )  # fmt: skip
    return len(texts)
