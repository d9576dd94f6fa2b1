"""Sentiment and emotion of texts, through the model that also scores the warehouse."""

import asyncio
from typing import Any

from starlette.concurrency import run_in_threadpool

from bot.gateway.errors import ApiError
from bot.settings import Settings

NOT_BUILT = "The sentiment model is not built yet: run `verbatim train text`."


class Scoring:
    """Loads the model at first use, in a thread, once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = asyncio.Lock()
        self._scorer: Any = None

    async def score(self, texts: list[str]) -> list[dict[str, Any]]:
        """``{sentiment, score, probabilities, emotion}`` for each text. Raises ApiError (503)."""
        scorer = await self._loaded()
        scores = await run_in_threadpool(scorer.score, texts)
        return [_wire(score) for score in scores]

    async def _loaded(self) -> Any:
        async with self._lock:
            if self._scorer is None:
                self._scorer = await run_in_threadpool(self._load)
            return self._scorer

    def _load(self) -> Any:
        raise ApiError(503, "not_ready", NOT_BUILT)


def _wire(score: Any) -> dict[str, Any]:
    return {
        "sentiment": score.sentiment,
        "score": score.score,
        "probabilities": dict(score.probabilities),
        "emotion": score.emotion,
    }
