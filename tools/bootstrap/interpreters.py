"""Find a Python that really runs: a name on the PATH may be a shim with nothing behind it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.bootstrap.problem import SetupProblem

PROBE = (
    "import sys, ssl, ctypes, sqlite3; print('%d.%d' % sys.version_info[:2]); print(sys.executable)"
)
PROBE_SECONDS = 20
FETCH_SECONDS = 300
USUAL_FOLDERS = ("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", "~/.local/bin")


def find(version: str, uv: Path) -> Path:
    """A working interpreter of ``version`` ("3.11"), fetched by uv where there is none.

    Raises SetupProblem with how to get one.
    """
    for candidate in _candidates(version):
        found = _probe(candidate, version)
        if found:
            return found
    found = _by_uv(version, uv)
    if found:
        return found
    raise SetupProblem(
        f"Python {version} is needed and none was found that runs. Get it by one of: "
        f"'uv python install {version}', 'pyenv install {version}', "
        f"'apt-get install python{version}'; then run the same command again."
    )


def _candidates(version: str) -> Iterator[Path]:
    name = f"python{version}"
    path = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    for folder in (*path, *(Path(text).expanduser() for text in USUAL_FOLDERS)):
        yield folder / name
    for root in _pyenv_roots(path):
        for folder in sorted(root.glob(f"versions/{version}*/bin"), reverse=True):
            yield folder / name


def _pyenv_roots(path: list[Path]) -> list[Path]:
    """Pyenv's folders: by its variable, by its place on the PATH, in the home folder."""
    roots = [Path(os.environ["PYENV_ROOT"])] if os.environ.get("PYENV_ROOT") else []
    roots += [folder.parent for folder in path if folder.name == "shims"]
    roots.append(Path("~/.pyenv").expanduser())
    return roots


def _probe(candidate: Path, version: str) -> Path | None:
    """The real executable behind a candidate, or None where it does not run or is another."""
    if not os.access(str(candidate), os.X_OK):
        return None
    lines = _output([str(candidate), "-I", "-c", PROBE], PROBE_SECONDS)
    if len(lines) == 2 and lines[0] == version:
        return Path(lines[1])
    return None


def _by_uv(version: str, uv: Path) -> Path | None:
    """An interpreter that uv manages, fetched now where uv can."""
    _output([str(uv), "python", "install", version], FETCH_SECONDS)
    lines = _output([str(uv), "python", "find", "--managed-python", version], PROBE_SECONDS)
    return _probe(Path(lines[0]), version) if lines else None


def _output(command: list[str], seconds: float) -> list[str]:
    """Lines a command printed; none where it failed, hung or cannot be run."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return done.stdout.decode(errors="replace").split("\n")[:-1] if done.returncode == 0 else []
