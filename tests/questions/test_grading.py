"""The grader itself: it must see a wrong figure, a wrong order and an answer where none was due."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.questions.grade import Outcome, grade
from tests.questions.questions import HERE, Question, load_sets, question_set
from tests.questions.report import wilson
from tests.questions.scope_set import is_scope_file, load_messages


def question(**fields: Any) -> Question:
    return Question(**{"id": "q", "kind": "value", "turns": ("?",), "dataset": "demo", **fields})


def answer(columns: list[tuple[str, str]], rows: list[list[Any]], **fields: Any) -> dict[str, Any]:
    described = [{"name": name, "role": role} for name, role in columns]
    return {"text": "It is so.", "columns": described, "rows": rows, "issues": [], **fields}


VALUE = [("revenue", "metric")]
BY_REGION = [("region", "dimension"), ("revenue", "metric"), ("responses", "count")]
BY_MONTH = [("month", "time"), ("revenue", "metric")]


def outcome(asked: Question, given: dict[str, Any], *golds: list[tuple[Any, ...]]) -> Outcome:
    return grade(asked, [given], list(golds)).outcome


@pytest.mark.parametrize(
    ("figure", "expected"),
    [(10.0, Outcome.RIGHT), (10.1, Outcome.WRONG), (None, Outcome.WRONG)],
)
def test_value(figure: float | None, expected: Outcome) -> None:
    asked = question(compare="value", sql=("…",))
    assert outcome(asked, answer(VALUE, [[figure]]), [(10,)]) is expected


def test_a_value_may_meet_any_of_several_readings() -> None:
    asked = question(compare="value", sql=("…", "…"))
    assert outcome(asked, answer(VALUE, [[2.0]]), [(120,)], [(2,)]) is Outcome.RIGHT


def test_no_rows_is_a_clarification_where_something_is_suggested() -> None:
    asked = question(compare="value", sql=("…",))
    refusal = answer([], [])
    clarification = answer([], [], suggestions=["revenue by region"])
    assert outcome(asked, refusal, [(10,)]) is Outcome.REFUSED
    assert outcome(asked, clarification, [(10,)]) is Outcome.CLARIFIED
    lenient = question(compare="value", sql=("…",), accept=frozenset({"clarify"}))
    assert outcome(lenient, clarification, [(10,)]) is Outcome.RIGHT


def test_rows_match_by_key_in_any_order() -> None:
    asked = question(compare="rows", sql=("…",))
    gold = [("North", 1.0), ("South", 2.0)]
    rows = [["South", 2.0, 7], ["North", 1.0, 9]]
    assert outcome(asked, answer(BY_REGION, rows), gold) is Outcome.RIGHT
    assert outcome(asked, answer(BY_REGION, rows[:1]), gold) is Outcome.WRONG
    assert outcome(asked, answer(BY_REGION, [*rows, ["East", 3.0, 1]]), gold) is Outcome.WRONG
    swapped = [["South", 1.0, 7], ["North", 2.0, 9]]
    assert outcome(asked, answer(BY_REGION, swapped), gold) is Outcome.WRONG


def test_two_keys_match_in_either_order_of_columns() -> None:
    asked = question(compare="rows", sql=("…",), keys=2)
    columns = [("channel", "dimension"), *BY_REGION]
    gold = [("North", "web", 1.0), ("South", "web", 2.0)]
    rows = [["web", "North", 1.0, 5], ["web", "South", 2.0, 5]]
    assert outcome(asked, answer(columns, rows), gold) is Outcome.RIGHT


def test_a_trend_keeps_the_order_of_time() -> None:
    asked = question(compare="trend", sql=("…",))
    gold = [(datetime(2026, 1, 1), 1.0), (datetime(2026, 2, 1), 2.0)]
    rows = [["2026-01-01", 1.0], ["2026-02-01", 2.0]]
    assert outcome(asked, answer(BY_MONTH, rows), gold) is Outcome.RIGHT
    assert outcome(asked, answer(BY_MONTH, rows[::-1]), gold) is Outcome.WRONG


def test_a_ranking_keeps_its_order_and_length() -> None:
    asked = question(compare="ranking", sql=("…",))
    gold = [("South", 2.0), ("North", 1.0)]
    rows = [["South", 2.0, 7], ["North", 1.0, 9]]
    assert outcome(asked, answer(BY_REGION, rows), gold) is Outcome.RIGHT
    assert outcome(asked, answer(BY_REGION, rows[::-1]), gold) is Outcome.WRONG
    assert outcome(asked, answer(BY_REGION, rows[:1]), gold) is Outcome.WRONG
    shorter = question(compare="ranking", sql=("…",), prefix=True)
    assert outcome(shorter, answer(BY_REGION, rows[:1]), gold) is Outcome.RIGHT


def test_things_with_the_same_figure_may_change_places() -> None:
    asked = question(compare="ranking", sql=("…",))
    gold = [("South", 2.0), ("North", 1.0), ("East", 1.0)]
    rows = [["South", 2.0, 7], ["East", 1.0, 9], ["North", 1.0, 9]]
    assert outcome(asked, answer(BY_REGION, rows), gold) is Outcome.RIGHT
    cut = [["South", 2.0, 7], ["West", 1.0, 9]]
    assert outcome(asked, answer(BY_REGION, cut), gold[:2]) is Outcome.RIGHT
    other = [["West", 2.0, 7], ["North", 1.0, 9]]
    assert outcome(asked, answer(BY_REGION, other), gold[:2]) is Outcome.WRONG
    higher = [["South", 2.0, 7], ["West", 1.5, 9]]
    assert outcome(asked, answer(BY_REGION, higher), gold[:2]) is Outcome.WRONG


def test_two_questions_may_be_answered_by_one_answer_or_by_two() -> None:
    asked = question(compare="rows", keys=0, sql=("…",))
    gold = [(10, 3)]
    one = answer([("orders", "metric"), ("tickets", "metric")], [[10, 3]])
    orders, tickets = answer(VALUE, [[10]]), answer(VALUE, [[3]])
    asks = answer([], [], suggestions=["tickets opened"])
    many = answer(BY_REGION, [["North", 10, 3], ["South", 3, 1]])
    assert grade(asked, [one], [gold]).outcome is Outcome.RIGHT
    assert grade(asked, [orders, tickets], [gold]).outcome is Outcome.RIGHT
    assert grade(asked, [orders, asks], [gold]).outcome is Outcome.CLARIFIED
    assert grade(asked, [orders], [gold]).outcome is Outcome.WRONG
    assert grade(asked, [many], [gold]).outcome is Outcome.WRONG


def test_an_explanation_says_the_change_in_its_text_and_its_parts_in_rows() -> None:
    asked = question(compare="pair", sql=("…",), text_has=("mobile",))
    text = "Conversion fell by 1.5 percentage points to 2.5 %, against May (4.0 %): mobile."
    drivers = {"query": {"kind": "drivers"}, "text": text}
    rows = [["mobile", 0.1, 0.2]]
    assert outcome(asked, answer(BY_REGION, rows, **drivers), [(0.025, 0.04)]) is Outcome.RIGHT
    assert outcome(asked, answer(BY_REGION, rows, **drivers), [(0.025, 0.03)]) is Outcome.WRONG
    silent = {**drivers, "text": text.removesuffix(": mobile.")}
    assert outcome(asked, answer(BY_REGION, rows, **silent), [(0.025, 0.04)]) is Outcome.WRONG


def test_a_yes_no_answer_starts_with_the_verdict() -> None:
    asked = question(compare="value", sql=("…",), text_starts=("Yes",))
    assert outcome(asked, answer(VALUE, [[10]], text="Yes: 10."), [(10,)]) is Outcome.RIGHT
    assert outcome(asked, answer(VALUE, [[10]], text="No: 10."), [(10,)]) is Outcome.WRONG


def test_a_list_of_what_can_be_asked_is_no_figure() -> None:
    offered = answer(
        [("data", "info"), ("questions", "info")],
        [["Orders", "revenue by month?"]],
        suggestions=["revenue by month?"],
    )
    assert outcome(question(expect="clarify"), offered) is Outcome.RIGHT
    assert outcome(question(compare="value", sql=("…",)), offered, [(10,)]) is Outcome.CLARIFIED


def test_other_wordings_are_questions_of_their_own() -> None:
    document = {
        "dataset": "demo",
        "questions": [
            {
                "id": "q-1",
                "category": "swap",
                "kind": "value",
                "turns": ["orders in May", "and June?"],
                "also": ["June?", ["orders in June"]],
                "compare": "value",
                "sql": "SELECT 1",
            }
        ],
    }
    read = question_set(document).questions
    assert [each.id for each in read] == ["q-1", "q-1b", "q-1c"]
    assert [each.turns for each in read] == [
        ("orders in May", "and June?"),
        ("orders in May", "June?"),
        ("orders in June",),
    ]
    assert {each.category for each in read} == {"swap"}


def test_quotes_must_all_fit_the_question() -> None:
    asked = question(compare="evidence", sql=("…",))
    fitting = answer([], [], evidence=[{"id": "r1"}])
    stray = answer([], [], evidence=[{"id": "r1"}, {"id": "r9"}])
    assert outcome(asked, fitting, [("r1",), ("r2",)]) is Outcome.RIGHT
    assert outcome(asked, stray, [("r1",), ("r2",)]) is Outcome.WRONG


def test_a_figure_where_a_refusal_was_due_is_wrong() -> None:
    asked = question(expect="refuse")
    assert outcome(asked, answer(VALUE, [[10.0]])) is Outcome.WRONG
    assert outcome(asked, answer([], [])) is Outcome.RIGHT


def test_what_can_be_asked_may_come_as_rows_but_never_with_figures() -> None:
    asked = question(expect="capabilities")
    offered = answer([("data", "info"), ("questions", "info")], [["Orders", "revenue by month?"]])
    assert outcome(asked, offered) is Outcome.RIGHT
    assert outcome(asked, {**offered, "query": {"kind": "value"}}) is Outcome.WRONG
    assert outcome(asked, answer(VALUE, [[10.0]])) is Outcome.WRONG
    assert outcome(question(expect="refuse"), offered) is Outcome.REFUSED


def test_an_outage_is_no_refusal() -> None:
    failed = answer([], [], issues=[{"code": "internal_error", "message": "…", "suggestions": []}])
    for expected in ("refuse", "capabilities", "out_of_scope"):
        assert outcome(question(expect=expected), failed) is Outcome.REFUSED


def test_wilson_interval_of_a_perfect_run_is_not_certain() -> None:
    low, high = wilson(30, 30)
    assert low == pytest.approx(0.8865, abs=1e-4)
    assert high == pytest.approx(1.0)


def test_every_set_can_be_read() -> None:
    for path in sorted(HERE.glob("*.yml")):
        if is_scope_file(path):
            assert {message.in_scope for message in load_messages(path)} == {True, False}
        else:
            assert all(each.questions for each in load_sets(path))
