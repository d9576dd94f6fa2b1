"""Sentiment and emotion of every text, by the shipped model, remembered by the text's hash."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import duckdb
import pyarrow as pa

from analytics.build.quarantine import quoted
from analytics.build.schema import TABLES, TableRule
from analytics.build.staging import Progress
from analytics.build.tables import merged_table
from analytics.sources.errors import SourceError

BATCH_TEXTS = 1_000
LANGUAGE = "language"
_SCORES = pa.schema(
    [
        ("text_hash", pa.string()),
        ("sentiment", pa.string()),
        ("score", pa.float64()),
        ("emotion", pa.string()),
    ]
)


class TextScore(Protocol):
    """What the model says of one text."""

    @property
    def sentiment(self) -> str:
        """Positive, neutral or negative."""

    @property
    def score(self) -> float:
        """From -1 to 1."""

    @property
    def emotion(self) -> str | None:
        """The strongest emotion."""


class TextScorer(Protocol):
    """A sentiment model; `version` changes whenever its answers may."""

    @property
    def version(self) -> str:
        """Identifies the model's weights and code."""

    def score(self, texts: Sequence[str], /) -> Sequence[TextScore]:
        """One score per text, in order."""


def score_texts(
    connection: duckdb.DuckDBPyConnection,
    tables: Iterable[str],
    scorer: TextScorer,
    cache: Path,
    progress: Progress,
) -> int:
    """Fill sentiment, sentiment_score and emotion of the merged tables; how many texts were new.

    The model reads English: a row whose column `language` names another one stays without a
    score, since a score of a language that the model never saw would be a made-up number.
    """
    rules = [TABLES[name] for name in tables if name in TABLES and TABLES[name].text]
    if not rules:
        return 0
    with _attached(connection, cache):
        _collect(connection, rules)
        new = _score_new(connection, scorer, progress)
        for rule in rules:
            _fill(connection, rule, scorer.version)
    return new


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, cache: Path) -> Iterator[None]:
    """The cache, attached; a damaged one is thrown away, since it can be computed again."""
    cache.parent.mkdir(parents=True, exist_ok=True)
    path = "'" + str(cache).replace("'", "''") + "'"
    try:
        connection.execute(f"ATTACH {path} AS cache")
    except duckdb.Error as error:
        if "lock" in str(error).lower():
            raise SourceError(f"{cache} is in use by another program; end it first.") from error
        cache.unlink()
        connection.execute(f"ATTACH {path} AS cache")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS cache.scores (text_hash VARCHAR, model_version VARCHAR, "
        "sentiment VARCHAR, score DOUBLE, emotion VARCHAR)"
    )
    try:
        yield
    finally:
        connection.execute("DETACH cache")


def _text(rule: TableRule, connection: duckdb.DuckDBPyConnection) -> str:
    """SQL for the text that is scored: the body, or the title where there is none."""
    text = f"coalesce({rule.text}, {rule.text_fallback})" if rule.text_fallback else str(rule.text)
    columns = connection.execute(f"SELECT * FROM {quoted(merged_table(rule.name))} LIMIT 0")
    if LANGUAGE in {column[0] for column in columns.description or []}:
        return f"CASE WHEN coalesce({LANGUAGE}, 'en') = 'en' THEN {text} END"
    return text


def _collect(connection: duckdb.DuckDBPyConnection, rules: Iterable[TableRule]) -> None:
    union = " UNION ".join(
        f"SELECT {_text(rule, connection)} AS text FROM {quoted(merged_table(rule.name))} "
        "WHERE sentiment IS NULL"
        for rule in rules
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE texts AS "
        f"SELECT sha256(text) AS text_hash, text FROM ({union}) WHERE text IS NOT NULL"
    )


def _score_new(
    connection: duckdb.DuckDBPyConnection, scorer: TextScorer, progress: Progress
) -> int:
    """Score texts that the cache lacks; each batch is kept, so a killed build loses little."""
    # Texts of like length make a batch with little padding.
    new = connection.execute(
        "SELECT text_hash, text FROM texts WHERE text_hash NOT IN "
        "(SELECT text_hash FROM cache.scores WHERE model_version = ?) ORDER BY length(text), text",
        [scorer.version],
    ).fetchall()
    for start in range(0, len(new), BATCH_TEXTS):
        progress(f"Scoring texts: {start:,} of {len(new):,} new ones")
        batch = new[start : start + BATCH_TEXTS]
        scores = scorer.score([text for _, text in batch])
        rows = [
            {"text_hash": key, "sentiment": s.sentiment, "score": s.score, "emotion": s.emotion}
            for (key, _), s in zip(batch, scores, strict=True)
        ]
        connection.register("scored", pa.Table.from_pylist(rows, schema=_SCORES))
        connection.execute(
            "INSERT INTO cache.scores SELECT text_hash, ?, sentiment, score, emotion FROM scored",
            [scorer.version],
        )
        connection.unregister("scored")
    return len(new)


def _fill(connection: duckdb.DuckDBPyConnection, rule: TableRule, version: str) -> None:
    """Scores that a source brings itself stay as they are."""
    table = quoted(merged_table(rule.name))
    values: Mapping[str, str] = {
        "sentiment": "s.sentiment",
        "sentiment_score": "s.score",
        "emotion": "s.emotion",
    }
    assignments = ", ".join(f"{name} = {value}" for name, value in values.items())
    connection.execute(
        f"UPDATE {table} SET {assignments} FROM cache.scores AS s "
        f"WHERE {table}.sentiment IS NULL AND s.model_version = ? "
        f"AND s.text_hash = sha256({_text(rule, connection)})",
        [version],
    )
