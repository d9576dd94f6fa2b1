"""What is searched in the evaluation: articles with definitions, and real reviews; and the pairs to find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from numpy.typing import NDArray

from analytics.catalog.load import load_catalog
from bot.settings import ROOT
from knowledge.retrieval.articles import load_articles
from knowledge.retrieval.definitions import metric_documents
from knowledge.retrieval.library import indexed_text, meaning_text
from knowledge.retrieval.text_index import TextIndex, write_index
from models.themes.statements import statements
from models.vectors import TextEncoder

HERE = Path(__file__).parent
REVIEWS = "reviews/amazon_musical_instruments.csv"
REVIEWS_SEARCHED = 1000


@dataclass(frozen=True)
class Collection:
    """An index, the key of each of its texts, and (question, key) pairs."""

    name: str
    index: TextIndex
    keys: Sequence[str]
    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Pairs:
    """The pairs of a file by what they ask for, and questions that nothing answers."""

    articles: list[tuple[str, str]]
    definitions: list[tuple[str, str]]
    reviews: list[tuple[str, str]]
    nothing: list[str]

    @classmethod
    def read(cls, name: str) -> Pairs:
        """One of the files beside this one."""
        found = yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))
        named = {
            kind: [(q, str(key)) for key, questions in found[kind].items() for q in questions]
            for kind in ("articles", "definitions", "reviews")
        }
        return cls(**named, nothing=list(found["nothing"]))


def library(folder: Path, encoder: TextEncoder, pairs: Pairs) -> list[Collection]:
    """Articles and definitions in one index, as they are served."""
    metrics = load_catalog(ROOT / "knowledge" / "catalog").metrics.values()
    documents = [*load_articles(ROOT / "knowledge" / "articles"), *metric_documents(metrics)]
    texts, meanings = map(indexed_text, documents), [meaning_text(d) for d in documents]
    write_index(folder, list(texts), encoder.encode(meanings))
    index = TextIndex(folder)
    keys = [
        d.metadata.get("metric") or f"{d.metadata['article']}#{d.metadata['heading']}"
        for d in documents
    ]
    return [
        Collection("articles", index, keys, pairs.articles),
        Collection("definitions", index, keys, pairs.definitions),
    ]


def reviews(folder: Path, encoder: TextEncoder, pairs: Pairs, data: Path) -> Collection:
    """Real reviews by statement, as customers' words are indexed; those to find among a thousand."""
    frame = pd.read_csv(data / REVIEWS)
    wanted = [int(key) for _, key in pairs.reviews]
    rest = frame[frame["reviewText"].str.len().between(60, 800)].drop(wanted, errors="ignore")
    kept = [*wanted, *rest.sample(REVIEWS_SEARCHED - len(wanted), random_state=7).index]
    texts = [" ".join(str(frame["reviewText"][row]).split()) for row in kept]
    said = [list(dict.fromkeys(s.plain for s in statements(text))) for text in texts]
    pieces = [piece for own in said for piece in own]
    rows = [row for row, own in enumerate(said) for _ in own]
    write_index(folder, texts, encoder.encode(pieces), rows)
    return Collection("reviews", TextIndex(folder), [str(row) for row in kept], pairs.reviews)


Scores = NDArray[np.float64]
Ranking = Callable[[Scores, Scores], Scores]
