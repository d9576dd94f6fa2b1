"""Every example question of the catalog is understood as its metric, and runs, on a small demo company."""

from pathlib import Path

import duckdb
import pytest

from analytics.analyst.context import Context, open_context
from analytics.catalog.load import load_catalog
from analytics.demo import DEMO_AS_OF, generate
from analytics.query.compile import compile_query
from analytics.query.execute import execute
from analytics.query.validate import problems_of
from analytics.sources.warehouse import Warehouse
from analytics.types import Act, Kind, ParsedMessage
from analytics.understand.language import load_vocabulary
from analytics.understand.read import read
from analytics.understand.resolve import Resolution, resolve
from analytics.understand.times.units import Calendar
from tests.analytics.core.world import ROOT, StemEncoder

CATALOG = load_catalog(ROOT / "knowledge" / "catalog")
EXAMPLES = [(m.name, text) for m in CATALOG.metrics.values() for text in m.examples]

# Sentiment and emotion come from the text model; here a stand-in column by stars or at random will do.
_SCORED = {
    "reviews": "CASE WHEN rating >= 4 THEN 'positive' WHEN rating <= 2 THEN 'negative' ELSE 'neutral' END",
    "tickets": "['positive', 'neutral', 'negative'][1 + (hash(ticket_id) % 3)::int]",
    "social_posts": "['positive', 'neutral', 'negative'][1 + (hash(post_id) % 3)::int]",
}  # fmt: skip


def _write(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        seen: set[str] = set()
        for name, chunk in generate(scale=0.3):
            connection.register("chunk", chunk)
            verb = f"INSERT INTO {name}" if name in seen else f"CREATE TABLE {name} AS"
            connection.execute(f"{verb} SELECT * FROM chunk")
            connection.unregister("chunk")
            seen.add(name)
        for table, sentiment in _SCORED.items():
            connection.execute(
                f"CREATE OR REPLACE TABLE {table} AS SELECT *, {sentiment} AS sentiment, "
                "['joy', 'anger', 'fear', 'love', 'sadness', 'surprise'][1 + (hash(body) % 6)::int] "
                "AS emotion, "
                f"0.5 AS sentiment_score FROM {table}"
            )
        connection.execute("ALTER TABLE customers ADD COLUMN segment VARCHAR DEFAULT 'regular'")
        connection.execute(
            "CREATE TABLE build_info AS SELECT 'small' AS build_id, now()::timestamp AS built_at, "
            f"DATE '{DEMO_AS_OF}' AS data_as_of, 'demo' AS source, 0 AS rows"
        )


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """A small demo company, ready for questions."""
    path = tmp_path_factory.mktemp("examples") / "small.duckdb"
    _write(path)
    vocabulary = load_vocabulary(ROOT / "knowledge" / "language")
    return open_context(Warehouse.open(path), CATALOG, vocabulary, StemEncoder(), (), Calendar())


@pytest.mark.parametrize(("metric", "text"), EXAMPLES, ids=[text for _, text in EXAMPLES])
def test_example(metric: str, text: str, small: Context) -> None:
    if metric not in small.catalog.metrics:
        pytest.skip("the demo company has no data for it")
    message = ParsedMessage(text, Act.ASK, 1.0)
    resolved = resolve(
        message, read(message, small.known, DEMO_AS_OF), small.known, None, DEMO_AS_OF
    )
    assert isinstance(resolved, Resolution), resolved
    query = resolved.query
    assert query.kind is Kind.EVIDENCE or metric in query.metrics
    assert resolved.notes == ()
    assert problems_of(query, small.catalog) == ()
    plan = compile_query(query, small.catalog, small.tables)
    execute(query, plan, small.catalog, small.warehouse)
