import pytest

from tests.gateway.fake_rasa import TREND
from tests.web.conftest import answered
from tests.web.replies import asked

pytestmark = pytest.mark.slow

CHOICE = {"kind": "value", "metrics": ["orders"]}
ISSUE = {"code": "ambiguous", "message": "Which one?", "suggestions": ["orders", "other"]}
BACK = TREND | {
    "text": "Which one?",
    "rows": [],
    "evidence": [],
    "issues": [ISSUE],
    "suggestions": ISSUE["suggestions"],
    "choices": [CHOICE, None],
}


def test_a_choice_is_pressed_by_keyboard_and_sends_its_query(signed_in, served):
    served.rasa.reply = lambda body: [{"custom": {"answers": [BACK]}}]
    section = answered(signed_in, "that")
    first = section.locator(".choice").first
    first.focus()
    first.press("Enter")
    signed_in.locator("verbatim-answer").nth(1).locator(".actions").wait_for()
    body = asked(served)[-1]
    assert (body["message"], body["metadata"]["query"]) == ("orders", CHOICE)


def test_a_saved_question_is_listed_run_renamed_and_deleted(signed_in, served):
    wish = {"kind": "save", "name": "weekly check", "query": TREND["query"]}
    served.rasa.reply = lambda body: [{"custom": {"answers": [TREND], "wish": wish}}]
    answered(signed_in, "save this as weekly check")
    saved = signed_in.locator("#saved .saved")
    saved.wait_for()
    served.rasa.reply = lambda body: [{"custom": {"answers": [TREND]}}]
    saved.click()
    signed_in.locator("verbatim-answer").nth(1).locator(".actions").wait_for()
    assert asked(served)[-1]["message"] == "run weekly check"
    signed_in.get_by_label("Rename weekly check").focus()
    signed_in.keyboard.press("Enter")
    signed_in.get_by_label("Name of the saved question").fill("monday")
    signed_in.keyboard.press("Enter")
    signed_in.get_by_role("button", name="monday", exact=True).wait_for()
    signed_in.get_by_label("Delete monday").focus()
    signed_in.keyboard.press("Enter")
    signed_in.locator("#saved").wait_for(state="hidden")
