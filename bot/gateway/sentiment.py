"""``POST /api/v1/sentiment``: the sentiment and emotion of texts."""

from fastapi import APIRouter

from bot.gateway.auth import Member
from bot.gateway.errors import ApiError
from bot.gateway.services import Serving
from bot.gateway.wire import ERRORS, SentimentReply, SentimentRequest

router = APIRouter(prefix="/api/v1", tags=["models"], responses=ERRORS)

MAX_TEXTS = 256
MAX_TEXT_CHARS = 10_000


@router.post("/sentiment", response_model=SentimentReply)
async def sentiment(body: SentimentRequest, _: Member, services: Serving) -> dict[str, object]:
    """Score texts with the model that scores the warehouse: at most 256 of 10,000 characters."""
    check_texts(body.texts)
    return {"results": await services.scoring.score(body.texts)}


def check_texts(texts: list[str]) -> None:
    """Raises ApiError (422) where there are none, too many, or one is too long."""
    if not texts:
        raise ApiError(422, "invalid", "texts: send at least one text.")
    if len(texts) > MAX_TEXTS:
        raise ApiError(422, "too_many_texts", f"texts: at most {MAX_TEXTS} at once.")
    for index, text in enumerate(texts):
        if len(text) > MAX_TEXT_CHARS:
            message = f"texts.{index}: at most {MAX_TEXT_CHARS} characters."
            raise ApiError(422, "text_too_long", message)
