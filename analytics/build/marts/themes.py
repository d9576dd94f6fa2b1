"""`themes` and `feedback_themes`: what customers' texts are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pandas as pd

from analytics.build.marts.feedback import TEXTS, text_tables
from analytics.build.marts.mart import Mart, NotEnoughDataError
from analytics.build.marts.tables import has_column, read, record_run, write
from analytics.build.marts.theme_memory import Remembered, recall, remember
from analytics.build.vectors import Encoder, Vectors
from models.themes.clusters import NONE
from models.themes.discover import Theme, assign, carry_on, find_themes, recognised
from models.themes.statements import Statement, statements, words_of

MIN_TEXTS: Final = 100
"""Distinct texts without which themes would be guesswork."""
LEAST_SHARE: Final = 0.002
"""Share of all texts (and at least LEAST_TEXTS) below which a theme is a detail."""
LEAST_TEXTS: Final = 5
_GROWN: Final = 2.0
_COVERS_LESS: Final = 0.9
_NAME_SHARE: Final = 0.4
"""Share of a word's uses in texts on things named so, from which on it is a name there."""
_RECENT_DAYS: Final = 30

THEME_COLUMNS: Final = {
    "theme_id": "VARCHAR", "label": "VARCHAR", "keywords": "VARCHAR", "texts": "BIGINT",
    "first_seen": "DATE", "found_on": "DATE", "recent_texts": "BIGINT", "earlier_texts": "BIGINT",
}  # fmt: skip
LINK_COLUMNS: Final = {
    "source": "VARCHAR", "source_id": "VARCHAR", "theme_id": "VARCHAR", "sentiment": "VARCHAR",
    "text_id": "VARCHAR", "theme": "VARCHAR",
}  # fmt: skip


@dataclass(frozen=True)
class TextTools:
    """What themes are found with: sentence vectors, and the snapshot whose themes are carried on."""

    encoder: Encoder
    previous: Path | None = None


def texts_of(connection: duckdb.DuckDBPyConnection, as_of: date) -> pd.DataFrame:
    """All English texts up to `as_of`, with source table, id, time, product and sentiment."""
    parts = []
    for table in text_tables(connection):
        one = TEXTS[table]
        product, sentiment = (
            f"{name if has_column(connection, table, name) else 'NULL'}::VARCHAR AS {name}"
            for name in ("product_id", "sentiment")
        )
        tagged = has_column(connection, table, "language")
        english = "coalesce(language, 'en') = 'en'" if tagged else "true"
        parts.append(
            f"SELECT '{table}' AS source, {one.key}::VARCHAR AS source_id, {one.time} AS at, body, "
            f"{product}, {sentiment} FROM {table} WHERE length(trim(body)) > 0 AND {english} "
            f"AND {one.time} < $as_of::DATE + 1"
        )
    if not parts:
        raise NotEnoughDataError("no table holds texts")
    sql = " UNION ALL ".join(parts) + " ORDER BY source, source_id"
    return connection.execute(sql, {"as_of": as_of}).df()


def names_of(connection: duckdb.DuckDBPyConnection, texts: pd.DataFrame) -> set[str]:
    """Words of products and brands that texts use as names: themes should cut across products.

    A word of a product's name that people use of other products too ("battery" in "Battery Charger")
    is a topic, and stays.
    """
    if not has_column(connection, "products", "product_name"):
        return set()
    brand = "brand" if has_column(connection, "products", "brand") else "NULL"
    found = read(
        connection,
        f"SELECT product_id, coalesce(product_name, '') || ' ' || coalesce({brand}, '') AS words "
        "FROM products",
    )
    own = {str(key): set(words_of(words)) for key, words in found.itertuples(index=False)}
    every = set().union(*own.values())
    used, of_own = Counter[str](), Counter[str]()
    for product, body in zip(texts["product_id"], texts["body"], strict=True):
        named = own.get(product)
        if named is not None:
            said = every.intersection(words_of(body))
            used.update(said)
            of_own.update(said & named)
    return {word for word in every if of_own[word] >= _NAME_SHARE * used[word]}


@dataclass(frozen=True)
class _Said:
    """Statements of all texts: each one once (`plain`), how often, in which texts, and since when."""

    plain: list[str]
    counts: list[int]
    texts: list[list[int]]
    first: list[date]


def _said(texts: pd.DataFrame, names: set[str]) -> _Said:
    places: dict[str, list[int]] = {}
    first: dict[str, date] = {}
    for number, (body, at) in enumerate(zip(texts["body"], texts["at"], strict=True)):
        for one in _distinct(statements(body, names)):
            places.setdefault(one, []).append(number)
            day = at.date()
            first[one] = min(first.get(one, day), day)
    plain = sorted(places)
    return _Said(
        plain,
        [len(places[p]) for p in plain],
        [places[p] for p in plain],
        [first[p] for p in plain],
    )


def _distinct(found: Sequence[Statement]) -> list[str]:
    return list(dict.fromkeys(one.plain for one in found))


def run(connection: duckdb.DuckDBPyConnection, as_of: date, tools: TextTools | None) -> int:
    """Find themes in all texts and link each text to those it speaks of. The number of themes.

    Texts are split into statements; vectors of statements are clustered, and every statement near to
    a cluster's centre belongs to it (`models.themes`). A text may have several themes or none.
    `model_runs` holds the share of texts with one.
    """
    if tools is None:
        raise NotEnoughDataError("no sentence encoder is at hand")
    texts = texts_of(connection, as_of)
    if texts["body"].nunique() < MIN_TEXTS:
        raise NotEnoughDataError(f"fewer than {MIN_TEXTS} distinct texts")
    said = _said(texts, names_of(connection, texts))
    vectors = tools.encoder.encode(said.plain)
    known = recall(tools.previous, _sources(connection))
    themes = _themes(said, vectors, known, len(texts), tools.encoder, as_of)
    links = _links(texts, said, vectors, themes)
    if not len(links):
        raise NotEnoughDataError("the texts have no theme in common")
    return _save(connection, as_of, texts, links, themes)


def _sources(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    if not has_column(connection, "build_info", "source"):
        return frozenset()
    return frozenset(read(connection, "SELECT source FROM build_info")["source"])


def _themes(
    said: _Said,
    vectors: Vectors,
    known: Remembered | None,
    texts: int,
    encoder: Encoder,
    as_of: date,
) -> tuple[Theme, ...]:
    """Those known, carried on; found anew where there are none or the texts are others by now."""
    day = as_of.isoformat()
    if known is not None and texts <= _GROWN * known.texts:
        new = np.array([first > known.as_of for first in said.first], dtype=bool)
        themes = carry_on(known.themes, said.plain, vectors, new, encoder.encode, day)
        if _covered(said, assign(themes, vectors), texts) >= _COVERS_LESS * known.share:
            return themes
    found = find_themes(said.plain, said.counts, vectors, encoder.encode, day)
    return found if known is None else recognised(found, known.themes)


def _covered(said: _Said, places: np.ndarray, texts: int) -> float:
    """The share of texts with a theme."""
    with_one = {t for i in np.flatnonzero(places != NONE) for t in said.texts[int(i)]}
    return len(with_one) / texts


def _links(
    texts: pd.DataFrame, said: _Said, vectors: Vectors, themes: Sequence[Theme]
) -> pd.DataFrame:
    """A row for each text and theme of it; themes with too few texts are left out."""
    places = assign(themes, vectors)
    pairs = {(t, int(k)) for i, k in enumerate(places) if k != NONE for t in said.texts[i]}
    volume = Counter(k for _, k in pairs)
    least = max(LEAST_TEXTS, LEAST_SHARE * len(texts))
    rows = sorted((t, k) for t, k in pairs if volume[k] >= least)
    links = texts.iloc[[t for t, _ in rows]][["source", "source_id", "at", "sentiment"]].copy()
    links["theme_id"] = [themes[k].theme_id for _, k in rows]
    links["theme"] = [themes[k].label for _, k in rows]
    links["text_id"] = links["source"] + "/" + links["source_id"]
    return links


def _save(
    connection: duckdb.DuckDBPyConnection,
    as_of: date,
    texts: pd.DataFrame,
    links: pd.DataFrame,
    themes: Sequence[Theme],
) -> int:
    write(connection, "feedback_themes", LINK_COLUMNS, links)
    remember(connection, themes)
    share = links["text_id"].nunique() / len(texts)
    record_run(
        connection, "themes", as_of, "all feedback",
        {"texts": float(len(texts)), "share_with_theme": share},
    )  # fmt: skip
    return write(connection, "themes", THEME_COLUMNS, _rows(links, themes, as_of))


def _rows(links: pd.DataFrame, themes: Sequence[Theme], as_of: date) -> pd.DataFrame:
    """A row a theme that texts are linked to, with its volume lately and before."""
    age = (pd.Timestamp(as_of) - links["at"].dt.normalize()).dt.days
    counted = links.assign(
        recent=age < _RECENT_DAYS, earlier=(age >= _RECENT_DAYS) & (age < 2 * _RECENT_DAYS)
    ).groupby("theme_id")
    figures = counted.agg(
        texts=("text_id", "size"), first_seen=("at", "min"),
        recent_texts=("recent", "sum"), earlier_texts=("earlier", "sum"),
    )  # fmt: skip
    named = pd.DataFrame(
        [[t.theme_id, t.label, ", ".join(t.keywords), t.found_on] for t in themes],
        columns=["theme_id", "label", "keywords", "found_on"],
    )
    return named.merge(figures, left_on="theme_id", right_index=True).sort_values("theme_id")


def themes_mart(tools: TextTools | None) -> Mart:
    """The mart, with what it needs of the world."""
    return Mart("themes", ("reviews|tickets|social_posts",), partial(run, tools=tools))
