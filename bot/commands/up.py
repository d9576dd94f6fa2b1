"""``verbatim up``: everything from a fresh checkout to the first answer."""

import asyncio
import sys
import time

import click

from bot.processes import ports, stack, steps
from bot.processes.screen import Screen
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
    screen = Screen(sys.stdout)
    await steps.run(steps.needed(settings), settings.home / "logs", screen)
    screen.progress("Starting the action server, Rasa and the gateway")

    def when_ready() -> None:
        took = time.monotonic() - started
        screen.line(f"Verbatim answers at {stack.address(settings)} (started in {took:.1f} s)")
        for line in _ways_in(settings):
            screen.line(line)
        screen.line("Another link: verbatim token link. Ctrl-C stops everything.")

    await serve(settings, screen.line, when_ready)


def _ways_in(settings: Settings) -> tuple[str, ...]:
    """How to sign in. The demo account is open for made-up data on this machine alone."""
    # The database is slow to import.
    from bot.state.accounts import close_demo_account, open_demo_account
    from bot.state.database import open_state
    from bot.state.signin import create_login_link

    database = open_state(settings.database_url)
    try:
        link = f"Sign in (once, within 15 minutes): {create_login_link(settings)}"
        if not (stack.is_loopback(settings.host) and serves_demo(settings)):
            close_demo_account(database)
            return (link,)
        password = open_demo_account(database)
        return (link, f"Or as often as you like: login demo, password {password}")
    finally:
        database.close()
