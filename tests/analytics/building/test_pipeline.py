import gzip
import json
import sqlite3
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from analytics.build.pipeline import BuildFailed, GeneratedSource
from analytics.build.report import Outcome
from analytics.sources.errors import SourceError
from tests.analytics.building.amazon_rows import DAY, HEADER, START, review, write_reviews

AMAZON = "amazon_reviews_csv"


@pytest.fixture
def reviews(tmp_path):
    return write_reviews(tmp_path / "reviews.csv", [review(n) for n in range(100)])


def test_a_build_fills_facts_and_completes_dimensions(reviews, run_build, ask):
    report = run_build((AMAZON, reviews))
    assert report.outcome is Outcome.BUILT
    assert report.rows == {"customers": 100, "products": 20, "reviews": 100}
    assert report.data_as_of == date(2014, 1, 10)
    assert ask("SELECT build_id, data_as_of, source, rows FROM build_info") == [
        {
            "build_id": report.build_id,
            "data_as_of": date(2014, 1, 10),
            "source": AMAZON,
            "rows": 100,
        }
    ]
    assert ask("SELECT product_name, category FROM products WHERE product_id = 'P3'") == [
        {"product_name": "P3", "category": None}
    ]
    [row] = ask("SELECT * FROM reviews WHERE review_id = 'R1-P1'")
    assert row["body"] == 'Number 1, said "fine"'
    assert (row["rating"], row["sentiment"], row["helpful_votes"]) == (2.0, None, 1)


def test_a_second_build_of_the_same_inputs_changes_nothing(reviews, run_build, tmp_path):
    first = run_build((AMAZON, reviews))
    files = {
        path: path.stat().st_mtime_ns for path in (tmp_path / "home/warehouse").glob("*.duckdb")
    }
    second = run_build((AMAZON, reviews))
    assert (second.outcome, second.build_id) == (Outcome.UNCHANGED, first.build_id)
    assert {path: path.stat().st_mtime_ns for path in files} == files
    assert second.rows["reviews"] == 100


def test_equal_inputs_give_equal_content(reviews, run_build, ask, tmp_path):
    dump = "SELECT * EXCLUDE (built_at) FROM build_info", "SELECT * FROM reviews ORDER BY ALL"
    run_build((AMAZON, reviews))
    first = [ask(sql) for sql in dump]
    for path in (tmp_path / "home/warehouse").glob("*.duckdb"):
        path.unlink()
    run_build((AMAZON, reviews))
    assert [ask(sql) for sql in dump] == first


def test_changed_inputs_are_built_anew(reviews, run_build):
    first = run_build((AMAZON, reviews))
    write_reviews(reviews, [review(n) for n in range(101)])
    second = run_build((AMAZON, reviews))
    assert second.outcome is Outcome.BUILT
    assert second.build_id != first.build_id


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "reviews.csv is empty"),
        (",".join(HEADER).encode() + b"\n", "holds no rows"),
        (b"reviewerID,asin\na,b\n", "reviews.csv: column reviewText, overall"),
        (b"\xff\xfe\x00junk\n" * 9, "header cannot be read"),
        (",".join(HEADER).encode() + b"\na,b,c,d,9x,e,1\n", "every row was rejected"),
    ],
)
def test_an_unusable_file_is_a_clear_error_and_the_old_snapshot_serves(
    reviews, run_build, ask, tmp_path, content, words
):
    run_build((AMAZON, reviews))
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "reviews.csv").write_bytes(content)
    with pytest.raises(SourceError, match=words):
        run_build((AMAZON, bad / "reviews.csv"))
    assert ask("SELECT count(*) AS n FROM reviews") == [{"n": 100}]


def test_a_missing_file_and_an_unknown_source_say_so(run_build, tmp_path):
    with pytest.raises(SourceError, match=r"no file or folder .*nothing\.csv"):
        run_build((AMAZON, tmp_path / "nothing.csv"))
    with pytest.raises(SourceError, match="no source named 'amazn'"):
        run_build(("amazn", tmp_path))


def test_several_sources_in_one_build_stay_apart(reviews, run_build, ask, tmp_path):
    other = tmp_path / "own"
    other.mkdir()
    (other / "tickets.csv").write_text(
        "ticket_id,opened_at,resolved_at,body,team\n"
        "T1,2014-02-01 10:00:00,2014-02-02,Broken,blue\n"
        "T2,2014-02-03 10:00:00,2014-02-01,Late,red\n"
    )
    report = run_build((AMAZON, reviews), ("own", other))
    assert report.rows["tickets"] == 1
    assert ask("SELECT source, rows FROM build_info ORDER BY source") == [
        {"source": AMAZON, "rows": 100},
        {"source": "own", "rows": 1},
    ]
    assert ask("SELECT team, data_source FROM tickets") == [{"team": "blue", "data_source": "own"}]
    assert ask("SELECT file, row, reason FROM rejected_rows") == [
        {"file": "tickets.csv", "row": 3, "reason": "is before opened_at: 2014-02-01 00:00:00"}
    ]
    assert report.data_as_of == date(2014, 2, 1)


def test_own_files_get_defaults_and_joined_dimensions(run_build, ask, tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "order_items.csv").write_text(
        "order_id,product_id,customer_id,ordered_at,quantity,unit_price\n"
        "O1,A,C1,2024-01-01,2,1.5\n"
        "O1,B,C1,2024-01-01,1,3\n"
        "O2,C,,2024-01-02,1.5,3\n"
        "O3,C,,2024-01-02,1,x\n"
        "O4,C,,2024-01-02,1,-1\n"
        "O5,C,C2,02/01/2024,1,1\n"
    )
    pa.parquet.write_table(
        pa.table({"product_id": ["A"], "product_name": ["Apple"], "price": [1.5]}),
        folder / "products.parquet",
    )
    run_build(("own", folder))
    assert ask("SELECT order_id, line, revenue FROM order_items ORDER BY ALL") == [
        {"order_id": "O1", "line": 1, "revenue": 3.0},
        {"order_id": "O1", "line": 2, "revenue": 3.0},
    ]
    assert ask("SELECT product_id, product_name FROM products ORDER BY ALL") == [
        {"product_id": "A", "product_name": "Apple"},
        {"product_id": "B", "product_name": "B"},
    ]
    assert [row["reason"] for row in ask('SELECT reason FROM rejected_rows ORDER BY "row"')] == [
        "not a whole number: 1.5",
        "not a number: x",
        "is negative: -1.0",
        "not a date and time: 02/01/2024",
    ]


def test_a_table_without_a_needed_column_says_which(run_build, tmp_path):
    (tmp_path / "order_items.csv").write_text("order_id,quantity\nO1,1\n")
    with pytest.raises(SourceError, match="order_items needs a column ordered_at, revenue"):
        run_build(("own", tmp_path / "order_items.csv"))


def test_a_discount_without_revenue_is_not_guessed(run_build, tmp_path):
    (tmp_path / "order_items.csv").write_text(
        "order_id,ordered_at,quantity,unit_price,discount\nO1,2024-01-01,1,1,0.1\n"
    )
    with pytest.raises(SourceError, match="give revenue too"):
        run_build(("own", tmp_path / "order_items.csv"))


def test_the_same_customer_in_two_sources_is_one_and_a_fact_twice_is_rejected(
    run_build, ask, tmp_path
):
    rows = "review_id,created_at,customer_id\nX,2024-01-01,C1\n"
    mapping = (
        "name: {0}\ninputs: {{r: {{files: ['r*']}}, c: {{files: ['c*'], optional: true}}}}\n"
        "tables: {{reviews: {{from: r}}, customers: {{from: c}}}}\n"
    )
    pairs = []
    for name, customer in (("one", "C1,,north"), ("two", "C1,FR,south")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "r.csv").write_text(rows)
        (folder / "c.csv").write_text(f"customer_id,country,region\n{customer}\n")
        file = tmp_path / f"{name}.yml"
        file.write_text(mapping.format(name))
        pairs.append((str(file), folder))
    report = run_build(*pairs)
    assert report.rows["reviews"] == 1
    assert ask("SELECT customer_id, country, region FROM customers") == [
        {"customer_id": "C1", "country": "FR", "region": "north"}
    ]
    [rejected] = ask("SELECT reason FROM rejected_rows")
    assert rejected["reason"].startswith("duplicate key (review_id) of another source's row")


JSON_ROWS = [
    {"review_id": "1", "created_at": "2024-01-01T10:00:00", "rating": 4.0, "body": "é"},
    {"review_id": "2", "created_at": "2024-01-02", "rating": None, "body": "two", "extra": [1]},
]


def json_lines(path):
    path.write_text("\n".join(json.dumps(row) for row in JSON_ROWS) + "\n{broken\n[1]\n")


def json_array(path):
    path.write_text(json.dumps(JSON_ROWS))


def gzipped(path):
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in JSON_ROWS)


def parquet(path):
    pa.parquet.write_table(pa.Table.from_pylist(JSON_ROWS), path)


@pytest.mark.parametrize(
    ("name", "write", "rejected"),
    [
        ("reviews.jsonl", json_lines, [3, 4]),
        ("reviews.json", json_array, []),
        ("reviews.json.gz", gzipped, []),
        ("reviews.parquet", parquet, []),
    ],
)
def test_formats_of_own_files(run_build, ask, tmp_path, name, write, rejected):
    write(tmp_path / name)
    run_build(("own", tmp_path / name))
    assert ask(
        "SELECT review_id, created_at::VARCHAR AS t, rating, body FROM reviews ORDER BY 1"
    ) == [
        {"review_id": "1", "t": "2024-01-01 10:00:00", "rating": 4.0, "body": "é"},
        {"review_id": "2", "t": "2024-01-02 00:00:00", "rating": None, "body": "two"},
    ]
    assert [row["row"] for row in ask('SELECT "row" FROM rejected_rows ORDER BY 1')] == rejected


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_table_of_an_attached_database(run_build, ask, tmp_path, kind):
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) if kind == "sqlite" else duckdb.connect(str(path)) as connection:
        connection.execute('CREATE TABLE comments (id INT, stars INT, "at" TEXT, words TEXT)')
        connection.execute(
            "INSERT INTO comments VALUES (1, 5, '2024-05-01', 'good'), (2, 9, '2024-05-02', 'bad')"
        )
        connection.commit()
    connection.close()
    mapping = tmp_path / "shop.yml"
    mapping.write_text(
        "name: shop\n"
        "inputs: {comments: {table: comments, columns: {id: {required: true}, stars: number, "
        "at: timestamp, words: text}}}\n"
        "tables: {reviews: {from: comments, columns: {review_id: id, created_at: '\"at\"', "
        "rating: stars, body: words}}}\n"
    )
    run_build((str(mapping), f"{kind}:///{path}"))
    assert ask("SELECT review_id, rating, body FROM reviews") == [
        {"review_id": "1", "rating": 5.0, "body": "good"}
    ]
    assert ask('SELECT "row", reason FROM rejected_rows') == [
        {"row": 2, "reason": "is not between 1 and 5: 9.0"}
    ]


def test_a_database_that_cannot_be_read_hides_the_password(run_build, tmp_path):
    mapping = tmp_path / "shop.yml"
    mapping.write_text("inputs: {a: {table: t}}\ntables: {reviews: {from: a}}\n")
    with pytest.raises(SourceError) as error:
        run_build((str(mapping), "sqlite:////nowhere/at/all.db"))
    assert "table t" in str(error.value)
    with pytest.raises(SourceError) as error:
        run_build((str(mapping), "postgresql://me:hunter2@localhost:1/db"))
    assert "hunter2" not in str(error.value)


def test_a_latin_file_is_read_when_the_mapping_says_so(run_build, ask, tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_bytes("review_id;created_at;body\n1;2024-01-01;café\n".encode("latin-1"))
    mapping = tmp_path / "latin.yml"
    mapping.write_text(
        "inputs: {r: {files: ['*'], encoding: latin-1, delimiter: ';'}}\n"
        "tables: {reviews: {from: r}}\n"
    )
    run_build((str(mapping), path))
    assert ask("SELECT body FROM reviews") == [{"body": "café"}]


def test_a_byte_order_mark_is_no_part_of_the_header(run_build, ask, tmp_path):
    path = tmp_path / "reviews.csv"
    path.write_bytes(b"\xef\xbb\xbfreview_id,created_at\r\n1,2024-01-01\r\n")
    run_build(("own", path))
    assert ask("SELECT review_id FROM reviews") == [{"review_id": "1"}]


def generated(chunks, as_of=date(2024, 3, 1)):
    return GeneratedSource("made", "1", as_of, lambda: iter(chunks))


def test_generated_rows_pass_the_same_checks(run_build, ask):
    def chunk(*ratings):
        keys = [f"{ratings[0]}-{n}" for n in range(len(ratings))]
        days = pa.array(["2024-02-01"] * len(ratings))
        return "reviews", pa.table({"review_id": keys, "created_at": days, "rating": ratings})

    report = run_build(generated=[generated([chunk(1, 2), chunk(3, 9)])])
    assert (report.rows["reviews"], report.data_as_of) == (3, date(2024, 3, 1))
    assert ask('SELECT source, "row", "column" FROM rejected_rows') == [
        {"source": "made", "row": 4, "column": "rating"}
    ]


def test_nothing_dated_is_no_warehouse(run_build):
    with pytest.raises(BuildFailed, match="no dated rows"):
        run_build(generated=[generated([("products", pa.table({"product_id": ["A"]}))])])


def test_marts_are_counted_and_their_failures_told(reviews, run_build):
    class Outcome:
        name, rows, error = "themes", 0, "skipped: too few texts"

    def marts(connection, as_of, progress):
        connection.execute(
            "CREATE TABLE model_runs AS SELECT 'm' AS model, 'v' AS version, "
            "now()::TIMESTAMP AS trained_at, 'd' AS dataset, 'x' AS metric, 1.0 AS value"
        )
        return [Outcome]

    report = run_build((AMAZON, reviews), marts=marts)
    assert report.rows["model_runs"] == 1
    assert [(mart.name, mart.error) for mart in report.marts] == [
        ("themes", "skipped: too few texts")
    ]


def test_a_mart_that_breaks_the_contract_stops_the_build(reviews, run_build):
    def marts(connection, as_of, progress):
        connection.execute("CREATE TABLE themes AS SELECT 1 AS theme_id")
        return []

    with pytest.raises(BuildFailed, match="themes lacks keywords, label"):
        run_build((AMAZON, reviews), marts=marts)


def test_dates_lie_in_time_order(run_build, ask, tmp_path):
    rows = [review(n) for n in range(50)]
    for number, row in enumerate(rows):
        row[6] = str(START + DAY * ((number * 7) % 50))
    run_build((AMAZON, write_reviews(tmp_path / "reviews.csv", rows)))
    days = [row["created_at"] for row in ask("SELECT created_at FROM reviews")]
    assert days == sorted(days)


def test_the_example_of_the_documentation_builds(run_build, ask, tmp_path):
    text = (Path(__file__).parents[3] / "docs/sources.md").read_text(encoding="utf-8")
    mapping = tmp_path / "shop.yml"
    mapping.write_text(text.split("```yaml\n")[1].split("```")[0])
    file = tmp_path / "orders.csv"
    file.write_bytes(
        "nr;placed;sku;pieces;amount;note\n"
        "1;24.12.2024 18:00;a1;2;9.5;caf\xe9\n"
        "1;24.12.2024 18:00;b1;1;1;\n"
        "2;25.12.2024 18:00;TEST9;1;1;\n".encode("latin-1")
    )
    run_build((str(mapping), file))
    assert ask("SELECT order_id, line, product_id, revenue, note FROM order_items") == [
        {"order_id": "1", "line": 1, "product_id": "A1", "revenue": 9.5, "note": "caf\xe9"},
        {"order_id": "1", "line": 2, "product_id": "B1", "revenue": 1.0, "note": None},
    ]
    assert ask('SELECT "row", reason FROM rejected_rows') == [{"row": 4, "reason": "a test order"}]


def test_times_with_an_offset_become_utc_and_missing_numbers_stay_missing(run_build, ask, tmp_path):
    table = pa.table(
        {
            "review_id": ["1", "2"],
            "created_at": ["2024-01-01T10:00:00+02:00", "2024-01-01T10:00:00Z"],
            "rating": [float("nan"), 3.0],
        }
    )
    pa.parquet.write_table(table, tmp_path / "reviews.parquet")
    run_build(("own", tmp_path / "reviews.parquet"))
    assert ask("SELECT created_at::VARCHAR AS t, rating FROM reviews ORDER BY review_id") == [
        {"t": "2024-01-01 08:00:00", "rating": None},
        {"t": "2024-01-01 10:00:00", "rating": 3.0},
    ]


def test_a_join_that_would_count_facts_twice_is_refused(run_build, tmp_path):
    mapping = tmp_path / "shop.yml"
    mapping.write_text(
        "inputs: {r: {files: ['r*']}, p: {files: ['p*']}}\n"
        "tables: {reviews: {from: r, joins: [{to: p, by: [sku]}], columns: {review_id: r.id, "
        "created_at: r.day, product_id: p.name}}}\n"
    )
    (tmp_path / "r.csv").write_text("id,day,sku\n1,2024-01-01,A\n")
    (tmp_path / "p.csv").write_text("sku,name\nA,x\nA,y\n,\n,z\n")
    with pytest.raises(SourceError, match="sku A is there more than once"):
        run_build((str(mapping), tmp_path))
    (tmp_path / "p.csv").write_text("sku,name\nA,x\n,y\n,z\n")
    assert run_build((str(mapping), tmp_path)).rows["reviews"] == 1


@pytest.mark.slow  # it reads ten megabytes line by line
def test_a_text_of_ten_megabytes_in_many_lines_stops_nothing(run_build, ask, tmp_path):
    text = "\n".join(["so long a text, with a comma"] * 360_000)
    (tmp_path / "reviews.csv").write_text(
        f'review_id,created_at,body\n1,2024-01-01,"{text}"\n2,2024-01-02,short\n'
    )
    run_build(("own", tmp_path / "reviews.csv"))
    assert ask("SELECT review_id FROM reviews") == [{"review_id": "2"}]


def in_currency(name, currency):
    table = pa.table({"review_id": [name], "created_at": ["2024-02-01"]})
    return GeneratedSource(name, "1", None, lambda: iter([("reviews", table)]), currency)


def test_the_currency_of_the_sources_is_kept(run_build, ask):
    run_build(generated=[in_currency("a", "EUR"), in_currency("b", "")])
    assert ask("SELECT DISTINCT currency FROM build_info") == [{"currency": "EUR"}]


def test_amounts_of_two_currencies_are_never_added(run_build):
    with pytest.raises(BuildFailed, match="a EUR, b GBP"):
        run_build(generated=[in_currency("a", "EUR"), in_currency("b", "GBP")])
