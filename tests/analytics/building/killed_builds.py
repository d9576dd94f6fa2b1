"""A program that starts builds and kills each at another point; run by test_snapshots.

Usage: killed_builds HOME FILE POINTS. Prints one JSON list: for each point, the signal that ended
the build (0 where it ran to its end before the point came) and the pointer's content after it.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pandas  # noqa: F401 (DuckDB imports it when used; once here spares each child the second)

from analytics.build.locate import locate
from analytics.build.pipeline import BuildPlan, build
from analytics.sources.mapping_loader import find_mapping


class Countdown:
    """Kills this process, as `kill -9` does, when it has been called often enough."""

    def __init__(self, calls: int) -> None:
        self.left = calls

    def __call__(self, *_: object) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, function: Callable[..., object]) -> Callable[..., object]:
        def counted(*arguments: object) -> object:
            self()
            result = function(*arguments)
            self()
            return result

        return counted


def run(home: Path, file: str, point: int) -> None:
    """Build, counting every progress message and both sides of every rename and sync."""
    count = Countdown(point)
    os.replace = count.around(os.replace)  # type: ignore[assignment]
    os.fsync = count.around(os.fsync)  # type: ignore[assignment]
    build(BuildPlan(home, [locate(find_mapping("amazon_reviews_csv"), file)]), count)


def main(home: str, file: str, points: str) -> None:
    endings = []
    for point in range(1, int(points) + 1):
        child = os.fork()
        if child == 0:
            run(Path(home), file, point)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        endings.append((ended, (Path(home) / "warehouse" / "current").read_text().strip()))
    print(json.dumps(endings))


if __name__ == "__main__":
    main(*sys.argv[1:])
