"""Stamps: a step is skipped where the hash of its inputs is the one it last finished with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(files: Iterable[Path], *words: str) -> str:
    """Hash of the files' names and contents and of further words."""
    sha = hashlib.sha256()
    for path in sorted(files):
        sha.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    for word in words:
        sha.update(word.encode() + b"\0")
    return sha.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    """Whether the step behind this stamp last finished with these inputs."""
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted


def write(stamp: Path, value: str) -> None:
    """Note that the step finished."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value, encoding="utf-8")
