"""The weight of meaning and the thresholds, from the tuning half: ``python -m tests.retrieval.calibrate``."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from analytics.catalog.load import load_catalog
from bot.settings import ROOT, Settings
from models.encoder import Encoder
from tests.retrieval.collections import Collection, Pairs, library, reviews
from tests.retrieval.rankings import Scored, ranks, scored, weighted


def _best(found: list[Scored], weight: float, only: np.ndarray | None = None) -> np.ndarray:
    kept = slice(None) if only is None else only
    return np.array([weighted(weight)(one.words, one.meaning)[kept].max() for one in found])


def _show(collection: Collection, encoder: Encoder, nothing: list[str], figures: list[str]) -> None:
    right = scored(collection, encoder, [q for q, _ in collection.pairs])
    wrong, asked = scored(collection, encoder, nothing), scored(collection, encoder, figures)
    print(f"{collection.name}: {len(right)} pairs, {len(wrong)} that nothing answers")
    for weight in (0.3, 0.5, 0.6, 0.7, 0.8, 0.9):
        places = np.array(ranks(collection, right, weighted(weight)))
        good, bad = _best(right, weight), _best(wrong, weight)
        line = f"  {weight:.1f}  recall@5 {(places <= 5).mean():.3f}  MRR {(1 / places).mean():.3f}"
        line += f"  nothing: 97.5 % below {np.quantile(bad, 0.975):.3f}, all below {bad.max():.3f}"
        line += f"  pairs above that: {(good > bad.max()).mean():.3f}"
        if figures:
            own = np.array(["#" in key for key in collection.keys])
            beside = np.quantile(_best(asked, weight, own), 0.99)
            line += f"  articles for 99 % of figure questions below {beside:.3f}"
        print(line)


def main() -> None:
    """Print what each weight gives."""
    settings, pairs = Settings.load(), Pairs.read("tuning")
    encoder = Encoder.load(settings.home / "models" / "encoder")
    metrics = load_catalog(ROOT / "knowledge" / "catalog").metrics.values()
    figures = [example for metric in metrics for example in metric.examples]
    with tempfile.TemporaryDirectory() as folder:
        for one in library(Path(folder) / "library", encoder, pairs):
            _show(one, encoder, pairs.nothing, figures if one.name == "articles" else [])
        if settings.data is not None:
            found = reviews(Path(folder) / "reviews", encoder, pairs, settings.data)
            _show(found, encoder, pairs.nothing, [])


if __name__ == "__main__":
    main()
