"""The product as it runs: three real processes per data set, started once for a module's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.questions.questions import load_named
from tests.questions.stack import Stack, data_folder, running_stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Stack]]:
    """``stack(dataset)`` starts the product on that data set; skips where its files are absent."""
    started: dict[str, Stack] = {}
    with ExitStack() as stacks:

        def start(dataset: str) -> Stack:
            if dataset not in started:
                _skip_without_data(dataset)
                home = tmp_path_factory.mktemp(dataset)
                started[dataset] = stacks.enter_context(running_stack(dataset, home, data_folder()))
            return started[dataset]

        yield start


def _skip_without_data(dataset: str) -> None:
    needs = [file for each in load_named(dataset) for file in each.needs]
    folder = data_folder()
    missing = [file for file in needs if folder is None or not (folder / file).exists()]
    if missing:
        pytest.skip(f"public data sets absent: {', '.join(missing)} (set VERBATIM_DATA)")
