"""A file of which five rows in a hundred are broken, each in another way."""

import csv
import io

import pytest

from tests.analytics.building.amazon_rows import HEADER, START, review

GOOD = 2_000


def line(values):
    text = io.StringIO(newline="")
    csv.writer(text).writerow(values)
    return text.getvalue().encode()


def changed(number, **values):
    row = dict(zip(HEADER, review(number), strict=True)) | values
    return line([row[name] for name in HEADER])


def open_quote(number):
    return f'R{number},P1,"[1, 2]","he said no and left,3,stray,{START}\n'.encode()


def quote_inside(number):
    return f'R{number},P1,"[1, 2]",he said "no" and left,"3"x,stray,{START}\n'.encode()


BREAKAGES = {
    "unixReviewTime not a date and time: not a date": lambda n: changed(
        n, unixReviewTime="not a date"
    ),
    "rating is not between 1 and 5: 9.0": lambda n: changed(n, overall="9"),
    "overall not a number: five": lambda n: changed(n, overall="five"),
    "overall not a number: nan": lambda n: changed(n, overall="nan"),
    "reviewerID missing": lambda n: changed(n, reviewerID=""),
    "None broken encoding": lambda n: (
        line(review(n)).replace(b"fine", b"fin\xe9").replace(b"lines", b"lin\xe9s")
    ),
    "None row longer than": lambda n: changed(n, reviewText="long " * 2_000_000),
    "None stray quote": open_quote,
    "None stray quote: ',' expected": quote_inside,
    "body longer than 100,000 characters": lambda n: changed(n, reviewText="x" * 100_001),
    "reviewerID duplicate of row": lambda n: line(review(n - 1)),
    "review_id duplicate key": lambda n: changed(
        n, reviewerID=f"R{n - 1}", asin=f"P{(n - 1) % 20}", reviewText="another text"
    ),
    "None 3 fields instead of 7": lambda n: b"only,three,fields\n",
    "None 9 fields instead of 7": lambda n: line([*review(n), "one", "two"]),
    "created_at in the future": lambda n: changed(n, unixReviewTime="4102444800"),
    "created_at before 1970": lambda n: changed(n, unixReviewTime="-86400"),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """The file, and what was broken: row number to expected words."""
    path = tmp_path_factory.mktemp("broken") / "reviews.csv"
    parts, expected, lines = [line(HEADER)], {}, 1
    kinds = list(BREAKAGES.items())
    for number in range(GOOD):
        good = line(review(number))
        if number % 20 == 19:
            words, make = kinds[number // 20 % len(kinds)]
            bad = make(number)
            expected[lines + 1] = words
            parts.append(bad)
            lines += bad.count(b"\n")
        else:
            parts.append(good)
            lines += good.count(b"\n")
    path.write_bytes(b"".join(parts))
    return path, expected


def test_every_broken_row_is_set_aside_with_its_reason_and_the_rest_is_right(
    broken, run_build, ask
):
    path, expected = broken
    report = run_build(("amazon_reviews_csv", path))
    found = {
        row["row"]: f"{row['column']} {row['reason']}"
        for row in ask('SELECT "row", "column", reason FROM rejected_rows')
    }
    wrong = {
        row: (words, found.get(row))
        for row, words in expected.items()
        if not (found.get(row) or "").startswith(words)
    }
    assert wrong == {}
    assert set(found) == set(expected)
    assert len(expected) == GOOD // 20
    assert report.sources[0].read == GOOD
    good = [number for number in range(GOOD) if number % 20 != 19]
    [figures] = ask(
        "SELECT count(*) AS n, avg(rating) AS mean, count(DISTINCT body) AS texts FROM reviews"
    )
    assert figures["n"] == len(good)
    assert figures["mean"] == pytest.approx(sum(n % 5 + 1 for n in good) / len(good))
    assert figures["texts"] == len(good)
    assert ask("SELECT DISTINCT source, file FROM rejected_rows") == [
        {"source": "amazon_reviews_csv", "file": "reviews.csv"}
    ]


def test_the_report_counts_rejected_rows_by_reason(broken, run_build):
    path, expected = broken
    report = run_build(("amazon_reviews_csv", path))
    assert sum(item.rows for item in report.rejected) == len(expected)
    reasons = {(item.column, item.reason) for item in report.rejected}
    assert ("rating", "is not between 1 and 5") in reasons
