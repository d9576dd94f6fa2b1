"""The two Python environments: what is in each, and bringing one to the state of its lock."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tools.bootstrap import command, interpreters, stamps
from tools.bootstrap.problem import SetupProblem


@dataclass(frozen=True)
class Environment:
    """A virtual environment: its folder, Python version, lock, and who may be built from source."""

    folder: Path
    python: str
    lock: Path
    holds_project: bool = False
    built_from_source: tuple[str, ...] = ()

    @property
    def stamp(self) -> Path:
        """Where the hash of its inputs is noted."""
        return self.folder / "installed"

    @property
    def executable(self) -> Path:
        """Its Python."""
        return self.folder / "bin" / "python"


def of_project(root: Path) -> tuple[Environment, Environment]:
    """The main environment and Rasa's, of the checkout ``root``."""
    main = Environment(root / ".venv", "3.11", root / "requirements.lock", holds_project=True)
    # Three of Rasa's dependencies exist as source only; all else must be a wheel.
    rasa = Environment(
        root / ".venv-rasa",
        "3.10",
        root / "bot" / "requirements.txt",
        built_from_source=("docopt", "mattermostwrapper", "randomname"),
    )
    return main, rasa


def inputs(environment: Environment, root: Path) -> str:
    """Hash of all that decides what is installed."""
    files = [environment.lock]
    if environment.holds_project:
        files.append(root / "pyproject.toml")
    # The folder is an input: an environment does not survive being moved.
    return stamps.digest(files, environment.python, str(environment.folder))


def is_current(environment: Environment, root: Path) -> bool:
    """Whether nothing has to be done. An environment that is a link is its owner's business."""
    if environment.folder.is_symlink():
        return True
    wanted = inputs(environment, root)
    return environment.executable.exists() and stamps.is_current(environment.stamp, wanted)


def install(environment: Environment, root: Path, uv: Path, log: Path) -> None:
    """Bring the environment to the state of its lock. Raises SetupProblem."""
    if not environment.lock.is_file():
        raise SetupProblem(f"{environment.lock} is missing: is the checkout complete?")
    wanted = inputs(environment, root)
    python = interpreters.find(environment.python, uv)
    if not environment.executable.exists():
        make: list[str | Path] = [uv, "venv", "--quiet", "--clear", "--python", python]
        command.run([*make, environment.folder], "Making " + environment.folder.name, log=log)
    pip: list[str | Path] = [uv, "pip", "--quiet"]
    target: list[str | Path] = ["--python", environment.executable]
    built = [f"--no-binary={name}" for name in environment.built_from_source]
    sync = [*pip, "sync", *target, "--only-binary=:all:", *built, *_torch_source(environment)]
    what = f"Installing {environment.lock.name}"
    command.run([*sync, environment.lock], what, log=log, cwd=root)
    if environment.holds_project:
        own = [*pip, "install", *target, "--no-deps", "--editable", root]
        command.run(own, "Installing the project", log=log, cwd=root)
    stamps.write(environment.stamp, wanted)


def _torch_source(environment: Environment) -> list[str]:
    """Where the CPU build of torch comes from: pip's own links if they hold it, else its index."""
    if not environment.holds_project:
        return []
    links = os.environ.get("UV_FIND_LINKS") or os.environ.get("PIP_FIND_LINKS") or ""
    for link in links.split():
        if "://" in link or any(Path(link).glob("torch-*+cpu-*.whl")):
            return []
    return ["--torch-backend", "cpu"]
