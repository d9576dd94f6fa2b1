"""The machine and the code that figures belong to."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Machine:
    """Processor, cores that this process may use, memory in GiB, load before the run, commit."""

    processor: str
    cores: int
    memory_gib: float
    load: float
    python: str
    commit: str

    @staticmethod
    def here() -> Machine:
        """This machine now."""
        pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        return Machine(
            processor=_processor(),
            cores=len(os.sched_getaffinity(0)),
            memory_gib=round(pages / 2**30, 1),
            load=round(os.getloadavg()[0], 2),
            python=platform.python_version(),
            commit=_commit(),
        )

    @property
    def words(self) -> str:
        """In a sentence."""
        return (
            f"{self.processor}, {self.cores} cores, {self.memory_gib:g} GiB; load before the run "
            f"{self.load:g}; Python {self.python}."
        )

    def to_json(self) -> dict[str, object]:
        """As JSON-able values."""
        return asdict(self)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _commit() -> str:
    """The short hash, with a plus where files differ from it."""
    commands = (("rev-parse", "--short", "HEAD"), ("status", "--porcelain"))
    said = [
        subprocess.run(["git", *c], cwd=ROOT, capture_output=True, text=True, check=False).stdout
        for c in commands
    ]
    return (said[0].strip() or "unknown") + ("+" if said[1].strip() else "")
