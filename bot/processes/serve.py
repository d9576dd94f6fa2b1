"""Run the three processes until told to stop."""

import asyncio
import json
import secrets
import signal
from collections.abc import Callable

import httpx

from bot.processes import ports, stack
from bot.processes.spec import StartError
from bot.processes.supervisor import Supervisor
from bot.settings import Settings

READY_SECONDS = 180.0
POLL_SECONDS = 0.25
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Announce = Callable[[str], None]


async def serve(settings: Settings, announce: Announce, when_ready: Callable[[], None]) -> None:
    """Start everything, call ``when_ready`` once questions are answered, end all on a signal.

    Raises StartError where a port is taken, a process does not come to life or is never ready.
    """
    specs = stack.processes(settings, settings.internal_token or secrets.token_urlsafe(32))
    ports.check(specs)
    stop = asyncio.Event()
    async with Supervisor(specs, settings.home / "logs", announce) as supervisor:
        _on_signals(stop, supervisor)
        work = asyncio.create_task(_until_ready_then_for_ever(settings, supervisor, when_ready))
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait({work, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not work.done():
            announce("Stopping ...")
            work.cancel()
        elif error := work.exception():
            raise error
    announce("Stopped.")


async def _until_ready_then_for_ever(
    settings: Settings, supervisor: Supervisor, when_ready: Callable[[], None]
) -> None:
    ended = asyncio.create_task(supervisor.ended())
    ready = asyncio.create_task(_ready(stack.health_url(settings)))
    try:
        await asyncio.wait({ended, ready}, return_when=asyncio.FIRST_COMPLETED)
        if ended.done():
            await ended
        await ready
        supervisor.settled()
        when_ready()
        await ended
    finally:
        ended.cancel()
        ready.cancel()


def _on_signals(stop: asyncio.Event, supervisor: Supervisor) -> None:
    """The first signal stops gently, a second one at once."""

    def told() -> None:
        if stop.is_set():
            supervisor.kill()
        stop.set()

    for sign in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(sign, told)


async def _ready(url: str) -> None:
    """Return once the health page says that questions are answered. Raises StartError."""
    why = "it does not respond"
    clock = asyncio.get_running_loop().time
    give_up = clock() + READY_SECONDS
    async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
        while clock() < give_up:
            try:
                response = await client.get(url)
            except httpx.HTTPError:
                pass
            else:
                if response.status_code == httpx.codes.OK:
                    return
                why = _reason(response)
            await asyncio.sleep(POLL_SECONDS)
    raise StartError(f"Questions are not answered after {READY_SECONDS:.0f} s: {why}")


def _reason(response: httpx.Response) -> str:
    try:
        return json.dumps(response.json())
    except ValueError:
        return f"{response.request.url} answers {response.status_code}"
