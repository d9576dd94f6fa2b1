"""Where the built warehouse of each data set is: the checkout's own for the demo, a shared one for others."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from tests.questions.stack import data_folder, prepared_home, shared_home

COPIED = ("models", "cache")


def home_of(dataset: str) -> Path | None:
    """A home folder with ``dataset`` built, built now where it is not; None where its files are missing.

    ``VERBATIM_DATASETS`` (default: a folder in the system's temporary one) holds the homes.
    """
    home = shared_home() if dataset == "demo" else _folder() / dataset
    if (home / "warehouse" / "current").is_file():
        return home
    data = data_folder()
    if dataset != "demo" and data is None:
        return None
    if dataset != "demo":
        _copy_models(home)
    return prepared_home(dataset, home, data)


def warehouse_of(home: Path) -> Path:
    """The snapshot that serves in ``home``."""
    folder = home / "warehouse"
    return folder / (folder / "current").read_text(encoding="utf-8").strip()


def _folder() -> Path:
    named = os.environ.get("VERBATIM_DATASETS")
    return Path(named) if named else Path(tempfile.gettempdir()) / "verbatim-datasets"


def _copy_models(home: Path) -> None:
    """Copies, not links: the home outlives the checkout that built it."""
    home.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        if not (home / name).exists():
            shutil.copytree(shared_home() / name, home / name)
