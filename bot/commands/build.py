"""``verbatim build``: raw files in, a published snapshot out."""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from analytics.build.check import SourceCheck, check_source
from analytics.build.locate import locate
from analytics.build.pipeline import BuildPlan, GeneratedSource, Marts, WordsIndex, build
from analytics.build.report import BuildReport, Outcome
from analytics.build.scoring import TextScorer
from analytics.build.snapshots import SnapshotFolder
from analytics.build.staging import Progress, SourceFiles
from analytics.sources.mapping_loader import find_mapping, shipped_mappings
from bot.live_feedback import NAME as LIVE
from bot.live_feedback import live_source
from bot.settings import ROOT, Settings
from bot.state.database import open_state

if TYPE_CHECKING:  # heavy libraries that only a build needs
    from analytics.build.marts import TextTools

DEMO_SEED = 7
SHOWN_REASONS = 12

OUT = Console()
ERR = Console(stderr=True)


@click.command("build")
@click.option("--demo", is_flag=True, help="Generate the demo company.")
@click.option("--scale", default=1.0, show_default=True, help="Volume of the demo company.")
@click.option("--source", "sources", multiple=True, help="A source's name, or a mapping's file.")
@click.option("--path", "paths", multiple=True, help="Its file, folder or database URL.")
@click.option("--check", is_flag=True, help="Only explain what the first rows would become.")
@click.option("--list", "listed", is_flag=True, help="List the sources that are known.")
@click.option("--rollback", is_flag=True, help="Serve the snapshot before the current one.")
@click.option("--skip-scoring", is_flag=True, help="Leave sentiment and emotion empty.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(
    demo: bool,
    scale: float,
    sources: Sequence[str],
    paths: Sequence[str],
    check: bool,
    listed: bool,
    rollback: bool,
    skip_scoring: bool,
    as_json: bool,
) -> None:
    """Build a warehouse from raw files (pairs of --source and --path) or for the demo company.

    Live feedback, which came by the API, goes into every build. The new snapshot serves when it
    is whole; a build that fails changes nothing.
    """
    settings = Settings.load()
    home = settings.home
    if listed:
        _list_sources(as_json)
    elif rollback:
        _roll_back(home, as_json)
    else:
        files = _pairs(sources, paths)
        if not files and not demo:
            raise click.UsageError("Give --demo, or --source NAME --path FILE. See --list.")
        if check:
            _check(files, as_json)
        else:
            made = [_demo(scale)] if demo else []
            _build(settings, files, [*made, *_live(settings)], skip_scoring, as_json)


def _pairs(sources: Sequence[str], paths: Sequence[str]) -> list[SourceFiles]:
    """One entry per source; a source given with several files gets them all."""
    if len(sources) != len(paths):
        raise click.UsageError(
            f"Each --source needs its --path: {len(sources)} sources, {len(paths)} paths given."
        )
    found: dict[str, SourceFiles] = {}
    for name, path in zip(sources, paths, strict=True):
        files = locate(find_mapping(name), path)
        earlier = found.get(files.mapping.name)
        if earlier is not None and set(earlier.paths) & set(files.paths):
            raise click.UsageError(f"{name} is given twice with a file for the same table.")
        if earlier is not None:
            files = SourceFiles(files.mapping, {**earlier.paths, **files.paths})
        found[files.mapping.name] = files
    return list(found.values())


def _build(
    settings: Settings,
    files: Sequence[SourceFiles],
    generated: Sequence[GeneratedSource],
    skip_scoring: bool,
    as_json: bool,
) -> None:
    with _shown_progress() as progress:
        tools = None if skip_scoring else _text_tools(settings.home, progress)
        plan = BuildPlan(
            home=settings.home,
            sources=files,
            generated=generated,
            scorer=None if skip_scoring else _scorer(settings.home, progress),
            marts=_marts(tools),
            words=_words(tools),
        )
        report = build(plan, progress)
    if as_json:
        click.echo(json.dumps(report.to_dict(), indent=2))
    else:
        _show(report)


def _demo(scale: float) -> GeneratedSource:
    from analytics.demo import DEMO_AS_OF, generate

    if not 0 < scale <= 1000:
        raise click.UsageError("--scale must be above 0 and at most 1000.")
    code = hashlib.sha256()
    for path in sorted((ROOT / "analytics" / "demo").rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            code.update(path.read_bytes())
    return GeneratedSource(
        name="demo",
        version=f"{scale} {DEMO_SEED} {code.hexdigest()}",
        as_of=DEMO_AS_OF,
        chunks=partial(generate, scale, DEMO_SEED),
        currency="EUR",
    )


def _live(settings: Settings) -> list[GeneratedSource]:
    database = open_state(settings.database_url)
    try:
        source = live_source(database)
    finally:
        database.close()
    return [source] if source else []


def _scorer(home: Path, progress: Progress) -> TextScorer:
    from models.prepare import prepare_models
    from models.text_scorer import TextScorer as Model

    return Model.load(prepare_models(home, progress) / "text_scorer")


def _marts(tools: "TextTools | None") -> Marts:
    """The marts; with ``tools``, those that need models too."""
    from analytics.build.marts import run_marts

    return partial(run_marts, tools=tools)


def _words(tools: "TextTools | None") -> WordsIndex | None:
    from analytics.build.words import index_words

    return None if tools is None else partial(index_words, tools=tools)


def _text_tools(home: Path, progress: Progress) -> "TextTools":
    from analytics.build.marts import TextTools
    from analytics.build.snapshots import SnapshotFolder
    from analytics.build.vectors import RememberedVectors
    from models.encoder import Encoder
    from models.prepare import prepare_models

    encoder = Encoder.load(prepare_models(home, progress) / "encoder")
    folder = SnapshotFolder(home / "warehouse")
    current = folder.current()
    return TextTools(
        RememberedVectors(encoder, home / "cache" / "statements.npz"),
        folder.file(current) if current else None,
    )


@contextmanager
def _shown_progress() -> Iterator[Progress]:
    """A line that changes on a terminal; in a log, one line per step."""
    if ERR.is_terminal:
        with ERR.status("Building") as status:
            yield lambda message: status.update(message)
    else:
        seen: set[str] = set()

        def say(message: str) -> None:
            step = message.split(":")[0]
            if step not in seen:
                seen.add(step)
                ERR.print(step, highlight=False, markup=False)

        yield say


def _show(report: BuildReport) -> None:
    words = {
        Outcome.BUILT: f"Built snapshot {report.build_id}",
        Outcome.UNCHANGED: f"Nothing to do: snapshot {report.build_id} holds these inputs",
        Outcome.REPUBLISHED: f"Snapshot {report.build_id} of these inputs serves again",
    }
    seconds = sum(report.seconds.values())
    took = f", in {seconds:.1f} s" if seconds else ""
    OUT.print(f"{words[report.outcome]}, data as of {report.data_as_of}{took}.", highlight=False)
    table = Table("table", "rows")
    for name, rows in sorted(report.rows.items()):
        table.add_row(name, f"{rows:,}")
    OUT.print(table)
    if LIVE in report.kept:
        OUT.print(f"Rows of live feedback in it: {report.kept[LIVE]:,}.", highlight=False)
    if report.texts_scored:
        OUT.print(f"{report.texts_scored:,} new texts were scored.", highlight=False)
    for mart in report.marts:
        if mart.error:
            OUT.print(f"Not computed: {mart.name}: {mart.error}", markup=False, highlight=False)
    _show_rejected(report.rejected)


def _show_rejected(rejected: Sequence[Any]) -> None:
    if not rejected:
        OUT.print("No row was rejected.")
        return
    table = Table("source", "column", "reason", "rows", title="Rejected rows")
    for item in rejected[:SHOWN_REASONS]:
        table.add_row(item.source, item.column, item.reason, f"{item.rows:,}")
    OUT.print(table)
    more = len(rejected) - SHOWN_REASONS
    if more > 0:
        OUT.print(f"{more} more reasons are in the table rejected_rows.", highlight=False)


def _check(files: Sequence[SourceFiles], as_json: bool) -> None:
    today = datetime.now(UTC).date()
    checks = [check_source(source, today) for source in files]
    if as_json:
        found = [dataclasses.asdict(item) for item in checks]
        click.echo(json.dumps(found, indent=2, default=str))
        return
    for item in checks:
        _show_check(item)


def _show_check(check: SourceCheck) -> None:
    OUT.print(f"[bold]{check.source}[/bold]")
    OUT.print(check.about, markup=False, highlight=False)
    for item in check.inputs:
        OUT.print(
            f"\n{item.file}: {item.read:,} rows looked at, {item.rejected:,} rejected.\n"
            f"  read: {', '.join(item.used)}\n  not read: {', '.join(item.ignored) or 'nothing'}",
            markup=False,
            highlight=False,
        )
    for table in check.tables:
        shown = Table("column", "from", "first rows", title=f"{table.name}: {table.rows:,} rows")
        names = table.columns or {key: key for row in table.sample for key in row}
        for name, expression in names.items():
            values = " | ".join(str(row.get(name))[:30] for row in table.sample)
            shown.add_row(_plain(name), _plain(expression), _plain(values))
        OUT.print(shown)
    _show_rejected(check.rejected)
    for example in check.examples:
        place = f"  {example['file']} row {example['row']}: {example['column'] or 'row'}"
        OUT.print(f"{place}: {example['reason']}", markup=False, highlight=False)


def _plain(text: str) -> str:
    """Data as it is: rich would take square brackets for markup."""
    return text.replace("[", "\\[")


def _list_sources(as_json: bool) -> None:
    mappings = shipped_mappings().values()
    if as_json:
        listed = [{"name": item.name, "label": item.label} for item in mappings]
        click.echo(json.dumps(listed, indent=2))
        return
    table = Table("source", "what it is", "files")
    for item in mappings:
        files = ", ".join(entry.files[0] for entry in item.inputs if entry.files)
        table.add_row(item.name, item.label, files)
    OUT.print(table)


def _roll_back(home: Path, as_json: bool) -> None:
    folder = SnapshotFolder(home / "warehouse")
    with folder.locked(lambda message: ERR.print(message)):
        before = folder.current()
        now = folder.roll_back()
    if as_json:
        click.echo(json.dumps({"before": before, "now": now}))
    else:
        OUT.print(f"Snapshot {now} serves now, instead of {before}.", highlight=False)
