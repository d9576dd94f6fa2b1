import gc
import os
import threading
import time
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from analytics.sources.warehouse import (
    Limits,
    NoWarehouse,
    QueryFailed,
    QueryRefused,
    QueryTimeout,
    QueryTooBig,
    TooManyRows,
    Warehouse,
    WarehouseError,
    WarehouseFollower,
)


def write_snapshot(home: Path, build_id: str, rows: int = 3, point: bool = True) -> Path:
    folder = home / "warehouse"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{build_id}.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "CREATE TABLE build_info AS SELECT ? AS build_id, now()::TIMESTAMP AS built_at, "
            "DATE '2026-10-31' AS data_as_of, 'test' AS source, ? AS rows",
            [build_id, rows],
        )
        connection.execute(
            f"CREATE TABLE reviews AS SELECT range::VARCHAR AS review_id, 4.0::DOUBLE AS rating, "
            f"TIMESTAMP '2026-10-01 12:00:00' AS created_at FROM range({rows})"
        )
    if point:
        temporary = folder / "current.tmp"
        temporary.write_text(path.name, encoding="utf-8")
        os.replace(temporary, folder / "current")
    return path


@pytest.fixture
def warehouse(tmp_path):
    return Warehouse.open(write_snapshot(tmp_path, "b1"))


def test_open_tells_what_the_snapshot_holds(warehouse):
    assert warehouse.snapshot == "b1"
    assert warehouse.data_as_of == date(2026, 10, 31)
    assert warehouse.tables["reviews"].rows == 3
    assert dict(warehouse.tables["reviews"].columns) == {
        "review_id": "VARCHAR",
        "rating": "DOUBLE",
        "created_at": "TIMESTAMP",
    }


def test_execute_returns_arrow_rows(warehouse):
    table = warehouse.execute("SELECT review_id, rating FROM reviews ORDER BY 1 DESC LIMIT 2;")
    assert table.to_pylist() == [
        {"review_id": "2", "rating": 4.0},
        {"review_id": "1", "rating": 4.0},
    ]


def test_the_same_file_can_be_opened_again(warehouse):
    again = Warehouse.open(warehouse.path)
    del warehouse
    assert again.execute("SELECT count(*) AS n FROM reviews")["n"][0].as_py() == 3
    with pytest.raises(duckdb.Error):
        again._connection.cursor().execute("SET threads = 64")


def test_an_empty_result_keeps_its_columns(warehouse):
    table = warehouse.execute("SELECT rating FROM reviews WHERE rating > 9")
    assert (table.column_names, table.num_rows) == (["rating"], 0)


@pytest.mark.parametrize(
    "sql",
    [
        "WITH a AS (SELECT * FROM reviews) SELECT count(*) AS n FROM a",
        "SELECT count(*) AS n FROM main.reviews r JOIN Reviews s USING (review_id)",
        "SELECT 3 AS n UNION SELECT 3",
        "SELECT count(*) AS n FROM range(3)",
        "SELECT (SELECT count(*) FROM reviews) AS n",
        "SELECT sum(x)::INT - 3 AS n FROM (SELECT unnest([1, 2, 3]) AS x)",
        "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a WHERE n < 3) "
        "SELECT max(n) AS n FROM a",
    ],
)
def test_plain_selects_run(warehouse, sql):
    assert warehouse.execute(sql)["n"][0].as_py() == 3


OUTSIDE = "{outside}"
ESCAPES = [
    "SELECT * FROM read_csv('{outside}')",
    "SELECT * FROM '{outside}'",
    "SELECT * FROM read_text('{outside}')",
    "SELECT * FROM read_blob('{outside}')",
    "SELECT * FROM read_json('{outside}')",
    "SELECT * FROM parquet_scan('{outside}')",
    "SELECT * FROM sniff_csv('{outside}')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM reviews WHERE EXISTS (SELECT 1 FROM glob('/*'))",
    "WITH a AS (SELECT * FROM read_text('{outside}')) SELECT * FROM a",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('reviews')",
    "SELECT * FROM sqlite_scan('{outside}', 'x')",
    "COPY reviews TO '{outside}.out'",
    "COPY (SELECT 1) TO '{outside}.out'",
    "EXPORT DATABASE '{outside}.dir'",
    "IMPORT DATABASE '{outside}.dir'",
    "ATTACH '{outside}.db'",
    "DETACH b1",
    "USE memory",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET threads = 64",
    "SET enable_external_access = true",
    "SET VARIABLE a = 1",
    "RESET lock_configuration",
    "PRAGMA threads = 64",
    "PRAGMA database_list",
    "CALL pragma_version()",
    "CHECKPOINT",
    "VACUUM",
    "SELECT getenv('HOME')",
    "SELECT current_setting('home_directory')",
    "SELECT getvariable('a')",
    "SELECT write_log('x')",
    "SELECT sleep_ms(10)",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_databases()",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM sqlite_master",
    "SELECT * FROM pg_catalog.pg_tables",
    "SELECT * FROM frame",
    "SELECT 1; SELECT 2",
    "SELECT 1; COPY reviews TO '{outside}.out'",
    "CREATE TABLE x AS SELECT 1",
    "CREATE TEMP TABLE x AS SELECT 1",
    "CREATE MACRO f() AS 1",
    "INSERT INTO reviews VALUES ('9', 1, NULL)",
    "WITH x AS (INSERT INTO reviews VALUES ('9', 1, NULL) RETURNING *) SELECT * FROM x",
    "DELETE FROM reviews",
    "UPDATE reviews SET rating = 5",
    "DROP TABLE reviews",
    "EXPLAIN SELECT 1",
    "DESCRIBE reviews",
    "SHOW TABLES",
    "SUMMARIZE reviews",
    "PREPARE p AS SELECT 1",
    "BEGIN",
    "",
    "selec 1",
]


@pytest.mark.parametrize("sql", ESCAPES)
def test_every_escape_is_refused(warehouse, tmp_path, sql):
    frame = pd.DataFrame({"secret": [1]})
    outside = tmp_path / "outside.csv"
    outside.write_text("secret\n1\n")
    with pytest.raises(QueryRefused):
        warehouse.execute(sql.replace(OUTSIDE, str(outside)))
    assert len(frame) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outside.csv", "warehouse"]
    assert warehouse.execute("SELECT count(*) AS n FROM reviews")["n"][0].as_py() == 3


@pytest.mark.parametrize("sql", [s for s in ESCAPES if OUTSIDE in s and "out'" not in s])
def test_the_connection_refuses_files_even_without_the_guard(warehouse, tmp_path, sql):
    outside = tmp_path / "outside.csv"
    outside.write_text("secret\n1\n")
    with pytest.raises(duckdb.Error):
        warehouse._connection.cursor().execute(sql.replace(OUTSIDE, str(outside))).fetchall()


def test_settings_are_locked_even_without_the_guard(warehouse):
    for sql in (
        "SET threads = 64",
        "SET enable_external_access = true",
        "PRAGMA memory_limit='9GB'",
    ):
        with pytest.raises(duckdb.Error):
            warehouse._connection.cursor().execute(sql)


def test_a_long_query_is_stopped(warehouse):
    started = time.monotonic()
    with pytest.raises(QueryTimeout):
        warehouse.execute("SELECT count(*) FROM range(100000000000)", timeout_s=0.1)
    assert time.monotonic() - started < 3
    assert warehouse.execute("SELECT 1 AS n").num_rows == 1


def test_stopping_one_query_leaves_the_others(warehouse):
    results = []
    sql = "SELECT count(*) AS n FROM range(300000000)"
    worker = threading.Thread(target=lambda: results.append(warehouse.execute(sql)))
    worker.start()
    with pytest.raises(QueryTimeout):
        warehouse.execute("SELECT count(*) FROM range(100000000000)", timeout_s=0.05)
    worker.join()
    assert results[0]["n"][0].as_py() == 300_000_000


def test_too_many_rows_is_an_error_not_a_part(tmp_path):
    warehouse = Warehouse.open(write_snapshot(tmp_path, "b1"), Limits(max_rows=100))
    assert warehouse.execute("SELECT * FROM range(100)").num_rows == 100
    with pytest.raises(TooManyRows):
        warehouse.execute("SELECT * FROM range(101)")
    with pytest.raises(TooManyRows):
        warehouse.execute("SELECT * FROM range(10000000000)")


def test_a_failing_query_names_the_cause(warehouse):
    with pytest.raises(QueryFailed, match="no_such_column"):
        warehouse.execute("SELECT no_such_column FROM reviews")


def test_memory_is_limited(tmp_path):
    warehouse = Warehouse.open(write_snapshot(tmp_path, "b1"), Limits(memory_mb=50))
    with pytest.raises(QueryTooBig, match="50 MB"):
        warehouse.execute("SELECT list(range) FROM range(50000000)")


def test_open_explains_what_is_wrong(tmp_path):
    with pytest.raises(NoWarehouse, match="verbatim build --demo"):
        Warehouse.open(tmp_path / "no.duckdb")
    (tmp_path / "junk.duckdb").write_bytes(b"junk" * 5000)
    with pytest.raises(NoWarehouse, match="verbatim build --demo"):
        Warehouse.open(tmp_path / "junk.duckdb")
    with duckdb.connect(str(tmp_path / "half.duckdb")) as connection:
        connection.execute("CREATE TABLE reviews AS SELECT 1 AS review_id")
    with pytest.raises(NoWarehouse, match="verbatim build --demo"):
        Warehouse.open(tmp_path / "half.duckdb")


def test_the_follower_moves_with_the_pointer_and_keeps_the_old_one_for_its_users(tmp_path):
    follower = WarehouseFollower(tmp_path)
    with pytest.raises(NoWarehouse, match="verbatim build --demo"):
        follower.current()
    old_path = write_snapshot(tmp_path, "b1", rows=3)
    old = follower.current()
    assert old is follower.current()
    write_snapshot(tmp_path, "b2", rows=5)
    new = follower.current()
    assert (old.snapshot, new.snapshot) == ("b1", "b2")
    old_path.unlink()
    assert old.execute("SELECT count(*) AS n FROM reviews")["n"][0].as_py() == 3
    assert new.execute("SELECT count(*) AS n FROM reviews")["n"][0].as_py() == 5
    del old
    gc.collect()
    assert follower.current() is new


def test_a_pointer_that_leaves_the_folder_is_refused(tmp_path):
    write_snapshot(tmp_path, "b1")
    (tmp_path / "warehouse" / "current").write_text("../b1.duckdb")
    with pytest.raises(NoWarehouse):
        WarehouseFollower(tmp_path).current()


def test_looking_at_the_pointer_is_cheap(tmp_path):
    write_snapshot(tmp_path, "b1")
    follower = WarehouseFollower(tmp_path)
    follower.current()
    started = time.perf_counter()
    for _ in range(1000):
        follower.current()
    assert time.perf_counter() - started < 0.5


def test_threads_share_one_warehouse(warehouse):
    failures: list[WarehouseError] = []

    def ask() -> None:
        for _ in range(20):
            try:
                warehouse.execute("SELECT count(*) FROM reviews")
            except WarehouseError as error:
                failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
