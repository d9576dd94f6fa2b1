"""Hostile and broken inputs against the real product: nothing breaks, leaks or runs; refusals read."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.settings import ROOT
from tests.hostile.cases import CASES, Case
from tests.hostile.conftest import LOUD
from tests.hostile.data import BODIES, NAMES, PER_PRODUCT
from tests.questions.stack import Stack

pytestmark = pytest.mark.e2e

HONEST = {503, 504}
LEAKS = re.compile(
    r"Traceback|site-packages|File \"|\.py\b|/(root|home)/|/tmp/(?!pwned)|sqlalchemy|sqlite3|pydantic|"
    rf"duckdb\.|sanic|RasaException|{re.escape(str(ROOT))}|{LOUD}"
)
BENIGN = "how many reviews are there"


def sent(client: httpx.Client, stack: Stack, case: Case) -> httpx.Response:
    headers: dict[str, str | bytes] = {"Content-Type": "application/json"} | case.headers
    if case.signed:
        headers |= {"Authorization": f"Bearer {stack.token}"}
    client.cookies.clear()
    # Bytes as they are: the client would put the address in order first.
    url = httpx.URL(client.base_url).copy_with(raw_path=_raw(case.path))
    if isinstance(case.body, bytes) or case.body is None:
        return client.request(case.method, url, content=case.body, headers=headers)
    body = json.dumps(case.body).encode()  # escapes what is no text
    return client.request(case.method, url, content=body, headers=headers)


def _raw(path: str) -> bytes:
    return path.replace(" ", "%20").encode()


@pytest.fixture(scope="module", autouse=True)
def unharmed(hostile: Stack, client: httpx.Client) -> Iterator[None]:
    """A conversation begun before and continued after; the same figure; nothing died, nothing written."""
    headers = {"Authorization": f"Bearer {hostile.token}"}

    def ask(message: str) -> dict:
        body = {"message": message, "conversation_id": "canary"}
        reply = client.post("/api/v1/chat", json=body, headers=headers)
        assert reply.status_code == 200, reply.text
        return reply.json()["answers"][0]

    before = ask(BENIGN)
    assert before["rows"] == [[len(NAMES) * PER_PRODUCT]], before
    pwned = [Path("/tmp") / name for name in ("pwned", "pwned.db", "pwned.csv")]
    yield
    after = ask("and by category")
    assert sum(row[1] for row in after["rows"]) == len(NAMES) * PER_PRODUCT, after
    assert not [path for path in pwned if path.exists()]
    assert client.get("/healthz").status_code == 200
    log = (hostile.home / "up.log").read_text(errors="replace")
    assert "starting it again" not in log, log


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_nothing_breaks(hostile: Stack, client: httpx.Client, case: Case):
    reply = sent(client, hostile, case)
    status = reply.status_code
    assert status in case.expect, reply.text[:500]
    assert status < 500 or status in HONEST
    assert not (found := LEAKS.search(reply.text)), f"{found}: {reply.text[:500]}"
    assert "pwned" not in reply.headers.get("location", "")
    assert "evil" not in str(reply.headers)
    if status in (303, 204) or case.method in ("HEAD", "FOO"):
        return
    body = reply.json()
    if status != 200:
        readable(body["error"])
    elif case.path == "/api/v1/chat":
        for answer in body["answers"]:
            assert answer["text"].strip()
            codes = {issue["code"] for issue in answer["issues"]}
            assert "internal_error" not in codes, (answer, case.body)


def readable(error: dict) -> None:
    """Words of at most a few lines, and an id to name."""
    assert error["code"]
    assert error["request_id"]
    assert 10 < len(error["message"]) < 700
    assert error["message"].isprintable()


def test_figures_by_hostile_names_are_right(hostile: Stack, client: httpx.Client):
    headers = {"Authorization": f"Bearer {hostile.token}"}
    body = {"message": "number of reviews by product"}
    [answer] = client.post("/api/v1/chat", json=body, headers=headers).json()["answers"]
    counted = {row[0]: row[1] for row in answer["rows"]}
    assert {name.strip() for name in counted} == {name.strip() for name in NAMES}
    assert set(counted.values()) == {PER_PRODUCT}


@pytest.mark.parametrize("name", NAMES)
def test_a_click_on_a_hostile_name_filters_by_it(hostile: Stack, client: httpx.Client, name: str):
    headers = {"Authorization": f"Bearer {hostile.token}"}
    ask = {"message": "number of reviews by product"}
    [listed] = client.post("/api/v1/chat", json=ask, headers=headers).json()["answers"]
    value = next(row[0] for row in listed["rows"] if row[0].strip() == name.strip())
    one = {"dimension": "product", "op": "in", "values": [value]}
    query = {"kind": "value", "metrics": listed["query"]["metrics"], "filters": [one]}
    body = {"message": "x", "query": query}
    [answer] = client.post("/api/v1/chat", json=body, headers=headers).json()["answers"]
    assert answer["rows"] == [[PER_PRODUCT]], answer


def test_hostile_words_are_quoted_as_they_are(hostile: Stack, client: httpx.Client):
    headers = {"Authorization": f"Bearer {hostile.token}"}
    body = {"message": "show me what customers say"}
    [answer] = client.post("/api/v1/chat", json=body, headers=headers).json()["answers"]
    assert answer["evidence"], answer
    starts = {text[:12] for text in BODIES}
    assert {quote["quote"][:12] for quote in answer["evidence"]} <= starts
    assert "1,000,000" not in answer["text"]


def _logs_with(request_id: str, hostile: Stack) -> dict[str, str]:
    """All logs; the last lines reach them a moment after the reply."""
    until = time.monotonic() + 10
    while True:
        files = (hostile.home / "logs").iterdir()
        logs = {path.name: path.read_text(errors="replace") for path in files}
        if sum(request_id in text for text in logs.values()) >= 3 or time.monotonic() > until:
            return logs
        time.sleep(0.1)


def test_the_logs_hold_no_secret_and_no_words(hostile: Stack, client: httpx.Client):
    """After all of the above: three processes' logs, the supervisor's and the steps'."""
    headers = {"Authorization": f"Bearer {hostile.token}", "X-Request-Id": "follow-me-0123456789"}
    word = "zyxxyzzy"
    body = {"message": f"show me what customers say about {word}", "conversation_id": "followed"}
    assert client.post("/api/v1/chat", json=body, headers=headers).status_code == 200
    logs = _logs_with("follow-me-0123456789", hostile)
    for name, text in logs.items():
        for secret in (LOUD, hostile.token, word, "DROP TABLE", "alert(1)", "ignore previous"):
            assert secret not in text, (name, secret)
    for name in ("gateway.log", "rasa.log", "actions.log"):
        assert "follow-me-0123456789" in logs[name], f"the request's id is missing in {name}"
