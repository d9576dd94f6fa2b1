"""``verbatim token``: create, list and revoke access tokens; a link to sign in to the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.settings import Settings
from bot.state.database import StateDatabase, open_state
from bot.state.secrets import ROLES
from bot.state.signin import create_login_link
from bot.state.tokens import Token, create_token, list_tokens, revoke_token

_ROLE = click.option(
    "--role", type=click.Choice(ROLES), required=True, help="What the holder may do."
)


@contextmanager
def _database() -> Iterator[StateDatabase]:
    database = open_state(Settings.load().database_url)
    try:
        yield database
    finally:
        database.close()


@click.group("token")
def command() -> None:
    """Access tokens for the API."""


@command.command("create")
@_ROLE
@click.option("--label", default="", help="Words to recognise it by.")
def create(role: str, label: str) -> None:
    """Make a token and print it. It is shown this once: only its digest is kept."""
    with _database() as database:
        click.echo(create_token(database, role, label))


@command.command("list")
def show() -> None:
    """List the tokens, the revoked ones included."""
    with _database() as database:
        tokens = list_tokens(database)
    if not tokens:
        click.echo("No tokens yet: verbatim token create --role viewer")
        return
    Console().print(_table(tokens))


@command.command("revoke")
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """End a token by its number in the list. It stops working at once."""
    with _database() as database:
        if not revoke_token(database, number):
            raise click.ClickException(f"There is no live token {number}: see verbatim token list.")
    click.echo(f"Token {number} is revoked.")


@command.command("link")
@click.option("--role", type=click.Choice(ROLES), default="admin", help="Role on the page.")
def link(role: str) -> None:
    """Print a link that signs one browser in to the page, once, within 15 minutes."""
    click.echo(create_login_link(Settings.load(), role))


def _table(tokens: tuple[Token, ...]) -> Table:
    table = Table("number", "role", "label", "created", "last used", "state")
    for token in tokens:
        state = f"revoked {_day(token.revoked_at)}" if token.revoked_at else "live"
        used = _day(token.last_used_at)
        created = _day(token.created_at)
        table.add_row(str(token.id), token.role, Text(token.label), created, used, state)
    return table


def _day(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"
