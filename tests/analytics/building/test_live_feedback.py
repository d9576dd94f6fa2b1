"""Live feedback in a build: counted and kept like the rows of a file."""

import json
from datetime import UTC, datetime

import pytest

from analytics.build.pipeline import GeneratedSource
from bot.cli import run
from bot.live_feedback import live_source
from bot.state.database import open_state
from bot.state.records import Feedback, write_feedback
from tests.analytics.building.amazon_rows import review, write_reviews

AMAZON = "amazon_reviews_csv"


@pytest.fixture
def database(tmp_path):
    opened = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    yield opened
    opened.close()


@pytest.fixture
def reviews(tmp_path):
    return write_reviews(tmp_path / "reviews.csv", [review(n) for n in range(10)])


def sent(database, *items):
    write_feedback(database, "t1", items)


def live_review(id, created_at="2014-02-01T10:00:00+00:00", **fields):
    return Feedback(id, "review", {"review_id": id, "created_at": created_at, **fields})


class Scorer:
    """Every text is as its model says; what was said when it was sent does not count."""

    version = "test"

    def score(self, texts):
        class Score:
            sentiment, score, emotion = "negative", -0.5, "anger"

        return [Score] * len(texts)


def test_no_live_feedback_is_no_source(database):
    assert live_source(database) is None


def test_live_rows_go_in_beside_those_of_files(database, reviews, run_build, ask):
    sent(
        database,
        Feedback(
            "L1",
            "review",
            {
                "review_id": "L1",
                "product_id": "new",
                "customer_id": None,
                "created_at": "2014-02-01T10:00:00+00:00",
                "rating": 2.0,
                "title": None,
                "body": "It broke",
            },
            "positive",
            0.9,
            "joy",
        ),
        Feedback(
            "T1",
            "ticket",
            {"ticket_id": "T1", "opened_at": "2014-02-03T23:30:00-02:00", "body": "Where is it?"},
        ),
        Feedback(
            "P1",
            "post",
            {"post_id": "P1", "posted_at": "2014-02-02T00:00:00+00:00", "body": "ok", "likes": 3},
        ),
    )
    report = run_build((AMAZON, reviews), generated=[live_source(database)], scorer=Scorer())
    assert (report.rows["reviews"], report.rows["tickets"], report.rows["social_posts"]) == (
        11,
        1,
        1,
    )
    assert report.kept == {AMAZON: 10, "live": 3}
    assert report.data_as_of.isoformat() == "2014-02-04"
    [row] = ask("SELECT * FROM reviews WHERE data_source = 'live'")
    assert (row["review_id"], row["rating"], row["body"]) == ("L1", 2.0, "It broke")
    assert (row["sentiment"], row["sentiment_score"], row["emotion"]) == ("negative", -0.5, "anger")
    assert ask("SELECT product_name FROM products WHERE product_id = 'new'") == [
        {"product_name": "new"}
    ]
    assert ask("SELECT opened_at::VARCHAR AS at FROM tickets") == [{"at": "2014-02-04 01:30:00"}]


def test_a_live_row_is_checked_as_a_file_row_is(database, reviews, run_build, ask):
    sent(
        database,
        live_review("R3-P3", body="the id of a row of the file"),
        live_review("future", "2031-01-01T00:00:00+00:00", body="later"),
        live_review("fine", body="ok"),
    )
    report = run_build((AMAZON, reviews), generated=[live_source(database)])
    assert report.kept == {AMAZON: 10, "live": 1}
    assert report.data_as_of.isoformat() == "2014-02-01"
    assert ask("SELECT body FROM reviews WHERE review_id = 'R3-P3'")[0]["body"].startswith(
        "Number 3"
    )
    rejected = ask('SELECT source, "column", reason FROM rejected_rows ORDER BY source')
    assert rejected == [
        {"source": "live", "column": "created_at", "reason": "in the future: 2031-01-01 00:00:00"},
        {
            "source": "several",
            "column": "review_id",
            "reason": "duplicate key (review_id) of another source's row 6",
        },
    ]


def test_of_one_id_in_two_sources_the_first_source_stays(run_build, ask, tmp_path):
    import pyarrow as pa

    def made(name, *ids):
        table = pa.table({"review_id": ids, "created_at": ["2024-01-01"] * len(ids)})
        return GeneratedSource(name, "1", None, lambda: iter([("reviews", table)]))

    report = run_build(generated=[made("one", "x", "same"), made("two", "same", "y")])
    assert report.kept == {"one": 2, "two": 1}
    assert ask("SELECT data_source FROM reviews WHERE review_id = 'same'") == [
        {"data_source": "one"}
    ]


def test_what_was_sent_decides_whether_there_is_anything_to_build(database):
    sent(database, live_review("a", body="one"))
    first = live_source(database).version
    assert live_source(database).version == first
    sent(database, live_review("a", body="two"))
    second = live_source(database).version
    sent(database, live_review("b", body="two"))
    assert len({first, second, live_source(database).version}) == 3


def test_the_build_command_takes_live_feedback_and_says_so(reviews, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("VERBATIM_HOME", str(tmp_path / "home"))
    build = ["build", "--source", AMAZON, "--path", str(reviews), "--skip-scoring"]
    assert run(build) == 0
    assert "live" not in capsys.readouterr().out
    database = open_state(f"sqlite:///{tmp_path / 'home' / 'state.db'}")
    now = datetime.now(UTC).isoformat()
    sent(database, live_review("L1", now, body="ok"), live_review("R3-P3", now, body="there"))
    database.close()
    assert run(build) == 0
    assert "Rows of live feedback in it: 1." in capsys.readouterr().out
    assert run([*build, "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["outcome"], again["kept"]) == ("unchanged", {AMAZON: 10, "live": 1})
