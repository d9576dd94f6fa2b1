import shutil

import pytest

from bot.gateway.pages import DIST
from bot.state.signin import create_login_link
from tests.gateway.conftest import rasa, served

__all__ = ["rasa", "served"]

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    if not (DIST / "index.html").is_file():
        pytest.skip("the page is not built: npm ci && npm run build in bot/web")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


class Complaints(list):
    """What the browser complained about: errors on the page, and requests to elsewhere."""


@pytest.fixture
def page(browser, served):
    """A fresh page that is not signed in; at the end it must not have complained."""
    context = browser.new_context(viewport={"width": 1100, "height": 800}, locale="en-GB")
    opened = context.new_page()
    found = opened.complaints = Complaints()
    local = (served.url, "data:", "blob:")
    opened.on("pageerror", lambda error: found.append(str(error)))
    opened.on("console", lambda line: found.append(line.text) if _matters(line) else None)
    opened.on("request", lambda r: None if r.url.startswith(local) else found.append(r.url))
    yield opened
    context.close()
    assert found == []


def _matters(line):
    # A status of 4xx or 5xx is logged by the browser itself; tests provoke them.
    return line.type == "error" and "Failed to load resource" not in line.text


@pytest.fixture
def signed_in(page, served):
    page.goto(create_login_link(served.settings))
    page.wait_for_selector("verbatim-welcome .chip")
    return page
