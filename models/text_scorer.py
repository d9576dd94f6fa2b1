"""Sentiment and emotion of texts: one pass of a fine-tuned MiniLM as int8 ONNX."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from models.encoder import TOKENIZER_FILE
from models.labels import EMOTIONS, NO_EMOTION, SENTIMENTS
from models.session import FloatArray, NotPreparedError, TextSession, Window

SCORER_FILE = "scorer.onnx"
CONFIG_FILE = "scorer.json"

AGREEING = {
    "positive": frozenset({"joy", "love", "surprise"}),
    "negative": frozenset({"sadness", "anger", "fear", "surprise"}),
    "neutral": frozenset[str](),
}
"""The emotions that a sentiment allows; a neutral text shows none."""


@dataclass(frozen=True)
class TextScore:
    """What a text says: its sentiment, a score in [-1, 1] and its emotion.

    `score` is the probability of positive less that of negative. `emotion` is 'none' where no emotion
    is likely enough or where it contradicts the sentiment; `emotion_probabilities` compares the six
    emotions, given that there is one. Both sets of probabilities are calibrated and sum to 1.
    """

    sentiment: str
    score: float
    probabilities: dict[str, float]
    emotion: str
    emotion_probabilities: dict[str, float]


@dataclass(frozen=True)
class ScorerConfig:
    """What the scorer needs beside its weights; shipped with the adapter as `scorer.json`."""

    version: str
    sentiment_temperature: float
    emotion_temperature: float
    emotion_threshold: float
    head: int
    tail: int

    @classmethod
    def read(cls, file: Path) -> ScorerConfig:
        """Read the JSON form."""
        return cls(**json.loads(file.read_text()))

    def write(self, file: Path) -> None:
        """Write the JSON form."""
        file.write_text(json.dumps(asdict(self), indent=2) + "\n")

    @property
    def window(self) -> Window:
        """The tokens of a long text that are read."""
        return Window(self.head, self.tail)


class TextScorer:
    """Scores texts. A score depends on its text alone; safe to use from several threads."""

    def __init__(self, session: TextSession, config: ScorerConfig) -> None:
        self._session = session
        self._config = config

    @classmethod
    def load(cls, folder: Path, threads: int = 0) -> TextScorer:
        """Read a folder written by `prepare_models`. NotPreparedError where it was not.

        `threads` is how many texts are scored at once; 0 means one per core.
        """
        file = folder / CONFIG_FILE
        if not file.is_file():
            raise NotPreparedError(f"{file} is missing: `make run` prepares the models")
        config = ScorerConfig.read(file)
        files = (folder / SCORER_FILE, folder / TOKENIZER_FILE)
        return cls(TextSession(*files, window=config.window, threads=threads), config)

    @property
    def version(self) -> str:
        """Changes with whatever may change a score: use it in cache keys."""
        return self._config.version

    @property
    def config(self) -> ScorerConfig:
        """Temperatures, threshold and window."""
        return self._config

    def score(self, texts: Sequence[str]) -> list[TextScore]:
        """Score texts in their order. Blank texts are neutral, with score 0 and no emotion."""
        texts = [_in_words(text) for text in texts]
        written = [i for i, text in enumerate(texts) if text.strip()]
        scores = [_BLANK] * len(texts)
        logits = self.logits([texts[i] for i in written])
        sentiments = _softmax(logits[:, : len(SENTIMENTS)] / self._config.sentiment_temperature)
        emotions = _softmax(logits[:, len(SENTIMENTS) :] / self._config.emotion_temperature)
        for i, sentiment, emotion in zip(written, sentiments, emotions, strict=True):
            scores[i] = _score(sentiment, emotion, self._config.emotion_threshold)
        return scores

    def logits(self, texts: Sequence[str]) -> FloatArray:
        """The network's outputs before calibration: (n, 9), three sentiments, then six emotions."""
        return self._session.run(texts, "logits")


def _in_words(text: str) -> str:
    """A text of nothing but emoji as their names ("pouting face"): the tokenizer knows no emoji.

    Beside words emoji stay unknown, as they were in training.
    """
    if any(character.isalnum() for character in text):
        return text
    symbols = [character for character in text if unicodedata.category(character) == "So"]
    return " ".join(unicodedata.name(s, "").lower() for s in symbols) or text


def _score(sentiment: FloatArray, emotion: FloatArray, threshold: float) -> TextScore:
    sentiment_name = SENTIMENTS[int(sentiment.argmax())]
    emotion_name = EMOTIONS[int(emotion.argmax())]
    felt = emotion.max() >= threshold and emotion_name in AGREEING[sentiment_name]
    probabilities = _named(SENTIMENTS, sentiment)
    return TextScore(
        sentiment=sentiment_name,
        score=probabilities["positive"] - probabilities["negative"],
        probabilities=probabilities,
        emotion=emotion_name if felt else NO_EMOTION,
        emotion_probabilities=_named(EMOTIONS, emotion),
    )


def _softmax(logits: FloatArray) -> FloatArray:
    wide = logits.astype(np.float64)
    powers = np.exp(wide - wide.max(axis=1, keepdims=True))
    result: FloatArray = powers / powers.sum(axis=1, keepdims=True)
    return result


def _named(names: Sequence[str], values: FloatArray) -> dict[str, float]:
    return {name: float(value) for name, value in zip(names, values, strict=True)}


_BLANK = TextScore(
    sentiment="neutral",
    score=0.0,
    probabilities={"negative": 0.0, "neutral": 1.0, "positive": 0.0},
    emotion=NO_EMOTION,
    emotion_probabilities=dict.fromkeys(EMOTIONS, 1 / len(EMOTIONS)),
)
