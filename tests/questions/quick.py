"""Grade sets of questions in this process, in seconds.

``python -m tests.questions.quick --set dev`` takes the sets ``dev*.yml``; with ``--dataset``, ``--category``
and ``--only`` some of them. Rasa parses all new messages once and its parses are kept; the analyst is the
real one, on a built warehouse of each data set. For each question that is not right: what was asked,
understood, expected and said. Exit status 1 where a number was wrong.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from tests.questions.gold import gold_connection, golds
from tests.questions.grade import Grade, Outcome, grade
from tests.questions.homes import home_of, warehouse_of
from tests.questions.in_process import analyst_of, ask, messages_of
from tests.questions.parses import Parses, is_stale, parsed, trained_model
from tests.questions.questions import HERE, QuestionSet, load_sets
from tests.questions.report import Graded, counts, shown, table
from tests.questions.stack import data_folder, shared_home

NEVER_BY_DEFAULT = "held"
"""Sets that are kept back are asked only by their full name."""


def main() -> int:
    """Parse the command line, grade, print."""
    arguments = _arguments()
    sets = chosen_sets(arguments)
    if not any(each.questions for each in sets):
        print("No question is left by these options.")
        return 2
    graded = grade_sets(sets, _parses(sets))
    for each in graded:
        if arguments.show or each.grade.outcome is not Outcome.RIGHT:
            print(shown(each))
    print(table(graded))
    return 1 if counts(graded)[Outcome.WRONG] else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", dest="names", nargs="*", default=["dev"], help="starts of names")
    parser.add_argument("--dataset", help="demo, musical_instruments or online_retail")
    parser.add_argument("--category", nargs="*", default=[])
    parser.add_argument("--only", nargs="*", default=[], help="ids of questions")
    parser.add_argument("--show", action="store_true", help="also what is right")
    return parser.parse_args()


def files_of(names: Sequence[str]) -> list[Path]:
    """The files of sets whose names start so; kept-back ones only by their full name."""
    return [
        path
        for path in sorted(HERE.glob("*.yml"))
        if path.stem in names
        or (path.stem.startswith(tuple(names)) and not path.stem.startswith(NEVER_BY_DEFAULT))
    ]


def chosen_sets(arguments: argparse.Namespace) -> list[QuestionSet]:
    """The sets with the questions that the options leave."""
    sets = [each for path in files_of(arguments.names) for each in load_sets(path)]
    return [
        replace(
            each,
            questions=tuple(
                question
                for question in each.questions
                if (not arguments.only or question.id in arguments.only)
                and (not arguments.category or question.category in arguments.category)
            ),
        )
        for each in sets
        if arguments.dataset in (None, each.dataset)
    ]


def _parses(sets: Sequence[QuestionSet]) -> Parses:
    home = shared_home()
    model = trained_model(home)
    if is_stale(model, home):
        print("The NLU model is older than its examples: verbatim train nlu", file=sys.stderr)
    questions = [question for each in sets for question in each.questions]
    return parsed(messages_of(questions), home, model)


def grade_sets(
    sets: Sequence[QuestionSet], parses: Parses, home: Callable[[str], Path | None] = home_of
) -> list[Graded]:
    """Every question of the sets, graded; those on a data set that is not there are left out.

    ``home`` says where a data set is built.
    """
    asked = [one for one in sets if one.questions]
    return [graded for one in asked for graded in _grade_set(one, parses, home(one.dataset))]


def _grade_set(one: QuestionSet, parses: Parses, home: Path | None) -> list[Graded]:
    if home is None:
        print(f"No files for {one.dataset}: its questions are left out.", file=sys.stderr)
        return []
    analyst = analyst_of(home)
    found = []
    with gold_connection(one, data_folder(), warehouse_of(home)) as connection:
        for question in one.questions:
            wanted, start = [], time.perf_counter()
            try:
                wanted = golds(question, connection)
                answers = ask(question, analyst, parses)
                result = grade(question, answers, wanted)
            except Exception as error:
                answers = []
                result = Grade(Outcome.WRONG, f"{type(error).__name__}: {error}")
            found.append(Graded(question, answers, wanted, result, time.perf_counter() - start))
    return found


if __name__ == "__main__":
    raise SystemExit(main())
