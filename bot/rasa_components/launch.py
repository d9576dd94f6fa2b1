"""Rasa's server as the supervisor starts it: `python -m bot.rasa_components.launch`.

Reads VERBATIM_HOME, VERBATIM_RASA_PORT, VERBATIM_ACTIONS_PORT, VERBATIM_INTERNAL_TOKEN and
VERBATIM_TRACKER_DB_URL from the environment. Serves the NLU model that `nlu/current` names, on loopback
alone.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from bot.rasa_components.fit import quiet
from bot.rasa_components.logs import configure_logs

log = logging.getLogger(__name__)

LOOPBACK = "127.0.0.1"
POLL_SECONDS = 2.0
EVENTS_KEPT = 20
"""Events of a conversation that a turn reads back; about three turns. The rest stays in the database."""

OPEN_PATHS = {"/", "/status"}
"""Answered without the token. A message is not among them: it says itself who asks, with what role."""


def current_model(home: Path) -> Path:
    """The trained model in force. Ends the process with a clear line where there is none."""
    pointer = home / "nlu" / "current"
    if pointer.is_file():
        model = home / "nlu" / "models" / pointer.read_text(encoding="utf-8").strip()
        if model.is_file():
            return model
    sys.exit(f"No trained NLU model under {home / 'nlu'}. Run: verbatim train nlu")


def tracker_settings(home: Path, url: str | None) -> dict[str, Any]:
    """What `endpoints.yml` would say of the tracker store."""
    return {
        "type": "bot.rasa_components.tracker.RecentTrackerStore",
        "url": url or f"sqlite:///{home / 'tracker.db'}",
        "max_event_history": EVENTS_KEPT,
    }


def main() -> None:
    """Serve until told to stop."""
    quiet()
    # What people asked is in the tracker's database: for the bot's own user alone.
    os.umask(0o077)
    home = Path(os.environ.get("VERBATIM_HOME", "var")).absolute()
    model = current_model(home)
    port = int(os.environ.get("VERBATIM_RASA_PORT", "5005"))
    token = os.environ.get("VERBATIM_INTERNAL_TOKEN") or None

    # After the checks: these imports take seconds.
    import rasa.core.run as rasa_run
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.endpoints import EndpointConfig
    from sanic.response import json as as_json

    from bot.rasa_components.channel import InternalRest
    from bot.rasa_components.replies import check_format_once

    check_format_once()
    actions = f"http://{LOOPBACK}:{os.environ.get('VERBATIM_ACTIONS_PORT', '5055')}/webhook"
    endpoints = AvailableEndpoints(
        action=EndpointConfig(actions, token=token),
        tracker_store=EndpointConfig.from_dict(
            tracker_settings(home, os.environ.get("VERBATIM_TRACKER_DB_URL"))
        ),
    )
    app = rasa_run.configure_app([InternalRest()], port=port, endpoints=endpoints)
    # Last: Rasa and Sanic set up loggers of their own.
    configure_logs(os.environ.get("VERBATIM_LOG_LEVEL") or "info")

    async def guard(request: Any) -> Any:
        shown = request.headers.get("authorization") or ""
        if request.path in OPEN_PATHS or hmac.compare_digest(
            shown.encode(), f"Bearer {token}".encode()
        ):
            return None
        return as_json({"status": "failure", "reason": "NotAuthenticated"}, 401)

    if token:
        app.register_middleware(guard, "request")
    app.register_listener(
        partial(rasa_run.load_agent_on_start, str(model), endpoints, None), "before_server_start"
    )
    app.register_listener(warm_up, "before_server_start")
    app.add_task(follow_pointer(app, home, model))
    app.register_listener(rasa_run.close_resources, "after_server_stop")
    app.run(host=LOOPBACK, port=port, workers=1, access_log=False, motd=False)


async def follow_pointer(app: Any, home: Path, served: Path) -> None:
    """Load another model once the pointer names it: `verbatim train nlu` needs no restart."""
    while True:
        await asyncio.sleep(POLL_SECONDS)
        try:
            wanted = current_model(home)
            if wanted != served:
                load = partial(app.ctx.agent.load_model, str(wanted))
                await asyncio.get_running_loop().run_in_executor(None, load)
                served = wanted
        except (Exception, SystemExit):
            # A broken file must not end what serves; the old model goes on.
            log.exception("the new NLU model could not be loaded")


async def warm_up(app: Any, loop: Any) -> None:
    """Parse one message, so that the first person does not wait for the encoder to load."""
    await app.ctx.agent.parse_message("how many reviews did we get last month")


if __name__ == "__main__":
    main()
