import duckdb
import pytest

from analytics.sources.expressions import ExpressionRefused, check_expression


@pytest.fixture(scope="module")
def connection():
    return duckdb.connect()


@pytest.mark.parametrize(
    "sql",
    [
        "a",
        "a || '-' || b",
        "CASE WHEN a = 1 THEN 'x' ELSE NULL END",
        "try_cast(regexp_extract(a, '([0-9]+)', 1) AS BIGINT)",
        "coalesce(a, b) BETWEEN 1 AND 2",
        "round(a * b, 2)",
        "a IN ('x', 'y') AND NOT b IS NULL",
        "CAST(a AS TIMESTAMP) AT TIME ZONE 'Europe/Berlin'",
    ],
)
def test_computing_on_the_row_is_allowed(connection, sql):
    assert not check_expression(connection, sql).aggregates


@pytest.mark.parametrize("sql", ["max(a)", "first(a ORDER BY b)", "bool_or(a = 1)", "count(*)"])
def test_aggregates_are_told_apart(connection, sql):
    assert check_expression(connection, sql).aggregates


def test_columns_are_found(connection):
    assert check_expression(connection, "t.a || b || lower(c)").columns == {"t.a", "b", "c"}


@pytest.mark.parametrize(
    "sql",
    [
        "read_text('/etc/passwd')",
        "getenv('HOME')",
        "current_setting('threads')",
        "(SELECT 1)",
        "EXISTS (SELECT 1)",
        "a FROM t",
        "a; DROP TABLE t",
        "a AS b",
        "a, b",
        "*",
        "COLUMNS('a.*')",
        "row_number() OVER ()",
        "?",
        "$name",
        "1 GROUP BY ALL",
        "1 WHERE true",
        "1 ORDER BY 1",
        "1 UNION SELECT 2",
        "a)",
        "nextval('s')",
        "list_transform([1], lambda x: x)",
        "query('SELECT 1')",
        "write_log('x')",
        "",
    ],
)
def test_everything_else_is_refused(connection, sql):
    with pytest.raises(ExpressionRefused):
        check_expression(connection, sql)
