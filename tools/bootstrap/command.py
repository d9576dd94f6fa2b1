"""Run one external command quietly; where it fails, show the end of what it said."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.bootstrap.problem import SetupProblem

SHOWN_LINES = 15

# What pip is told about where packages come from, uv is told too.
PIP_TO_UV = {
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
}


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The process environment for a command: no active environment, pip's sources for uv too."""
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    for pip_name, uv_name in PIP_TO_UV.items():
        if env.get(pip_name) and not env.get(uv_name):
            env[uv_name] = env[pip_name]
    env.update(extra or {})
    return env


def run(
    arguments: Sequence[str | Path],
    what: str,
    *,
    log: Path,
    cwd: Path | None = None,
    extra_env: Mapping[str, str] | None = None,
) -> None:
    """Run a command, its output to the end of ``log``; raise SetupProblem where it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    words = [str(word) for word in arguments]
    with log.open("ab+") as out:
        start = out.tell()
        out.write((time.strftime("%Y-%m-%dT%H:%M:%S ") + " ".join(words) + "\n").encode())
        out.flush()
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=environment(extra_env),
        )
        if done.returncode == 0:
            return
        out.seek(start)
        said = out.read().decode(errors="replace").splitlines()[-SHOWN_LINES:]
    raise SetupProblem("\n".join([f"{what} failed (all of it: {log}):", *said]))
