"""``verbatim train``: train a model. The imports of each sub-task wait until it runs."""

from functools import partial
from pathlib import Path

import click

from bot.settings import ROOT, Settings


@click.group("train")
def command() -> None:
    """Train a model."""


@command.command()
@click.option("--force", is_flag=True, help="Train even where nothing changed.")
def nlu(force: bool) -> None:
    """Train what understands questions, from the catalog and the written examples."""
    from bot.nlu.train import reload_running, train_nlu
    from models.prepare import ACT_ENCODER, prepare_act_encoder

    settings = Settings.load()
    say = partial(click.echo, err=True)
    prepare_act_encoder(settings.home / "models" / ACT_ENCODER, progress=say)
    train_nlu(settings.home, force, say, settings.catalog)
    if reload_running(settings):
        click.echo("The running bot uses it from now on.", err=True)


@command.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the adapter; default: the shipped one, which it replaces.",
)
@click.option("--threads", default=2, show_default=True, help="Processor cores to use.")
def acts(out: Path | None, threads: int) -> None:
    """Train the encoder of messages anew, on the written examples; minutes on two cores.

    Needed only where examples of acts changed much: a new metric needs `verbatim train nlu` alone.
    """
    from bot.nlu.act_encoder import release
    from models.prepare import ACT_ADAPTER

    release(out or ACT_ADAPTER, Settings.load().catalog, click.echo, threads)
    click.echo(f"Wrote {out or ACT_ADAPTER}. `verbatim train nlu` learns the acts from it.")


@command.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the labelled data; default: VERBATIM_DATA.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the adapter; default: the shipped one, which it replaces.",
)
@click.option("--threads", default=2, show_default=True, help="Processor cores to use.")
def sentiment(data: Path | None, out: Path | None, threads: int) -> None:
    """Train the scorer of sentiment and emotion; a run that was cut goes on where it was.

    Takes about half an hour on two cores.
    """
    from models.prepare import SHIPPED_ADAPTER
    from models.release import release_adapter

    settings = Settings.load()
    folder = data or settings.data or ROOT.parent / "shared" / "data"
    adapter = out or SHIPPED_ADAPTER
    work = settings.home / "cache" / "train"
    release_adapter(folder, work, adapter, click.echo, threads=threads)
    click.echo(f"Wrote {adapter}. `verbatim evaluate sentiment` measures it.")
