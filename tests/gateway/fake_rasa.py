"""A stand-in for Rasa and the action server on loopback, for tests of the gateway alone."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TREND = {
    "text": "Net sentiment fell from 41.0 % in August to 12.5 % in October.",
    "query": {"kind": "trend", "metrics": ["net_sentiment"], "group_by": [], "grain": "month"},
    "columns": [
        {"name": "time", "type": "date", "unit": "month", "role": "time", "metric": None},
        {
            "name": "net_sentiment",
            "type": "number",
            "unit": "ratio",
            "role": "metric",
            "metric": "net_sentiment",
        },
        {
            "name": "net_sentiment__n",
            "type": "integer",
            "unit": "count",
            "role": "count",
            "metric": "net_sentiment",
        },
        {
            "name": "revenue",
            "type": "number",
            "unit": "currency",
            "role": "metric",
            "metric": "revenue",
        },
    ],
    "rows": [
        ["2026-08-01", 0.41, 1210, 120345.5],
        ["2026-09-01", 0.333, 1187, 98211.0],
        ["2026-10-01", 0.125, 1402, None],
    ],
    "chart": {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {
            "values": [
                {"month": "2026-08-01", "value": 0.41},
                {"month": "2026-09-01", "value": 0.333},
                {"month": "2026-10-01", "value": 0.125},
            ]
        },
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "month", "type": "temporal", "title": None},
            "y": {
                "field": "value",
                "type": "quantitative",
                "title": "Net sentiment",
                "axis": {"format": ".0%"},
            },
        },
    },
    "evidence": [
        {
            "source": "reviews",
            "id": "R1",
            "quote": "Stopped charging <img src=x onerror=alert(1)> after the update.",
            "sentiment": "negative",
            "product": "Aria Earbuds",
            "created_at": "2026-10-12T09:30:00",
        }
    ],
    "recommendations": [
        {
            "text": "Look into the October update of Aria Earbuds.",
            "because": "62 % negative, n = 210",
        }
    ],
    "suggestions": ["And by region?", "Show the reviews", "What is net sentiment?"],
    "issues": [
        {
            "code": "partial_period",
            "message": "October is not over: it holds 20 of 31 days.",
            "suggestions": ["Only full months"],
        }
    ],
    "provenance": {
        "query": None,
        "sql": "SELECT date_trunc('month', created_at) AS month FROM reviews",
        "metrics": [
            {
                "name": "net_sentiment",
                "label": "Net sentiment",
                "description": "Share of positive reviews minus share of negative ones.",
                "expression": "avg(...)",
                "version": "1",
            }
        ],
        "snapshot": "20261020-1",
        "data_as_of": "2026-10-20",
        "row_count": 3,
        "truncated": False,
        "elapsed_ms": 12.5,
    },
    "filters": [{"text": "category: Audio", "without": None}],
}

Reply = Callable[[dict[str, Any]], Any]


def answers(*found: dict[str, Any]) -> Reply:
    """A reply with these answers."""
    return lambda body: [{"recipient_id": body["sender"], "custom": {"answers": list(found)}}]


class FakeRasa:
    """Records what it is asked; ``reply`` makes the answer and may sleep, raise or give bytes."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.reply: Reply = answers(TREND)
        self.model_id: str | None = "model-1"
        self.health_status = 200
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == "/status":
                    self._send(200, {"model_id": owner.model_id})
                else:
                    self._send(owner.health_status, {"status": "ok"})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                owner.asked.append(body)
                self._send(200, owner.reply(body))

            def _send(self, status: int, content: Any) -> None:
                raw = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
