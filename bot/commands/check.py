"""``verbatim check``: is everything there that a start needs, and what to do where it is not."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from bot.processes import ports, stack
from bot.processes.preflight import home_problem
from bot.processes.spec import StartError
from bot.settings import Settings, unknown_variables


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``problem`` is None where all is well; it then stops nothing."""

    what: str
    problem: str | None = None


@click.command("check")
def command() -> None:
    """Check settings, environments, catalog and warehouse; status 2 where something is wrong."""
    findings = list(_findings(Settings.load()))
    for finding in findings:
        click.echo(f"{'ok     ' if finding.problem is None else 'PROBLEM'}  {finding.what}")
        for line in (finding.problem or "").splitlines():
            click.echo(f"         {line}")
    if any(finding.problem for finding in findings):
        raise click.exceptions.Exit(2)


def _findings(settings: Settings) -> Iterator[Finding]:
    unknown = unknown_variables(os.environ)
    names = ", ".join(unknown)
    yield Finding("settings", f"set, but no setting: {names}" if unknown else None)
    yield _home(settings.home)
    yield _environments()
    yield _ports(settings)
    yield _warehouse(settings.home)


def _home(home: Path) -> Finding:
    return Finding(f"home folder {home}", home_problem(home))


def _environments() -> Finding:
    what = f"environments (Python {sys.version_info.major}.{sys.version_info.minor} and Rasa's)"
    if not stack.RASA_PYTHON.exists():
        return Finding(what, f"{stack.RASA_PYTHON} is missing; run: make setup")
    return Finding(what)


def _ports(settings: Settings) -> Finding:
    what = f"ports {settings.port}, {settings.rasa_port}, {settings.actions_port}"
    try:
        ports.check(stack.processes(settings, ""))
    except StartError as error:
        return Finding(what, str(error))
    return Finding(what)


def _warehouse(home: Path) -> Finding:
    pointer = home / "warehouse" / "current"
    if not pointer.is_file():
        return Finding("warehouse", "none yet; run: verbatim build --demo")
    snapshot = pointer.parent / pointer.read_text(encoding="utf-8").strip()
    if not snapshot.is_file():
        return Finding("warehouse", f"{snapshot} is missing; run: verbatim build --rollback")
    return Finding(f"warehouse {snapshot.name}")
