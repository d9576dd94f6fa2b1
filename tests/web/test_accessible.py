"""axe-core on every screen, light and dark: nothing serious or critical."""

import pytest

from bot.gateway.pages import DIST
from tests.web.conftest import answered, ask, sign_in
from tests.web.test_widget import opened, put

pytestmark = pytest.mark.slow

AXE = DIST.parent / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
RUN = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations.map(
    found => [found.impact, found.id, found.nodes.map(node => node.target.join(" "))])"""

PHONE = {"viewport": {"width": 390, "height": 800}}


def check(frame):
    """No grave finding on what is shown now."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: npm ci in bot/web")
    frame.evaluate(AXE.read_text(encoding="utf-8"))
    # Colours on their way from one to the other are not judged.
    frame.wait_for_timeout(250)
    found = frame.evaluate(RUN)
    assert [one for one in found if one[0] in GRAVE] == []


@pytest.fixture(params=["light", "dark"])
def look(request):
    return {"color_scheme": request.param}


def test_sign_in(tab, served, look):
    page = tab(**look)
    page.goto(served.url)
    page.get_by_role("heading", name="Sign in").wait_for()
    check(page)
    page.get_by_label("Login").fill("ada")
    page.get_by_label("Password").fill("wrong wrong")
    page.get_by_role("button", name="Sign in").first.click()
    page.get_by_role("alert").wait_for()
    check(page)


def test_welcome_and_list(tab, served, look):
    page = sign_in(tab(**look), served)
    check(page)
    page.locator("verbatim-welcome").get_by_text("Reviews", exact=True).click()
    check(page)


def test_answers(tab, served, look):
    page = sign_in(tab(**look), served)
    answer = answered(page, "Filtered")
    answer.locator("svg.marks").wait_for()
    check(page)
    answer.get_by_role("button", name="How this was computed").click()
    answer.get_by_role("button", name="Table").click()
    answer.get_by_role("button", name="This did not help").click()
    answered(page, "Aria")
    page.locator("#conversations li").first.hover()
    check(page)


def test_waiting_failed_offline(tab, served, look):
    page = sign_in(tab(**look), served)
    page.route("**/chat/stream", lambda route: None)
    ask(page, "one")
    page.locator("verbatim-answer .bone").first.wait_for()
    check(page)
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    page.wait_for_selector("deep-chat")
    served.rasa.reply = lambda body: []
    ask(page, "two")
    page.get_by_role("group", name="Not answered").first.wait_for()
    page.context.set_offline(True)
    ask(page, "three")
    page.get_by_text("Your question is kept").wait_for()
    check(page)


def test_phone_and_drawer(tab, served, look):
    page = sign_in(tab(**look, **PHONE), served)
    answered(page, "Filtered").locator("svg.marks").wait_for()
    check(page)
    page.get_by_role("button", name="Conversations").click()
    page.locator("#sidebar").wait_for(state="visible")
    check(page)


def test_an_unknown_conversation(tab, served, look):
    page = sign_in(tab(**look), served)
    page.goto(f"{served.url}/c/nowhere")
    page.get_by_role("heading", name="Not found").wait_for()
    check(page)


def test_the_widget_inside_and_outside(tab, served, shop, look):
    put(shop, served)
    page = tab(**look)
    frame = opened(page, shop)
    check(page)
    inside = page.frames[-1]
    frame.locator("deep-chat #text-input").fill("Filtered")
    frame.locator("deep-chat #text-input").press("Enter")
    frame.locator("verbatim-answer svg.marks").wait_for()
    check(inside)
