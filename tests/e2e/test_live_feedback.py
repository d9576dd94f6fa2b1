"""A review sent by API is counted and quoted after the next build, through the real processes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.questions.stack import Stack, data_folder, running_stack

TODAY = "2014-07-22"
COUNT = "how many reviews did we get in the last 7 days?"
QUOTES = "what do customers say about xylophone?"
BODY = "The xylophone arrived with two bars missing and it is terrible"
FILE = "reviews/amazon_musical_instruments.csv"
ROWS = 500
"""Of the real file: it is built twice here, and all of it takes minutes."""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of data sets with the latest reviews of one; skips where the file is absent."""
    folder = data_folder()
    if folder is None or not (folder / FILE).is_file():
        pytest.skip(f"public data sets absent: {FILE} (set VERBATIM_DATA)")
    short = tmp_path / "data" / FILE
    short.parent.mkdir(parents=True)
    with (
        (folder / FILE).open(encoding="utf-8", newline="") as whole,
        short.open("w", encoding="utf-8", newline="") as part,
    ):
        header, *rows = csv.reader(whole)
        rows.sort(key=lambda row: int(row[header.index("unixReviewTime")]))
        csv.writer(part).writerows([header, *rows[-ROWS:]])
    return tmp_path / "data"


@pytest.fixture
def product(data: Path, tmp_path: Path) -> Iterator[Stack]:
    with running_stack("musical_instruments", tmp_path / "home", data) as running:
        yield running


@pytest.mark.e2e
def test_a_review_sent_is_counted_and_quoted_after_the_next_build(
    product: Stack, data: Path
) -> None:
    headers = {"Authorization": f"Bearer {product.token}"}
    with httpx.Client(base_url=product.address, headers=headers, timeout=60) as client:
        before = _count(client)
        review = {"product_id": "xylophone", "created_at": f"{TODAY}T10:00:00Z", "body": BODY}
        sent = client.post("/api/v1/feedback", json={"reviews": [review]})
        assert sent.status_code == 202
        built = product.run("build", "--source", "amazon_reviews_csv", "--path", str(data / FILE))
        assert "Rows of live feedback in it: 1." in built
        assert _count(client) == before + 1
        quotes = [item["quote"] for item in _ask(client, QUOTES)["evidence"]]
        assert any("two bars missing" in quote for quote in quotes), quotes


def _count(client: httpx.Client) -> int:
    [[count]] = _ask(client, COUNT)["rows"]
    return int(count)


def _ask(client: httpx.Client, message: str) -> dict[str, Any]:
    reply = client.post("/api/v1/chat", json={"message": message, "today": TODAY})
    assert reply.status_code == 200, reply.text
    answer: dict[str, Any] = reply.json()["answers"][0]
    return answer
