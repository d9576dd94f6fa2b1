"""The allowlisted SQL of the catalog, run on a table small enough to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import ibis
import pytest

from analytics.catalog.expression import ExpressionError, Shape, check, columns_of, to_ibis

TYPES = {
    "grp": "string",
    "x": "int32",
    "y": "float64",
    "flag": "boolean",
    "word": "string",
    "t": "timestamp",
    "u": "timestamp",
}
ROWS = """
    ('a', 1, 2.0, true, 'hot', '2024-01-01 00:00:00', '2024-01-01 01:00:00'),
    ('a', 2, 0.0, false, 'cold', '2024-01-01 00:00:10', '2024-01-01 01:00:10'),
    ('b', 3, 4.0, true, 'hot', '2024-01-01 00:00:20', '2024-01-01 01:00:20'),
    ('b', null, 1.0, null, null, '2024-01-01 00:00:30', '2024-01-01 01:00:30'),
    (null, 5, null, true, 'warm', '2024-01-01 00:00:40', '2024-01-01 01:00:40')
"""
Run = Callable[[Any], list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with duckdb.connect() as con:
        con.execute(
            "create table facts (grp varchar, x integer, y double, flag boolean, word varchar,"
            " t timestamp, u timestamp)"
        )
        con.execute(f"insert into facts values {ROWS}")
        yield lambda expression: con.execute(ibis.to_sql(expression, "duckdb")).fetchall()


@pytest.fixture(scope="module")
def table() -> Any:
    return ibis.table(TYPES, name="facts")


AGGREGATES = {
    "count(*)": 5,
    "count(x)": 4,
    "count(distinct word)": 3,
    "count(*) filter (where flag)": 3,
    "count(*) filter (where not flag)": 1,
    "count(distinct grp) filter (where x > 1)": 2,
    "sum(x)": 11,
    "avg(x)": 2.75,
    "min(x) + max(x)": 6,
    "median(x)": 2.5,
    "quantile(x, 0.5)": 2.5,
    "quantile_cont(x, 1)": 5,
    "sum(x) / count(*)": 2.2,
    "count(*) / (count(*) + 0)": 1.0,
    "sum(x) / sum(case when word = 'none' then 1 else 0 end)": None,
    "sum(x) filter (where word in ('hot', 'warm'))": 9,
    "sum(x) filter (where word not in ('hot', 'warm'))": 2,
    "sum(x) filter (where grp is null or grp = 'b')": 8,
    "sum(x) filter (where grp is not null and not grp = 'b')": 3,
    "sum(coalesce(x, 10))": 21,
    "count(nullif(word, 'hot'))": 2,
    "sum(case grp when 'a' then 1 when 'b' then 10 end)": 22,
    "avg(case when word = 'hot' then 1 when word = 'cold' then -1 else null end)": 1 / 3,
    "sum(-x * 2 - 1)": -26,
    "avg(date_diff('second', t, u) / 3600)": 1.0,
    "sum(date_diff('day', t, u))": 0,
    "count(*) filter (where x between 2 and 3)": 2,
    "count(*) filter (where x <> 2 and x >= 1 and y <= 4 and y < 9)": 2,
    "max(length(word))": 4,
    "sum(abs(x - 3))": 5,
    "count(*) filter (where flag = true)": 3,
}


@pytest.mark.parametrize("sql", AGGREGATES)
def test_aggregate(run: Run, table: Any, sql: str) -> None:
    check(sql, table, Shape.AGGREGATE)
    [(value,)] = run(table.aggregate(v=to_ibis(sql, table)))
    expected = AGGREGATES[sql]
    assert value == (None if expected is None else pytest.approx(expected))


def test_aggregates_per_group(run: Run, table: Any) -> None:
    per_group = table.group_by("grp").aggregate(v=to_ibis("sum(x) / sum(y)", table))
    assert dict(run(per_group)) == {"a": 1.5, "b": 0.6, None: None}


def test_aggregate_over_an_inner_aggregate(run: Run, table: Any) -> None:
    inner = table.group_by("grp").aggregate(n=to_ibis("count(*)", table))
    share = inner.aggregate(v=to_ibis("avg(case when n > 1 then 1.0 else 0.0 end)", inner))
    assert run(share)[0][0] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("x / y", [0.5, None, 0.75, None, None]),
        ("x / 2", [0.5, 1.0, 1.5, None, 2.5]),
        ("case when flag then 1 else 0 end", [1, 0, 1, 0, 1]),
    ],
)
def test_row_value(run: Run, table: Any, sql: str, expected: list[float | None]) -> None:
    check(sql, table, Shape.ROW_VALUE)
    rows = run(table.select("t", v=to_ibis(sql, table)).order_by("t"))
    assert [value for _, value in rows] == expected


REFUSED = {
    "read_csv('/etc/passwd')": "not allowed",
    "(select 1)": "not allowed",
    "select x from facts": "not allowed",
    "count(*); drop table facts": "not one SQL expression",
    "sum(x) over ()": "not allowed",
    "getenv('HOME')": "not allowed",
    "sum(x": "not an SQL expression",
    "": "not one SQL expression",
    "x in (select 1)": "not allowed",
    "facts.x": "not allowed",
    "x::varchar": "not allowed",
    "word like '%o%'": "not allowed",
    "x + interval 1 day": "not allowed",
    "count(distinct x, y)": "one column",
    "sum(sum(x))": "within an aggregate",
    "sum(count(*) filter (where flag))": "within an aggregate",
    "length(word) filter (where flag)": "only an aggregate takes a filter",
    "quantile(x, 2)": "from 0 to 1",
    "quantile(x, y)": "from 0 to 1",
    "date_diff('month', t, u)": "'second' or 'day'",
    "sum(z)": 'unknown column "z" (there are: grp, x, y',
    "sum(word)": "does not fit the types",
    "word + 1": "does not fit the types",
    "* ": "not allowed",
}


@pytest.mark.parametrize("sql", REFUSED)
def test_refused(table: Any, sql: str) -> None:
    with pytest.raises(ExpressionError) as error:
        to_ibis(sql, table)
    assert REFUSED[sql] in str(error.value)


@pytest.mark.parametrize(
    ("sql", "shape", "words"),
    [
        ("x", Shape.AGGREGATE, "not an aggregate"),
        ("sum(x) / y", Shape.AGGREGATE, 'column "y" is outside an aggregate'),
        ("sum(x)", Shape.ROW_VALUE, "not a number for each row"),
        ("word", Shape.ROW_VALUE, "not a number"),
        ("sum(x)", Shape.CONDITION, "not a condition"),
        ("x", Shape.CONDITION, "not a condition"),
        ("max(word)", Shape.AGGREGATE, "not a number"),
    ],
)
def test_wrong_shape(table: Any, sql: str, shape: Shape, words: str) -> None:
    with pytest.raises(ExpressionError) as error:
        check(sql, table, shape)
    assert words in str(error.value)


def test_columns_of() -> None:
    sql = "sum(x) filter (where flag) / count(distinct grp)"
    assert columns_of(sql) == {"x", "flag", "grp"}
    assert columns_of("count(*)") == set()


@pytest.mark.parametrize("sql", AGGREGATES)
def test_same_text_compiles_for_spark(table: Any, sql: str) -> None:
    expression = table.aggregate(v=to_ibis(sql, table))
    assert ibis.to_sql(expression, dialect="databricks")
