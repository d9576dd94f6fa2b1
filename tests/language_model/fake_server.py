"""A chat server on loopback that speaks OpenAI's protocol, and misbehaves as told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Script:
    """What the server says next, and what it was sent.

    ``arguments`` is what a call of the tool gets (a string is sent as it is), ``text`` a plain reply.
    """

    arguments: Any = None
    text: str = ""
    status: int = 200
    raw: bytes | None = None
    delay_s: float = 0.0
    trickle_s: float = 0.0
    usage: int = 100
    requests: list[dict[str, Any]] = field(default_factory=list)

    def body(self, request: dict[str, Any]) -> bytes:
        """The whole reply to a request."""
        if self.raw is not None:
            return self.raw
        message: dict[str, Any] = {"role": "assistant", "content": self.text}
        if self.arguments is not None and request.get("tools"):
            given = (
                self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)
            )
            name = request["tools"][0]["function"]["name"]
            call = {"id": "c1", "type": "function", "function": {"name": name, "arguments": given}}
            message = {"role": "assistant", "content": None, "tool_calls": [call]}
        return json.dumps(
            {
                "id": "x",
                "object": "chat.completion",
                "created": 0,
                "model": "small",
                "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
                "usage": {
                    "prompt_tokens": self.usage,
                    "completion_tokens": 0,
                    "total_tokens": self.usage,
                },
            }
        ).encode()


@contextmanager
def chat_server(script: Script) -> Iterator[str]:
    """Serve ``script``; yields the base URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            request = json.loads(self.rfile.read(length))
            script.requests.append(request)
            time.sleep(script.delay_s)
            body = script.body(request)
            try:
                self.send_response(script.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self._send(body)
            except OSError:
                pass  # whoever asked has given up

        def _send(self, body: bytes) -> None:
            if not script.trickle_s:
                self.wfile.write(body)
                return
            for position in range(len(body)):
                self.wfile.write(body[position : position + 1])
                self.wfile.flush()
                time.sleep(script.trickle_s)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
