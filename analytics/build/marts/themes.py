"""`themes` and `feedback_themes`: what customers' texts are about."""

from __future__ import annotations

import warnings
from datetime import date
from typing import Final

import duckdb
import numpy as np
import pandas as pd
import snowballstemmer
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

from analytics.build.marts.mart import Mart, NotEnoughDataError
from analytics.build.marts.tables import has_column, read, record_run, write

THEMES: Final = 16
KEYWORDS: Final = 8
FIT_TEXTS: Final = 20_000
"""Texts that the themes are learned from; all are then assigned."""
MIN_TEXTS: Final = 100
"""Distinct texts without which themes would be guesswork."""
TEXTS_PER_THEME: Final = 10
CLEAR_SHARE: Final = 0.3
"""A text belongs to its strongest theme if that holds this share of the text's weight."""
SEED: Final = 7

SOURCES: Final = {"reviews": "review_id", "tickets": "ticket_id", "social_posts": "post_id"}
THEME_COLUMNS: Final = {"theme_id": "VARCHAR", "label": "VARCHAR", "keywords": "VARCHAR"}
LINK_COLUMNS: Final = {
    "source": "VARCHAR", "source_id": "VARCHAR", "theme_id": "VARCHAR", "sentiment": "VARCHAR",
}  # fmt: skip

# Words of courtesy and of opinion say nothing about what a text is about.
FILLER: Final = frozenset(
    word
    for line in (
        "ll ve don didn doesn isn wasn won just really very much also got get gets bought buy use",
        "used using uses good great nice best better bad worst terrible awful love loved like nicely",
        "perfect excellent happy amazing superb solid fine okay average brilliant recommend useless",
        "recommended product products item thing things day days week weeks month months year years",
        "time times hello dear morning evening thank thanks please help know make makes made going",
        "want wanted need needed would could lot little bit pretty highly looking forward exactly",
        "does did job choice wow review reviews write rarely says say asks everybody lately stars",
        "star impressed disappointed new looks look second come came said everything nothing",
    )
    for word in line.split()
)


def _texts(connection: duckdb.DuckDBPyConnection, as_of: date) -> pd.DataFrame:
    """All texts up to `as_of` with their source table, id and sentiment."""
    times = {"reviews": "created_at", "tickets": "opened_at", "social_posts": "posted_at"}
    parts = []
    for table, key in SOURCES.items():
        if not has_column(connection, table, "body"):
            continue
        scored = has_column(connection, table, "sentiment")
        parts.append(
            f"SELECT '{table}' AS source, {key} AS source_id, body, "
            f"{'sentiment' if scored else 'NULL'}::VARCHAR AS sentiment FROM {table} "
            f"WHERE length(body) > 0 AND {times[table]} < $as_of::DATE + 1"
        )
    sql = " UNION ALL ".join(parts) + " ORDER BY source, source_id"
    return connection.execute(sql, {"as_of": as_of}).df()


def _own_names(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Words of brands and products: themes should cut across products."""
    if not has_column(connection, "products", "product_name"):
        return set()
    found = read(
        connection,
        "SELECT lower(coalesce(product_name, '') || ' ' || coalesce(brand, '')) AS words "
        "FROM products LIMIT 2000",
    )
    return {word for words in found["words"] for word in words.split() if word.isalpha()}


def label_of(keywords: list[str]) -> str:
    """A readable label: the first three keywords that do not repeat each other's word stems."""
    stemmer = snowballstemmer.stemmer("english")
    chosen: list[str] = []
    known: set[str] = set()
    for keyword in keywords:
        stems = set(stemmer.stemWords(keyword.split()))
        if not known & stems and len(chosen) < 3:
            chosen.append(keyword)
            known |= stems
    label = ", ".join(chosen)
    return label[:1].upper() + label[1:]


def _assign(weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """The theme of each text, -1 where none is clear."""
    total = weights.sum(axis=1)
    strongest = weights.argmax(axis=1)
    clear = (total > 0) & (weights.max(axis=1) >= CLEAR_SHARE * total)
    return np.where(clear, strongest, -1)


def _words(own_names: set[str], texts: int) -> TfidfVectorizer:
    return TfidfVectorizer(
        stop_words=sorted(ENGLISH_STOP_WORDS | FILLER | own_names),
        token_pattern=r"(?u)\b[^\W\d_]{3,}\b",
        ngram_range=(1, 2),
        min_df=max(5, texts // 2_000),
        max_df=0.3,
        max_features=3_000,
        sublinear_tf=True,
    )


def _factors(learned: csr_matrix, distinct: int) -> NMF:
    count = min(THEMES, learned.shape[1], distinct // TEXTS_PER_THEME)
    factors = NMF(count, init="nndsvda", random_state=SEED, max_iter=150, tol=1e-3)
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        # Themes that have not settled fully are still themes.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return factors.fit(learned)


def run(connection: duckdb.DuckDBPyConnection, as_of: date) -> int:
    """Find themes in all texts and link each text to the one it is mostly about.

    TF-IDF of words and word pairs, factorised by NMF (Lee and Seung, 1999); a theme is named by
    its strongest keywords. Texts without a clear theme have no link. Returns the number of themes;
    `model_runs` holds the share of texts with one.
    """
    texts = _texts(connection, as_of)
    distinct = texts["body"].nunique()
    if distinct < MIN_TEXTS:
        raise NotEnoughDataError(f"fewer than {MIN_TEXTS} distinct texts")
    words = _words(_own_names(connection), len(texts))
    sample = texts["body"].sample(min(FIT_TEXTS, len(texts)), random_state=SEED)
    factors = _factors(words.fit_transform(sample), distinct)
    weights = factors.transform(words.transform(texts["body"]))
    texts["theme"] = _assign(np.asarray(weights, dtype=np.float64))
    return _save(connection, as_of, texts, _keywords(words, factors))


def _keywords(words: TfidfVectorizer, factors: NMF) -> list[list[str]]:
    names = words.get_feature_names_out()
    best = np.argsort(-factors.components_, axis=1, kind="stable")[:, :KEYWORDS]
    return [[str(names[i]) for i in row] for row in best]


def _save(
    connection: duckdb.DuckDBPyConnection,
    as_of: date,
    texts: pd.DataFrame,
    keywords: list[list[str]],
) -> int:
    ids = np.array([f"theme-{number + 1:02d}" for number in range(len(keywords))])
    themes = pd.DataFrame(
        {
            "theme_id": ids,
            "label": [label_of(row) for row in keywords],
            "keywords": [", ".join(row) for row in keywords],
        }
    )
    linked = texts[texts["theme"] >= 0].copy()
    linked["theme_id"] = ids[linked["theme"]]
    write(connection, "feedback_themes", LINK_COLUMNS, linked)
    record_run(
        connection, "themes", as_of, "all feedback",
        {"texts": float(len(texts)), "share_with_theme": len(linked) / len(texts)},
    )  # fmt: skip
    return write(connection, "themes", THEME_COLUMNS, themes)


THEMES_MART: Final = Mart("themes", ("reviews|tickets|social_posts",), run)
