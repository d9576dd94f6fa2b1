import pytest

from bot.state.accounts import add_account
from bot.state.database import open_state
from bot.state.tokens import create_token
from tests.web.conftest import answered, ask
from tests.web.replies import asked

pytestmark = pytest.mark.slow

PASSWORD = "correct horse battery"


@pytest.fixture
def database(served):
    opened = open_state(served.settings.database_url)
    yield opened
    opened.close()


def by_password(page, login, password):
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").first.click()


def test_login_and_password(page, served, database):
    add_account(database, "ada", "Ada Example", "viewer", PASSWORD)
    page.goto(served.url)
    by_password(page, "ada", PASSWORD)
    page.wait_for_selector("verbatim-welcome .starter")
    assert "Ada Example" in page.locator("#who").inner_text()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()


def test_a_wrong_password_and_an_unknown_login_sound_the_same(page, served, database):
    add_account(database, "ada", "Ada Example", "viewer", PASSWORD)
    page.goto(served.url)
    said = []
    for login in ("ada", "nobody"):
        by_password(page, login, "wrong wrong wrong")
        alert = page.get_by_role("alert")
        alert.wait_for()
        said.append(alert.inner_text())
        page.reload()
        page.get_by_label("Login").wait_for()
    assert said == ["Login or password is wrong."] * 2


def test_an_access_token(page, served, database):
    page.goto(served.url)
    page.get_by_text("Use an access token").click()
    page.get_by_label("Access token").fill("wrong")
    page.get_by_role("button", name="Sign in").nth(1).click()
    page.get_by_text("not valid").wait_for()
    page.get_by_label("Access token").fill(create_token(database, "viewer"))
    page.get_by_role("button", name="Sign in").nth(1).click()
    page.wait_for_selector("verbatim-welcome .starter")


def test_an_old_link_says_so(page, served):
    page.goto(f"{served.url}/login?code=old")
    page.get_by_text("too old").wait_for()


def test_who_is_signed_out_signs_in_and_the_question_is_asked_after_all(page, served, database):
    add_account(database, "ada", "Ada Example", "viewer", PASSWORD)
    page.goto(served.url)
    by_password(page, "ada", PASSWORD)
    page.wait_for_selector("verbatim-welcome .starter")
    answered(page, "How many reviews?")
    address = page.url
    page.context.clear_cookies()
    ask(page, "And now?")
    page.get_by_text("You were signed out").wait_for()
    by_password(page, "ada", PASSWORD)
    page.locator("verbatim-answer").nth(1).locator("svg.marks").wait_for()
    assert page.url == address
    assert [b["message"] for b in asked(served)] == ["How many reviews?", "And now?"]


def test_what_one_account_asked_another_does_not_see(tab, served, database):
    for login in ("ada", "bob"):
        add_account(database, login, login.title(), "viewer", PASSWORD)
    one, two = tab(), tab()
    for page, login in ((one, "ada"), (two, "bob")):
        page.goto(served.url)
        by_password(page, login, PASSWORD)
        page.wait_for_selector("verbatim-welcome .starter")
    answered(one, "How many reviews?")
    two.goto(one.url)
    two.get_by_role("heading", name="Not found").wait_for()
    assert two.locator("#conversations a").count() == 0
