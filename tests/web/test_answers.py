import re

import pytest

from tests.gateway.fake_rasa import TREND
from tests.web.conftest import answered, ask, sign_in
from tests.web.replies import ALL, HOSTILE, asked

pytestmark = pytest.mark.slow


def test_a_question_is_answered_with_everything(signed_in):
    answer = answered(signed_in, "How did sentiment develop?")
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


def test_the_table_is_one_press_away_and_the_next_answer_begins_with_its_chart(signed_in):
    answer = answered(signed_in, "How did sentiment develop?")
    answer.get_by_role("button", name="Table").click()
    heads = answer.locator("th").all_inner_texts()
    assert heads == ["Month", "Net sentiment", "Responses", "Revenue"]
    rows = answer.locator("tbody tr")
    first = rows.first.locator("td").all_inner_texts()
    assert first == ["Aug 2026", "41.0%", "1,210", "120,345.50"]
    assert rows.last.locator("td").last.inner_text() == "–"
    answered(signed_in, "And now?").locator("svg.marks").wait_for()
    answer.get_by_role("button", name="Chart").click()
    answer.locator("svg.marks").wait_for()


def test_a_chart_is_told_to_those_who_cannot_see_it(signed_in):
    answer = answered(signed_in, "How did sentiment develop?")
    told = answer.locator(".chart").get_attribute("aria-label")
    assert "from 41.0% (Aug 2026) to 12.5% (Oct 2026)" in told
    assert "highest 41.0%" in told


def test_how_it_was_computed(signed_in, served):
    answer = answered(signed_in, "Filtered")
    toggle = answer.get_by_role("button", name="How this was computed")
    toggle.click()
    panel = answer.get_by_role("region", name="How this was computed")
    shown = panel.inner_text()
    request = asked(served)[0]["metadata"]["request_id"]
    for part in (
        "Share of positive reviews",
        "category: Audio; compared with July",
        "20 Oct 2026",
        "20261020-1",
        "SELECT date_trunc",
        "query 13 ms, answer ",
        request,
    ):
        assert part in shown
    panel.get_by_role("button", name="Copy").focus()
    signed_in.keyboard.press("Escape")
    panel.wait_for(state="hidden")
    assert toggle.evaluate("e => e.getRootNode().activeElement === e")


def test_one_figure_is_shown_large(signed_in):
    answer = answered(signed_in, "How many reviews?")
    assert "1,402" in answer.locator(".value").inner_text()


def test_a_suggestion_asks_and_the_conversation_goes_on(signed_in, served):
    signed_in.locator("verbatim-welcome .starter").first.click()
    signed_in.locator("verbatim-answer svg.marks").wait_for()
    signed_in.get_by_role("button", name="And by region?").click()
    signed_in.locator("verbatim-answer").nth(1).locator("svg.marks").wait_for()
    found = asked(served)
    assert [b["message"] for b in found] == ["How did sentiment develop?", "And by region?"]
    assert len({b["sender"] for b in found}) == 1
    assert {b["metadata"]["locale"] for b in found} == {"en-GB"}


def test_a_filter_is_taken_away_by_its_chip(signed_in, served):
    answer = answered(signed_in, "Filtered")
    assert answer.locator(".filters button").count() == 1
    answer.get_by_role("button", name="Without category: Audio").click()
    signed_in.locator("verbatim-answer").nth(1).locator(".actions").wait_for()
    last = asked(served)[-1]
    assert last["message"] == "Without category: Audio"
    assert last["metadata"]["query"] == ALL


def test_a_clarification_offers_its_choices(signed_in, served):
    answer = answered(signed_in, "Aria")
    choices = answer.get_by_role("group", name="Choices").get_by_role("button")
    assert choices.all_inner_texts() == ["Sentiment of Aria Speaker", "Sentiment of Aria Buds"]
    choices.first.click()
    signed_in.locator("verbatim-answer svg.marks").wait_for()
    assert asked(served)[-1]["message"] == "Sentiment of Aria Speaker"


def test_table_and_chart_can_be_taken_along(signed_in):
    answer = answered(signed_in, "How did sentiment develop?")
    with signed_in.expect_download() as table:
        answer.get_by_role("button", name="CSV").click()
    content = table.value.path().read_bytes()
    assert table.value.suggested_filename.endswith(".csv")
    assert b"0.41" in content
    with signed_in.expect_download() as picture:
        answer.get_by_role("button", name="PNG").click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG\r\n")


def test_a_download_that_fails_says_why(signed_in):
    answer = answered(signed_in, "How did sentiment develop?")
    signed_in.route("**/table.csv", lambda route: route.fulfill(status=503, json=_not_ready()))
    answer.get_by_role("button", name="CSV").click()
    answer.get_by_text("The bot is starting").wait_for()


def _not_ready():
    return {"error": {"code": "not_ready", "message": "The bot is starting.", "request_id": "r"}}


def test_an_answer_is_copied_as_words_and_as_a_table(signed_in):
    signed_in.context.grant_permissions(["clipboard-read", "clipboard-write"])
    answer = answered(signed_in, "How did sentiment develop?")
    answer.get_by_role("button", name="Copy", exact=True).click()
    answer.get_by_role("button", name="Copied").wait_for()
    kinds = signed_in.evaluate(
        """async () => {
            const [item] = await navigator.clipboard.read();
            const read = async type => (await item.getType(type)).text();
            return [await read("text/plain"), await read("text/html")];
        }"""
    )
    text, html = kinds
    assert text.splitlines()[0] == TREND["text"]
    assert "Aug 2026\t41.0%\t1,210\t120,345.50" in text
    assert "<td>41.0%</td>" in html


def test_thumbs_are_kept_and_down_takes_a_note_for_the_team(signed_in):
    sent = []
    signed_in.on("request", lambda r: sent.append(r) if r.url.endswith("/thumbs") else None)
    answer = answered(signed_in, "How did sentiment develop?")
    answer.get_by_role("button", name="This did not help").click()
    answer.get_by_role("textbox", name="What did you mean?").fill("By week <b>")
    answer.get_by_role("button", name="Only tell the team").click()
    answer.get_by_text("Thank you").wait_for()
    bodies = [request.post_data_json for request in sent]
    assert [(b["helped"], b["comment"]) for b in bodies] == [(False, ""), (False, "By week <b>")]
    assert {request.response().status for request in sent} == {204}
    signed_in.reload()
    pressed = signed_in.get_by_role("button", name="This did not help")
    pressed.wait_for()
    assert pressed.get_attribute("aria-pressed") == "true"


def test_text_of_customers_is_never_markup(signed_in):
    dialogs = []
    signed_in.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    answer = answered(signed_in, "hostile")
    answer.get_by_role("button", name="How this was computed").click()
    answer.locator("blockquote").wait_for()
    assert HOSTILE["text"] in answer.inner_text()
    foreign = "img, script, b, u, i, s, q, a, h1, svg:not(.icon), [onmouseover], [onclick]"
    assert answer.locator(foreign).count() == 0
    for question in ("<img src=x onerror=alert(8)>", "![x](https://evil.example/x.png) **b**"):
        answered(signed_in, question)
        assert signed_in.locator("deep-chat .user-message-text").last.inner_text() == question
    assert signed_in.locator("deep-chat img, deep-chat strong").count() == 0
    signed_in.reload()
    signed_in.locator("deep-chat .user-message-text").nth(2).wait_for()
    assert signed_in.locator("deep-chat img, deep-chat strong").count() == 0
    assert dialogs == []


def test_figures_are_written_as_the_reader_does(tab, served):
    page = sign_in(tab(locale="de-DE"), served)
    answer = answered(page, "How did sentiment develop?")
    answer.locator("svg.marks").wait_for()
    answer.get_by_role("button", name="Table").click()
    first = answer.locator("tbody tr").first.locator("td").all_inner_texts()
    assert first == ["Aug. 2026", "41,0\u00a0%", "1.210", "120.345,50"]
    assert asked(served)[0]["metadata"]["locale"] == "de-DE"


def test_the_last_question_comes_back_with_the_arrow(signed_in):
    answered(signed_in, "How many reviews?")
    box = signed_in.locator("deep-chat #text-input")
    box.press("ArrowUp")
    assert box.inner_text() == "How many reviews?"
    box.press("End")
    box.type(" Really?")
    box.press("Enter")
    signed_in.locator("verbatim-answer").nth(1).locator(".actions").wait_for()
    shown = signed_in.locator("deep-chat .user-message-text").last.inner_text()
    assert re.fullmatch(r"How many reviews\? Really\?", shown.strip())


def test_the_live_region_says_state_and_headline_once(signed_in):
    signed_in.evaluate(
        """() => {
            window.said = [];
            const region = document.getElementById("announcer");
            new MutationObserver(() => window.said.push(region.textContent))
                .observe(region, { childList: true, characterData: true, subtree: true });
        }"""
    )
    answered(signed_in, "How did sentiment develop?")
    said = signed_in.evaluate("window.said")
    assert said.count(TREND["text"]) == 1
    assert any("Sending" in one or "Looking" in one for one in said[:-1])


def test_a_stream_is_shown_as_it_comes(signed_in):
    events = [
        'id: 1\nevent: status\ndata: {"state": "received", "request_id": "r-12345678"}\n\n',
        'id: 2\nevent: headline\ndata: {"index": 0, "text": "Sentiment fell."}\n\n',
    ]

    def hang(route):
        # The headline is there, the answer is not: what has come is shown meanwhile.
        route.fulfill(content_type="text/event-stream", body="".join(events))
        signed_in.unroute("**/chat/stream")
        signed_in.route("**/chat/stream", lambda later: None)

    signed_in.route("**/chat/stream", hang)
    ask(signed_in, "one")
    signed_in.get_by_role("heading", name="Sentiment fell.").wait_for()
    assert signed_in.locator("verbatim-answer .bone").count() == 1
    assert "Looking at the data" in signed_in.locator("verbatim-answer .status").inner_text()
    signed_in.unroute_all(behavior="ignoreErrors")
