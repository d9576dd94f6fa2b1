"""The command line ``verbatim``: a group that imports a subcommand only when it is used."""

import importlib
import os
import secrets
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

import click

from bot.settings import Settings, SettingsError

EXPECTED = 2
UNEXPECTED = 1
INTERRUPTED = 130

COMMANDS = {
    "up": "Set up what is missing, start everything and print the address.",
    "build": "Build a warehouse from raw files or for the demo company.",
    "ask": "Ask a question and print the answer.",
    "train": "Train a model (nlu, text).",
    "evaluate": "Measure accuracy beside baselines.",
    "user": "Accounts that sign in to the page with a password.",
    "token": "Create, list and revoke access tokens.",
    "check": "Check settings, environments, catalog and warehouse.",
    "catalog": "Check, list and document what can be asked.",
    "settings": "List every setting and its value in force.",
}


class LazyGroup(click.Group):
    """A group whose subcommands live in ``bot/commands/NAME.py``.

    The help page comes from ``COMMANDS`` alone, so that it needs none of their imports.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the subcommand; None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"bot.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of subcommands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"verbatim {metadata.version('verbatim')}")
        ctx.exit()


@click.group(cls=LazyGroup)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """Verbatim answers questions about a company's customers, from its own data."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 a bug or an outage, 2 bad input, 130 stopped."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; a stack trace never reaches the screen."""
    try:
        cli.main(args=arguments, prog_name="verbatim", standalone_mode=False)
    except click.exceptions.Exit as end:
        return end.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return EXPECTED
    except Exception as error:
        return _report(error)
    return 0


def is_expected(error: BaseException) -> bool:
    """Whether an error's own words are meant for the user.

    Other packages may not import this one, so they mark such an exception class with
    ``user_facing = True``.
    """
    return isinstance(error, SettingsError) or bool(getattr(error, "user_facing", False))


def _report(error: Exception) -> int:
    if is_expected(error):
        for line in str(error).splitlines() or [type(error).__name__]:
            click.echo(f"Error: {line}", err=True)
        return EXPECTED
    request_id = secrets.token_hex(6)
    where = _write_trace(error, request_id)
    click.echo(f"Something went wrong that should not: {type(error).__name__}.", err=True)
    click.echo(f"Request id {request_id}; details in {where}.", err=True)
    if os.environ.get("VERBATIM_LOG_LEVEL", "").lower() == "debug":
        traceback.print_exception(error)
    return UNEXPECTED


def _write_trace(error: Exception, request_id: str) -> Path | str:
    """Append the stack trace to the log; the log's path, or why there is none."""
    try:
        path = Settings.load().home / "logs" / "cli.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat()} {request_id}\n")
            log.writelines(traceback.format_exception(error))
    except (OSError, SettingsError) as failure:
        return f"no log file ({failure})"
    return path
