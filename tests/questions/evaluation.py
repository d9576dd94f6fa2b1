"""The whole evaluation: every set, through the real processes or in this one, beside other readers.

``verbatim evaluate questions`` prints it, writes it as JSON and, with ``--ship``, into docs/evaluation.md.
Sets whose names start with ``held`` were written apart from the code that answers them and are reported
apart from those that it was built with.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx

from tests.questions.baselines import asked, default_pipeline_parses, tfidf_parses
from tests.questions.client import ask, chat_client
from tests.questions.grade import Outcome
from tests.questions.homes import home_of, warehouse_of
from tests.questions.in_process import analyst_of, messages_of
from tests.questions.in_process import ask as in_process_ask
from tests.questions.parses import Parses, parsed
from tests.questions.questions import HERE, QuestionSet, load_sets
from tests.questions.quick import grade_sets
from tests.questions.report import Graded, as_json, counts, markdown, share_with_interval, table
from tests.questions.runner import run
from tests.questions.scope import scope_of
from tests.questions.scope_set import (
    Kept,
    ScopeMessage,
    is_scope_file,
    kept,
    load_messages,
    rows_of,
)
from tests.questions.scope_set import as_markdown as scope_as_markdown
from tests.questions.scope_set import as_text as scope_as_text
from tests.questions.stack import Stack, data_folder, serving, share_models, shared_home

Say = Callable[[str], None]

HELD_BACK: Final = "held"
HEADING: Final = "### Questions "
STEP: Final = 25
COUNTED: Final = ("total", "outcomes", "interval", "wrong_interval", "categories")
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
    """Sets that belong together, what each reader's way through them came to, and messages of scope."""

    name: str
    way: str
    found: dict[str, list[Graded]]
    scope: list[Kept]


@dataclass(frozen=True)
class _Asked:
    """What a part asks."""

    sets: list[QuestionSet]
    messages: list[ScopeMessage]

    @classmethod
    def of(cls, paths: Sequence[Path], dataset: str | None) -> _Asked:
        """From files, one data set alone where it is named."""
        sets = [one for path in paths if not is_scope_file(path) for one in load_sets(path)]
        messages = [one for path in paths if is_scope_file(path) for one in load_messages(path)]
        return cls(
            [one for one in sets if dataset in (None, one.dataset)],
            [one for one in messages if dataset in (None, one.dataset)],
        )

    @property
    def count(self) -> int:
        """How many questions and messages."""
        return sum(len(each.questions) for each in self.sets) + len(self.messages)

    @property
    def datasets(self) -> list[str]:
        """Those that it needs."""
        return sorted({one.dataset for one in self.sets} | {one.dataset for one in self.messages})

    @property
    def texts(self) -> set[str]:
        """Every message, as the gateway hands it on."""
        questions = [question for each in self.sets for question in each.questions]
        return messages_of([*questions, *(one.question for one in self.messages)])


def evaluate(
    names: Sequence[str],
    dataset: str | None,
    in_process: bool,
    baselines: bool,
    say: Say,
    folder: Path = HERE,
) -> list[Part]:
    """Ask and grade everything; ``names`` are sets or starts of names (all where none is named)."""
    files = [
        path
        for path in sorted(folder.glob("*.yml"))
        if not names or path.stem.startswith(tuple(names))
    ]
    parts = {
        "held back": [path for path in files if path.stem.startswith(HELD_BACK)],
        "seen while building": [path for path in files if not path.stem.startswith(HELD_BACK)],
    }
    return [
        _part(name, _Asked.of(paths, dataset), in_process, baselines, say)
        for name, paths in parts.items()
        if paths
    ]


def _part(name: str, questions: _Asked, in_process: bool, baselines: bool, say: Say) -> Part:
    say(f"{name}: {questions.count} questions and messages")
    through = _in_this_process if in_process else _through_all
    ours, scope = through(questions, say)
    found = {OURS: ours}
    for reader, read in READERS.items() if baselines else ():
        say(f"The same questions: {reader}")
        found[reader] = grade_sets(questions.sets, read(questions.texts, shared_home()))
    way = "in one process" if in_process else "through the three processes (gateway, Rasa, actions)"
    return Part(name, way, found, scope)


def _in_this_process(questions: _Asked, say: Say) -> tuple[list[Graded], list[Kept]]:
    parses = parsed(questions.texts, shared_home())
    scope = []
    for dataset in sorted({one.dataset for one in questions.messages}):
        if (built := home_of(dataset)) is None:
            continue
        analyst = analyst_of(built)
        say(f"{dataset}: messages of scope")
        scope += [
            kept(one, in_process_ask(one.question, analyst, parses))
            for one in questions.messages
            if one.dataset == dataset
        ]
    return grade_sets(questions.sets, parses), scope


def _through_all(questions: _Asked, say: Say) -> tuple[list[Graded], list[Kept]]:
    """Through the three processes; one start for each data set."""
    graded: list[Graded] = []
    scope: list[Kept] = []
    for dataset in questions.datasets:
        if (built := home_of(dataset)) is None:
            say(f"{dataset}: its files are not here, its questions are left out")
            continue
        say(f"{dataset}: starting the product")
        sets = [one for one in questions.sets if one.dataset == dataset]
        messages = [one for one in questions.messages if one.dataset == dataset]
        progress = _Progress(dataset, sum(len(one.questions) for one in sets) + len(messages), say)
        with serving_copy(built) as stack, chat_client(stack.address, stack.token) as client:
            for each in sets:
                warehouse = warehouse_of(built)
                graded += run(each, client, data_folder(), warehouse, done=progress.graded)
            for message in messages:
                scope.append(_kept_by(message, client))
                progress.one_more()
    return graded, scope


def _kept_by(message: ScopeMessage, client: httpx.Client) -> Kept:
    try:
        return kept(message, ask(message.question, client))
    except httpx.HTTPError:
        return kept(message, [])


@dataclass
class _Progress:
    """A line now and then; never a word of a question."""

    dataset: str
    total: int
    say: Say
    count: int = 0

    def graded(self, one: Graded) -> None:
        """One more; a question that cannot be graded is named by its id."""
        if one.grade.why.startswith("its own SQL"):
            self.say(f"{self.dataset}: the SQL of {one.question.id} fails")
        self.one_more()

    def one_more(self) -> None:
        """Says how far it is, every so many."""
        self.count += 1
        if self.count % STEP == 0 or self.count == self.total:
            self.say(f"{self.dataset}: {self.count} of {self.total}")


@contextmanager
def serving_copy(built: Path) -> Iterator[Stack]:
    """The product on the warehouse of ``built``, with accounts and conversations of its own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        share_models(home)
        (home / "warehouse").symlink_to(built / "warehouse", target_is_directory=True)
        if (built / "knowledge").is_dir():
            shutil.copytree(built / "knowledge", home / "knowledge")
        with serving(home) as stack:
            yield stack


def as_text(parts: Sequence[Part]) -> str:
    """Tables for a terminal; no question is in them."""
    texts = []
    for part in parts:
        texts += [
            f"{part.name}, {name}\n{table(graded)}\n{scope_of(graded).text}"
            for name, graded in part.found.items()
            if graded
        ]
        if part.scope:
            texts.append(f"{part.name}, messages of scope\n{scope_as_text(part.scope)}")
    return "\n\n".join(texts)


def as_data(parts: Sequence[Part], totals: bool = False) -> dict[str, Any]:
    """Everything, for a JSON file; by ``totals`` the counts alone, without a word of a question."""
    return {
        part.name: {
            **{
                name: {**_counted(graded, totals), "scope": scope_of(graded).data}
                for name, graded in part.found.items()
            },
            "messages of scope": [
                {"what": what, "count": count, "of": total}
                for what, count, total in rows_of(part.scope)
            ],
        }
        for part in parts
    }


def _counted(graded: list[Graded], totals: bool) -> dict[str, Any]:
    data = as_json(graded)
    return {name: data[name] for name in COUNTED} if totals else data


def as_markdown(parts: Sequence[Part]) -> str:
    """The tables of docs/evaluation.md."""
    return "\n\n".join(_section(part) for part in parts)


def _section(part: Part) -> str:
    texts = [f"{HEADING}{part.name}", f"Measured {part.way}."]
    if ours := part.found[OURS]:
        texts += [scope_of(ours).text, markdown(ours)]
    if part.scope:
        texts.append(scope_as_markdown(part.scope))
    if ours and len(part.found) > 1:
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
    """Put the tables between the document's markers; a part that was not asked now stays as it is.

    ValueError where the document has no markers.
    """
    text = document.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{document} has no place for the figures: add {BEGIN} and {END}")
    before, rest = text.split(BEGIN, 1)
    old, after = rest.split(END, 1)
    sections = {one.partition("\n")[0]: HEADING + one.strip() for one in old.split(HEADING)[1:]}
    sections |= {part.name: _section(part) for part in parts}
    figures = "\n\n".join(sections[name] for name in sorted(sections))
    document.write_text(f"{before}{BEGIN}\n\n{figures}\n\n{END}{after}", encoding="utf-8")
