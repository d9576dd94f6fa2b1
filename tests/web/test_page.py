import time

import pytest

from bot.state.database import open_state
from bot.state.tokens import create_token
from tests.gateway.fake_rasa import TREND, answers

pytestmark = pytest.mark.slow

WELCOME = {"text": "I answer questions.", "suggestions": ["How did sentiment develop?"]}
CHOICE = {
    "text": "Which Aria?",
    "issues": [
        {"code": "ambiguous_value", "message": "Two match.", "suggestions": ["Aria Speaker"]}
    ],
}
VALUE = {
    "text": "1,402 reviews.",
    "columns": [{"name": "n", "type": "integer", "unit": "count", "role": "metric", "metric": "n"}],
    "rows": [[1402]],
}
HOSTILE = {
    "text": "<img src=x onerror=alert(1)><script>alert(2)</script>",
    "columns": [
        {"name": "<b>x</b>", "type": "string", "unit": "text", "role": "dimension"},
        {"name": "n", "type": "integer", "unit": "count", "role": "metric"},
    ],
    "rows": [["<svg onload=alert(3)>", 1], ["javascript:alert(4)", 2]],
    "suggestions": ["<i onclick=alert(5)>"],
    "issues": [{"code": "x", "message": "<u>m</u>", "suggestions": []}],
    "evidence": [
        {
            "source": "reviews",
            "id": "<1>",
            "quote": "</blockquote><script>alert(6)</script>",
            "sentiment": 'negative" onmouseover="alert(7)',
            "product": "<p>",
            "created_at": None,
        }
    ],
}


def reply(body):
    known = {
        "what can you do?": WELCOME,
        "aria": CHOICE,
        "how many reviews?": VALUE,
        "hostile": HOSTILE,
    }
    return answers(known.get(body["message"].lower(), TREND))(body)


@pytest.fixture(autouse=True)
def _replies(served):
    served.rasa.reply = reply


def ask(page, question):
    page.locator("deep-chat #text-input").fill(question)
    page.keyboard.press("Enter")


def test_a_question_is_answered_with_everything(signed_in):
    page = signed_in
    ask(page, "How did sentiment develop?")
    answer = page.locator("verbatim-answer section").last
    answer.locator("svg.marks").wait_for()
    for words in (
        TREND["text"].replace(" %", "\u00a0%"),
        "October is not over",
        "62 % negative, n = 210",
        "Stopped charging <img src=x onerror=alert(1)>",
        "And by region?",
        "category: Audio",
    ):
        assert words in answer.inner_text()


def test_the_table_is_one_click_away(signed_in):
    ask(signed_in, "How did sentiment develop?")
    answer = signed_in.locator("verbatim-answer section").last
    answer.get_by_role("button", name="Table").click()
    assert answer.locator("th").all_inner_texts() == [
        "Month",
        "Net sentiment",
        "Responses",
        "Revenue",
    ]
    assert answer.locator("tbody tr").first.locator("td").all_inner_texts() == [
        "Aug 2026",
        "41.0%",
        "1,210",
        "120,345.50",
    ]
    assert answer.locator("tbody tr").last.locator("td").last.inner_text() == "–"
    answer.get_by_role("button", name="Chart").click()
    answer.locator("svg.marks").wait_for()


def test_how_it_was_computed(signed_in):
    ask(signed_in, "How did sentiment develop?")
    answer = signed_in.locator("verbatim-answer section").last
    answer.get_by_text("How this was computed").click()
    shown = answer.locator("details").inner_text()
    for part in ("Share of positive reviews", "20 Oct 2026", "20261020-1", "SELECT date_trunc"):
        assert part in shown


def test_one_figure_is_shown_large(signed_in):
    ask(signed_in, "How many reviews?")
    assert "1,402" in signed_in.locator("verbatim-answer .value").inner_text()


def test_a_chip_asks_and_the_conversation_goes_on(signed_in, served):
    signed_in.locator("verbatim-welcome .chip").first.click()
    signed_in.locator("verbatim-answer svg.marks").wait_for()
    signed_in.get_by_role("button", name="And by region?").click()
    signed_in.locator("verbatim-answer").nth(1).locator("svg.marks").wait_for()
    asked = [b for b in served.rasa.asked if b["message"] != "What can you do?"]
    assert [b["message"] for b in asked] == ["How did sentiment develop?", "And by region?"]
    assert len({b["sender"] for b in asked}) == 1


def test_choices_of_an_issue_are_chips(signed_in):
    ask(signed_in, "Aria")
    signed_in.locator("verbatim-answer .issue .chip", has_text="Aria Speaker").click()
    signed_in.locator("verbatim-answer svg.marks").wait_for()


def test_a_new_conversation_is_a_new_one(signed_in, served):
    ask(signed_in, "one")
    signed_in.locator("verbatim-answer .headline").wait_for()
    signed_in.get_by_role("button", name="New conversation").click()
    signed_in.locator("verbatim-welcome .chip").wait_for()
    assert signed_in.locator("verbatim-answer").count() == 0
    ask(signed_in, "two")
    signed_in.locator("verbatim-answer .headline").wait_for()
    senders = {b["sender"] for b in served.rasa.asked if b["message"] in ("one", "two")}
    assert len(senders) == 2


def test_text_of_customers_is_never_markup(signed_in):
    dialogs = []
    signed_in.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    ask(signed_in, "hostile")
    answer = signed_in.locator("verbatim-answer section").last
    answer.locator("blockquote").wait_for()
    assert HOSTILE["text"] in answer.inner_text()
    assert answer.locator("img, script, i, b, u, svg").count() == 0
    ask(signed_in, "<img src=x onerror=alert(8)>")
    signed_in.locator("verbatim-answer").nth(1).locator(".headline").wait_for()
    assert signed_in.locator("deep-chat img").count() == 0
    assert dialogs == []


def test_a_failure_says_so_and_can_be_tried_again(signed_in, served):
    served.rasa.reply = lambda body: []
    ask(signed_in, "one")
    failed = signed_in.locator("verbatim-answer [role=alert]")
    failed.wait_for()
    assert "The bot gave no answer" in failed.inner_text()
    served.rasa.reply = reply
    failed.get_by_role("button", name="Try again").click()
    signed_in.locator("verbatim-answer svg.marks").wait_for()


def test_a_slow_answer_shows_that_it_is_being_worked_on(signed_in, served):
    served.rasa.reply = lambda body: time.sleep(1) or reply(body)
    ask(signed_in, "one")
    assert "Looking at the data" in signed_in.locator("verbatim-answer .status").inner_text()
    signed_in.locator("verbatim-answer svg.marks").wait_for()
    assert signed_in.locator("verbatim-answer .status").count() == 0


def test_a_link_works_once_then_the_page_asks_to_sign_in(page, served):
    page.goto(f"{served.url}/login?code=old")
    assert "too old" in page.locator("form.card").inner_text()
    page.fill("#token", "wrong")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("not valid").wait_for()
    database = open_state(served.settings.database_url)
    page.fill("#token", create_token(database, "viewer"))
    database.close()
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_selector("verbatim-welcome .chip")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_selector("form.card")


def test_it_fits_a_phone_in_the_dark(signed_in):
    signed_in.set_viewport_size({"width": 360, "height": 740})
    signed_in.emulate_media(color_scheme="dark")
    ask(signed_in, "How did sentiment develop?")
    signed_in.locator("verbatim-answer svg.marks").wait_for()
    wide = signed_in.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    background = signed_in.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == "rgb(20, 24, 31)"


def test_the_description_of_the_api_is_local(page, served):
    page.goto(f"{served.url}/docs")
    page.get_by_text("/api/v1/chat/stream").wait_for()


def test_a_stream_cut_in_the_middle_is_taken_up_again(signed_in, served):
    sent = []

    def cut_first(route):
        sent.append((route.request.headers.get("last-event-id"), route.request.post_data))
        if len(sent) > 1:
            return route.continue_()
        begun = 'id: 1\nevent: status\ndata: {"state": "received"}\n\nid: 2\nevent: head'
        return route.fulfill(content_type="text/event-stream", body=begun)

    signed_in.route("**/chat/stream", cut_first)
    ask(signed_in, "one")
    signed_in.locator("verbatim-answer svg.marks").wait_for()
    assert [last for last, _ in sent] == [None, "1"]
    assert sent[0][1] == sent[1][1]
    assert [b["message"] for b in served.rasa.asked].count("one") == 1


def test_without_a_connection_it_says_so(signed_in, page):
    signed_in.context.set_offline(True)
    ask(signed_in, "one")
    lost = signed_in.locator("verbatim-answer [role=alert]")
    lost.wait_for(timeout=15_000)
    assert "connection was lost" in lost.inner_text()
    signed_in.context.set_offline(False)
    lost.get_by_role("button", name="Try again").click()
    signed_in.locator("verbatim-answer svg.marks").wait_for()


def test_when_the_session_ends_the_page_asks_to_sign_in(signed_in):
    signed_in.context.clear_cookies()
    ask(signed_in, "one")
    signed_in.wait_for_selector("form.card")
