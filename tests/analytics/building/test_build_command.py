import json

import pytest

from bot.cli import run
from tests.analytics.building.amazon_rows import review, write_reviews


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("VERBATIM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def reviews(tmp_path):
    rows = [review(n) for n in range(30)]
    rows[4][4] = "9"
    return write_reviews(tmp_path / "reviews.csv", rows)


def build(*arguments):
    return run(["build", *map(str, arguments)])


def test_build_then_again_then_roll_back(home, reviews, capsys):
    source = ("--source", "amazon_reviews_csv", "--path", reviews, "--skip-scoring")
    assert build(*source, "--json") == 0
    first = json.loads(capsys.readouterr().out)
    assert (first["outcome"], first["rows"]["reviews"]) == ("built", 29)
    assert first["rejected"] == [
        {
            "source": "amazon_reviews_csv",
            "column": "rating",
            "reason": "is not between 1 and 5",
            "rows": 1,
        }
    ]
    assert build(*source) == 0
    assert "Nothing to do" in capsys.readouterr().out
    write_reviews(reviews, [review(n) for n in range(31)])
    assert build(*source) == 0
    assert build("--rollback", "--json") == 0
    out = capsys.readouterr().out
    assert json.loads(out[out.rindex("{") :])["now"] == first["build_id"]
    assert build("--rollback") == 2
    assert "no earlier snapshot" in capsys.readouterr().err


def test_check_explains_and_builds_nothing(home, reviews, capsys):
    source = ("--source", "amazon_reviews_csv", "--path", reviews, "--check")
    assert build(*source) == 0
    shown = capsys.readouterr().out
    for words in ("reviews.csv: 30 rows looked at", "review_id", "is not between 1 and 5", "row 7"):
        assert words in shown
    assert build(*source, "--json") == 0
    [checked] = json.loads(capsys.readouterr().out)
    assert checked["tables"][0]["rows"] == 29
    assert not (home / "warehouse").exists()


def test_list_names_every_source(home, capsys):
    assert build("--list", "--json") == 0
    names = {item["name"] for item in json.loads(capsys.readouterr().out)}
    assert {"amazon_reviews_csv", "online_retail", "olist", "own"} <= names
    assert build("--list") == 0
    assert "online_retail" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Give --demo"),
        (("--source", "online_retail"), "Each --source needs its --path"),
        (("--source", "nosuch", "--path", "x"), "no source named 'nosuch'"),
        (
            ("--source", "amazon_reviews_csv", "--path", "nosuch.csv"),
            "no file or folder nosuch.csv",
        ),
        (("--demo", "--scale", "0"), "--scale must be above 0"),
    ],
)
def test_mistakes_are_explained_without_a_stack_trace(home, capsys, arguments, words):
    assert build(*arguments, "--skip-scoring") == 2
    shown = capsys.readouterr().err
    assert words in shown
    assert "Traceback" not in shown
