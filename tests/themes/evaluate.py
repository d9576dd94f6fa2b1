"""``python -m tests.themes.evaluate [DATA] [--bertopic]``: themes beside baselines, as Markdown.

Writes the figures of ``docs/models/themes.md``. Each method learns from 80 % of the texts, three times
(another part, another seed), and labels all texts each time.

purity: share of the texts with a theme that have the commonest label of their theme. NMI: normalised
mutual information. stability: mean adjusted Rand index between the three runs, over texts that both
gave a theme. with a theme: share of the texts.
"""

from __future__ import annotations

import re
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from bot.settings import ROOT
from models.encoder import Encoder
from models.themes.clusters import NONE
from models.themes.discover import Theme, assign, carry_on
from tests.themes.corpora import corpora
from tests.themes.methods import Labels, Method, Prepared

PAGE = ROOT / "docs" / "models" / "themes.md"
DATA = ROOT.parent / "shared" / "data"
RUNS, PART, MORE = 3, 0.8, 0.01
_HEAD = "| texts | method | themes | with a theme | purity | NMI | stability | seconds |"


@dataclass(frozen=True)
class Figures:
    """One method on one corpus."""

    themes: int
    covered: float
    purity: float
    information: float
    stability: float
    seconds: float


def measured(method: Method, truth: np.ndarray) -> Figures:
    """Three runs on other parts."""
    started, runs = time.perf_counter(), []
    for seed in range(RUNS):
        part = np.random.default_rng(seed).permutation(len(truth))[: int(PART * len(truth))]
        runs.append(method(np.sort(part), seed))
    seconds = (time.perf_counter() - started) / RUNS
    scores = [_against(labels, truth) for labels in runs]
    covered, purity, information = (float(np.mean(values)) for values in zip(*scores, strict=True))
    stable = float(np.mean([_agreement(a, b) for a, b in combinations(runs, 2)]))
    count = len(set(runs[0].tolist()) - {NONE})
    return Figures(count, covered, purity, information, stable, seconds)


def _against(labels: Labels, truth: np.ndarray) -> tuple[float, float, float]:
    given = labels != NONE
    found, real = labels[given], truth[given]
    most = sum(max(Counter(real[found == k]).values()) for k in set(found.tolist()))
    return (
        float(given.mean()),
        most / max(len(found), 1),
        float(normalized_mutual_info_score(real, found)),
    )


def _agreement(one: Labels, other: Labels) -> float:
    both = (one != NONE) & (other != NONE)
    return float(adjusted_rand_score(one[both], other[both]))


def methods(prepared: Prepared, count: int, whole: bool) -> Mapping[str, Method]:
    """Ours first; baselines get as many themes as it found."""
    found: dict[str, Method] = {
        "themes": prepared.ours,
        "k-means on TF-IDF": prepared.kmeans_tfidf(count),
        "NMF on TF-IDF": prepared.nmf(count),
        "k-means on sentence vectors": prepared.kmeans_vectors(count),
    }
    return {**found, "BERTopic, as it comes": prepared.bertopic} if whole else found


def grown(prepared: Prepared, themes: tuple[Theme, ...]) -> tuple[float, int]:
    """With 1 % more texts: agreement of all that was assigned before, and themes under another name."""
    size = len(prepared.plain)
    new = np.zeros(size, dtype=bool)
    new[np.random.default_rng(0).permutation(size)[: int(MORE * size)]] = True
    before = np.where(new, NONE, assign(themes, prepared.vectors))
    later = carry_on(themes, prepared.plain, prepared.vectors, new, prepared.encoder.encode, "")
    after = assign(later, prepared.vectors)
    renamed = sum(a.label != b.label for a, b in zip(themes, later, strict=False))
    return _agreement(before, np.where(new, NONE, after)), renamed


def labels_table(prepared: Prepared, themes: tuple[Theme, ...]) -> Iterator[str]:
    """Every theme with its size and what people called most of its texts."""
    given = prepared.ours(np.arange(len(prepared.said)), 0)
    truth = np.array(prepared.corpus.labels)
    yield "| theme | texts | labels that people gave | keywords |"
    yield "| --- | ---: | --- | --- |"
    sizes = Counter(given[given != NONE].tolist())
    for k, size in sizes.most_common():
        common = Counter(truth[given == k]).most_common(2)
        people = ", ".join(f"{label} {n / size:.0%}" for label, n in common)
        yield f"| {themes[k].label} | {size} | {people} | {', '.join(themes[k].keywords)} |"


def report(data: Path, encoder: Encoder, whole: bool) -> Iterator[str]:
    """The page's figures, line by line."""
    rows, tables, stability = [_HEAD, "| --- " * 2 + "| ---: " * 6 + "|"], [], []
    for corpus in corpora(data):
        prepared = Prepared(corpus, encoder)
        truth = np.array(corpus.labels)
        themes = prepared.themes(list(range(len(truth))))
        for name, method in methods(prepared, sum(t.kept for t in themes), whole).items():
            f = measured(method, truth)
            rows.append(
                f"| {corpus.name} | {name} | {f.themes} | {f.covered:.0%} | {f.purity:.3f} | "
                f"{f.information:.3f} | {f.stability:.3f} | {f.seconds:.1f} |"
            )
            print(rows[-1], file=sys.stderr)
        agreement, renamed = grown(prepared, themes)
        stability.append(
            f"- {corpus.name}: with 1 % new texts, agreement with the build before {agreement:.3f}, "
            f"themes under another id or label: {renamed}."
        )
        tables += ["", f"### {corpus.name}", "", *list(labels_table(prepared, themes))[:42]]
    yield from rows
    yield ""
    yield "From build to build, carried on:"
    yield ""
    yield from stability
    yield from tables


def main() -> None:
    """Print the figures and put them into the page."""
    warnings.filterwarnings("ignore")
    arguments = [a for a in sys.argv[1:] if not a.startswith("-")]
    data = Path(arguments[0]) if arguments else DATA
    encoder = Encoder.load(ROOT / "var" / "models" / "encoder")
    text = "\n".join(report(data, encoder, "--bertopic" in sys.argv))
    print(text)
    page = PAGE.read_text(encoding="utf-8")
    marked = r"(<!-- figures:begin -->\n).*?(\n<!-- figures:end -->)"
    PAGE.write_text(
        re.sub(marked, lambda m: m[1] + text + m[2], page, flags=re.DOTALL), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
