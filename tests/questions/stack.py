"""Start the product as its users do, on free ports in a home of its own: build, up, token."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import httpx

ROOT: Final = Path(__file__).parents[2]
SHARED_FOLDERS: Final = ("models", "nlu", "cache")
START_SECONDS: Final = 600.0

BUILDS: Final[dict[str, tuple[str, ...]]] = {
    "demo": ("--demo",),
    "musical_instruments": (
        "--source",
        "amazon_reviews_csv",
        "--path",
        "{data}/reviews/amazon_musical_instruments.csv",
    ),
    "own": ("--source", "own", "--path", "{data}"),
    "online_retail": ("--source", "online_retail", "--path", "{data}/orders/online_retail.parquet"),
}


@dataclass(frozen=True)
class Stack:
    """A running product: where it answers, with which token, and the warehouse it answers from."""

    address: str
    token: str
    home: Path
    environment: Mapping[str, str]
    pid: int

    def run(self, *arguments: str) -> str:
        """What a ``verbatim`` command prints, run with this product's settings."""
        return _verbatim(dict(self.environment), *arguments)

    @property
    def warehouse(self) -> Path:
        """The snapshot that is current now."""
        folder = self.home / "warehouse"
        return folder / (folder / "current").read_text(encoding="utf-8").strip()


class StackError(RuntimeError):
    """A step of starting the product failed; says which, with its last output."""


def data_folder() -> Path | None:
    """The folder of public data sets, or None where there is none."""
    named = os.environ.get("VERBATIM_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


def shared_home() -> Path:
    """Where models are kept between runs: ``TEST_VERBATIM_HOME`` or the checkout's ``var``."""
    return Path(os.environ.get("TEST_VERBATIM_HOME", ROOT / "var")).absolute()


@contextmanager
def running_stack(
    dataset: str,
    home: Path,
    data: Path | None,
    extra: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Stack]:
    """Build ``dataset`` in ``home``, start the three processes, yield when they answer, stop.

    ``extra`` holds further settings (environment variables).
    """
    with serving(prepared_home(dataset, home, data), extra) as stack:
        yield stack


def prepared_home(dataset: str, home: Path, data: Path | None) -> Path:
    """``home`` with the models that are kept and ``dataset`` built, where it is not yet."""
    share_models(home)
    build = [part.replace("{data}", str(data)) for part in BUILDS[dataset]]
    _verbatim(_environment(home), "build", *build)
    return home


@contextmanager
def serving(home: Path, extra: Mapping[str, str] = MappingProxyType({})) -> Iterator[Stack]:
    """Start the three processes on what ``home`` holds, yield when they answer, stop."""
    environment = _environment(home) | dict(extra)
    address = f"http://127.0.0.1:{environment['VERBATIM_PORT']}"
    log = home / "up.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*_command(), "up"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_healthy(address, process, log)
        token = _verbatim(environment, "token", "create", "--role", "admin").split()[-1]
        yield Stack(address, token, home, environment, process.pid)
    finally:
        _stop(process)


def share_models(home: Path) -> None:
    """Links to the models and caches that are kept between runs."""
    home.mkdir(parents=True, exist_ok=True)
    for name in SHARED_FOLDERS:
        kept = shared_home() / name
        kept.mkdir(parents=True, exist_ok=True)
        if not (home / name).exists():
            (home / name).symlink_to(kept, target_is_directory=True)


def _environment(home: Path) -> dict[str, str]:
    gateway, rasa, actions = free_ports(3)
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("VERBATIM_")
    }
    return {
        **inherited,
        "VERBATIM_HOME": str(home),
        "VERBATIM_PORT": str(gateway),
        "VERBATIM_RASA_PORT": str(rasa),
        "VERBATIM_ACTIONS_PORT": str(actions),
        "VERBATIM_RATE_PER_MINUTE": "100000",
        "VERBATIM_RATE_PER_MINUTE_ADDRESS": "100000",
        "PYTHONPATH": str(ROOT),
    }


def free_ports(count: int) -> list[int]:
    """Ports that nothing listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _command() -> list[str]:
    installed = Path(sys.executable).with_name("verbatim")
    start = "from bot.cli import main; raise SystemExit(main())"
    return [str(installed)] if installed.exists() else [sys.executable, "-c", start]


def _verbatim(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [*_command(), *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise StackError(
            f"verbatim {' '.join(arguments)} failed:\n{(done.stdout + done.stderr)[-3000:]}"
        )
    return done.stdout


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    why = "no answer"
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise StackError(f"verbatim up ended with {process.returncode}:\n{_tail(log)}")
        try:
            reply = httpx.get(f"{address}/healthz", timeout=5.0)
            if reply.status_code == 200:
                return
            why = reply.text
        except httpx.HTTPError as error:
            why = str(error)
        time.sleep(0.5)
    raise StackError(f"not healthy after {START_SECONDS:.0f} s ({why}):\n{_tail(log)}")


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-3000:]


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask for an orderly end, as Ctrl-C does; kill what is left of this session of processes."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
