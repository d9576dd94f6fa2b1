"""The folder of snapshots: one file each, a pointer to the one that serves, a lock for builds.

Only whole files get their name here: a build works in `.work/`, then the finished file is moved
and the pointer replaced, each by one atomic rename. A build killed at any point leaves the
pointer as it was, and its leftovers are removed by the next build. A snapshot's index of
customers' words is moved into place before it, so that no snapshot serves without.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analytics.build.staging import Progress
from analytics.sources.errors import SourceError
from analytics.sources.warehouse import POINTER, WORDS

KEPT = 3


class NothingToRollBack(SourceError):
    """There is no earlier snapshot."""


@dataclass(frozen=True)
class SnapshotFolder:
    """`$VERBATIM_HOME/warehouse`."""

    path: Path

    @property
    def work(self) -> Path:
        """Where a build writes until its file is whole."""
        return self.path / ".work"

    def file(self, build_id: str) -> Path:
        """Where the snapshot of that id lies, whether or not it is there."""
        return self.path / f"{build_id}.duckdb"

    def words(self, build_id: str) -> Path:
        """Where the index of its customers' words lies, whether or not there is one."""
        return self.file(build_id).with_suffix(WORDS)

    def current(self) -> str | None:
        """The id of the snapshot that serves."""
        try:
            name = (self.path / POINTER).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        return name.removesuffix(".duckdb") if (self.path / name).is_file() else None

    def history(self) -> list[str]:
        """Ids of the snapshots that are kept, newest first."""
        files = sorted(self.path.glob("*.duckdb"), key=lambda file: file.stat().st_mtime_ns)
        return [file.stem for file in reversed(files)]

    @contextmanager
    def locked(self, say: Progress) -> Iterator[None]:
        """Hold the build lock; a second build says so and waits. Freed when a process dies."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another build is running; waiting for it")
                fcntl.flock(file, fcntl.LOCK_EX)
            self._clear_leftovers()
            yield

    def _clear_leftovers(self) -> None:
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)

    def publish(self, built: Path, build_id: str) -> None:
        """Move a finished file into place and let it serve."""
        words = built.with_suffix(WORDS)
        if words.is_dir():
            shutil.rmtree(self.words(build_id), ignore_errors=True)
            os.replace(words, self.words(build_id))
        _sync(built)
        os.replace(built, self.file(build_id))
        _sync(self.path)
        self.point_to(build_id)
        self._prune()

    def republish(self, build_id: str) -> None:
        """Let a snapshot that is still kept serve again, as the newest."""
        os.utime(self.file(build_id))
        self.point_to(build_id)

    def point_to(self, build_id: str) -> None:
        """Replace the pointer atomically."""
        pointer = self.work / POINTER
        pointer.write_text(self.file(build_id).name + "\n", encoding="utf-8")
        _sync(pointer)
        os.replace(pointer, self.path / POINTER)
        _sync(self.path)

    def roll_back(self) -> str:
        """Let the snapshot before the current one serve; its id."""
        current, history = self.current(), self.history()
        older = history[history.index(current) + 1 :] if current in history else history
        if not older:
            raise NothingToRollBack("There is no earlier snapshot to roll back to.")
        self.point_to(older[0])
        return older[0]

    def _prune(self) -> None:
        for build_id in self.history()[KEPT:]:
            if build_id != self.current():
                self.file(build_id).unlink(missing_ok=True)
        kept = set(self.history())
        for words in self.path.glob(f"*{WORDS}"):
            if words.stem not in kept:
                shutil.rmtree(words, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
