"""Part ``memory``: what each process of the running product holds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.bench.answer_time import WARM_UP
from tests.bench.asked import asked
from tests.bench.bench import Bench
from tests.bench.figures import Cell, Figures, Goal
from tests.questions.client import ask, chat_client

LIMIT_MIB = 2.5 * 1024
MARKS = {
    "actions.server": "actions",
    "rasa_components.launch": "rasa",
    "bot.gateway.app": "gateway",
    "up": "supervisor",
}


@dataclass(frozen=True, slots=True)
class Held:
    """Memory of one process in MiB: proportional share, its own alone, resident."""

    name: str
    pss: float
    uss: float
    rss: float


def memory(bench: Bench, scale: str) -> list[Figures]:
    """After every kind of question was asked once."""
    stack = bench.product(scale)
    with chat_client(stack.address, stack.token) as client:
        for message in WARM_UP:
            client.post("/api/v1/chat", json={"message": message}).raise_for_status()
        for each in asked():
            ask(each.question, client)
    held = sorted((_held(pid) for pid in _tree(stack.pid)), key=lambda one: -one.pss)
    rows: list[tuple[Cell, ...]] = [(one.name, one.pss, one.uss, one.rss) for one in held]
    total = sum(one.pss for one in held)
    rows.append(("together", total, sum(one.uss for one in held), sum(one.rss for one in held)))
    return [
        Figures(
            title=f"Memory of the product, MiB ({scale})",
            columns=("process", "PSS", "USS", "RSS"),
            rows=tuple(rows),
            notes=(
                "PSS shares out what processes hold together, so it adds up; USS is a process's own alone.",
            ),
            goals=(Goal("all processes together, MiB", LIMIT_MIB, total),),
        )
    ]


def _tree(root: int) -> list[int]:
    """The process and all that it started, directly or not."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue  # it has ended meanwhile
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(folder.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += parents.get(found[-1], [])
    return found


def _held(pid: int) -> Held:
    folder = Path("/proc") / str(pid)
    command = (folder / "cmdline").read_text(encoding="utf-8", errors="replace").split("\0")
    sizes = {}
    for line in (folder / "smaps_rollup").read_text(encoding="utf-8").splitlines()[1:]:
        key, _, value = line.partition(":")
        sizes[key] = float(value.split()[0]) / 1024
    own = sizes["Private_Clean"] + sizes["Private_Dirty"]
    return Held(_name(command), sizes["Pss"], own, sizes["Rss"])


def _name(command: list[str]) -> str:
    for mark, name in MARKS.items():
        if any(
            word == mark or word.partition(":")[0].endswith(f".{mark}") or mark in word
            for word in command
        ):
            return name
    return Path(command[0]).name
