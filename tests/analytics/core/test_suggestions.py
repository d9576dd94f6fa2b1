# ruff: noqa: E501 — cases read best on one line
"""Whatever is offered runs: by its query at a click, and by its words in the same conversation."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.analyst.context import Context
from analytics.analyst.conversation import Conversation
from analytics.analyst.service import Analyst
from analytics.types import Act, Answer
from analytics.understand.dialogue.choices import chosen
from tests.analytics.core.test_analyst import ADMIN, _Here
from tests.analytics.core.world import TODAY

ASKED = [
    "revenue", "revenue by channel last month", "top 3 channels by revenue", "net sentiment by product", "average revenue", "top 5 worst",
    "sales of the watch", "revenue by weather", "net sentiment of headphones", "revenue of Aurora Hedphones", "rating for north", "purple",
    "revenue in 2020", "revenue compared to last year", "show me reviews of Aurora Headphones", "which products turned negative this month?",
    "highest revenue", "not revenue", "revenue without", "reviews over stars", "conditions on revenue over 100", "why did revenue fall?",
    "revenue by region and product and channel and sentiment", "what about it", "the second one", "undo", "save this", "export", "run nothing", "yes", "no",
    "compare north and south revenue", "revenue by month in 2026", "best and worst products by revenue", "units per what", "net sentiment by channel",
    "reviews per order", "share of web revenue", "revenue on 31 February", "more", "sort by purple", "remove the region filter", "drill down",
]  # fmt: skip
_BEFORE = [
    None,
    "revenue by channel last month",
    "net sentiment of Aurora Headphones",
    "top 3 products by revenue",
]
_words = st.sampled_from(
    "revenue orders net sentiment rating by product region channel top worst 3 last month this year in Q2 vs not except over 5 stars Aurora Headphones "
    "north web the second one those remove filter all sort why and also purple weather kettle most average share".split()
)


@pytest.fixture(scope="module")
def analyst(world: Context) -> Analyst:
    return _Here(world)


def answered(answer: Answer) -> bool:
    """Figures, words, or the honest word that there is nothing."""
    codes = {issue.code for issue in answer.issues}
    return bool(answer.rows or answer.evidence or "no_data" in codes or answer.query is not None)


def check(analyst: Analyst, before: str | None, text: str) -> None:
    """Every query that was offered answers; a question back has at least one."""
    talk = Conversation(analyst, ADMIN, TODAY)
    if before is not None:
        talk.ask(before)
    answer = talk.ask(text).answers[-1]
    if not (answer.rows or answer.evidence):
        assert answer.suggestions, (before, text, answer.text)
    for suggestion, query in zip(answer.suggestions, answer.choices, strict=False):
        if query is None:
            continue
        clicked = Conversation(analyst, ADMIN, TODAY, query=talk.query)
        found = clicked.ask(suggestion, Act.ASK, query).answers[-1]
        assert answered(found), (before, text, suggestion, found.text)


@pytest.mark.parametrize("before", _BEFORE)
@pytest.mark.parametrize("text", ASKED)
def test_what_is_offered_answers(text: str, before: str | None, analyst: Analyst) -> None:
    check(analyst, before, text)


@pytest.mark.slow
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(_words, min_size=1, max_size=7).map(" ".join), st.sampled_from(_BEFORE))
def test_no_mixture_of_words_is_a_dead_end(analyst: Analyst, text: str, before: str | None) -> None:
    check(analyst, before, text)


@pytest.mark.parametrize(
    "text", ["revenue by weather", "net sentiment of Aurora", "purple", "average revenue"]
)
def test_the_same_question_back_is_not_asked_twice_in_a_row(text: str, analyst: Analyst) -> None:
    talk = Conversation(analyst, ADMIN, TODAY)
    first = talk.ask(text).answers[0]
    second = talk.ask(text).answers[0]
    assert second.text != first.text
    assert any(query is not None for query in second.choices)


@pytest.mark.parametrize(
    ("reply", "product"),
    [
        ("the first", "Aurora Headphones"), ("2", "Aurora Headphones Pro"), ("the pro", "Aurora Headphones Pro"),
        ("the second one please", "Aurora Headphones Pro"), ("Aurora Headphones", "Aurora Headphones"), ("option 1", "Aurora Headphones"),
        ("pro please", "Aurora Headphones Pro"), ("average rating of Aurora Headphones Pro", "Aurora Headphones Pro"), ("the latter", "Aurora Headphones Pro"),
    ],
)  # fmt: skip
def test_a_choice_is_taken_by_place_or_by_words(reply: str, product: str, analyst: Analyst) -> None:
    talk = Conversation(analyst, ADMIN, TODAY)
    assert len(talk.ask("average rating of Aurora").answers[0].suggestions) == 2
    query = talk.ask(reply).query
    assert query is not None
    assert query.filters[0].values == (product,)


def test_yes_to_several_asks_which_and_no_asks_for_other_words(analyst: Analyst) -> None:
    talk = Conversation(analyst, ADMIN, TODAY)
    talk.ask("average rating of Aurora")
    assert [i.code for i in talk.ask("yes").answers[0].issues] == ["which_choice"]
    assert [i.code for i in talk.ask("no").answers[0].issues] == ["other_words"]


def test_a_new_question_after_a_question_back_is_that_question(analyst: Analyst) -> None:
    talk = Conversation(analyst, ADMIN, TODAY)
    talk.ask("revenue in the north last month")
    talk.ask("revenue by weather")
    query = talk.ask("revenue by channel").query
    assert query is not None
    assert (query.group_by, query.filters, query.time_range) == (("sales_channel",), (), None)


def test_a_word_of_its_own_is_no_choice_that_says_more(analyst: Analyst) -> None:
    words = analyst.context().known.vocabulary
    choices = ("revenue by product category", "revenue by sales channel")
    assert chosen("and by product?", choices, words.dialogue, words.frame, whole=True) is None
    assert chosen("sales channel", choices, words.dialogue, words.frame, whole=True) == 1
