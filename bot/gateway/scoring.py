"""Sentiment and emotion of texts, through the model that also scores the warehouse."""

import asyncio
from collections.abc import Sequence
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool

from bot.gateway.errors import ApiError
from bot.settings import Settings

# One request scores at a time, and on one core, so that questions are answered beside it.
THREADS = 1


class Score(Protocol):
    """What the model says of one text."""

    @property
    def sentiment(self) -> str: ...  # noqa: D102
    @property
    def score(self) -> float: ...  # noqa: D102
    @property
    def probabilities(self) -> dict[str, float]: ...  # noqa: D102
    @property
    def emotion(self) -> str: ...  # noqa: D102


class Scorer(Protocol):
    """The text model."""

    def score(self, texts: Sequence[str]) -> Sequence[Score]:
        """One score for each text, in order."""
        ...


class Scoring:
    """Loads the model at first use, in a thread, once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = asyncio.Lock()
        self._scorer: Scorer | None = None

    async def score(self, texts: list[str]) -> list[dict[str, Any]]:
        """``{sentiment, score, probabilities, emotion}`` for each text. Raises ApiError (503)."""
        async with self._lock:
            return await run_in_threadpool(self._score, texts)

    def _score(self, texts: list[str]) -> list[dict[str, Any]]:
        if self._scorer is None:
            self._scorer = load_scorer(self._settings)
        return [_wire(score) for score in self._scorer.score(texts)]


def load_scorer(settings: Settings) -> Scorer:
    """The prepared model. Raises ApiError (503) where there is none."""
    try:
        from models.text_scorer import TextScorer

        return TextScorer.load(settings.home / "models" / "text_scorer", THREADS)
    except (ImportError, FileNotFoundError):
        message = "The sentiment model is not prepared yet: `make run` does it."
        raise ApiError(503, "not_ready", message) from None


def _wire(score: Score) -> dict[str, Any]:
    return {
        "sentiment": score.sentiment,
        "score": score.score,
        "probabilities": score.probabilities,
        "emotion": score.emotion,
    }
