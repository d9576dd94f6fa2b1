"""``verbatim user``: accounts that sign in to the page with a password."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.processes.stack import is_loopback
from bot.settings import Settings
from bot.state.accounts import (
    Account,
    AccountError,
    add_account,
    close_demo_account,
    disable_account,
    list_accounts,
    open_demo_account,
    set_password,
)
from bot.state.database import StateDatabase, open_state
from bot.state.passwords import PasswordError, random_password
from bot.state.secrets import ROLES

DEMO_SOURCE = "demo"

_RANDOM = click.option("--random", is_flag=True, help="Make a random password and print it once.")


@contextmanager
def _database() -> Iterator[StateDatabase]:
    """The state database; what is wrong with an account is said in words."""
    database = open_state(Settings.load().database_url)
    try:
        yield database
    except (AccountError, PasswordError) as error:
        raise click.ClickException(str(error)) from None
    finally:
        database.close()


@click.group("user")
def command() -> None:
    """Accounts for the page: people sign in with a login and a password."""


@command.command("add")
@click.argument("login")
@click.option("--role", type=click.Choice(ROLES), required=True, help="What the person may do.")
@click.option("--name", default="", help="Name shown on the page; without it, the login.")
@_RANDOM
def add(login: str, role: str, name: str, random: bool) -> None:
    """Make an account. The password is asked for, or read from standard input."""
    with _database() as database:
        account = add_account(database, login, name, role, password := _password(random))
    click.echo(f"Account {account.login} can sign in as {account.role}.")
    _show_random(random, password)


@command.command("password")
@click.argument("login")
@_RANDOM
def password(login: str, random: bool) -> None:
    """Give an account another password; it is open again, its sessions are over."""
    with _database() as database:
        account = set_password(database, login, given := _password(random))
    click.echo(f"Account {account.login} has another password; its sessions are over.")
    _show_random(random, given)


@command.command("list")
def show() -> None:
    """List the accounts, the disabled ones included."""
    with _database() as database:
        accounts = list_accounts(database)
    if not accounts:
        click.echo("No accounts yet: verbatim user add ana@example.com --role viewer")
        return
    Console().print(_table(accounts))


@command.command("disable")
@click.argument("login")
def disable(login: str) -> None:
    """Close an account and end its sessions at once. Its conversations stay until they are old."""
    with _database() as database:
        account = disable_account(database, login)
    click.echo(f"Account {account.login} is disabled. verbatim user password opens it again.")


@command.command("demo")
def demo() -> None:
    """Give the demo account a new password and print it.

    It is open only where made-up data is served to this machine alone; elsewhere this closes it.
    """
    settings = Settings.load()
    with _database() as database:
        if not is_loopback(settings.host) or not serves_demo(settings.home):
            close_demo_account(database)
            raise click.ClickException(
                "The demo account is closed: it is for the demo company on a loopback address only."
            )
        click.echo(f"login demo, password {open_demo_account(database)}")


def serves_demo(home: Path) -> bool:
    """Whether the snapshot that serves holds the made-up company and nothing else."""
    from analytics.sources.warehouse import NoWarehouse, WarehouseFollower

    try:
        warehouse = WarehouseFollower(home).current()
        sources = warehouse.execute("SELECT DISTINCT source FROM build_info")
    except NoWarehouse:
        return False
    return set(sources.column("source").to_pylist()) == {DEMO_SOURCE}


def _password(random: bool) -> str:
    if random:
        return random_password()
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


def _show_random(random: bool, password: str) -> None:
    if random:
        click.echo(f"Password, shown this once: {password}")


def _table(accounts: tuple[Account, ...]) -> Table:
    table = Table("login", "name", "role", "created", "last sign-in", "state")
    for account in accounts:
        state = f"disabled {_day(account.disabled_at)}" if account.disabled_at else "live"
        used, created = _day(account.last_sign_in_at), _day(account.created_at)
        table.add_row(account.login, Text(account.name), account.role, created, used, state)
    return table


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"
