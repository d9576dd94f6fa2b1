"""``verbatim up``: everything from a fresh checkout to the first answer."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE

import click

from bot.processes import preflight, stack, steps
from bot.processes.screen import Screen
from bot.processes.serve import serve
from bot.settings import ROOT, Settings


@click.command("up")
def command() -> None:
    """Set up what is missing, start everything and print the address."""
    asyncio.run(_up(Settings.load(), time.monotonic()))


async def _up(settings: Settings, started: float) -> None:
    screen = Screen(sys.stdout)
    for warning in preflight.warnings(os.environ):
        screen.line(f"Warning: {warning}")
    # A taken port or a full disk should not come to light after minutes of work.
    preflight.check(settings)
    await steps.run(steps.needed(settings), settings.home / "logs", screen)
    demo = asyncio.create_task(_demo_account())
    screen.progress("Starting the action server, Rasa and the gateway")

    def when_ready() -> None:
        took = time.monotonic() - started
        screen.line(f"Verbatim answers at {stack.address(settings)} (started in {took:.1f} s)")
        screen.line(f"Sign in (once, within 15 minutes): {_login_link(settings)}")
        if demo.done() and demo.result():
            screen.line(f"Or sign in as often as you like: {demo.result()}")
        screen.line("Another link: verbatim token link. Ctrl-C stops everything.")

    try:
        await serve(settings, screen.line, when_ready)
    finally:
        demo.cancel()


async def _demo_account() -> str:
    """How to sign in with the demo account; '' where it is closed.

    By a command of its own, while the processes start: it needs libraries that would stay in the
    memory of this one.
    """
    command = (sys.executable, "-m", "bot", "user", "demo")
    run = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE, stderr=DEVNULL)
    out, _ = await run.communicate()
    return out.decode().strip() if run.returncode == 0 else ""


def _login_link(settings: Settings) -> str:
    from bot.state.signin import create_login_link  # the database is slow to import

    return create_login_link(settings)
