"""From a thumbs-down to a supervisor's click, in a real browser."""

import contextlib

import pytest

from bot.gateway import teaching
from bot.state.database import open_state
from bot.state.lessons import Status, list_lessons, propose_lessons
from tests.web.conftest import answered, sign_in
from tests.web.replies import asked, reply
from tests.web.test_accessible import check

pytestmark = pytest.mark.slow

LESSONS = [
    {"kind": "synonym", "phrase": "<b>dosh</b>", "meaning": "revenue", "role": "metric"},
    {"kind": "verified", "phrase": "dosh by shop", "meaning": "revenue by store"},
]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Nothing is trained for a minute here."""

    async def run(_):
        return 0, b'{"held": 1, "broken": []}'

    monkeypatch.setattr(teaching, "_run", run)


@pytest.fixture
def database(served):
    with contextlib.closing(open_state(served.settings.database_url)) as opened:
        yield opened


def test_after_a_thumbs_down_what_was_meant_is_asked_and_waits_for_a_supervisor(
    signed_in, served, database
):
    served.rasa.reply = lambda body: [
        {**part, "custom": {**part["custom"], "lessons": LESSONS}} for part in reply(body)
    ]
    first = answered(signed_in, "one")
    first.get_by_role("button", name="This did not help").click()
    meant = first.get_by_role("textbox", name="What did you mean? Ask it in other words")
    meant.fill("two")
    meant.press("Enter")
    signed_in.locator("verbatim-answer").nth(1).locator(".actions").first.wait_for()
    assert asked(served)[-1]["metadata"]["corrects"]["message"] == "one"
    signed_in.get_by_role("link", name="Review corrections").click()
    cards = signed_in.locator(".lessons > li")
    cards.nth(1).wait_for()
    assert "<b>dosh</b> means the metric revenue" in cards.nth(1).inner_text()
    cards.nth(1).get_by_role("button", name="Accept").click()
    signed_in.get_by_role("button", name="Accepted", exact=True).click()
    signed_in.get_by_role("button", name="Take back").wait_for()
    (kept,) = list_lessons(database, Status.ACCEPTED)
    assert kept.phrase == "<b>dosh</b>"


def test_an_empty_list_says_what_comes_here(signed_in, served):
    signed_in.goto(f"{served.url}/review")
    signed_in.get_by_text("Nothing to decide.").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_has_no_serious_fault_of_access(tab, served, database, scheme):
    page = sign_in(tab(color_scheme=scheme, viewport={"width": 390, "height": 800}), served)
    propose_lessons(database, "o", "dosh by shop", "revenue by store", LESSONS)
    page.goto(f"{served.url}/review")
    page.locator(".lessons > li").nth(1).wait_for()
    check(page)
