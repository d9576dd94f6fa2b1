import contextlib
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.gateway.pages import DIST
from bot.state.signin import create_login_link
from tests.gateway.conftest import rasa, serving
from tests.web.replies import reply

__all__ = ["rasa"]

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESKTOP = {"width": 1100, "height": 800}


# Not longer than a module: while it is open, no other test can run an event loop of its own.
@pytest.fixture(scope="module")
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


@pytest.fixture
def shop():
    """Somebody else's page: ``shop.html`` is what it shows, ``shop.url`` its address."""
    with contextlib.closing(Shop()) as opened:
        yield opened


class Shop:
    def __init__(self):
        owner = self
        self.html = ""

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200 if self.path == "/" else 204)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(owner.html.encode() if self.path == "/" else b"")

            def log_message(self, format, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def served(rasa, tmp_path, shop):
    """The gateway on a port of its own; the shop may show its widget."""
    rasa.reply = reply
    with serving(rasa, tmp_path, VERBATIM_WIDGET_ORIGINS=shop.url) as gateway:
        yield gateway


class Complaints(list):
    """What the browser complained about: errors on the page, a policy broken, calls elsewhere."""

    def watch(self, page, *homes):
        local = (*homes, "data:", "blob:")
        page.on("pageerror", lambda error: self.append(str(error)))
        page.on("console", lambda line: self.append(line.text) if _matters(line) else None)
        page.on("request", lambda r: None if r.url.startswith(local) else self.append(r.url))


def _matters(line):
    # A status of 4xx or 5xx is logged by the browser itself; tests provoke them.
    return line.type == "error" and "Failed to load resource" not in line.text


@pytest.fixture
def tab(browser, served, shop):
    """Opens further tabs, each of a browser of its own or (``beside``) of another tab's browser.

    At the end none of them may have complained.
    """
    contexts, complaints = [], Complaints()

    def opened(beside=None, **options):
        if beside is None:
            settings = {"viewport": DESKTOP, "locale": "en-GB"} | options
            contexts.append(browser.new_context(**settings))
        page = (beside.context if beside else contexts[-1]).new_page()
        page.complaints = complaints
        complaints.watch(page, served.url, shop.url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(tab):
    """A fresh page that is not signed in."""
    return tab()


def sign_in(page, served):
    """By a fresh one-time link."""
    page.goto(create_login_link(served.settings))
    page.wait_for_selector("verbatim-welcome .starter")
    return page


@pytest.fixture
def signed_in(page, served):
    return sign_in(page, served)


def ask(page, question):
    """Type a question and send it."""
    page.locator("deep-chat #text-input").fill(question)
    page.locator("deep-chat #text-input").press("Enter")


def answered(page, question):
    """Ask, and wait for the answer; gives the section of it."""
    before = page.locator("verbatim-answer").count()
    ask(page, question)
    section = page.locator("verbatim-answer").nth(before).locator("section").first
    section.locator(".actions").wait_for()
    return section
