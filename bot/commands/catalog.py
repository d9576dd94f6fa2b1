"""``verbatim catalog``: check the catalog, list what can be asked, write the reference page."""

from pathlib import Path

import click

from analytics.catalog.load import CatalogError, load_catalog
from analytics.catalog.reference import to_markdown
from analytics.catalog.types import Catalog
from bot.settings import ROOT, Settings

PAGE = ROOT / "docs" / "catalog.md"

_folder = click.option(
    "--folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=lambda: Settings.load().catalog,
    show_default="VERBATIM_CATALOG",
    help="The catalog's folder of YAML files.",
)


@click.group("catalog")
def command() -> None:
    """Check, list and document the metrics and dimensions that can be asked for."""


@command.command("check")
@_folder
def check(folder: Path) -> None:
    """Read the catalog and report everything that is wrong, each with file and line."""
    try:
        catalog = load_catalog(folder)
    except CatalogError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        raise click.ClickException(f"{len(error.problems)} problems in {folder}.") from None
    click.echo(_summary(catalog))


@command.command("list")
@_folder
def list_metrics(folder: Path) -> None:
    """List every metric with what it is."""
    catalog = load_catalog(folder)
    for model in catalog.models.values():
        click.echo(f"{model.label} ({model.table})")
        for metric in model.metrics:
            click.echo(f"  {metric.label}: {metric.description}")
    click.echo("Across facts")
    for metric in catalog.metrics.values():
        if metric.ratio_of:
            click.echo(f"  {metric.label}: {metric.description}")


@command.command("docs")
@_folder
def docs(folder: Path) -> None:
    """Write docs/catalog.md."""
    PAGE.write_text(to_markdown(load_catalog(folder)), encoding="utf-8")
    click.echo(f"Wrote {PAGE}.")


def _summary(catalog: Catalog) -> str:
    facts = len(catalog.models)
    return f"The catalog is sound: {len(catalog.metrics)} metrics over {facts} facts."
