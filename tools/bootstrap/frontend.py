"""The chat page's packages and bundle: npm from the PATH, or the one in the environment."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools.bootstrap import command, stamps

MADE = {"node_modules", "dist"}
OLDEST_NODE = 20


def sources(root: Path) -> list[Path]:
    """Every file that the bundle is made from; none where there is no front end."""
    folder = root / "bot" / "web"
    return list(_files(folder)) if (folder / "package.json").is_file() else []


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in MADE or path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def _stamp(root: Path) -> Path:
    return root / "bot" / "web" / "node_modules" / ".installed"


def is_current(root: Path) -> bool:
    """Whether nothing has to be done."""
    files = sources(root)
    return not files or stamps.is_current(_stamp(root), stamps.digest(files))


def install(root: Path, bin_folder: Path, log: Path) -> None:
    """Install the locked packages and build the bundle. Raises SetupProblem."""
    web = root / "bot" / "web"
    wanted = stamps.digest(sources(root))
    env = {} if _node_works() else {"PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    npm = "npm" if not env else str(bin_folder / "npm")
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    for arguments, what in (
        ([npm, "ci", "--ignore-scripts", *quiet], "Installing the front-end packages"),
        ([npm, "run", "build", "--loglevel=error"], "Building the chat page"),
    ):
        command.run(arguments, what, log=log, cwd=web, extra_env=env)
    stamps.write(_stamp(root), wanted)


def _node_works() -> bool:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return False
    try:
        said = subprocess.run([node, "--version"], stdout=subprocess.PIPE, timeout=20).stdout
        return int(said.decode().lstrip("v").split(".")[0]) >= OLDEST_NODE
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return False
