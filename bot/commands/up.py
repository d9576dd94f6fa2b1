"""``verbatim up``: everything from a fresh checkout to the first answer."""

import asyncio
import time

import click

from bot.processes import ports, stack, steps
from bot.processes.serve import serve
from bot.settings import Settings


@click.command("up")
def command() -> None:
    """Set up what is missing, start everything and print the address."""
    asyncio.run(_up(Settings.load(), time.monotonic()))


async def _up(settings: Settings, started: float) -> None:
    settings.home.mkdir(parents=True, exist_ok=True)
    # A taken port should not come to light after minutes of work.
    ports.check(stack.processes(settings, ""))
    await steps.run(steps.needed(settings), settings.home / "logs", _announce)
    _announce("Starting the action server, Rasa and the gateway")

    def when_ready() -> None:
        took = time.monotonic() - started
        _announce(f"Verbatim answers at {stack.address(settings)} (started in {took:.1f} s)")
        _announce("Ctrl-C stops it.")

    await serve(settings, _announce, when_ready)


def _announce(line: str) -> None:
    click.echo(line)
