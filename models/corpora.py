"""The labelled texts that the scorer learns from and is measured on, with their splits.

Every split is fixed by a seed or by time. Texts of a training part that nearly repeat a validation or
test text are dropped, and so are reviews by people who appear in the reviews' test part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

from models.labels import EMOTIONS, SENTIMENTS
from models.near_duplicates import near_any

SEED = 20
Task = Literal["sentiment", "emotion"]

AIRLINE = "social/airline_tweets.csv"
REVIEWS = "reviews/amazon_musical_instruments.csv"
BEAUTY = "reviews/amazon_all_beauty_5.json.gz"
SST2 = "sentiment/sst2_{}.parquet"
EMOTION = "emotion/emotion_{}.parquet"

TEST_SHARE = 0.2
VALIDATION_SHARE = 0.12
POSITIVE_PER_NEUTRAL = 2.5
"""Positive reviews kept per neutral one in training: 88 % of the reviews have four or five stars."""


@dataclass(frozen=True)
class Split:
    """Texts with their labels (indexes into the task's labels), same length."""

    texts: tuple[str, ...]
    labels: tuple[int, ...]


@dataclass(frozen=True)
class Corpus:
    """One labelled source with its three disjoint parts."""

    name: str
    task: Task
    train: Split
    validation: Split
    test: Split
    strangers: Split | None = None
    """The test texts about products that training never saw, where products are known."""


class MissingDataError(Exception):
    """A labelled file is not where it should be; the message says where it was looked for."""

    user_facing = True


def load_corpora(data: Path, task: Task | None = None) -> tuple[Corpus, ...]:
    """The corpora of a task, or all, from the folder `data`. MissingDataError where one is absent."""
    sentiment = () if task == "emotion" else (load_airline, load_reviews, load_sst2)
    emotion = () if task == "sentiment" else (load_emotion,)
    return tuple(load(data) for load in (*sentiment, *emotion))


def load_airline(data: Path) -> Corpus:
    """Customer-service tweets, labelled by people: a stratified random fifth is the test part."""
    frame = pd.read_csv(_file(data, AIRLINE), usecols=["text", "airline_sentiment"])
    frame = frame.dropna().drop_duplicates("text")
    frame = frame.assign(label=frame["airline_sentiment"].map(SENTIMENTS.index))
    rest, test = _part(frame, TEST_SHARE)
    train, validation = _part(rest, VALIDATION_SHARE)
    return _corpus("airline tweets", "sentiment", train, validation, test)


def load_reviews(data: Path) -> Corpus:
    """Star-rated reviews: 1-2 stars negative, 3 neutral, 4-5 positive.

    The test part is the last fifth in time of the musical instruments, never trained on; reviewers
    in it are kept out of training. Reviews of beauty products, another category, only train.
    """
    reviews = _stars(pd.read_csv(_file(data, REVIEWS)))
    beauty = _stars(pd.read_json(_file(data, BEAUTY), lines=True))
    border = reviews["unixReviewTime"].quantile(1 - TEST_SHARE)
    test = reviews[reviews["unixReviewTime"] > border]
    earlier = reviews[reviews["unixReviewTime"] <= border]
    others = earlier[~earlier["reviewerID"].isin(test["reviewerID"])]
    train, validation = _part(others, VALIDATION_SHARE)
    train = _fewer_positive(pd.concat([train, beauty]))
    corpus = _corpus("star-rated reviews", "sentiment", train, validation, test)
    return replace(corpus, strangers=_split(test[~test["asin"].isin(train["asin"])]))


def load_sst2(data: Path) -> Corpus:
    """Sentences of film reviews, negative or positive; the official development part is the test."""
    frames = [pd.read_parquet(_file(data, SST2.format(part))) for part in ("train", "dev")]
    poles = {0: SENTIMENTS.index("negative"), 1: SENTIMENTS.index("positive")}
    rest, test = [
        frame.assign(label=frame["label"].map(poles)).drop_duplicates("text") for frame in frames
    ]
    train, validation = _part(rest, VALIDATION_SHARE / 2)
    return _corpus("SST-2", "sentiment", train, validation, test)


def load_emotion(data: Path) -> Corpus:
    """The dair-ai emotion set with its official parts."""
    parts = []
    for part in ("train", "val", "test"):
        frame = pd.read_parquet(_file(data, EMOTION.format(part)))
        parts.append(frame.assign(label=frame["label_name"].map(EMOTIONS.index)))
    return _corpus("dair-ai emotion", "emotion", *parts)


def _file(data: Path, name: str) -> Path:
    file = data / name
    if not file.is_file():
        raise MissingDataError(
            f"{file} is missing: pass the folder of the labelled data with --data or VERBATIM_DATA"
        )
    return file


def _stars(frame: pd.DataFrame) -> pd.DataFrame:
    text = frame["reviewText"].fillna("").astype(str).str.strip()
    frame = frame.assign(text=text, label=np.sign(frame["overall"] - 3).astype(int) + 1)
    return frame[frame["text"] != ""].drop_duplicates("text")


def _fewer_positive(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep every negative and neutral review and a seeded sample of the positive ones."""
    positive = frame["label"] == SENTIMENTS.index("positive")
    neutral = frame["label"] == SENTIMENTS.index("neutral")
    wanted = min(int(positive.sum()), int(POSITIVE_PER_NEUTRAL * neutral.sum()))
    return pd.concat([frame[~positive], frame[positive].sample(wanted, random_state=SEED)])


def _part(frame: pd.DataFrame, share: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A stratified random split: the rest and the share."""
    rest, part = train_test_split(
        frame, test_size=share, random_state=SEED, stratify=frame["label"]
    )
    return rest, part


def _corpus(
    name: str, task: Task, train: pd.DataFrame, validation: pd.DataFrame, test: pd.DataFrame
) -> Corpus:
    """Drop what leaks: validation against test, then training against both."""
    validation = validation[~near_any(list(validation["text"]), list(test["text"]))]
    held_out = [*validation["text"], *test["text"]]
    train = train[~near_any(list(train["text"]), held_out)]
    return Corpus(name, task, *(_split(frame) for frame in (train, validation, test)))


def _split(frame: pd.DataFrame) -> Split:
    return Split(tuple(frame["text"]), tuple(int(label) for label in frame["label"]))
