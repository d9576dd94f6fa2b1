"""Parts ``start`` and ``cold-start``: from the command to the first answered question."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.bench.bench import SMALL, Bench
from tests.bench.figures import Figures, Goal, Watch
from tests.questions.stack import serving

WARM_STARTS = 3


def start(bench: Bench, scale: str) -> list[Figures]:
    """Warm starts: everything is built and trained. One start before them fills the file cache."""
    bench.rest()
    home = bench.home_of(SMALL)
    watch = Watch()
    for number in range(WARM_STARTS + 1):
        bench.say(f"Warm start {number} of {WARM_STARTS}")
        _start(home, Watch() if number == 0 else watch)
    times = watch.times
    return [
        Figures(
            title="Start, seconds",
            columns=("", "starts", "median", "longest"),
            rows=(("warm", len(times.ms), times.median / 1000, times.most / 1000),),
            notes=("From `verbatim up` to /healthz saying that questions are answered.",),
            goals=(Goal("warm start, seconds", 20.0, times.median / 1000),),
        )
    ]


def cold_start(bench: Bench, scale: str) -> list[Figures]:
    """A start in an empty home: models made ready, demo built and scored, NLU trained."""
    bench.rest()
    watch = Watch()
    home = Path(tempfile.mkdtemp(prefix="cold-start-"))
    try:
        bench.say("Cold start (minutes)")
        with watch.timing(), serving(home):
            pass
    finally:
        shutil.rmtree(home, ignore_errors=True)
    row = ("cold", 1, watch.last / 1000, watch.last / 1000)
    return [
        Figures(
            title="Cold start, seconds",
            columns=("", "starts", "median", "longest"),
            rows=(row,),
            notes=(
                "Without the set-up of the two environments. Includes the end of the processes.",
            ),
        )
    ]


def _start(home: Path, watch: Watch) -> None:
    running = serving(home)
    with watch.timing():
        running.__enter__()
    running.__exit__(None, None, None)
