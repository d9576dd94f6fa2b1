"""The whole evaluation: every set, through the real processes or in this one, beside other readers.

``verbatim evaluate questions`` prints it, writes it as JSON and, with ``--ship``, into docs/evaluation.md.
Sets whose names start with ``held`` were written apart from the code that answers them and are reported
apart from those that it was built with.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.questions.baselines import asked, default_pipeline_parses, tfidf_parses
from tests.questions.client import chat_client
from tests.questions.grade import Outcome
from tests.questions.homes import home_of, warehouse_of
from tests.questions.in_process import messages_of
from tests.questions.parses import Parses, parsed
from tests.questions.questions import HERE, QuestionSet, load_sets
from tests.questions.quick import grade_sets
from tests.questions.report import Graded, as_json, counts, markdown, share_with_interval, table
from tests.questions.runner import run
from tests.questions.scope import scope_of
from tests.questions.stack import Stack, data_folder, serving, share_models, shared_home

Say = Callable[[str], None]

HELD_BACK: Final = "held"
BEGIN: Final = "<!-- figures: questions -->"
END: Final = "<!-- end of figures: questions -->"
DOCUMENT: Final = HERE.parents[1] / "docs" / "evaluation.md"

OURS: Final = "Verbatim"
READERS: Final[dict[str, Callable[[set[str], Path], Parses]]] = {
    "Rasa's default pipeline": default_pipeline_parses,
    "TF-IDF + linear": lambda texts, _: tfidf_parses(texts),
    "no reading": lambda texts, _: asked(texts),
}


@dataclass(frozen=True)
class Part:
    """Sets that belong together, and what each reader's way through them came to."""

    name: str
    found: dict[str, list[Graded]]


def evaluate(
    names: Sequence[str], dataset: str | None, in_process: bool, baselines: bool, say: Say
) -> list[Part]:
    """Ask and grade everything; ``names`` are sets (all where none is named)."""
    files = [path for path in sorted(HERE.glob("*.yml")) if not names or path.stem in names]
    parts = {
        "held back": [path for path in files if path.stem.startswith(HELD_BACK)],
        "seen while building": [path for path in files if not path.stem.startswith(HELD_BACK)],
    }
    return [
        Part(name, _of_part([*_sets(paths, dataset)], in_process, baselines, say))
        for name, paths in parts.items()
        if paths
    ]


def _sets(paths: Sequence[Path], dataset: str | None) -> Iterator[QuestionSet]:
    for path in paths:
        yield from (each for each in load_sets(path) if dataset in (None, each.dataset))


def _of_part(
    sets: list[QuestionSet], in_process: bool, baselines: bool, say: Say
) -> dict[str, list[Graded]]:
    home = shared_home()
    texts = messages_of([question for each in sets for question in each.questions])
    say(f"{sum(len(each.questions) for each in sets)} questions: {OURS}")
    found = {OURS: grade_sets(sets, parsed(texts, home)) if in_process else _through_all(sets)}
    for name, read in READERS.items() if baselines else ():
        say(f"The same: {name}")
        found[name] = grade_sets(sets, read(texts, home))
    return found


def _through_all(sets: Sequence[QuestionSet]) -> list[Graded]:
    """Through the three processes; one start for each data set."""
    graded = []
    for dataset in sorted({each.dataset for each in sets}):
        built = home_of(dataset)
        if built is None:
            continue
        with serving_copy(built) as stack, chat_client(stack.address, stack.token) as client:
            for each in sets:
                if each.dataset == dataset:
                    graded += run(each, client, data_folder(), warehouse_of(built))
    return graded


@contextmanager
def serving_copy(built: Path) -> Iterator[Stack]:
    """The product on the warehouse of ``built``, with accounts and conversations of its own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        share_models(home)
        (home / "warehouse").symlink_to(built / "warehouse", target_is_directory=True)
        with serving(home) as stack:
            yield stack


def as_text(parts: Sequence[Part]) -> str:
    """Tables for a terminal."""
    return "\n\n".join(
        f"{part.name}, {name}\n{table(graded)}\n{scope_of(graded).text}"
        for part in parts
        for name, graded in part.found.items()
    )


def as_data(parts: Sequence[Part]) -> dict[str, Any]:
    """Everything, for a JSON file."""
    return {
        part.name: {
            name: {**as_json(graded), "scope": scope_of(graded).data}
            for name, graded in part.found.items()
        }
        for part in parts
    }


def as_markdown(parts: Sequence[Part]) -> str:
    """The tables of docs/evaluation.md."""
    return "\n\n".join(_part_as_markdown(part) for part in parts)


def _part_as_markdown(part: Part) -> str:
    ours = part.found[OURS]
    texts = [f"### Questions {part.name}", scope_of(ours).text, markdown(ours)]
    if len(part.found) > 1:
        texts.append(_beside(part))
    return "\n\n".join(texts)


def _beside(part: Part) -> str:
    heads = ["reader", *(outcome.value for outcome in Outcome), "right", "wrong"]
    heads += ["out of scope declined", "good ones declined"]
    rows = [heads, ["---"] * len(heads)]
    for name, graded in part.found.items():
        found, total = counts(graded), len(graded)
        shares = (share_with_interval(found[o], total) for o in (Outcome.RIGHT, Outcome.WRONG))
        scope = scope_of(graded)
        declined = [f"{scope.declined} of {scope.outside}", f"{scope.refused} of {scope.good}"]
        rows.append([name, *(str(found[outcome]) for outcome in Outcome), *shares, *declined])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def ship(parts: Sequence[Part], document: Path = DOCUMENT) -> None:
    """Put the tables between the document's markers. ValueError where it has none."""
    text = document.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{document} has no place for the figures: add {BEGIN} and {END}")
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    document.write_text(
        f"{before}{BEGIN}\n\n{as_markdown(parts)}\n\n{END}{after}", encoding="utf-8"
    )
