import time

import pytest

from tests.web.conftest import answered, ask, sign_in
from tests.web.replies import asked

pytestmark = pytest.mark.slow


def titles(page):
    return page.locator("#conversations a").all_inner_texts()


def wait_for_titles(page, *wanted):
    page.wait_for_function(
        "wanted => [...document.querySelectorAll('#conversations a')]"
        ".map(a => a.textContent).join('|') === wanted",
        arg="|".join(wanted),
    )


def test_a_conversation_is_listed_and_a_new_one_is_another(signed_in, served):
    answered(signed_in, "How many reviews?")
    wait_for_titles(signed_in, "How many reviews?")
    signed_in.get_by_role("button", name="New conversation").click()
    signed_in.wait_for_selector("verbatim-welcome .starter")
    assert signed_in.locator("verbatim-answer").count() == 0
    answered(signed_in, "And now?")
    wait_for_titles(signed_in, "And now?", "How many reviews?")
    assert len({body["sender"] for body in asked(served)}) == 2


def test_an_address_brings_the_whole_conversation_back(signed_in, served):
    for question in ("How many reviews?", "How did sentiment develop?", "Aria"):
        answered(signed_in, question)
    address = signed_in.url
    count = len(asked(served))
    signed_in.goto(served.url)
    signed_in.wait_for_selector("verbatim-welcome .starter")
    signed_in.goto(address)
    signed_in.locator("verbatim-answer").nth(2).locator(".choice").first.wait_for()
    shown = [text.strip() for text in signed_in.locator(".user-message-text").all_inner_texts()]
    assert shown == ["How many reviews?", "How did sentiment develop?", "Aria"]
    signed_in.locator("verbatim-answer").nth(1).scroll_into_view_if_needed()
    signed_in.locator("verbatim-answer svg.marks").wait_for()
    assert signed_in.locator("verbatim-answer").first.locator(".value").count() == 1
    assert len(asked(served)) == count


def test_a_link_to_an_answer_leads_there(signed_in):
    for question in ("one", "two", "three", "four"):
        answered(signed_in, question).locator("svg.marks").wait_for()
    signed_in.context.grant_permissions(["clipboard-read", "clipboard-write"])
    second = signed_in.locator("verbatim-answer").nth(1)
    second.get_by_role("button", name="Link").click()
    second.get_by_role("button", name="Copied").wait_for()
    link = signed_in.evaluate("navigator.clipboard.readText()")
    assert link == f"{signed_in.url}#{second.get_attribute('data-turn')}"
    signed_in.goto("about:blank")
    signed_in.goto(link)
    signed_in.locator("verbatim-answer").nth(3).wait_for()
    signed_in.locator("verbatim-answer").nth(1).locator("svg.marks").wait_for()
    signed_in.wait_for_function(
        """() => {
            const root = document.querySelector("deep-chat").shadowRoot;
            const question = root.querySelectorAll(".user-message-text")[1];
            return Math.abs(question.getBoundingClientRect().top - 70) < 60;
        }"""
    )


def test_an_unknown_address_says_so(signed_in, served):
    signed_in.goto(f"{served.url}/c/0123456789abcdef0123456789abcdef")
    signed_in.get_by_role("heading", name="Not found").wait_for()
    signed_in.locator(".card").get_by_role("button", name="New conversation").click()
    signed_in.wait_for_selector("verbatim-welcome .starter")
    assert signed_in.url == f"{served.url}/"


def test_back_and_forward_go_between_conversations(signed_in, served):
    answered(signed_in, "How many reviews?")
    first = signed_in.url
    signed_in.get_by_role("button", name="New conversation").click()
    answered(signed_in, "Aria")
    signed_in.go_back()
    signed_in.locator("verbatim-answer .value").wait_for()
    assert signed_in.url == first
    signed_in.go_forward()
    signed_in.locator("verbatim-answer .choice").first.wait_for()


def test_renamed_in_place(signed_in):
    answered(signed_in, "How many reviews?")
    wait_for_titles(signed_in, "How many reviews?")
    signed_in.locator("#conversations li").hover()
    signed_in.get_by_role("button", name="Rename How many reviews?").click()
    field = signed_in.get_by_role("textbox", name="Title of the conversation")
    field.fill("Counting <b>reviews</b>")
    with signed_in.expect_response(lambda r: r.request.method == "PATCH") as patched:
        field.press("Enter")
    assert patched.value.status == 204
    assert signed_in.locator("#title").inner_text() == "Counting <b>reviews</b>"
    signed_in.reload()
    wait_for_titles(signed_in, "Counting <b>reviews</b>")


def test_escape_leaves_the_title_as_it_was(signed_in):
    answered(signed_in, "How many reviews?")
    wait_for_titles(signed_in, "How many reviews?")
    signed_in.locator("#conversations li").hover()
    signed_in.get_by_role("button", name="Rename How many reviews?").click()
    field = signed_in.get_by_role("textbox", name="Title of the conversation")
    field.fill("Other")
    field.press("Escape")
    assert titles(signed_in) == ["How many reviews?"]


def delete(page, title):
    page.locator("#conversations li", has_text=title).hover()
    page.get_by_role("button", name=f"Delete {title}").click()


def test_deleting_can_be_undone_and_then_is_done(signed_in, served):
    answered(signed_in, "How many reviews?")
    wait_for_titles(signed_in, "How many reviews?")
    address = signed_in.url
    delete(signed_in, "How many reviews?")
    wait_for_titles(signed_in)
    signed_in.get_by_role("button", name="Undo").click()
    wait_for_titles(signed_in, "How many reviews?")
    signed_in.locator("verbatim-answer .value").wait_for()
    assert signed_in.url == address
    delete(signed_in, "How many reviews?")
    signed_in.wait_for_selector("verbatim-welcome .starter")
    with signed_in.expect_response(lambda r: r.request.method == "DELETE", timeout=10_000) as gone:
        pass
    assert gone.value.status == 204
    signed_in.goto(address)
    signed_in.get_by_role("heading", name="Not found").wait_for()


def test_leaving_the_page_does_not_keep_what_was_deleted(signed_in, served):
    answered(signed_in, "How many reviews?")
    wait_for_titles(signed_in, "How many reviews?")
    address = signed_in.url
    delete(signed_in, "How many reviews?")
    signed_in.goto("about:blank")
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        status = signed_in.context.request.get(address.replace("/c/", "/api/v1/conversations/"))
        if status.status == 404:
            return
        time.sleep(0.05)
    pytest.fail("it is still there")


def test_two_tabs_know_of_each_other(tab, served):
    one = sign_in(tab(), served)
    two = tab(beside=one)
    two.goto(served.url)
    two.wait_for_selector("verbatim-welcome .starter")
    answered(one, "How many reviews?")
    wait_for_titles(two, "How many reviews?")
    answered(two, "Aria")
    wait_for_titles(one, "Aria", "How many reviews?")
    assert len({body["sender"] for body in asked(served)}) == 2
    # The same conversation in both: what one deletes the other leaves.
    two.locator("#conversations a", has_text="How many reviews?").click()
    two.locator("verbatim-answer .value").wait_for()
    delete(one, "How many reviews?")
    two.wait_for_selector("verbatim-welcome .starter", timeout=10_000)
    wait_for_titles(two, "Aria")


def test_a_question_outlives_a_reload(signed_in, served):
    usual = served.rasa.reply
    served.rasa.reply = lambda body: time.sleep(1.5) or usual(body)
    ask(signed_in, "How many reviews?")
    signed_in.locator("verbatim-answer .status").wait_for()
    signed_in.wait_for_timeout(300)
    signed_in.reload()
    signed_in.locator("verbatim-answer .value").wait_for()
    assert [b["message"] for b in asked(served)] == ["How many reviews?"]
    assert signed_in.locator("verbatim-answer").count() == 1
