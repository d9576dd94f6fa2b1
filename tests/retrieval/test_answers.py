"""Articles, definitions and verbatims on the way of a question."""

import pytest

from analytics.analyst.knowledge import Knowledge
from analytics.types import Act
from tests.retrieval.conftest import HOSTILE

LONG = "how long is the warranty"


@pytest.mark.parametrize("act", [Act.ASK, Act.DEFINE, Act.OUT_OF_SCOPE])
def test_an_article_answers_with_its_own_words_and_says_where_they_stand(ask, act):
    answer = ask(LONG, act)
    assert answer.text.startswith("The warranty lasts two years.")
    assert "Warranty: How long the warranty lasts" in answer.text
    assert answer.evidence[0].source == "article"
    assert answer.evidence[0].id == "Warranty: How long the warranty lasts"
    assert answer.evidence[0].quote == "The warranty lasts two years."
    assert answer.query is None


def test_nothing_found_is_said(ask):
    answer = ask("what is our purple banana scheme", Act.DEFINE)
    assert answer.evidence == ()
    assert answer.issues[0].code == "nothing_found"


@pytest.mark.parametrize("text", ["revenue last month", "net sentiment of Aurora Headphones"])
def test_figures_win_where_a_message_asks_for_them(ask, text):
    assert ask(text).rows
    assert ask(text, own=None).rows == ask(text).rows


def test_a_definition_comes_from_the_catalog_as_before(ask):
    text = "how is net sentiment computed?"
    assert ask(text, Act.DEFINE) == ask(text, Act.DEFINE, own=None)
    assert "Formula" in ask(text, Act.DEFINE).text


def test_a_question_for_a_period_is_none_for_articles(ask):
    assert ask("how many warranty goodwill cases last month").evidence == ()


def test_a_visitor_reads_what_is_for_everyone(ask):
    goodwill = "who decides about goodwill"
    assert ask(goodwill, role="admin").evidence[0].id.startswith("Escalation")
    assert ask(goodwill, role="guest").evidence == ()
    assert ask(LONG, role="guest").evidence[0].id.startswith("Warranty")


def test_an_article_may_not_speak_for_another_company(ask, knowledge):
    """The articles that ship are about the demo company; this snapshot has another source."""
    shipped = Knowledge(knowledge._home, knowledge._encoder, None, knowledge._articles)
    assert ask(LONG, own=shipped).evidence == ()


def test_an_edited_article_answers_anew(ask, knowledge, tmp_path):
    (tmp_path / "a.md").write_text("# Warranty\n\nThe warranty lasts two years.\n")
    own = Knowledge(knowledge._home, knowledge._encoder, tmp_path, tmp_path)
    assert "two years" in ask(LONG, own=own).text
    (tmp_path / "b.md").write_text("# Warranty length\n\nThe warranty is long: nine years.\n")
    assert "nine years" in " ".join(quote.quote for quote in ask(LONG, own=own).evidence)


def test_markup_of_an_article_stays_text(ask):
    quotes = [quote.quote for quote in ask("warranty claims: send it to the desk").evidence]
    assert "<b>Send</b> it to the desk." in quotes


def test_reviews_like_this_one(ask):
    answer = ask('find reviews like this one: "the strap broke"')
    assert answer.evidence[0].id == "s1"
    assert {quote.id for quote in answer.evidence} >= {"s1", "s2"}
    assert "jo@example.org" not in answer.evidence[0].quote


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ('find reviews of Aurora Headphones like this: "the strap broke"', {"s1", "s2"}),
        ('find reviews like "the strap broke" in march', {"s1", "s3"}),
        ('find positive reviews like this: "the strap broke"', {"s3"}),
        ('find reviews like "the strap broke" for Nimbus Kettle in february', set()),
    ],
)
def test_they_are_narrowed_by_product_time_and_sentiment(ask, text, ids):
    found = {quote.id for quote in ask(text).evidence}
    assert {i for i in found if i.startswith("s") and i != "s4"} == ids


def test_nothing_alike_is_said(ask):
    answer = ask('find reviews like this: "zebra quagga okapi"')
    assert answer.evidence == ()
    assert answer.issues[0].code == "nothing_found"


def test_a_hostile_text_is_data(ask):
    answer = ask(f"find reviews like this: {HOSTILE}")
    assert answer.evidence[0].id == "s4"
    assert answer.evidence[0].quote.startswith("<script>alert(1)</script>")
    assert ask("how many reviews").rows


def test_other_words_for_it_are_offered_and_told_apart(ask):
    answer = ask("what do customers say about broken straps in Nimbus Kettle")
    assert "near in meaning" in answer.text
    assert "s3" in {quote.id for quote in answer.evidence}


def test_a_snapshot_without_an_index_answers_as_before(ask, small, knowledge, tmp_path):
    (small.warehouse.path.with_suffix(".words")).rename(tmp_path / "away")
    own = Knowledge(knowledge._home, knowledge._encoder, None, tmp_path)
    try:
        assert (
            "near in meaning" not in ask("what do customers say about broken straps", own=own).text
        )
    finally:
        (tmp_path / "away").rename(small.warehouse.path.with_suffix(".words"))
