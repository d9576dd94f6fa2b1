from dataclasses import dataclass

import pytest

from tests.analytics.building.amazon_rows import HEADER, review, write_reviews

AMAZON = "amazon_reviews_csv"


@dataclass(frozen=True)
class Score:
    sentiment: str
    score: float
    emotion: str = "joy"


class WordScorer:
    """Stands in for the model: texts with `fine` are positive, all others negative."""

    def __init__(self, version="1", fails_after=10**9):
        self.version = version
        self.texts = []
        self._left = fails_after

    def score(self, texts):
        self._left -= 1
        if self._left < 0:
            raise RuntimeError("killed")
        self.texts += texts
        return [Score("positive", 0.9) if "fine" in t else Score("negative", -0.8) for t in texts]


@pytest.fixture
def reviews(tmp_path):
    return write_reviews(tmp_path / "reviews.csv", [review(n) for n in range(100)])


def test_every_text_gets_its_score(reviews, run_build, ask):
    report = run_build((AMAZON, reviews), scorer=WordScorer())
    assert report.texts_scored == 100
    rows = ask(
        "SELECT body LIKE '%fine%' AS fine, sentiment, sentiment_score, emotion, count(*) AS n "
        "FROM reviews GROUP BY ALL ORDER BY fine"
    )
    assert [tuple(row.values()) for row in rows] == [
        (False, "negative", -0.8, "joy", 15),
        (True, "positive", 0.9, "joy", 85),
    ]


def test_a_rebuild_scores_only_new_texts(reviews, run_build, tmp_path):
    run_build((AMAZON, reviews), scorer=WordScorer())
    write_reviews(reviews, [review(n) for n in range(103)])
    scorer = WordScorer()
    report = run_build((AMAZON, reviews), scorer=scorer)
    assert report.texts_scored == len(scorer.texts) == 3
    newer = WordScorer(version="2")
    assert run_build((AMAZON, reviews), scorer=newer).texts_scored == 103


def test_texts_scored_before_a_crash_are_not_scored_again(run_build, tmp_path):
    file = write_reviews(tmp_path / "reviews.csv", [review(n) for n in range(1500)])
    with pytest.raises(RuntimeError, match="killed"):
        run_build((AMAZON, file), scorer=WordScorer(fails_after=1))
    assert run_build((AMAZON, file), scorer=WordScorer()).texts_scored == 500


def test_a_damaged_cache_is_computed_again(reviews, run_build, tmp_path):
    cache = tmp_path / "home/cache/scores.duckdb"
    cache.parent.mkdir(parents=True)
    cache.write_bytes(b"junk" * 5000)
    assert run_build((AMAZON, reviews), scorer=WordScorer()).texts_scored == 100


def test_no_text_no_score_and_the_title_stands_in_for_an_absent_body(run_build, ask, tmp_path):
    rows = [review(n) for n in range(3)]
    body, title = HEADER.index("reviewText"), HEADER.index("summary")
    rows[0][body] = rows[0][title] = ""
    rows[1][body], rows[1][title] = "", "fine"
    run_build((AMAZON, write_reviews(tmp_path / "reviews.csv", rows)), scorer=WordScorer())
    found = ask("SELECT sentiment FROM reviews ORDER BY review_id")
    assert [row["sentiment"] for row in found] == [None, "positive", "positive"]


def test_other_languages_and_given_scores_are_left_alone(run_build, ask, tmp_path):
    (tmp_path / "tickets.csv").write_text(
        "ticket_id,opened_at,body,language,sentiment\n"
        "1,2024-01-01,fine,en,\n2,2024-01-01,fine,pt,\n3,2024-01-01,fine,,\n4,2024-01-01,fine,,negative\n"
    )
    run_build(("own", tmp_path / "tickets.csv"), scorer=WordScorer())
    found = ask("SELECT sentiment FROM tickets ORDER BY ticket_id")
    assert [row["sentiment"] for row in found] == ["positive", None, "positive", "negative"]
