"""The installer uv: the one on the PATH if it is new enough, else our own copy, brought by pip."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tools.bootstrap import command
from tools.bootstrap.problem import SetupProblem

OLDEST = (0, 8)
PINNED = "uv==0.13.8"


def find_or_bring(tools: Path, log: Path) -> Path:
    """Path of a working uv. Raises SetupProblem where none is there and pip cannot get it."""
    own = tools / "uv" / "bin" / "uv"
    folders = os.environ.get("PATH", "").split(os.pathsep)
    for candidate in (*(Path(folder) / "uv" for folder in folders if folder), own):
        if _works(candidate):
            return candidate
    print("Getting uv, the installer, by pip", flush=True)
    _bring(tools / "uv", log)
    if not _works(own):
        raise SetupProblem(
            "uv could not be brought by pip. Install it as in "
            "https://docs.astral.sh/uv/getting-started/installation/ and run this again."
        )
    return own


def _works(candidate: Path) -> bool:
    if not os.access(str(candidate), os.X_OK):
        return False
    try:
        said = subprocess.run(
            [str(candidate), "--version"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=20,
        ).stdout.decode(errors="replace")
    except (OSError, subprocess.TimeoutExpired):
        return False
    number = re.match(r"uv (\d+)\.(\d+)", said)
    return number is not None and tuple(int(part) for part in number.groups()) >= OLDEST


def _bring(folder: Path, log: Path) -> None:
    """Install uv into ``folder``; some systems have venv without pip, some pip without venv."""
    try:
        command.run([sys.executable, "-m", "venv", "--clear", folder], "Making .tools", log=log)
        python = folder / "bin" / "python"
        command.run([python, "-m", "pip", "install", "-q", PINNED], "Getting uv", log=log)
    except SetupProblem:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--upgrade", "--target"]
        command.run([*pip, folder, PINNED], "Getting uv by pip", log=log)
