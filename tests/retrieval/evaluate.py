"""Recall@5 and MRR of what is served beside BM25 and vectors alone, and false answers.

``python -m tests.retrieval.evaluate`` prints a table for each half and writes JSON (``--json FILE``).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from analytics.analyst.evidence import LEAST_ALIKE
from analytics.analyst.passages import LEAST
from bot.settings import Settings
from knowledge.retrieval.text_index import MEANING
from models.encoder import Encoder
from tests.retrieval.collections import Collection, Pairs, library, reviews
from tests.retrieval.rankings import RANKINGS, ranks, scored, weighted

THRESHOLD = {"articles": LEAST, "definitions": LEAST, "reviews": LEAST_ALIKE}


def measure(collection: Collection, encoder: Encoder, nothing: list[str]) -> dict[str, Any]:
    """Figures of every ranking, and of the threshold."""
    found = scored(collection, encoder, [q for q, _ in collection.pairs])
    places = {name: np.array(ranks(collection, found, rank)) for name, rank in RANKINGS.items()}
    least, served = THRESHOLD[collection.name], weighted(MEANING)
    best = [served(one.words, one.meaning).max() for one in found]
    false = [served(one.words, one.meaning).max() for one in scored(collection, encoder, nothing)]
    return {
        "pairs": len(found),
        "places": {name: place.tolist() for name, place in places.items()},
        "answered": sum(score >= least for score in best),
        "nothing": len(false),
        "false": sum(score >= least for score in false),
    }


def _figures(places: list[int]) -> str:
    found = np.array(places)
    return f"{(found <= 5).mean():.3f} | {(1 / found).mean():.3f} | {(found == 1).mean():.3f}"


def table(half: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """Markdown rows: each collection, then all pairs together."""
    yield "| searched | pairs | ranking | recall@5 | MRR | first |"
    yield "|---|---|---|---|---|---|"
    together: dict[str, list[int]] = {name: [] for name in RANKINGS}
    for name, one in half.items():
        for ranking, places in one["places"].items():
            together[ranking] += places
            yield f"| {name} | {one['pairs']} | {ranking} | {_figures(places)} |"
    for ranking, places in together.items():
        yield f"| all | {len(places)} | {ranking} | {_figures(places)} |"
    yield ""
    for name, one in half.items():
        yield (
            f"{name}: {one['answered']} of {one['pairs']} pairs reach the threshold, "
            f"{one['false']} of {one['nothing']} questions that nothing answers do."
        )


def main() -> None:
    """Measure both halves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    chosen, settings = parser.parse_args(), Settings.load()
    encoder = Encoder.load(settings.home / "models" / "encoder")
    figures: dict[str, Any] = {}
    for half in ("held_out", "tuning"):
        pairs = Pairs.read(half)
        with tempfile.TemporaryDirectory() as folder:
            found = library(Path(folder) / "library", encoder, pairs)
            if settings.data is not None:
                found.append(reviews(Path(folder) / "reviews", encoder, pairs, settings.data))
            figures[half] = {one.name: measure(one, encoder, pairs.nothing) for one in found}
        print(f"\n{half}\n")
        print("\n".join(table(figures[half])))
    if chosen.json:
        chosen.json.write_text(json.dumps(figures, indent=1, default=int), encoding="utf-8")


if __name__ == "__main__":
    main()
