"""The action server as an app: health, token, and that a slow answer does not hold up the others."""

import asyncio
import socket
import threading
import time
from typing import Any

import pytest
from sanic import Sanic

from actions.server import create_server
from analytics.types import Answer
from tests.actions.test_answer import FakeReply

# Rasa 3.6 with rasa-sdk 3.21 is the pair we run; the contract tests hold what passes between them.
pytestmark = pytest.mark.filterwarnings("ignore:Your versions of rasa:UserWarning")

CALL = {
    "next_action": "action_answer",
    "sender_id": "a",
    "version": "3.6.21",
    "domain": {"actions": ["action_answer"]},
    "tracker": {
        "sender_id": "a",
        "slots": {"query": None},
        "latest_message": {"text": "hello", "intent": {"name": "ask", "confidence": 1.0}},
        "events": [],
    },
}


class SlowAnalyst:
    """Answers once all callers have arrived: so they have to be served side by side."""

    def __init__(self, together: int) -> None:
        self._all_here = threading.Barrier(together, timeout=20)

    def answer(self, *_: Any) -> FakeReply:
        self._all_here.wait()
        return FakeReply((Answer("done"),), None)


@pytest.fixture
def app(request):
    Sanic.test_mode = True
    Sanic._app_registry.clear()
    analyst = SlowAnalyst(3)
    yield create_server(lambda: analyst, getattr(request, "param", None))
    Sanic._app_registry.clear()


async def _serve(app: Sanic, work: Any) -> Any:
    import httpx

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = await app.create_server(
        sock=listening,
        return_asyncio_server=True,
        asyncio_server_kwargs={"start_serving": False},
    )
    assert server is not None
    await server.startup()
    await server.start_serving()
    port = listening.getsockname()[1]
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as http:
            return await work(http)
    finally:
        server.close()
        await server.wait_closed()
        listening.close()


async def test_questions_are_answered_side_by_side(app):
    async def work(http):
        started = time.monotonic()
        replies = await asyncio.gather(*(http.post("/webhook", json=CALL) for _ in range(3)))
        return time.monotonic() - started, replies

    took, replies = await _serve(app, work)
    assert [r.json()["responses"][0]["custom"]["answers"][0]["text"] for r in replies] == [
        "done"
    ] * 3
    assert took < 20


@pytest.mark.parametrize("app", ["secret"], indirect=True)
async def test_without_the_token_only_health_answers(app):
    async def work(http):
        return [
            (await http.get("/health")).status_code,
            (await http.get("/actions")).status_code,
            (await http.post("/webhook", json=CALL)).status_code,
            (await http.post("/webhook?token=wrong", json=CALL)).status_code,
            (await http.get("/actions?token=secret")).status_code,
        ]

    assert await _serve(app, work) == [200, 401, 401, 401, 200]


async def test_health_waits_for_the_snapshot():
    Sanic.test_mode = True
    Sanic._app_registry.clear()
    read = []

    async def work(http):
        before = await http.get("/health")
        read.append(True)
        return before.status_code, (await http.get("/health")).status_code

    try:
        assert await _serve(
            create_server(lambda: SlowAnalyst(1), None, ready=lambda: bool(read)), work
        ) == (503, 200)
    finally:
        Sanic._app_registry.clear()
