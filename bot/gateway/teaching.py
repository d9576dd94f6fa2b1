"""Accepted lessons on their way into the bot: published at once, then the NLU model is trained on them."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import structlog
from starlette.concurrency import run_in_threadpool

from bot.settings import ROOT, Settings
from bot.state.database import StateDatabase
from bot.state.lessons import FIELDS, StoredLesson, accepted_lessons

log = structlog.get_logger("gateway")

FILE = "lessons.json"
TRAIN = ("train", "nlu")
CHECK = ("evaluate", "lessons", "--json")

Command = Callable[[Sequence[str]], Awaitable[tuple[int, bytes]]]


class State(StrEnum):
    """What is being done with the lessons."""

    READY = "ready"
    TRAINING = "training"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the bot has taken the lessons in. ``broken``: ids of lessons that no longer hold."""

    state: State
    since: datetime
    held: int = 0
    broken: tuple[int, ...] = ()


class Teaching:
    """One training at a time; what is accepted meanwhile is trained right after."""

    def __init__(
        self, settings: Settings, database: StateDatabase, run: Command | None = None
    ) -> None:
        self._path = settings.home / FILE
        self._database = database
        self._run = run or _run
        self._wanted = asyncio.Event()
        self._lock = asyncio.Lock()
        self.progress = Progress(State.READY, datetime.now(UTC))

    async def publish(self) -> None:
        """Hand the accepted lessons over to those who answer, and ask for a training."""
        async with self._lock:
            lessons = await run_in_threadpool(accepted_lessons, self._database)
            await run_in_threadpool(write_lessons, self._path, lessons)
        self.progress = Progress(State.TRAINING, datetime.now(UTC))
        self._wanted.set()

    async def train_for_ever(self) -> None:
        """Train whenever something was published; runs until it is cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                self.progress = await self._trained()
            except Exception:
                log.exception("lessons not trained")
                self.progress = Progress(State.FAILED, datetime.now(UTC))

    async def _trained(self) -> Progress:
        status, _ = await self._run(TRAIN)
        if status != 0:
            log.error("training on the lessons failed", status=status)
            return Progress(State.FAILED, datetime.now(UTC))
        status, output = await self._run(CHECK)
        found = json.loads(output) if status in (0, 1) else None
        if found is None:
            return Progress(State.FAILED, datetime.now(UTC))
        return Progress(
            State.READY, datetime.now(UTC), int(found["held"]), tuple(map(int, found["broken"]))
        )


def write_lessons(path: Path, lessons: Sequence[StoredLesson]) -> None:
    """The file that answers and training read; written beside and renamed, never seen half."""
    known = ("id", *FIELDS)
    wire = [{k: v for k, v in asdict(lesson).items() if k in known} for lesson in lessons]
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    beside.write_text(json.dumps(wire, ensure_ascii=False, indent=1), encoding="utf-8")
    os.replace(beside, path)


async def _run(arguments: Sequence[str]) -> tuple[int, bytes]:
    """Exit status and output of a command of ours; it ends with the gateway."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=ROOT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    return process.returncode or 0, output
