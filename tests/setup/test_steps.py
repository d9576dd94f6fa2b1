"""The steps before the start: order, side by side, failure."""

import io
import sys
import time
from pathlib import Path

import pytest

from bot.processes import steps
from bot.processes.screen import Screen
from bot.processes.spec import StartError
from bot.processes.steps import Step
from bot.settings import Settings


def step(name: str, code: str, *after: str) -> Step:
    return Step(name, name.title(), (sys.executable, "-c", code), after)


async def test_a_step_waits_for_those_it_needs(tmp_path):
    mark = tmp_path / "mark"
    first = f"import pathlib, time; time.sleep(0.3); pathlib.Path({str(mark)!r}).touch()"
    second = f"import pathlib, sys; sys.exit(not pathlib.Path({str(mark)!r}).exists())"
    await steps.run([step("a", first), step("b", second, "a")], tmp_path, Screen(io.StringIO()))


async def test_steps_that_do_not_need_each_other_run_side_by_side(tmp_path):
    slow = "import time; time.sleep(1)"
    started = time.monotonic()
    await steps.run([step("a", slow), step("b", slow)], tmp_path, Screen(io.StringIO()))
    assert time.monotonic() - started < 1.9


async def test_progress_is_shown_and_kept(tmp_path):
    said = io.StringIO()
    await steps.run(
        [step("a", "import sys; print('result'); print('half way', file=sys.stderr)")],
        tmp_path,
        Screen(said),
    )
    assert said.getvalue() == "A: half way\n"
    log = (tmp_path / "step-a.log").read_text()
    assert sorted(log.splitlines()) == ["half way", "result"]


async def test_a_failed_step_stops_the_start_with_its_last_words(tmp_path):
    said = io.StringIO()
    pending = "import time; time.sleep(60)"
    with pytest.raises(StartError, match=r"A: failed with status 1[\s\S]*no space left"):
        await steps.run(
            [
                step("a", "import sys; sys.exit('no space left')"),
                step("b", pending),
                step("c", "print('never')", "a"),
            ],
            tmp_path,
            Screen(said),
        )
    assert said.getvalue() == "A: no space left\n"


def test_the_demo_is_built_only_where_there_is_no_warehouse(tmp_path):
    settings = Settings(home=tmp_path)
    assert [step.name for step in steps.needed(settings)] == ["models", "warehouse", "nlu"]
    (tmp_path / "warehouse").mkdir()
    Path(tmp_path / "warehouse" / "current").write_text("x.duckdb")
    assert [step.name for step in steps.needed(settings)] == ["models", "nlu"]


def test_a_terminal_shows_progress_in_one_line():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    screen = Screen(terminal)
    screen.progress("half way")
    screen.progress("x" * 1000)
    screen.line("done")
    assert terminal.getvalue().count("\n") == 1
    assert terminal.getvalue().endswith("done\n")
    assert len(max(terminal.getvalue().split("\r"), key=len)) < 1000
