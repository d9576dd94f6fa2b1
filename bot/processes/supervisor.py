"""Keep processes alive: start them, start again what dies, end them all together."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.processes.backoff import Backoff
from bot.processes.logs import ProcessLog
from bot.processes.spec import ProcessSpec, StartError

LAUNCHER = Path(__file__).with_name("child.py")
GRACE_SECONDS = 8.0
DEATHS_AT_START = 3

Announce = Callable[[str], None]


@dataclass(slots=True)
class _Kept:
    """A supervised process: its log, the run in progress if any, its deaths in a row."""

    spec: ProcessSpec
    log: ProcessLog
    running: Process | None = None
    failures: int = 0


class Supervisor:
    """Runs the processes inside ``async with``; on leaving, all have ended.

    A process that dies is started again with exponential back-off, for ever once ``settled`` was
    called; before that, three deaths in a row make ``ended`` raise.
    """

    def __init__(
        self,
        specs: Iterable[ProcessSpec],
        logs: Path,
        announce: Announce,
        backoff: Backoff | None = None,
    ) -> None:
        self._kept = [_Kept(spec, ProcessLog(logs / f"{spec.name}.log")) for spec in specs]
        self._announce = announce
        self._backoff = backoff or Backoff()
        self._stopping = asyncio.Event()
        self._settled = False
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Supervisor":
        self._tasks = [asyncio.create_task(self._keep(kept)) for kept in self._kept]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopping.set()
        *inner, outermost = self._kept
        await self._end(outermost)  # the gateway: it waits for the answers of the others
        await asyncio.gather(*map(self._end, inner))
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for kept in self._kept:
            kept.log.close()

    def settled(self) -> None:
        """From now on whatever dies is started again, however often."""
        self._settled = True

    def pids(self) -> dict[str, int]:
        """Process id by name, of those running now."""
        return {kept.spec.name: kept.running.pid for kept in self._kept if kept.running}

    def kill(self) -> None:
        """End all at once, without waiting for work in progress."""
        for kept in self._kept:
            _signal_group(kept.running, signal.SIGKILL)

    async def ended(self) -> None:
        """Wait for the end of all; raise StartError when one cannot be brought to life."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()

    async def _keep(self, kept: _Kept) -> None:
        clock = asyncio.get_running_loop().time
        while not self._stopping.is_set():
            started = clock()
            code = await self._run_once(kept)
            if self._stopping.is_set():
                return
            kept.failures = self._backoff.failures(kept.failures, clock() - started)
            ending = _ending(code)
            if not self._settled and kept.failures >= DEATHS_AT_START:
                raise StartError(_last_words(kept, ending))
            delay = self._backoff.delay(kept.failures)
            self._announce(f"{kept.spec.name} {ending}; starting it again in {delay:g} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), delay)

    async def _run_once(self, kept: _Kept) -> int:
        """One life of a process, from its start to its exit status (negative: a signal)."""
        spec = kept.spec
        kept.log.begin()
        # A pipe of our own: with asyncio's, a grandchild that holds it open would hide the end.
        read_end, write_end = os.pipe()
        copying = asyncio.create_task(_copy(read_end, kept.log))
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid())),
                *spec.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=write_end,
                stderr=write_end,
                cwd=spec.cwd,
                env={**os.environ, **spec.env},
                # A group of its own: Ctrl-C reaches us alone, and we end the children in order.
                start_new_session=True,
            )
        finally:
            os.close(write_end)
        kept.running = process
        if self._stopping.is_set():
            _signal_group(process, signal.SIGTERM)
        code = await process.wait()
        _signal_group(process, signal.SIGKILL)  # what it left behind keeps no port
        kept.running = None
        await asyncio.wait([copying], timeout=GRACE_SECONDS)
        return code

    async def _end(self, kept: _Kept) -> None:
        """Ask the process to end; after a while, make it."""
        process = kept.running
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if process is None or process.returncode is not None:
                return
            _signal_group(process, sign)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), GRACE_SECONDS)


def _signal_group(process: Process | None, sign: signal.Signals) -> None:
    """Signal a process and its own children; nothing happens where they are gone."""
    if process is not None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, sign)


async def _copy(read_end: int, log: ProcessLog) -> None:
    """Copy a pipe to a log until its last writer has closed it."""
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read_end, "rb", 0)
    )
    try:
        while output := await reader.read(65_536):
            log.write(output)
    finally:
        transport.close()
        log.flush()


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with status {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def _last_words(kept: _Kept, ending: str) -> str:
    lines = [f"{kept.spec.name} {ending} {DEATHS_AT_START} times while starting. Its last words:"]
    lines += [f"    {line}" for line in kept.log.tail()]
    return "\n".join([*lines, f"All of it: {kept.log.path}"])
