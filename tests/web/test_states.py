import pytest

from bot.state.signin import create_login_link
from tests.web.conftest import answered, ask, sign_in
from tests.web.replies import asked, reply

pytestmark = pytest.mark.slow


def test_the_welcome_says_what_there_is_and_what_is_missing(signed_in, served):
    welcome = signed_in.locator("verbatim-welcome .welcome")
    assert "up to 20 Oct 2026" in welcome.inner_text()
    assert "No data yet about footfall" in welcome.inner_text()
    welcome.get_by_text("Reviews", exact=True).click()
    about = welcome.get_by_role("group", name="Questions about Reviews")
    about.get_by_role("button", name="Net sentiment by region?").click()
    signed_in.locator("verbatim-answer .actions").wait_for()
    assert asked(served)[-1]["message"] == "Net sentiment by region?"
    assert signed_in.locator("verbatim-welcome").count() == 0


def test_while_the_catalog_is_read_there_is_a_skeleton_and_a_failure_can_be_retried(page, served):
    waiting = []
    page.route("**/api/v1/catalog", lambda route: waiting.append(route))
    page.goto(create_login_link(served.settings))
    page.locator("verbatim-welcome .bone").first.wait_for()
    failed = {"error": {"code": "no_answer", "message": "No answer.", "request_id": "r-1234"}}
    for route in waiting:
        route.fulfill(status=502, json=failed)
    alert = page.locator("verbatim-welcome [role=alert]")
    alert.wait_for()
    assert "r-1234" in alert.inner_text()
    page.unroute("**/api/v1/catalog")
    alert.get_by_role("button", name="Try again").click()
    page.wait_for_selector("verbatim-welcome .starter")


def test_a_slow_answer_shows_that_it_is_being_worked_on(signed_in):
    waiting = []
    signed_in.clock.install()
    signed_in.route("**/chat/stream", lambda route: waiting.append(route))
    ask(signed_in, "one")
    status = signed_in.locator("verbatim-answer .status")
    status.wait_for()
    assert "Sending the question" in status.inner_text()
    signed_in.clock.run_for(3500)
    assert "takes longer" in status.inner_text()
    signed_in.clock.run_for(8000)
    assert "or says why not" in status.inner_text()
    waiting[0].continue_()
    signed_in.unroute("**/chat/stream")
    signed_in.locator("verbatim-answer .actions").wait_for()
    assert status.count() == 0


def test_a_failure_says_so_with_its_request_and_can_be_tried_again(signed_in, served):
    served.rasa.reply = lambda body: []
    ask(signed_in, "one")
    failed = signed_in.get_by_role("group", name="Not answered")
    failed.wait_for()
    assert "The bot gave no answer" in failed.inner_text()
    assert failed.locator("code").inner_text() == served.rasa.asked[-1]["metadata"]["request_id"]
    served.rasa.reply = reply
    failed.get_by_role("button", name="Try again").click()
    signed_in.locator("verbatim-answer svg.marks").wait_for()
    assert len({body["metadata"]["message_id"] for body in asked(served)}) == 1


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
    assert [b["message"] for b in asked(served)] == ["one"]


def test_a_stream_cut_after_the_headline_completes_without_asking_twice(signed_in, served):
    streams = []

    def cut(route):
        response = route.fetch()
        text = response.text()
        streams.append(text)
        # What follows the headline is lost the first time.
        end = text.index("event: answer") if len(streams) == 1 else len(text)
        route.fulfill(response=response, body=text[:end])

    signed_in.route("**/chat/stream", cut)
    answered(signed_in, "one")
    assert len(streams) == 2
    assert "event: headline" not in streams[1]
    assert [b["message"] for b in asked(served)] == ["one"]
    assert signed_in.locator("verbatim-answer").count() == 1


def test_offline_the_question_is_kept_and_sent_once_when_back(signed_in, served):
    signed_in.context.set_offline(True)
    ask(signed_in, "one")
    kept = signed_in.get_by_role("group", name="Not answered")
    kept.wait_for()
    assert "You are offline. Your question is kept" in kept.inner_text()
    assert "You are offline" in signed_in.locator("#banner").inner_text()
    ask(signed_in, "two")
    signed_in.context.set_offline(False)
    signed_in.locator("verbatim-answer .actions").nth(1).wait_for()
    signed_in.locator("#banner").wait_for(state="hidden")
    assert [b["message"] for b in asked(served)] == ["one", "two"]


def test_a_server_that_is_away_is_looked_for_until_it_is_back(signed_in, served):
    signed_in.route("**/*", lambda route: route.abort("connectionrefused"))
    ask(signed_in, "one")
    kept = signed_in.get_by_role("group", name="Not answered")
    kept.wait_for(timeout=15_000)
    assert "cannot be reached" in kept.inner_text()
    signed_in.unroute("**/*")
    signed_in.locator("verbatim-answer svg.marks").wait_for(timeout=15_000)
    assert [b["message"] for b in asked(served)] == ["one"]


def test_an_empty_answer_is_words_alone(signed_in, served):
    issue = {"code": "no_data", "message": "No reviews match.", "suggestions": []}
    nothing = {"text": "No reviews match.", "rows": [], "columns": [], "issues": [issue]}
    sent = {"recipient_id": "x", "custom": {"answers": [nothing]}}
    served.rasa.reply = lambda body: [sent]
    answer = answered(signed_in, "one")
    assert answer.inner_text().count("No reviews match.") == 1
    assert answer.locator(".figure").count() == 0


def test_it_fits_a_phone(tab, served):
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    page = sign_in(tab(**phone), served)
    answered(page, "How did sentiment develop?").locator("svg.marks").wait_for()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    too_wide = page.evaluate(
        """() => {
            const root = document.querySelector("deep-chat").shadowRoot;
            const answer = root.querySelector("verbatim-answer").shadowRoot;
            return [...answer.querySelectorAll("*")]
                .filter(e => e.getBoundingClientRect().right > 361 && !e.closest(".scroll, pre"))
                .map(e => e.outerHTML.slice(0, 80));
        }"""
    )
    assert too_wide == []


def test_on_a_phone_the_list_is_a_drawer(tab, served):
    page = sign_in(tab(viewport={"width": 360, "height": 740}), served)
    answered(page, "How many reviews?")
    sidebar = page.locator("#sidebar")
    assert not sidebar.is_visible()
    page.get_by_role("button", name="Conversations").click()
    sidebar.wait_for(state="visible")
    page.keyboard.press("Escape")
    sidebar.wait_for(state="hidden")
    assert page.evaluate("document.activeElement.id") == "menu"
    page.get_by_role("button", name="Conversations").click()
    sidebar.get_by_role("button", name="New conversation").click()
    sidebar.wait_for(state="hidden")
    page.wait_for_selector("verbatim-welcome .starter")


def background(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_the_theme_follows_the_system_until_it_is_chosen(signed_in):
    page = signed_in
    answered(page, "How did sentiment develop?").locator("svg.marks").wait_for()
    page.emulate_media(color_scheme="dark")
    assert background(page) == "rgb(20, 24, 31)"
    page.emulate_media(color_scheme="light")
    assert background(page) == "rgb(255, 255, 255)"
    before = page.locator("svg.marks").inner_html()
    page.get_by_role("button", name="Light or dark").click()
    assert background(page) == "rgb(20, 24, 31)"
    page.wait_for_timeout(600)
    assert page.locator("svg.marks").inner_html() != before
    page.reload()
    page.wait_for_selector("verbatim-answer .actions")
    assert background(page) == "rgb(20, 24, 31)"
    page.get_by_role("button", name="Light or dark").click()
    assert page.evaluate("localStorage.length") == 0


def test_the_slash_key_goes_to_the_question(signed_in):
    answered(signed_in, "How many reviews?")
    signed_in.locator("#home").focus()
    signed_in.keyboard.press("/")
    signed_in.keyboard.type("a/b")
    assert signed_in.locator("deep-chat #text-input").inner_text() == "a/b"


def test_a_keyboard_reaches_the_question_first_by_the_skip_link(signed_in):
    signed_in.reload()
    signed_in.wait_for_selector("verbatim-welcome .starter")
    signed_in.evaluate("document.activeElement.blur()")
    signed_in.locator("#skip").focus()
    signed_in.keyboard.press("Enter")
    signed_in.keyboard.type("hello")
    assert signed_in.locator("deep-chat #text-input").inner_text() == "hello"


def test_without_motion_nothing_moves(tab, served):
    page = sign_in(tab(reduced_motion="reduce"), served)
    page.route("**/chat/stream", lambda route: None)
    ask(page, "one")
    page.locator("verbatim-answer .bone").first.wait_for()
    moving = page.evaluate("document.getAnimations().filter(a => a.playState === 'running').length")
    assert moving == 0
    page.unroute_all(behavior="ignoreErrors")


def test_the_description_of_the_api_is_local(page, served):
    page.goto(f"{served.url}/docs")
    page.get_by_text("/api/v1/chat/stream").wait_for()
