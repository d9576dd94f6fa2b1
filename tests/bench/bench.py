"""What the parts of a run share: homes, the product and the bare Rasas as they run, progress."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.bench import volumes
from tests.bench.asked import asked, golden
from tests.bench.bare_rasa import BareRasa, bare_rasa
from tests.bench.parses import Parse, parses
from tests.questions.stack import Stack, prepared_home, serving

SMALL, BIG = "demo", "big"


@dataclass
class Bench:
    """One run. Servers start when a part first needs them and end with the run, or by ``rest``."""

    home: Path
    big_home: Path
    rounds: int
    say: Callable[[str], None]
    questions: int | None = None
    _servers: ExitStack = field(default_factory=ExitStack)
    _kept: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._servers.__exit__(kind, error, at)

    def rest(self) -> None:
        """End all servers: what comes next wants the machine for itself."""
        self._servers.close()
        for name in ("product", "bare"):
            self._kept.pop(name, None)

    def home_of(self, scale: str) -> Path:
        """The home of the demo company at that scale, its warehouse built where it is not there."""
        if scale not in self._kept:
            self.say(f"Warehouse ({scale})")
            if scale == BIG:
                progress = _steps(self.say)
                self._kept[scale] = volumes.ready(
                    volumes.BIG, self.big_home, self.home_of(SMALL), progress
                )
            else:
                self._kept[scale] = prepared_home("demo", self.home / "bench" / "demo", None)
        home: Path = self._kept[scale]
        return home

    def product(self, scale: str) -> Stack:
        """The product as it runs on that scale; one runs at a time."""
        running = self._kept.get("product")
        if running is not None and running.home != self.home_of(scale):
            self.rest()
            running = None
        if running is None:
            home = self.home_of(scale)
            self.say(f"Starting the product ({scale})")
            running = self._kept["product"] = self._servers.enter_context(serving(home))
        stack: Stack = running
        return stack

    def bare(self) -> BareRasa:
        """The two Rasas with a fixed action."""
        if "bare" not in self._kept:
            self.say("Starting bare Rasa")
            self._kept["bare"] = self._servers.enter_context(bare_rasa(self.home))
        found: BareRasa = self._kept["bare"]
        return found

    def parses(self) -> dict[str, Parse]:
        """Every turn of the questions, parsed by Rasa."""
        if "parses" not in self._kept:
            self.say("Parsing the questions")
            questions = [*golden(), *(each.question for each in asked())]
            messages = [turn for question in questions for turn in question.turns]
            self._kept["parses"] = parses(self.home, messages, self.rounds)
        found: dict[str, Parse] = self._kept["parses"]
        return found


def _steps(say: Callable[[str], None]) -> Callable[[str], None]:
    """Progress of a build, a line a step instead of one a batch."""
    seen: set[str] = set()

    def progress(line: str) -> None:
        step = line.partition(":")[0]
        if step not in seen:
            seen.add(step)
            say(f"  {step}")

    return progress
