import csv
import gzip
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.sources.delimited import read_delimited
from analytics.sources.errors import SourceError
from analytics.sources.raw import ROW

HEADER = b"a,b,c\n"


def read(tmp_path, content, name="file.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(content)
    table = read_delimited(path, encoding, ",")
    good, bad = [], []
    for batch in table.batches:
        good += [tuple(row.values()) for row in batch.table.to_pylist()]
        bad += [(item.row, item.reason) for item in batch.bad]
    return good, bad


def test_rows_carry_their_line_in_the_file(tmp_path):
    good, bad = read(tmp_path, HEADER + b'1,2,3\n\n"x\ny",2,3\n4,5,6')
    assert good == [(2, "1", "2", "3"), (4, "x\ny", "2", "3"), (6, "4", "5", "6")]
    assert bad == []


def test_an_unclosed_quote_costs_its_own_row_only(tmp_path):
    good, bad = read(tmp_path, HEADER + b'1,"2,3\n4,"5",6\n7,8,9\n')
    assert [row[0] for row in good] == [3, 4]
    assert [row for row, _ in bad] == [2]
    assert "stray quote" in bad[0][1]


def test_an_unclosed_quote_before_the_end_of_the_file(tmp_path):
    good, bad = read(tmp_path, HEADER + b'1,"2,3\n4,5,6\n')
    assert [row[0] for row in good] == [3]
    assert [row for row, _ in bad] == [2]


def test_a_bad_byte_inside_a_text_of_several_lines_costs_the_whole_row_once(tmp_path):
    good, bad = read(tmp_path, HEADER + b'1,"x\n\xff\ny",3\n4,5,6\n')
    assert [row[0] for row in good] == [5]
    assert [(row, reason.split(":")[0]) for row, reason in bad] == [(2, "broken encoding")]


def test_a_row_of_ten_megabytes_is_reported_and_skipped(tmp_path):
    good, bad = read(tmp_path, HEADER + b"1," + b"x" * 10_000_000 + b",3\n4,5,6\n")
    assert [row[0] for row in good] == [3]
    assert [(row, reason.split(",")[0]) for row, reason in bad] == [(2, "row longer than 1")]


def test_many_stray_quotes_take_no_quadratic_time(tmp_path):
    started = time.monotonic()
    good, bad = read(tmp_path, HEADER + b'1,"2,3\n' * 2_001 + b"4,5,6\n" * 5_000)
    assert time.monotonic() - started < 20
    assert len(good) == 5_000
    assert len(bad) == 2_001


def test_gzip_is_read_and_a_damaged_one_is_an_error(tmp_path):
    content = gzip.compress(HEADER + b"1,2,3\n")
    assert read(tmp_path, content, "file.csv.gz")[0] == [(2, "1", "2", "3")]
    with pytest.raises(SourceError, match="cannot be read"):
        read(tmp_path, content[:-9], "file.csv.gz")


def test_an_unknown_encoding_is_an_error(tmp_path):
    with pytest.raises(SourceError, match="unknown encoding"):
        read(tmp_path, HEADER, encoding="klingon")


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), max_size=12)


@given(st.lists(st.tuples(cells, cells, cells), max_size=20))
def test_what_a_csv_writer_writes_is_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("csv") / "file.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([("a", "b", "c"), *rows])
    found = [
        row
        for batch in read_delimited(path, "utf-8", ",").batches
        for row in batch.table.to_pylist()
    ]
    assert [(row["a"], row["b"], row["c"]) for row in found] == rows
    assert all(row[ROW] > 1 for row in found)
