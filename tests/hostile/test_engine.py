"""Escapes from DuckDB, tried on the very connection that serves questions.

Twice: through the reader, whose guard refuses whatever is not one plain SELECT over the snapshot, and
past the guard on the bare connection, whose settings have to hold alone. Then what is merely too much:
each is stopped within its limit, and the connection answers on.
"""

import os
import threading
import time

import duckdb
import pytest

from analytics.sources.warehouse import (
    Limits,
    QueryBusy,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    TooManyRows,
    Warehouse,
    WarehouseError,
)
from tests.analytics.sources.test_warehouse import write_snapshot

LIMITS = Limits(memory_mb=128, threads=2, timeout_s=0.5, max_rows=1000)

# Each names FILE (a readable file outside) or NEW (a path that must not come to be).
FILES = [
    "SELECT * FROM read_csv('FILE')",
    "SELECT * FROM read_csv_auto('FILE')",
    "SELECT * FROM 'FILE'",
    "SELECT * FROM read_text('FILE')",
    "SELECT * FROM read_blob('FILE')",
    "SELECT * FROM read_json('FILE')",
    "SELECT * FROM read_ndjson('FILE')",
    "SELECT * FROM read_parquet('FILE')",
    "SELECT * FROM parquet_metadata('FILE')",
    "SELECT * FROM parquet_schema('FILE')",
    "SELECT * FROM parquet_kv_metadata('FILE')",
    "SELECT * FROM parquet_file_metadata('FILE')",
    "SELECT * FROM sniff_csv('FILE')",
    "SELECT * FROM read_duckdb('FILE')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM read_text('/proc/self/environ')",
    "SELECT * FROM read_csv('/etc/passwd', sep=':')",
    "SELECT * FROM read_csv('http://127.0.0.1:9/x.csv')",
    "SELECT * FROM 'https://127.0.0.1:9/x.parquet'",
    "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
    "SELECT * FROM read_csv('gcs://bucket/x.csv')",
    "SELECT * FROM read_csv('hf://datasets/a/b.csv')",
    "COPY reviews FROM 'FILE'",
    "COPY reviews TO 'NEW'",
    "COPY (SELECT 1) TO 'NEW' (FORMAT parquet)",
    "COPY (SELECT 1) TO '/dev/stdout'",
    "COPY (SELECT 1) TO 'NEW' (FORMAT json)",
    "COPY FROM DATABASE b1 TO memory",
    "EXPORT DATABASE 'NEW'",
    "IMPORT DATABASE 'NEW'",
    "ATTACH 'NEW' AS other",
    "ATTACH 'FILE' AS other (READ_ONLY)",
    "ATTACH ':memory:' AS other",
    "ATTACH 'host=127.0.0.1' AS other (TYPE postgres)",
    "INSTALL httpfs",
    "INSTALL httpfs FROM community",
    "FORCE INSTALL httpfs",
    "LOAD httpfs",
    "LOAD 'NEW'",
    "UPDATE EXTENSIONS",
    "CREATE SECRET s (TYPE http, BEARER_TOKEN 'x')",
    "CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')",
    "SELECT getenv('HOME')",
]
CHANGES = [
    "SET enable_external_access = true",
    "RESET enable_external_access",
    "PRAGMA enable_external_access = 1",
    "SET lock_configuration = false",
    "RESET lock_configuration",
    "SET memory_limit = '99GB'",
    "PRAGMA memory_limit = '99GB'",
    "SET threads = 99",
    "SET temp_directory = 'NEW'",
    "SET max_temp_directory_size = '99GB'",
    "SET allowed_directories = ['/']",
    "SET allowed_paths = ['FILE']",
    "SET home_directory = '/'",
    "SET extension_directory = 'NEW'",
    "SET autoinstall_known_extensions = true",
    "SET autoload_known_extensions = true",
    "SET allow_unsigned_extensions = true",
    "SET allow_community_extensions = true",
    "SET python_enable_replacements = true",
    "SET TimeZone = 'Asia/Tokyo'",
    "SET profiling_output = 'NEW'",
    "PRAGMA enable_profiling",
    "CALL enable_logging(storage = 'file')",
    "CREATE TABLE x AS SELECT 1",
    "INSERT INTO reviews VALUES ('9', 1, NULL)",
    "UPDATE reviews SET rating = 5",
    "DELETE FROM reviews",
    "DROP TABLE reviews",
    "ALTER TABLE reviews ADD COLUMN x INT",
    "CREATE VIEW x AS SELECT 1",
    "TRUNCATE reviews",
]
# Harmless to the machine, as they stay inside this process; not a question all the same.
GUARDED = [
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE reviews",
    "SELECT * FROM reviews; -- \n DROP TABLE reviews",
    "SET VARIABLE a = 1",
    "CREATE TEMP TABLE x AS SELECT 1",
    "CREATE TEMP MACRO f() AS 1",
    "CHECKPOINT",
    "FORCE CHECKPOINT",
    "VACUUM",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "EXPLAIN ANALYZE SELECT 1",
    "DESCRIBE reviews",
    "SHOW ALL TABLES",
    "SUMMARIZE reviews",
    "PREPARE p AS SELECT 1",
    "BEGIN",
    "USE memory",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_databases()",
    "SELECT * FROM duckdb_logs()",
    "SELECT * FROM duckdb_temporary_files()",
    "SELECT * FROM duckdb_external_file_cache()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_extensions()",
    "SELECT * FROM duckdb_functions()",
    "SELECT * FROM information_schema.columns",
    "SELECT * FROM pg_catalog.pg_class",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM pragma_storage_info('reviews')",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('reviews')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "SELECT * FROM arrow_scan(0, 0, 0)",
    "SELECT * FROM python_map_function(1)",
    "SELECT * FROM memory.main.reviews",
    "SELECT current_setting('temp_directory')",
    "SELECT current_query()",
    "SELECT version()",
    "SELECT write_log('x')",
    "SELECT sleep_ms(10)",
    "SELECT error('x')",
    "FROM reviews SELECT getvariable('a')",
    "SELECT (SELECT current_database())",
    "SELECT 1 WHERE EXISTS (SELECT * FROM duckdb_settings())",
    "WITH s AS (FROM duckdb_settings()) FROM s",
    "SELECT repeat('x', 3000000000)",
    "SELECT lpad('x', 3000000000, 'y')",
    "SELECT len(range(2000000000))",
    "SELECT len(generate_series(1, 2000000000))",
    "SELECT list_resize([1], 2000000000)",
    "SELECT format('{:1000000000}', 1)",
    "SELECT printf('%1000000000d', 1)",
    "SELECT " + "(" * 3000 + "1" + ")" * 3000,
    "SELECT " + "-" * 3000 + "1",
]
HEAVY = [
    "SELECT count(*) FROM range(1000000000000)",
    "SELECT count(*) FROM reviews a, reviews b, reviews c, reviews d, reviews e",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t",
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n FROM t) SELECT count(*) FROM t",
    "WITH RECURSIVE t(s) AS (SELECT 'xxxxxxxx' UNION ALL SELECT s || s FROM t) SELECT max(s) FROM t",
    "SELECT list(range) FROM range(1000000000)",
    "SELECT string_agg(range::VARCHAR) FROM range(1000000000)",
    "SELECT count(DISTINCT range) FROM range(1000000000)",
    "SELECT * FROM range(100000000) ORDER BY hash(range)",
    "SELECT range, count(*) FROM range(1000000000) GROUP BY 1",
    "SELECT a.range FROM range(10000000) a JOIN range(10000000) b ON a.range % 10 = b.range % 10",
    "SELECT count(*) FROM range(100000000) WHERE regexp_matches(range::VARCHAR, '(1+)+(2+)+$')",
    "SELECT sum(a.rating) OVER (ORDER BY b.review_id) FROM reviews a, reviews b, reviews c",
    "SELECT levenshtein(a.review_id, b.review_id) FROM reviews a, reviews b, reviews c",
]


@pytest.fixture
def home(tmp_path, monkeypatch):
    # Where DuckDB would keep extensions and secrets.
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    return tmp_path


@pytest.fixture
def warehouse(home):
    return Warehouse.open(write_snapshot(home, "b1", rows=2000), LIMITS)


def made_real(sql, home):
    (home / "file.csv").write_text("secret\nhunter2\n")
    return sql.replace("FILE", str(home / "file.csv")).replace("NEW", str(home / "new"))


def untouched(warehouse, home):
    assert {path.name for path in home.iterdir()} <= {"file.csv", "warehouse"}
    assert [path.name for path in (home / "warehouse").iterdir() if path.suffix != ".duckdb"] == [
        "current"
    ]
    rows = warehouse.execute("SELECT count(*) AS n, max(rating) AS r FROM reviews").to_pylist()
    assert rows == [{"n": 2000, "r": 4.0}]


@pytest.mark.parametrize("sql", [*FILES, *CHANGES, *GUARDED])
def test_the_reader_refuses(warehouse, home, sql):
    with pytest.raises(QueryRefused) as caught:
        warehouse.execute(made_real(sql, home))
    assert "hunter2" not in str(caught.value)
    untouched(warehouse, home)


@pytest.mark.parametrize("sql", [*FILES, *CHANGES])
def test_the_connection_alone_refuses(warehouse, home, sql):
    with pytest.raises(duckdb.Error) as caught:
        warehouse._connection.cursor().execute(made_real(sql, home)).fetchall()
    assert "hunter2" not in str(caught.value)
    untouched(warehouse, home)


@pytest.mark.parametrize("sql", HEAVY)
def test_what_is_too_much_is_stopped_and_the_connection_answers_on(warehouse, home, sql):
    started = time.monotonic()
    with pytest.raises((QueryTimeout, TooManyRows, QueryFailed)):
        warehouse.execute(sql)
    assert time.monotonic() - started < LIMITS.timeout_s + 5, "generous: the machine may be busy"
    untouched(warehouse, home)


def test_nothing_is_spilled_to_disk(warehouse, home):
    """Temporary files would hold customers' words outside the snapshot."""
    with pytest.raises(WarehouseError):
        warehouse.execute("SELECT * FROM range(50000000) ORDER BY hash(range)", timeout_s=20)
    untouched(warehouse, home)


def test_the_environment_is_out_of_reach(warehouse, monkeypatch):
    monkeypatch.setenv("VERBATIM_INTERNAL_TOKEN", "hunter2")
    for sql in ("SELECT getenv('VERBATIM_INTERNAL_TOKEN')", "SELECT $VERBATIM_INTERNAL_TOKEN"):
        with pytest.raises(WarehouseError) as caught:
            warehouse.execute(sql)
        assert "hunter2" not in str(caught.value)
    assert os.environ["VERBATIM_INTERNAL_TOKEN"] == "hunter2"


def test_many_at_once_each_have_their_own_time_limit(home):
    limits = Limits(memory_mb=256, threads=2, timeout_s=0.5, concurrent=4, wait_s=20)
    warehouse = Warehouse.open(write_snapshot(home, "b1", rows=2000), limits)
    outcomes = []

    def ask(heavy):
        sql = HEAVY[0] if heavy else "SELECT count(*) AS n FROM reviews"
        try:
            outcomes.append(warehouse.execute(sql)["n"][0].as_py())
        except QueryTimeout:
            outcomes.append("stopped")

    threads = [threading.Thread(target=ask, args=(n % 2 == 0,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["2000"] * 8 + ["stopped"] * 8


def test_more_at_once_than_there_are_places_are_refused_as_busy(home):
    limits = Limits(memory_mb=256, threads=1, timeout_s=1.5, concurrent=1, wait_s=0.1)
    warehouse = Warehouse.open(write_snapshot(home, "b1", rows=2000), limits)
    running = threading.Event()

    def hold():
        running.set()
        with pytest.raises(QueryTimeout):
            warehouse.execute(HEAVY[0])

    holder = threading.Thread(target=hold)
    holder.start()
    running.wait()
    time.sleep(0.2)
    with pytest.raises(QueryBusy, match="1 queries are running"):
        warehouse.execute("SELECT 1 AS n")
    holder.join()
    assert warehouse.execute("SELECT 1 AS n")["n"][0].as_py() == 1
