"""``verbatim settings``: every setting, its value in force, and the reference page."""

import os

import click

from bot import settings as config


@click.command("settings")
@click.option("--write", is_flag=True, help="Write docs/settings.md.")
def command(write: bool) -> None:
    """List every setting and its value in force (secrets are never shown)."""
    if write:
        path = config.ROOT / "docs" / "settings.md"
        path.write_text(config.to_markdown(), encoding="utf-8")
        click.echo(f"Wrote {path}.")
        return
    loaded = config.Settings.load()
    for entry in config.ENTRIES:
        click.echo(f"{entry.variable} = {_shown(loaded, entry)}")
        click.echo(f"    {entry.help}")
    for name in config.unknown_variables(os.environ):
        click.echo(f"{name} is set, but is no setting.", err=True)


def _shown(loaded: config.Settings, entry: config.Entry) -> str:
    value = getattr(loaded, entry.name)
    if value is None:
        return "(unset)"
    return "(secret)" if entry.secret else str(value)
