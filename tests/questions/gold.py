"""What a question's own SQL gives: the figures that an answer is checked against."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

from tests.questions.questions import Question, QuestionSet

Gold: TypeAlias = list[tuple[Any, ...]]


@contextmanager
def gold_connection(
    question_set: QuestionSet, data: Path | None, warehouse: Path | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that sees the raw files (by the set's own set-up) and the warehouse, read-only.

    The raw tables lie in memory: nothing of the product's source mappings is used.
    """
    connection = duckdb.connect()
    try:
        connection.execute("SET threads = 2; SET TimeZone = 'UTC'")
        if question_set.setup:
            connection.execute(question_set.setup.replace("{data}", str(data)))
        if warehouse is not None:
            connection.execute(f"ATTACH '{warehouse}' AS wh (READ_ONLY)")
            connection.execute("SET search_path = 'memory.main,wh.main'")
        yield connection
    finally:
        connection.close()


def golds(question: Question, connection: duckdb.DuckDBPyConnection) -> list[Gold]:
    """The rows of each alternative statement of a question."""
    return [connection.execute(sql).fetchall() for sql in question.sql]
