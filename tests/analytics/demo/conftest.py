"""The demo company at scale 1, in memory, with ratings as the truth about sentiment."""

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import pytest

from analytics.demo import generate

Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="session")
def demo() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = duckdb.connect()
    known: set[str] = set()
    for name, part in generate():
        connection.register("part", part)
        how = "INSERT INTO {0}" if name in known else "CREATE TABLE {0} AS"
        connection.execute(how.format(name) + " SELECT * FROM part")
        connection.unregister("part")
        known.add(name)
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def rows(demo: duckdb.DuckDBPyConnection) -> Callable[[str], Rows]:
    def run(sql: str) -> Rows:
        return demo.execute(sql).fetchall()

    return run


@pytest.fixture(scope="session")
def one(demo: duckdb.DuckDBPyConnection) -> Callable[[str], Any]:
    """The single row of a query, bare if it is a single value."""

    def run(sql: str) -> Any:
        [found] = demo.execute(sql).fetchall()
        return found[0] if len(found) == 1 else found

    return run
