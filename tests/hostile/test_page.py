"""The page in real Chromium: names and customers' words that are markup are shown as text, never run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.hostile.data import BODIES, NAMES
from tests.questions.stack import Stack
from tests.web.conftest import DESKTOP, Complaints, answered, browser

__all__ = ["browser"]

pytestmark = pytest.mark.e2e

QUESTIONS = (
    "number of reviews by product",
    "top 5 products by number of reviews",
    "show me what customers say",
    "<img src=x onerror=\"document.title='pwned'\"> how many reviews",
    "number of reviews by product per month",
    "<script>document.title='pwned'</script>",
)


@pytest.fixture(scope="module")
def page(browser: Any, hostile: Stack) -> Iterator[Any]:
    """Signed in; at the end the browser may not have complained, and nothing may have opened."""
    complaints = Complaints()
    opened = browser.new_context(viewport=DESKTOP, locale="en-GB").new_page()
    complaints.watch(opened, hostile.address)
    opened.on("dialog", lambda dialog: (complaints.append(dialog.message), dialog.dismiss()))
    opened.on("popup", lambda other: complaints.append(other.url))
    link = next(w for w in hostile.run("token", "link").split() if w.startswith("http"))
    opened.goto(link)
    opened.wait_for_selector("verbatim-welcome .starter")
    yield opened
    opened.context.close()
    assert complaints == []


def unharmed(page: Any) -> None:
    assert "pwned" not in page.title()
    # Playwright's selectors see through open shadow roots: none of the markup became an element.
    assert (
        page.locator("img[src='x'], iframe, a[href^='javascript:'], [onerror], [onload]").count()
        == 0
    )
    assert page.locator("script:not([src])").count() == 0


@pytest.mark.parametrize("question", QUESTIONS, ids=range(len(QUESTIONS)))
def test_markup_stays_text(page: Any, question: str):
    answered(page, question)
    unharmed(page)


def test_names_and_quotes_are_shown_as_they_are(page: Any):
    table = answered(page, "number of reviews by product")
    table.get_by_role("button", name="Table", exact=True).click()
    shown = table.inner_text()
    assert NAMES[1] in shown
    assert "DROP TABLE reviews" in shown
    quotes = answered(page, "show me what customers say").inner_text()
    assert any(body[:25] in quotes for body in BODIES)
    unharmed(page)


def test_a_conversation_named_after_markup_is_listed_as_text(page: Any):
    page.reload()
    page.wait_for_load_state()
    page.wait_for_timeout(500)
    unharmed(page)
