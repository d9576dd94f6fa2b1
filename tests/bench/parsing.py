"""Part ``parse``: Rasa's understanding of a message, alone, and the resolver alone."""

from __future__ import annotations

from tests.bench.bench import Bench
from tests.bench.figures import Figures, Times, joined


def parse(bench: Bench, scale: str) -> list[Figures]:
    """Every turn of the golden questions, parsed in Rasa's environment without its server."""
    every = [found.times for found in bench.parses().values()]
    first = Times(tuple(times.ms[0] for times in every))
    together = joined(every)
    return [
        Figures(
            title="Parsing a message, ms",
            columns=("", "messages", "median", "p95", "max"),
            rows=(
                ("seen for the first time", len(every), *first.cells),
                ("all", len(together.ms), *together.cells),
            ),
            notes=(
                "Act and mentions by the trained pipeline, in Rasa's environment, without HTTP.",
            ),
        )
    ]
