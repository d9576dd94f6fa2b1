"""The steps before the start: each a process, side by side where they do not need each other.

A step tells its progress on standard error, which is shown; its result goes to the log alone.
"""

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.processes.logs import ProcessLog
from bot.processes.screen import Screen
from bot.processes.spec import COMPILED, StartError
from bot.processes.supervisor import LAUNCHER
from bot.settings import ROOT, Settings

SHOW_AFTER_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, what it runs, and the names of the steps that come before it."""

    name: str
    title: str
    command: tuple[str, ...]
    after: tuple[str, ...] = ()


def needed(settings: Settings) -> tuple[Step, ...]:
    """The steps of a start. Those that find their work done say nothing and take a moment."""
    python = sys.executable
    steps = [Step("models", "Text models", (python, "-m", "bot.processes.prepare"))]
    train = (python, "-m", "bot", "train", "nlu")
    if (settings.home / "warehouse" / "current").exists():
        return (*steps, Step("nlu", "Language understanding", train, ("models",)))
    build = (python, "-m", "bot", "build", "--demo")
    steps.append(Step("warehouse", "Demo warehouse", build, ("models",)))
    return (*steps, Step("nlu", "Language understanding", train, ("models",)))


async def run(steps: Iterable[Step], logs: Path, screen: Screen) -> None:
    """Run the steps in their order of need. Raises StartError with the end of what one said."""
    tasks: dict[str, asyncio.Task[None]] = {}

    async def run_after(step: Step) -> None:
        await asyncio.gather(*(tasks[name] for name in step.after))
        await _run_one(step, logs, screen)

    try:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                tasks[step.name] = group.create_task(run_after(step))
    except* StartError as failures:
        raise failures.exceptions[0] from None


async def _run_one(step: Step, logs: Path, screen: Screen) -> None:
    clock = asyncio.get_running_loop().time
    started = clock()
    log = ProcessLog(logs / f"step-{step.name}.log")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid())),
        *step.command,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        cwd=ROOT,
        env={**os.environ, **COMPILED},
        limit=2**24,
    )
    try:
        await _copy_output(process, step, log, screen)
        code = await process.wait()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        log.close()
    if code != 0:
        said = "\n".join(f"    {line}" for line in log.tail())
        raise StartError(f"{step.title}: failed with status {code} (log: {log.path})\n{said}")
    if (took := clock() - started) >= SHOW_AFTER_SECONDS:
        screen.line(f"{step.title}: done in {took:.1f} s")


async def _copy_output(process: Process, step: Step, log: ProcessLog, screen: Screen) -> None:
    assert process.stdout is not None
    assert process.stderr is not None

    async def copy(stream: asyncio.StreamReader, shown: bool) -> None:
        async for line in stream:
            log.write(line)
            if shown and (text := line.decode(errors="replace").strip()):
                screen.progress(f"{step.title}: {text}")

    await asyncio.gather(copy(process.stdout, False), copy(process.stderr, True))
