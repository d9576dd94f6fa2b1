"""The evaluation as a whole, on made-up answers: what it counts, what it writes, what it keeps to itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.questions.evaluation import BEGIN, END, OURS, Part, as_data, as_markdown, as_text, ship
from tests.questions.grade import grade
from tests.questions.questions import Question
from tests.questions.report import Graded
from tests.questions.scope_set import Kept, ScopeMessage, kept, load_messages, rows_of

SECRET = "how many zeppelins in June"
FIGURE: dict[str, Any] = {
    "text": "7",
    "columns": [{"name": "n", "role": "metric"}],
    "rows": [[7]],
    "query": {"metrics": ["n"]},
}
DECLINED: dict[str, Any] = {"text": "Not mine.", "rows": [], "issues": [{"code": "out_of_scope"}]}
ASKED_BACK: dict[str, Any] = {"text": "Which one?", "rows": [], "suggestions": ["this one"]}
OUTAGE: dict[str, Any] = {"text": "Down.", "rows": [], "issues": [{"code": "timeout"}]}


def graded(answer: dict[str, Any], due: int) -> Graded:
    question = Question(
        SECRET, "value", (SECRET,), "demo", category="count", compare="value", sql=(SECRET,)
    )
    return Graded(question, [answer], [[(due,)]], grade(question, [answer], [[(due,)]]), 0.1)


@pytest.fixture
def part() -> Part:
    outside, good = ScopeMessage(SECRET, False, "demo"), ScopeMessage(SECRET, True, "demo")
    scope = [
        kept(outside, [DECLINED]),
        kept(outside, [ASKED_BACK]),
        kept(outside, [FIGURE]),
        kept(outside, [OUTAGE]),
        kept(good, [FIGURE]),
        kept(good, [DECLINED]),
        kept(good, []),
    ]
    return Part("held back", "here", {OURS: [graded(FIGURE, 7), graded(FIGURE, 8)]}, scope)


def test_messages_of_scope_are_counted_against_the_bot_where_it_fails(part: Part) -> None:
    assert [(count, total) for _, count, total in rows_of(part.scope)] == [
        (2, 4),  # no figure: declined, asked back; an outage is none of its merit
        (1, 4),
        (2, 3),  # refused: declined, and no answer at all
        (1, 3),
    ]
    assert kept(ScopeMessage("x", True, "demo"), [FIGURE]) == Kept(True, True, False)


def test_a_file_of_messages(tmp_path: Path) -> None:
    file = tmp_path / "held_back_scope.yml"
    file.write_text("messages:\n- {text: a, in_scope: true}\n- {text: b, in_scope: false}\n")
    assert [(one.text, one.in_scope, one.dataset) for one in load_messages(file)] == [
        ("a", True, "demo"),
        ("b", False, "demo"),
    ]
    file.write_text("messages:\n- {text: a}\n")
    with pytest.raises(ValueError, match="in_scope"):
        load_messages(file)


def test_totals_and_tables_hold_no_question(part: Part) -> None:
    assert SECRET in json.dumps(as_data([part]), default=str)
    assert SECRET not in json.dumps(as_data([part], totals=True), default=str)
    assert SECRET not in as_text([part])
    assert SECRET not in as_markdown([part])
    assert as_data([part], totals=True)["held back"][OURS]["outcomes"]["wrong"] == 1


def test_a_part_not_asked_keeps_its_figures(tmp_path: Path, part: Part) -> None:
    document = tmp_path / "evaluation.md"
    old = "### Questions held back\n\nold\n\n### Questions seen while building\n\nkept\n"
    document.write_text(f"Before\n{BEGIN}\n\n{old}\n{END}\nAfter\n")
    ship([part], document)
    text = document.read_text()
    assert text.startswith("Before\n")
    assert text.endswith("\nAfter\n")
    assert "old" not in text
    assert "Measured here." in text
    assert text.count("### Questions seen while building\n\nkept\n") == 1
    ship([part], document)
    assert document.read_text() == text
    document.write_text("Nothing")
    with pytest.raises(ValueError, match="no place"):
        ship([part], document)
