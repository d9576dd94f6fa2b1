"""The page in front of the real bot and the demo company."""

import csv

import pytest

from tests.questions.stack import running_stack
from tests.web.conftest import Shop, answered
from tests.web.test_widget import SCRIPT, frame_ask, opened, put

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def shop():
    opened_shop = Shop()
    yield opened_shop
    opened_shop.close()


@pytest.fixture(scope="module")
def stack(tmp_path_factory, shop):
    home = tmp_path_factory.mktemp("whole")
    with running_stack("demo", home, None, {"VERBATIM_WIDGET_ORIGINS": shop.url}) as started:
        yield started


class Address:
    """What the fixtures of the page ask of a gateway."""

    def __init__(self, url):
        self.url = url


@pytest.fixture
def served(stack):
    return Address(stack.address)


@pytest.fixture
def signed_in(page, stack):
    page.goto(stack.run("token", "link").split()[-1])
    page.wait_for_selector("verbatim-welcome .starter")
    return page


def test_what_can_be_asked_is_listed(signed_in):
    welcome = signed_in.locator("verbatim-welcome .welcome")
    for kind in ("Reviews", "Orders", "Support tickets", "Web sessions", "Store visits"):
        assert welcome.get_by_text(kind, exact=True).count() == 1


def test_ask_refine_take_a_filter_away_and_come_back(signed_in):
    page = signed_in
    first = answered(page, "Revenue by product category last month in Germany")
    first.locator("svg.marks").wait_for()
    chips = first.locator(".filters li").all_inner_texts()
    assert any("Germany" in chip for chip in chips)
    first.get_by_role("button", name="Without country: Germany").click()
    page.locator("verbatim-answer").nth(1).locator("svg.marks").wait_for()
    second = page.locator("verbatim-answer").nth(1)
    assert not any("Germany" in chip for chip in second.locator(".filters li").all_inner_texts())
    answered(page, "and by region?")
    headlines = page.locator("verbatim-answer h2").all_inner_texts()
    page.reload()
    page.locator("verbatim-answer").nth(2).locator(".actions").wait_for()
    assert page.locator("verbatim-answer h2").all_inner_texts() == headlines


def test_the_table_on_the_page_is_the_one_in_the_file(signed_in):
    answer = answered(signed_in, "Orders by sales channel last month")
    answer.get_by_role("button", name="Table").click()
    shown = answer.locator("tbody tr td:first-child").all_inner_texts()
    with signed_in.expect_download() as download:
        answer.get_by_role("button", name="CSV").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows[1:]] == shown
    with signed_in.expect_download() as picture:
        answer.get_by_role("button", name="PNG").click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG\r\n")


def test_customers_words_and_the_way_of_the_figure(signed_in):
    answer = answered(signed_in, "Which products turned negative this month?")
    assert answer.locator("blockquote").count() >= 1
    answer.get_by_role("button", name="How this was computed").click()
    panel = answer.get_by_role("region", name="How this was computed").inner_text()
    assert "Compared with" in panel
    assert "SELECT" in panel


def test_a_visitor_gets_what_is_for_everyone_and_nothing_else(page, served, shop):
    put(shop, served, SCRIPT)
    frame = opened(page, shop)
    frame_ask(frame, "Average rating by product category")
    frame.locator("verbatim-answer svg.marks").wait_for()
    frame_ask(frame, "Revenue by region last month")
    second = frame.locator("verbatim-answer").nth(1)
    second.locator(".actions").wait_for()
    assert second.locator(".figure, .value").count() == 0
