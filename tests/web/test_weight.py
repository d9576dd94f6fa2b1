"""How much a browser loads before the first answer, and how soon that stands there."""

import gzip

import httpx
import pytest

from bot.gateway.pages import DIST
from bot.state.signin import create_login_link
from tests.web.conftest import ask

pytestmark = pytest.mark.slow

# Sizes in kB after gzip (fonts and pictures are compressed already), as measured plus a tenth:
# before there is anything to read: HTML, styles, the page's own script, one font;
TO_SIGN_IN_KB = 70
# before one can ask: also deep-chat;
TO_ASK_KB = 215
# before the first chart: also Vega, Vega-Lite and the interpreter that spares us unsafe-eval.
TO_CHART_KB = 545
WIDGET_LOADER_KB = 4


class Weighed(list):
    """Responses of this page, by their size on a compressed wire."""

    def watch(self, page):
        page.on("requestfinished", lambda request: self.append(request))
        return self

    @property
    def kilobytes(self):
        return sum(map(size, self)) / 1000


def size(request):
    response = request.response()
    if response.status in (204, 303, 304):
        return 0
    body = response.body()
    packed = request.url.endswith((".woff2", ".png"))
    return len(body) if packed else len(gzip.compress(body, 6))


def test_a_cold_load_stays_light(page, served, record_property):
    weighed = Weighed().watch(page)
    page.goto(create_login_link(served.settings))
    page.wait_for_selector("verbatim-welcome .starter")
    page.wait_for_timeout(100)
    early = [request for request in weighed if "/draw-" not in request.url]
    to_ask = sum(map(size, early)) / 1000
    ask(page, "How did sentiment develop?")
    page.locator("verbatim-answer svg.marks").wait_for()
    page.wait_for_timeout(200)
    to_chart = weighed.kilobytes
    print(f"to ask {to_ask:.0f} kB, to chart {to_chart:.0f} kB, {len(weighed)} requests")
    assert to_ask < TO_ASK_KB
    assert to_chart < TO_CHART_KB
    swagger = [request.url for request in weighed if "swagger" in request.url]
    assert swagger == []


def test_signing_in_waits_for_little(page, served):
    loaded = []
    page.on("request", lambda request: loaded.append(request.url))
    page.route("**/chat-*.js", lambda route: None)
    weighed = Weighed().watch(page)
    page.goto(served.url)
    page.get_by_role("heading", name="Sign in").wait_for()
    assert weighed.kilobytes < TO_SIGN_IN_KB
    assert not [url for url in loaded if "/draw-" in url]
    page.unroute_all(behavior="ignoreErrors")


def test_the_widget_costs_a_foreign_page_next_to_nothing(page, served, shop):
    shop.html = f'<script src="{served.url}/widget.js" async></script>'
    weighed = Weighed().watch(page)
    page.goto(shop.url)
    page.get_by_role("button", name="Ask a question").wait_for()
    mine = [request for request in weighed if request.url.startswith(served.url)]
    assert sum(map(size, mine)) / 1000 < WIDGET_LOADER_KB


def test_a_second_visit_loads_nothing_again(page, served):
    page.goto(create_login_link(served.settings))
    page.wait_for_selector("verbatim-welcome .starter")
    page.reload()
    page.wait_for_selector("verbatim-welcome .starter")
    # Some hundred bytes are the question whether a file changed.
    again = page.evaluate(
        """performance.getEntriesByType("resource")
            .filter(one => one.name.includes("/static/") && one.transferSize > 1000)
            .map(one => one.name)"""
    )
    assert again == []


def test_files_come_compressed_and_keep_for_as_long_as_their_name_says(served):
    with httpx.Client(base_url=served.url) as client:
        names = {path.name for path in DIST.iterdir()}
        (chat,) = (name for name in names if name.startswith("chat-") and name.endswith(".js"))
        for name, kept in ((chat, "immutable"), ("main.js", "no-cache")):
            plain = client.get(f"/static/{name}", headers={"Accept-Encoding": "identity"})
            packed = client.get(f"/static/{name}", headers={"Accept-Encoding": "gzip"})
            assert packed.headers["Content-Encoding"] == "gzip"
            assert "Content-Encoding" not in plain.headers
            assert packed.content == plain.content
            assert int(packed.headers["Content-Length"]) < len(plain.content) / 2
            assert packed.headers["Content-Type"] == plain.headers["Content-Type"]
            assert kept in packed.headers["Cache-Control"]
            assert "Accept-Encoding" in packed.headers["Vary"]
        for path in ("nothing.js", "%00", "../build.mjs", "..%2fbuild.mjs"):
            assert client.get(f"/static/{path}").status_code == 404
        assert client.post("/static/main.js").status_code == 405
