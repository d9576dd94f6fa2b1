"""Part ``build``: rows per second of a build, and how time and memory grow with the volume.

`python -m tests.bench.building SCALE HOME SMALL_HOME` builds one volume and prints what it took as JSON.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.bench import SMALL, Bench
from tests.bench.figures import Cell, Figures
from tests.bench.machine import ROOT
from tests.bench.volumes import Volume, built

SCALES = (1.0, 2.0, 4.0)


def building(bench: Bench, scale: str) -> list[Figures]:
    """Each volume in a process and a home of its own."""
    small = bench.home_of(SMALL)
    rows: list[tuple[Cell, ...]] = []
    for size in SCALES:
        bench.say(f"Building the demo company at scale {size:g}")
        with tempfile.TemporaryDirectory() as folder:
            rows.append(_row(size, _build(size, Path(folder), small)))
    return [
        Figures(
            title="Build",
            columns=("scale", "source rows", "seconds", "rows per second", "marts, s", "peak MiB"),
            rows=tuple(rows),
            notes=(
                "Generate, check, merge, score, write, compute marts, publish. Texts are scored by a quick "
                "stand-in for the text model; its own speed is in the table of texts.",
            ),
        )
    ]


def _build(size: float, home: Path, small: Path) -> dict[str, float]:
    command = (
        sys.executable,
        "-m",
        "tests.bench.building",
        str(size),
        str(home),
        str(small.absolute()),
    )
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the build at scale {size:g} failed:\n{done.stderr[-2000:]}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _row(size: float, found: dict[str, float]) -> tuple[Cell, ...]:
    seconds, rows = found["seconds"], int(found["rows"])
    return (f"{size:g}", rows, seconds, rows / seconds, found["marts"], found["peak_mib"])


def main() -> None:
    """Build one volume."""
    size, home, small = sys.argv[1:]
    report = built(Volume.of(float(size)), Path(home), Path(small), lambda _: None)
    found = {
        "rows": sum(source.read for source in report.sources),
        "seconds": sum(report.seconds.values()),
        "marts": report.seconds["marts"],
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
