"""Serving: ready when the health page says so, ended by a signal, clear when it cannot be."""

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from bot.processes import serve as serving
from bot.processes.spec import ProcessSpec, StartError
from bot.settings import Settings

GATEWAY = """
import http.server, sys

class Health(http.server.BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self):
        Health.asked += 1
        self.send_response(STATUS if Health.asked > 1 else 503)
        self.end_headers()
        self.wfile.write(b'{"rasa": "loading"}')

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Health).serve_forever()
"""


@pytest.fixture
def settings(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Settings(home=tmp_path, port=probe.getsockname()[1])


def use(monkeypatch, settings: Settings, code: str) -> None:
    command = (sys.executable, "-c", code, str(settings.port))
    spec = ProcessSpec("gateway", command, "127.0.0.1", settings.port, "VERBATIM_PORT", Path.cwd())
    monkeypatch.setattr(serving.stack, "processes", lambda *_: (spec,))


async def test_ready_then_ended_by_a_signal(monkeypatch, settings):
    use(monkeypatch, settings, GATEWAY.replace("STATUS", "200"))
    said: list[str] = []

    def when_ready() -> None:
        said.append("ready")
        os.kill(os.getpid(), signal.SIGTERM)

    await serving.serve(settings, said.append, when_ready)
    assert said == ["ready", "Stopping ...", "Stopped."]


async def test_never_ready_says_why(monkeypatch, settings):
    use(monkeypatch, settings, GATEWAY.replace("STATUS", "503"))
    monkeypatch.setattr(serving, "READY_SECONDS", 1.5)
    with pytest.raises(StartError, match="loading"):
        await serving.serve(settings, print, lambda: None)


async def test_a_process_that_cannot_start_ends_the_start(monkeypatch, settings):
    use(monkeypatch, settings, "raise SystemExit('no model here')")
    with pytest.raises(StartError, match="no model here"):
        await serving.serve(settings, print, lambda: None)
