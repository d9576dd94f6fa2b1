"""Whatever people write or name things: it reaches the engine as literals, and the SQL keeps its shape."""

from __future__ import annotations

import functools
import json
import tempfile
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.analyst.context import Context
from analytics.query.compile import compile_query
from analytics.query.execute import execute
from analytics.types import Filter, Kind, Op, Query
from analytics.understand.resolve import Resolution
from tests.analytics.core.world import context, understand
from tests.hostile.cases import MARKUP, ODD_TEXT, PROMPTS, SQL
from tests.hostile.data import NAMES

FRAGMENTS = [
    *(case.body["message"] for case in (*SQL, *MARKUP, *PROMPTS)),
    *(text for case in ODD_TEXT if len(text := case.body["message"]) < 300),
    *NAMES,
]
WORDS = (
    "reviews|revenue|by product|last month|top 5|more than|between|compare|Nimbus Kettle|category|negative"
    "|about|per week|not|and|average rating|over 3 stars|why|trend|'|\"|;|--|%|0|99999999999999999999|1.5"
).split("|")
# What the door lets through: no NUL and no half characters.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
VALUE = st.one_of(TEXT, st.sampled_from(FRAGMENTS).filter(lambda t: "\0" not in t and _is_text(t)))
MESSAGE = st.lists(st.one_of(st.sampled_from(WORDS), VALUE), min_size=1, max_size=7).map(" ".join)

FEW = settings(max_examples=80, deadline=None)


def _is_text(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


@functools.cache
def small_world() -> Context:
    """Not a fixture: Hypothesis would write its whole representation down."""
    return context(Path(tempfile.mkdtemp()) / "tiny.duckdb")


def shape(sql: str) -> Any:
    """The statement as DuckDB parses it, without the values of its literals and their places."""
    with duckdb.connect() as connection:
        [(text,)] = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchall()
    tree = json.loads(text)
    assert not tree["error"], tree
    assert len(tree["statements"]) == 1
    return _bare(tree)


def _bare(node: Any) -> Any:
    if isinstance(node, dict):
        if node.get("type") == "VALUE_CONSTANT":
            return "literal"
        return {k: _bare(v) for k, v in node.items() if not k.startswith("query_location")}
    return [_bare(item) for item in node] if isinstance(node, list) else node


def query(op: Op, *values: str) -> Query:
    return Query(
        Kind.BREAKDOWN,
        metrics=("review_count",),
        group_by=("category",),
        filters=(Filter("product", op, values),),
    )


@FEW
@given(value=VALUE, op=st.sampled_from([Op.IN, Op.NOT_IN, Op.EQ, Op.NE]))
def test_a_value_never_changes_the_shape_of_the_sql(value: str, op: Op):
    world = small_world()
    plan = compile_query(query(op, value), world.catalog, world.tables)
    plain = compile_query(query(op, "plain"), world.catalog, world.tables)
    assert shape(plan.sql) == shape(plain.sql)
    counted = execute(query(op, value), plan, world.catalog, world.warehouse).result.rows
    if op in {Op.IN, Op.EQ} and value not in {"Aurora Headphones", "Aurora Headphones Pro", "p4"}:
        assert sum(int(str(row[1])) for row in counted) in {0, 2}, "2: the two kettles' reviews"


@FEW
@given(phrase=VALUE)
def test_a_searched_phrase_runs_as_a_literal(phrase: str):
    world = small_world()
    one = Filter("text", Op.CONTAINS, (phrase,))
    search = Query(Kind.EVIDENCE, metrics=("reviews.verbatims",), filters=(one,), limit=5)
    plan = compile_query(search, world.catalog, world.tables)
    assert len(execute(search, plan, world.catalog, world.warehouse).result.rows) <= 5


@FEW
@given(message=MESSAGE)
def test_any_message_gives_a_query_that_runs_or_words(message: str):
    """The reader refuses whatever is not one plain SELECT over the snapshot: that it ran says so."""
    world = small_world()
    understood = understand(message, world)
    if isinstance(understood, Resolution):
        asked = understood.query
        plan = compile_query(asked, world.catalog, world.tables)
        execute(asked, plan, world.catalog, world.warehouse)
    else:
        assert understood.issues
        assert all(issue.message for issue in understood.issues)
