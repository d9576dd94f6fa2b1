import pytest

from tests.web.conftest import sign_in
from tests.web.replies import ALL, asked

pytestmark = pytest.mark.slow

PAGE = """<!doctype html><html lang="en"><head><title>Shop</title>
<style>div, button {{ border: 9px solid red; padding: 40px; }}</style>{tags}</head>
<body><h1>Shop</h1><button>Buy</button></body></html>"""
SCRIPT = '<script src="{url}/widget.js" async data-title="Ask us" data-accent="#3b5d50"></script>'


def put(shop, served, tags=SCRIPT):
    shop.html = PAGE.format(tags=tags.format(url=served.url))


def opened(page, shop):
    page.goto(shop.url)
    page.get_by_role("button", name="Ask us").click()
    frame = page.frame_locator("verbatim-widget iframe")
    frame.locator("verbatim-welcome .starter").first.wait_for()
    return frame


def frame_ask(frame, question):
    frame.locator("deep-chat #text-input").fill(question)
    frame.locator("deep-chat #text-input").press("Enter")


def test_a_visitor_asks_on_a_foreign_page(page, served, shop):
    put(shop, served)
    frame = opened(page, shop)
    assert frame.locator("#title").inner_text() == "Ask us"
    frame_ask(frame, "Filtered")
    frame.locator("verbatim-answer svg.marks").wait_for()
    last = asked(served)[-1]
    assert last["metadata"]["viewer"]["role"] == "guest"
    frame.get_by_role("button", name="Without category: Audio").click()
    frame.locator("verbatim-answer .actions").nth(1).wait_for()
    assert asked(served)[-1]["metadata"]["query"] == ALL
    # A visitor takes nothing along, and has no list of conversations.
    for name in ("CSV", "PNG", "Copy", "Link"):
        assert frame.get_by_role("button", name=name, exact=True).count() == 0
    assert frame.locator("#sidebar").count() == 0
    assert page.context.cookies() == []


def test_a_page_that_is_not_listed_shows_nothing_and_says_why(page, served, shop):
    put(shop, served)
    elsewhere = shop.url.replace("127.0.0.1", "localhost")
    says_why = {"predicate": lambda line: line.type == "warning"}
    with page.expect_console_message(**says_why) as warned:
        page.goto(elsewhere)
    assert f"the chat is not shown on {elsewhere}" in warned.value.text
    assert page.locator("verbatim-widget").count() == 0
    # The browser itself says that it may not read the refusal.
    assert [one for one in page.complaints if "CORS policy" in one]
    page.complaints.clear()


def test_the_frame_cannot_be_shown_by_another_page(page, served, shop):
    shop.html = f'<iframe src="{served.url}/widget?origin={shop.url}"></iframe>'
    elsewhere = shop.url.replace("127.0.0.1", "localhost")
    page.goto(elsewhere)
    page.wait_for_timeout(500)
    assert any("frame-ancestors" in one or "Framing" in one for one in page.complaints)
    assert page.frames[-1].locator("deep-chat").count() == 0
    page.complaints.clear()


HAND_OVER = """([origin, source]) => dispatchEvent(new MessageEvent("message", {
    data: { source: "verbatim", type: "token", token: "from-elsewhere" },
    origin, source: source === "parent" ? window.parent : window }))"""


def test_the_frame_takes_a_token_from_its_page_alone(page, served, shop):
    shop.html = f'<iframe src="{served.url}/widget"></iframe>'
    sent = []
    page.on("request", lambda request: sent.append(request.headers.get("authorization")))
    page.goto(shop.url)
    frame = page.frames[-1]
    frame.wait_for_selector("main .bone")
    for origin, source in (("https://evil.example", "parent"), (shop.url, "self")):
        frame.evaluate(HAND_OVER, [origin, source])
        page.wait_for_timeout(300)
        assert "Bearer from-elsewhere" not in sent
    frame.evaluate(HAND_OVER, [shop.url, "parent"])
    frame.wait_for_selector("deep-chat")
    page.wait_for_timeout(500)
    assert "Bearer from-elsewhere" in sent


def test_the_loader_hears_only_its_own_frame(page, served, shop):
    put(shop, served)
    opened(page, shop)
    launcher = page.get_by_role("button", name="Ask us")
    page.evaluate("postMessage({ source: 'verbatim', type: 'close' }, '*')")
    # Its frame, but taken to another place.
    page.evaluate(
        """() => {
            const frame = document.querySelector("verbatim-widget").shadowRoot.querySelector("iframe");
            const data = { source: "verbatim", type: "close" };
            const origin = "https://evil.example";
            dispatchEvent(new MessageEvent("message", { data, origin, source: frame.contentWindow }));
        }"""
    )
    page.wait_for_timeout(200)
    assert launcher.get_attribute("aria-expanded") == "true"


def test_several_tags_are_one_chat_and_nothing_is_left_on_the_page(page, served, shop):
    put(shop, served, "")
    page.goto(shop.url)
    before = set(page.evaluate("Object.getOwnPropertyNames(window)"))
    put(shop, served, SCRIPT + SCRIPT.replace("Ask us", "Other"))
    page.goto(shop.url)
    page.get_by_role("button", name="Ask us").wait_for()
    page.wait_for_timeout(300)
    assert page.locator("verbatim-widget").count() == 1
    assert set(page.evaluate("Object.getOwnPropertyNames(window)")) - before <= {"0"}


def test_escape_closes_and_focus_goes_where_it_came_from(page, served, shop):
    put(shop, served)
    frame = opened(page, shop)
    frame.locator("deep-chat #text-input").click()
    page.keyboard.press("Escape")
    launcher = page.get_by_role("button", name="Ask us")
    page.locator("verbatim-widget .panel").wait_for(state="hidden")
    assert launcher.get_attribute("aria-expanded") == "false"
    assert launcher.evaluate("e => e.getRootNode().activeElement === e")
    launcher.press("Enter")
    # Keys go to the frame once the browser has handed the focus over to it: a moment, not a person's.
    inside = frame.locator("body").element_handle().owner_frame()
    inside.wait_for_function(
        "document.hasFocus() && document.activeElement.tagName === 'DEEP-CHAT'"
    )
    page.keyboard.type("hello")
    page.wait_for_timeout(200)
    assert frame.locator("deep-chat #text-input").inner_text() == "hello"


def test_the_pages_own_styles_do_not_reach_it(page, served, shop):
    put(shop, served)
    page.goto(shop.url)
    box = page.get_by_role("button", name="Ask us").bounding_box()
    assert (box["width"], box["height"]) == (56, 56)
    assert page.locator("verbatim-widget").evaluate("e => e.getClientRects().length") == 0


def test_on_a_phone_it_fills_the_screen(tab, served, shop):
    put(shop, served)
    page = tab(viewport={"width": 380, "height": 700})
    frame = opened(page, shop)
    page.wait_for_timeout(300)
    box = page.locator("verbatim-widget iframe").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 380, 700)
    frame.get_by_role("button", name="Close the chat").click()
    page.locator("verbatim-widget .panel").wait_for(state="hidden")


def test_a_visitor_whose_time_is_over_begins_anew(page, served, shop):
    put(shop, served)
    frame = opened(page, shop)
    over = {"error": {"code": "not_signed_in", "message": "Over.", "request_id": "r"}}
    page.route("**/chat/stream", lambda route: route.fulfill(status=401, json=over))
    frame_ask(frame, "one")
    frame.get_by_role("heading", name="This visit is over").wait_for()
    page.unroute("**/chat/stream")
    frame.get_by_role("button", name="Begin anew").click()
    frame.locator("verbatim-welcome .starter").first.wait_for()
    frame_ask(frame, "one")
    frame.locator("verbatim-answer .actions").wait_for()


def test_the_cookie_of_the_page_is_not_used_by_the_frame(page, served, shop):
    sign_in(page, served)
    put(shop, served)
    frame = opened(page, shop)
    frame_ask(frame, "one")
    frame.locator("verbatim-answer .actions").wait_for()
    assert asked(served)[-1]["metadata"]["viewer"]["role"] == "guest"
