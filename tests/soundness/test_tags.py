"""Fan-out: a text with two themes counts in both groups of a by-theme view, and once everywhere else."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from analytics.answer.headline import headline
from analytics.catalog.available import available
from analytics.catalog.load import load_catalog
from analytics.catalog.types import Catalog
from analytics.drivers.reading import dimensions_for
from analytics.query.compile import compile_query
from analytics.query.execute import Executed, execute
from analytics.query.relation import schemas
from analytics.sources.warehouse import Warehouse
from analytics.types import (
    Baseline,
    Comparison,
    Derived,
    Filter,
    How,
    Kind,
    Op,
    OrderBy,
    Query,
    TimeRange,
)

CATALOG = Path(__file__).parents[2] / "knowledge" / "catalog"
MARCH, FEBRUARY = (TimeRange(date(2026, m, 1), date(2026, m + 1, 1), f"month {m}") for m in (3, 2))

# r1 speaks of two themes, r2 and r3 of one, r4 of none; the ticket of the same number is another text.
_SQL = """
CREATE TABLE build_info AS SELECT 'tiny' AS build_id, TIMESTAMP '2026-03-31' AS built_at,
    DATE '2026-03-31' AS data_as_of, 'test' AS source, 0 AS rows;
CREATE TABLE reviews AS SELECT * FROM (VALUES
    ('r1', 'c1', TIMESTAMP '2026-03-02', 1.0, 'negative'), ('r2', 'c1', TIMESTAMP '2026-03-03', 5.0, 'positive'),
    ('r3', 'c2', TIMESTAMP '2026-03-04', 3.0, 'neutral'), ('r4', 'c2', TIMESTAMP '2026-03-05', 5.0, 'positive'),
    ('r5', 'c1', TIMESTAMP '2026-02-05', 5.0, 'positive'))
    AS t(review_id, customer_id, created_at, rating, sentiment);
ALTER TABLE reviews ADD COLUMN body VARCHAR DEFAULT 'words';
CREATE TABLE feedback_themes AS SELECT *, source || '/' || source_id AS text_id FROM (VALUES
    ('reviews', 'r1', 'b', 'Battery'), ('reviews', 'r1', 'd', 'Delivery'), ('reviews', 'r2', 'b', 'Battery'),
    ('reviews', 'r3', 'd', 'Delivery'), ('reviews', 'r5', 'b', 'Battery'), ('tickets', 'r4', 'b', 'Battery'))
    AS t(source, source_id, theme_id, theme);
"""  # noqa: E501


class World:
    def __init__(self, path: Path) -> None:
        with duckdb.connect(str(path)) as connection:
            connection.execute(_SQL)
        self.warehouse = Warehouse.open(path)
        self.catalog: Catalog = available(load_catalog(CATALOG), self.warehouse.tables)
        self.tables = schemas({n: t.columns for n, t in self.warehouse.tables.items()})

    def run(self, query: Query) -> Executed:
        plan = compile_query(query, self.catalog, self.tables)
        return execute(query, plan, self.catalog, self.warehouse)

    def rows(self, query: Query) -> list[tuple]:
        return [tuple(row) for row in self.run(query).result.rows]


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("tags") / "tags.duckdb")


def theme(*values: str, op: Op = Op.IN) -> tuple[Filter, ...]:
    return (Filter("theme", op, values),)


def test_by_theme_a_text_counts_for_each_of_its_themes(tagged):
    query = Query(Kind.BREAKDOWN, ("review_count",), ("theme",), time_range=MARCH)
    assert tagged.rows(query) == [("Battery", 2), ("Delivery", 2)]


def test_a_filter_on_themes_counts_a_text_once(tagged):
    both = Query(
        Kind.VALUE, ("review_count",), filters=theme("Battery", "Delivery"), time_range=MARCH
    )
    assert tagged.rows(both) == [(3,)]


def test_a_theme_left_out_leaves_texts_of_others_and_of_none(tagged):
    query = Query(
        Kind.VALUE, ("review_count",), filters=theme("Battery", op=Op.NOT_IN), time_range=MARCH
    )
    assert tagged.rows(query) == [(2,)]


def test_a_filter_and_a_group_on_themes_keep_other_themes_out(tagged):
    query = Query(Kind.BREAKDOWN, ("review_count",), ("theme",), filters=theme("Battery"))
    assert tagged.rows(query) == [("Battery", 3)]


def test_an_average_by_theme_is_that_of_its_texts(tagged):
    query = Query(Kind.BREAKDOWN, ("average_rating",), ("theme",), time_range=MARCH)
    assert [row[:2] for row in tagged.rows(query)] == [("Battery", 3.0), ("Delivery", 2.0)]


def test_an_average_with_a_filter_weighs_each_text_once(tagged):
    query = Query(
        Kind.VALUE, ("average_rating",), filters=theme("Battery", "Delivery"), time_range=MARCH
    )
    assert tagged.rows(query)[0][0] == pytest.approx((1 + 5 + 3) / 3)


def test_people_are_counted_once_by_theme(tagged):
    query = Query(Kind.BREAKDOWN, ("reviewers",), ("theme",), time_range=MARCH)
    assert [row[:2] for row in tagged.rows(query)] == [("Battery", 1), ("Delivery", 2)]


def test_a_comparison_with_a_filter_counts_each_side_once(tagged):
    query = Query(
        Kind.COMPARISON, ("review_count",), filters=theme("Battery", "Delivery"), time_range=MARCH,
        comparison=Comparison(Baseline.PREVIOUS_PERIOD, FEBRUARY),
    )  # fmt: skip
    assert tagged.rows(query)[0][:3] == (3, 1, 2)


def test_the_share_of_a_theme_is_of_all_texts_not_of_all_groups(tagged):
    query = Query(
        Kind.BREAKDOWN, ("review_count",), ("theme",), time_range=MARCH, derived=Derived(How.SHARE),
        order_by=(OrderBy("theme", descending=False),),
    )  # fmt: skip
    shares = {row[0]: row[1] for row in tagged.rows(query)}
    assert shares == {"Battery": pytest.approx(2 / 4), "Delivery": pytest.approx(2 / 4)}


def test_groups_that_overlap_have_no_share_of_a_total_in_words(tagged):
    query = Query(Kind.BREAKDOWN, ("review_count",), ("theme",), time_range=MARCH)
    assert "of the total" not in headline(query, tagged.run(query).result, tagged.catalog, "")


def test_a_change_is_never_split_by_themes(tagged):
    metric = tagged.catalog.metrics["review_count"]
    query = Query(
        Kind.DRIVERS, ("review_count",), time_range=MARCH,
        comparison=Comparison(Baseline.PREVIOUS_PERIOD, FEBRUARY),
    )  # fmt: skip
    assert "theme" not in {d.name for d in dimensions_for(query, metric, tagged.catalog)}


def test_quotes_of_a_theme_are_those_of_its_own_source(tagged):
    query = Query(Kind.EVIDENCE, ("reviews.verbatims",), filters=theme("Battery"), limit=10)
    assert sorted(row[0] for row in tagged.rows(query)) == ["r1", "r2", "r5"]
