"""Labelled real texts to measure themes on; none of them was used to build anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

AIRLINES = frozenset(
    "united usairways americanair southwestair jetblue virginamerica virgin america american southwest "
    "delta us airways airline airlines".split()
)
_VAGUE = "Can't Tell"
_A_CLASS = 30


@dataclass(frozen=True)
class Corpus:
    """Texts with the label that people gave each; ``names`` are words that must make no theme."""

    name: str
    texts: list[str]
    labels: list[str]
    names: frozenset[str] = frozenset()
    most: int = 60


def corpora(data: Path) -> list[Corpus]:
    """Both sets. Raises FileNotFoundError where they are not there."""
    return [airline(data), clinc(data)]


def airline(data: Path) -> Corpus:
    """Reasons that people gave for negative tweets to airlines (Crowdflower 2015); no "can't tell"."""
    found = pd.read_csv(data / "social" / "airline_tweets.csv", usecols=["text", "negativereason"])
    found = found[found["negativereason"].notna() & (found["negativereason"] != _VAGUE)]
    found["text"] = [re.sub(r"#(\w)", r"\1", text) for text in found["text"]]
    found = found.drop_duplicates("text")
    return Corpus("airline", found["text"].tolist(), found["negativereason"].tolist(), AIRLINES)


def clinc(data: Path) -> Corpus:
    """Thirty questions of each of the 150 intents of CLINC150 (Larson et al. 2019), of its training part."""
    found = pd.read_parquet(data / "nlu" / "clinc150.parquet")
    found = found[(found["split"] == "train") & (found["intent"] != "oos")]
    found = found.groupby("intent").sample(_A_CLASS, random_state=1)
    return Corpus("clinc150", found["text"].tolist(), found["intent"].tolist(), most=150)
