"""A review sent by API is counted and quoted after the next build, through the real processes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.questions.stack import Stack, data_folder

TODAY = "2014-07-22"
COUNT = "how many reviews did we get in the last 7 days?"
QUOTES = "what do customers say about xylophone?"
BODY = "The xylophone arrived with two bars missing and it is terrible"


@pytest.mark.e2e
def test_a_review_sent_is_counted_and_quoted_after_the_next_build(
    stack: Callable[[str], Stack],
) -> None:
    product = stack("musical_instruments")
    headers = {"Authorization": f"Bearer {product.token}"}
    with httpx.Client(base_url=product.address, headers=headers, timeout=60) as client:
        before = _count(client)
        review = {"product_id": "xylophone", "created_at": f"{TODAY}T10:00:00Z", "body": BODY}
        sent = client.post("/api/v1/feedback", json={"reviews": [review]})
        assert sent.status_code == 202
        built = product.run(
            "build", "--source", "amazon_reviews_csv",
            "--path", f"{data_folder()}/reviews/amazon_musical_instruments.csv",
        )  # fmt: skip
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
