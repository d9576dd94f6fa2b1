"""The action server: `python -m actions.server`, on loopback alone."""

from __future__ import annotations

import asyncio
import hmac
import logging
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as as_json

from actions.answer import ActionAnswer
from actions.helper import open_helper
from bot.logs import configure_logs
from bot.settings import WEEKDAYS, Settings

if TYPE_CHECKING:
    from analytics.analyst.service import Analyst

LOOPBACK = "127.0.0.1"
THREADS_PER_QUERY = 4

log = logging.getLogger(__name__)


class LateAnalyst:
    """Opens the real analyst with the first message, or again where that failed.

    So the server is up before models and warehouse are, and outlives a missing one.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._analyst: Analyst | None = None

    def opened(self) -> Analyst:
        """The analyst. Raises whatever keeps it from opening."""
        with self._lock:
            if self._analyst is None:
                self._analyst = open_analyst(self._settings)
            return self._analyst

    def ready(self) -> bool:
        """Whether questions can be answered."""
        return self._analyst is not None

    def open_early(self, pause: float = 2.0) -> None:
        """Open as soon as it can be: tried again every ``pause`` seconds, the first failure logged."""
        failed = False
        while not self.ready():
            try:
                self.opened()
            except Exception:
                if not failed:
                    log.exception("the analyst could not be opened; trying again until it can")
                failed = True
                time.sleep(pause)
        try:
            self.opened().warm_up()
        except Exception:
            log.exception("the first questions will be slow: the examples could not be answered")


def open_analyst(settings: Settings) -> Analyst:
    """The real analyst, within the limits of the settings, with its snapshot read."""
    from analytics.analyst.service import Analyst
    from analytics.sources.warehouse import Limits
    from analytics.understand.times.units import Calendar

    limits = Limits(
        memory_mb=settings.query_memory_mb,
        threads=settings.query_threads,
        timeout_s=settings.query_timeout_s,
        concurrent=settings.query_concurrency,
        wait_s=settings.query_wait_s,
    )
    calendar = Calendar(
        week_start=WEEKDAYS.index(settings.week_start),
        fiscal_start=settings.fiscal_year_start_month,
        southern=settings.hemisphere == "south",
        country=settings.country,
        day_first={"day_first": True, "month_first": False}.get(settings.date_order),
    )
    analyst = Analyst.open(
        settings.home,
        limits,
        calendar,
        settings.catalog,
        max_rows=settings.max_rows,
        helper=open_helper(settings),
        articles=settings.articles,
    )
    analyst.context()
    return analyst


def create_server(
    opened: Callable[[], Analyst],
    token: str | None,
    threads: int = 16,
    ready: Callable[[], bool] = lambda: True,
) -> Sanic[Any, Any]:
    """The app: `/webhook` for Rasa (with `token` where one is set) and `/health` for everyone.

    `opened` gives the analyst, `ready` whether that is quick by now. `threads` messages are
    worked on at once; whoever waits for a query waits in one of them.
    """
    executor = ActionExecutor()
    executor.register_action(ActionAnswer(opened))
    app: Sanic[Any, Any] = create_app(executor, cors_origins=[])

    async def guard(request: Request) -> HTTPResponse | None:
        shown = request.args.get("token") or ""
        if request.path == "/health" or hmac.compare_digest(shown, token or ""):
            return None
        return as_json({"error": "the internal token is missing or wrong"}, status=401)

    async def unready(request: Request) -> HTTPResponse | None:
        if request.path == "/health" and not ready():
            return as_json({"error": "the snapshot is not read yet"}, status=503)
        return None

    async def make_threads(_: Sanic[Any, Any], loop: asyncio.AbstractEventLoop) -> None:
        loop.set_default_executor(ThreadPoolExecutor(threads, "answer"))

    app.register_listener(make_threads, "before_server_start")
    app.register_middleware(unready, "request")
    if token:
        app.register_middleware(guard, "request")
    return app


def main() -> None:
    """Serve until told to stop."""
    settings = Settings.load()
    # Rasa 3.6 with this rasa-sdk is a tested pair; the warning would come with every message.
    warnings.filterwarnings("ignore", message="Your versions of rasa")
    configure_logs("actions", settings.log_level)
    analyst = LateAnalyst(settings)
    threading.Thread(target=analyst.open_early, daemon=True).start()
    threads = THREADS_PER_QUERY * settings.query_concurrency
    app = create_server(analyst.opened, settings.internal_token, threads, analyst.ready)
    app.run(LOOPBACK, settings.actions_port, access_log=False, motd=False, single_process=True)


if __name__ == "__main__":
    main()
