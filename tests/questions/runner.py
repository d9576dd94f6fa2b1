"""Ask a running product every question of a set and grade what it answers.

``python -m tests.questions.runner --dataset demo`` builds and starts its own product; with
``--address``, ``--token`` and ``--warehouse`` it asks one that runs already. Exit status 1 where a
number was wrong.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import httpx

from tests.questions.client import ask, chat_client
from tests.questions.gold import gold_connection, golds
from tests.questions.grade import Grade, Outcome, grade
from tests.questions.questions import Question, QuestionSet, load_named
from tests.questions.report import Graded, as_json, counts, table
from tests.questions.stack import BUILDS, data_folder, running_stack


def run(
    question_set: QuestionSet,
    client: httpx.Client,
    data: Path | None,
    warehouse: Path,
    only: Sequence[str] = (),
    done: Callable[[Graded], None] = lambda _: None,
) -> list[Graded]:
    """Ask and grade each question of a set (or those in ``only``), in the set's order.

    ``done`` hears of each as it is graded.
    """
    chosen = [question for question in question_set.questions if not only or question.id in only]
    with gold_connection(question_set, data, warehouse) as connection:
        found = []
        for question in chosen:
            found.append(_graded(question, client, connection))
            done(found[-1])
        return found


def _graded(
    question: Question, client: httpx.Client, connection: duckdb.DuckDBPyConnection
) -> Graded:
    start = time.perf_counter()
    try:
        wanted = golds(question, connection)
    except duckdb.Error as error:
        broken = Grade(Outcome.WRONG, f"its own SQL fails: {error}")
        return Graded(question, [], [], broken, 0.0)
    try:
        answers = ask(question, client)
    except httpx.HTTPError as error:
        found = Grade(Outcome.WRONG, f"the request failed: {error}")
        return Graded(question, [], wanted, found, time.perf_counter() - start)
    return Graded(
        question, answers, wanted, grade(question, answers, wanted), time.perf_counter() - start
    )


def main() -> int:
    """Parse the command line, run, print the table, write the report."""
    arguments = _arguments()
    graded = _run_all(arguments)
    print(table(graded))
    for each in graded:
        if each.grade.outcome is not Outcome.RIGHT:
            turns = " > ".join(each.question.turns)
            print(f"{each.grade.outcome:>9} {each.question.id} {turns}: {each.grade.why}")
    if arguments.json:
        report = json.dumps(as_json(graded), indent=1, default=str)
        arguments.json.write_text(report, encoding="utf-8")
    return 1 if counts(graded)[Outcome.WRONG] else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", required=True, choices=sorted(BUILDS))
    parser.add_argument("--set", dest="name", help="another file of questions, without .yml")
    parser.add_argument("--only", nargs="*", default=[], help="ids of the questions to ask")
    parser.add_argument("--address", help="of a product that runs already")
    parser.add_argument("--token")
    parser.add_argument("--warehouse", type=Path, help="the snapshot it answers from")
    parser.add_argument("--json", type=Path, help="write the whole report here")
    return parser.parse_args()


def _run_all(arguments: argparse.Namespace) -> list[Graded]:
    if arguments.address:
        return _ask_all(arguments, arguments.address, arguments.token, arguments.warehouse)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(arguments.dataset, Path(folder), data_folder()) as stack,
    ):
        return _ask_all(arguments, stack.address, stack.token, stack.warehouse)


def _ask_all(
    arguments: argparse.Namespace, address: str, token: str, warehouse: Path
) -> list[Graded]:
    sets = load_named(arguments.name or arguments.dataset)
    chosen = [each for each in sets if each.dataset == arguments.dataset]
    with chat_client(address, token) as client:
        runs = [run(each, client, data_folder(), warehouse, arguments.only) for each in chosen]
    return [graded for one in runs for graded in one]


if __name__ == "__main__":
    raise SystemExit(main())
