"""``verbatim evaluate``: measure a model beside its baselines. Imports wait until it runs."""

import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.settings import ROOT, Settings

if TYPE_CHECKING:
    from models.corpora import Task
    from models.evaluation import Evaluation


@click.group("evaluate")
def command() -> None:
    """Measure accuracy beside baselines."""


def _options(function: click.decorators.FC) -> click.decorators.FC:
    folder = click.Path(path_type=Path, file_okay=False)
    data = click.option("--data", type=folder, help="Labelled data; default: VERBATIM_DATA.")
    ship = click.option(
        "--ship", is_flag=True, help="Also write the figures into the model card and the docs."
    )
    return data(ship(function))


@command.command()
@_options
def sentiment(data: Path | None, ship: bool) -> None:
    """Sentiment on tweets, star-rated reviews and film reviews, beside VADER and TF-IDF models."""
    _evaluate("sentiment", data, ship)


@command.command()
@_options
def emotion(data: Path | None, ship: bool) -> None:
    """Emotion on the official test part, beside TF-IDF models."""
    _evaluate("emotion", data, ship)


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print {held, broken: [ids]}.")
def lessons(as_json: bool) -> None:
    """Ask again what supervisors accepted: whether each lesson still holds. Exit status 1 if not."""
    from actions.server import open_analyst
    from bot.lesson_check import check_lessons

    settings = Settings.load()
    checked = check_lessons(open_analyst(settings), settings.home)
    broken = [one for one in checked if not one.holds]
    if as_json:
        numbers = [one.number for one in broken]
        click.echo(json.dumps({"held": len(checked) - len(broken), "broken": numbers}))
    else:
        for one in broken:
            click.echo(f"Broken: {one.lesson.kind} “{one.lesson.phrase}” → “{one.lesson.meaning}”")
        click.echo(f"{len(checked) - len(broken)} of {len(checked)} lessons hold.")
    if broken:
        raise SystemExit(1)


@command.command()
@click.option("--set", "names", multiple=True, help="A set, or how names of sets start.")
@click.option("--dataset", help="Only questions on this data set: demo, musical_instruments, …")
@click.option("--in-process", is_flag=True, help="In this process: faster, without HTTP between.")
@click.option("--no-baselines", is_flag=True, help="Leave the other readers out.")
@click.option("--totals", is_flag=True, help="Counts alone: no question in what is written.")
@click.option("--ship", is_flag=True, help="Also write the tables into docs/evaluation.md.")
def questions(
    names: tuple[str, ...],
    dataset: str | None,
    in_process: bool,
    no_baselines: bool,
    totals: bool,
    ship: bool,
) -> None:
    """Every question of the sets against hand-written SQL: right, clarified, refused, wrong."""
    evaluation = _questions_package()
    parts = evaluation.evaluate(names, dataset, in_process, not no_baselines, _note)
    click.echo(evaluation.as_text(parts))
    file = Settings.load().home / "evaluation" / "questions.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    data = evaluation.as_data(parts, totals)
    file.write_text(json.dumps(data, indent=1, default=str), encoding="utf-8")
    _note(f"Wrote {file}")
    if ship:
        evaluation.ship(parts)


def _questions_package() -> Any:
    """The questions and their grader, which live among the tests: there in a checkout only."""
    if not (ROOT / "tests" / "questions" / "evaluation.py").is_file():
        raise click.ClickException(
            "The questions and their SQL come with the source, not with an installed package: run this "
            "in a checkout of the repository."
        )
    sys.path.insert(0, str(ROOT))
    return importlib.import_module("tests.questions.evaluation")


def _evaluate(task: "Task", data: Path | None, ship: bool) -> None:
    """Measure, print the tables, write the JSON under the home folder."""
    from models.corpora import load_corpora
    from models.evaluation import evaluate
    from models.figures import from_json, to_json, to_markdown
    from models.prepare import prepare_models
    from models.text_scorer import TextScorer

    settings = Settings.load()
    folder = data or settings.data or ROOT.parent / "shared" / "data"
    corpora = load_corpora(folder, task)
    scorer = TextScorer.load(prepare_models(settings.home, _note) / "text_scorer")
    # Through JSON, so that every document rounds the same figures.
    evaluation = from_json(to_json(evaluate(scorer, corpora, task, _note)))
    click.echo(to_markdown(evaluation))
    file = settings.home / "evaluation" / f"{task}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(to_json(evaluation))
    _note(f"Wrote {file}")
    if ship:
        _ship(evaluation)


def _ship(evaluation: "Evaluation") -> None:
    """Put the figures where people read them: beside the adapter, in its card, in the docs."""
    from models.figures import put_into, to_json
    from models.prepare import SHIPPED_ADAPTER

    (SHIPPED_ADAPTER / f"evaluation_{evaluation.task}.json").write_text(to_json(evaluation))
    for document in (SHIPPED_ADAPTER / "README.md", ROOT / "docs" / "models" / "sentiment.md"):
        put_into(document, evaluation)
        _note(f"Updated {document}")


def _note(line: str) -> None:
    click.echo(line, err=True)
