"""``verbatim train``: the models that this installation trains itself."""

import click

from bot.settings import Settings


@click.group("train")
def command() -> None:
    """Train a model where its inputs changed."""


@command.command("nlu")
@click.option("--force", is_flag=True, help="Train even where nothing changed.")
def nlu(force: bool) -> None:
    """Language understanding: acts and mentions, from the catalog's words. A running bot follows."""
    from bot.nlu.train import reload_running, train_nlu

    settings = Settings.load()
    before = _current(settings)
    model = train_nlu(settings.home, force, lambda line: click.echo(line, err=True))
    if (force or model.name != before) and reload_running(settings):
        click.echo("The running bot uses it from now on.", err=True)
    click.echo(str(model))


def _current(settings: Settings) -> str:
    pointer = settings.home / "nlu" / "current"
    return pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""
