"""Supervision with real, tiny processes."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from bot.processes import ports
from bot.processes.backoff import Backoff
from bot.processes.logs import ProcessLog
from bot.processes.spec import ProcessSpec, StartError
from bot.processes.supervisor import Supervisor

QUICK = Backoff(first=0.02, longest=0.1, forgiven_after=30)
SLEEPS = "import time; print('up', flush=True); time.sleep(60)"


def spec(code: str, name: str = "one", port: int = 0) -> ProcessSpec:
    command = (sys.executable, "-c", textwrap.dedent(code))
    return ProcessSpec(name, command, "127.0.0.1", port, "VERBATIM_PORT", Path.cwd())


async def until(condition, seconds=10.0):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def test_a_killed_process_is_started_again(tmp_path):
    said: list[str] = []
    async with Supervisor([spec(SLEEPS)], tmp_path, said.append, QUICK) as supervisor:
        supervisor.settled()
        await until(lambda: "one" in supervisor.pids())
        first = supervisor.pids()["one"]
        os.kill(first, signal.SIGKILL)
        await until(lambda: supervisor.pids().get("one", first) != first)
        second = supervisor.pids()["one"]
    assert said == ["one was ended by SIGKILL; starting it again in 0.02 s"]
    assert not alive(second)


async def test_all_end_together_even_one_that_ignores_the_request(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.processes.supervisor.GRACE_SECONDS", 0.3)
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('x', flush=True)\n"
    specs = [spec(SLEEPS, "meek"), spec(stubborn + "time.sleep(60)", "stubborn")]
    async with Supervisor(specs, tmp_path, print, QUICK) as supervisor:
        await until(lambda: (tmp_path / "stubborn.log").stat().st_size > 0)
        await until(lambda: (tmp_path / "meek.log").stat().st_size > 0)
        pids = supervisor.pids()
    assert set(pids) == {"meek", "stubborn"}
    assert not any(alive(pid) for pid in pids.values())


async def test_what_a_dead_process_left_behind_does_not_hide_its_end(tmp_path):
    # The grandchild inherits the output; waiting for the end of that would last a minute.
    parent = f"""
        import subprocess, sys, time
        print(subprocess.Popen([sys.executable, "-c", {SLEEPS!r}]).pid, flush=True)
        time.sleep(60)
    """
    async with Supervisor([spec(parent)], tmp_path, lambda _: None, QUICK) as supervisor:
        supervisor.settled()
        log = tmp_path / "one.log"
        await until(lambda: "up" in log.read_text())
        grandchild = int(next(line for line in log.read_text().split() if line.isdigit()))
        first = supervisor.pids()["one"]
        os.kill(first, signal.SIGKILL)
        await until(lambda: supervisor.pids().get("one", first) != first)
        await until(lambda: not alive(grandchild))


async def test_a_process_that_cannot_start_is_given_up_with_its_last_words(tmp_path):
    failing = spec("raise SystemExit('no such model: bad.tar.gz')")
    async with Supervisor([failing], tmp_path, lambda _: None, QUICK) as supervisor:
        with pytest.raises(StartError, match=r"one ended with status 1 3 times") as caught:
            await asyncio.wait_for(supervisor.ended(), 10)
    assert "no such model: bad.tar.gz" in str(caught.value)
    assert str(tmp_path / "one.log") in str(caught.value)


async def test_a_settled_process_is_never_given_up(tmp_path):
    said: list[str] = []
    async with Supervisor([spec("exit(3)")], tmp_path, said.append, QUICK) as supervisor:
        supervisor.settled()
        await until(lambda: len(said) > 4)


@pytest.mark.skipif(sys.platform != "linux", reason="a parent's death is signalled on Linux only")
async def test_children_die_with_a_supervisor_that_is_killed(tmp_path):
    code = f"""
        import asyncio, sys
        from pathlib import Path
        from bot.processes.spec import ProcessSpec
        from bot.processes.supervisor import Supervisor

        async def main():
            command = (sys.executable, "-c", {SLEEPS!r})
            spec = ProcessSpec("one", command, "127.0.0.1", 0, "X", Path.cwd())
            async with Supervisor([spec], Path({str(tmp_path)!r}), print) as supervisor:
                while "one" not in supervisor.pids():
                    await asyncio.sleep(0.01)
                print(supervisor.pids()["one"], flush=True)
                await asyncio.sleep(60)

        asyncio.run(main())
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        child = int(supervisor.stdout.readline())
        await until(lambda: (tmp_path / "one.log").stat().st_size > 0)
        assert alive(child)
        supervisor.kill()
    await until(lambda: not alive(child))


def test_back_off_grows_to_its_limit_and_is_forgiven():
    backoff = Backoff(first=0.5, factor=2, longest=30, forgiven_after=60)
    assert [backoff.delay(n) for n in (1, 2, 3, 7, 2000)] == [0.5, 1, 2, 30, 30]
    assert backoff.failures(5, lived=59) == 6
    assert backoff.failures(5, lived=60) == 1


def test_a_taken_port_is_named_with_the_setting_that_moves_it():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=rf"port {port} .*VERBATIM_PORT=\d+"):
            ports.check([spec(SLEEPS, port=port)])
    ports.check([spec(SLEEPS, port=port)])


def test_a_log_takes_any_bytes_and_keeps_the_end(tmp_path):
    log = ProcessLog(tmp_path / "x.log")
    log.write("gr\u00fc".encode()[:-1])
    log.write("gr\u00fc".encode()[-1:] + b"n\nbad \xff byte\n" + b"line\n" * 30 + b"no end")
    log.close()
    text = (tmp_path / "x.log").read_text()
    assert text.startswith("gr\u00fcn\nbad \ufffd byte\n")
    assert log.tail()[-2:] == ("line", "no end")
    assert len(log.tail()) == 20


def test_a_log_rotates(tmp_path, monkeypatch):
    monkeypatch.setattr("bot.processes.logs.MAX_BYTES", 1000)
    log = ProcessLog(tmp_path / "x.log")
    for _ in range(100):
        log.write(b"y" * 99 + b"\n")
    log.close()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["x.log", "x.log.1", "x.log.2", "x.log.3"]
    assert all(path.stat().st_size <= 1000 for path in tmp_path.iterdir())
