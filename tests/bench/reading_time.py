"""How long it takes to read and resolve a message, without the NLU and without running the query.

``python -m tests.bench.reading_time [HOME]`` takes the messages of all question sets that are not kept back.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from analytics.analyst.context import Context
from analytics.analyst.service import Analyst
from analytics.types import Act, ParsedMessage
from analytics.understand.read import read
from analytics.understand.resolve import resolve
from tests.questions.questions import HERE, load_sets

ROUNDS = 3


def messages() -> list[str]:
    """The first message of every question, each once."""
    files = [path for path in sorted(HERE.glob("*.yml")) if not path.name.startswith("held")]
    found = [q.turns[0] for path in files for one in load_sets(path) for q in one.questions]
    return list(dict.fromkeys(found))


def seconds(text: str, context: Context) -> float:
    """The quickest of a few rounds: what the message itself costs."""
    message, today = ParsedMessage(text, Act.ASK, 1.0), context.warehouse.data_as_of
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        reading = read(message, context.known, today)
        resolve(message, reading, context.known, None, today)
        taken.append(time.perf_counter() - started)
    return min(taken)


def main() -> None:
    """Prints median and 95th percentile in milliseconds."""
    home = Path(sys.argv[1] if len(sys.argv) > 1 else "var")
    context = Analyst.open(home).context()
    taken = sorted(seconds(text, context) * 1000 for text in messages())
    p95 = taken[int(len(taken) * 0.95)]
    print(f"{len(taken)} messages: median {statistics.median(taken):.1f} ms, p95 {p95:.1f} ms")


if __name__ == "__main__":
    main()
