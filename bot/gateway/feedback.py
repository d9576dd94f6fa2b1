"""``/api/v1/feedback``: live reviews, tickets and posts; ``/thumbs``: whether an answer helped."""

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import AwareDatetime, Field, model_validator
from starlette.concurrency import run_in_threadpool

from bot.gateway.auth import Signed, Writer
from bot.gateway.errors import ApiError
from bot.gateway.services import Services, Serving
from bot.gateway.wire import ERRORS, Strict, Text, ThumbRequest
from bot.state.conversations import has_request
from bot.state.records import Feedback, write_feedback, write_thumb

router = APIRouter(prefix="/api/v1", tags=["feedback"], responses=ERRORS)

MAX_ITEMS = 200

Id = Annotated[Text, Field(min_length=1, max_length=80)]
Name = Annotated[Text, Field(max_length=200)]
Body = Annotated[Text, Field(min_length=1, max_length=20_000)]
Count = Annotated[int, Field(ge=0, le=10**12)]


class Review(Strict):
    """A review, in the columns of the warehouse."""

    review_id: Id | None = None
    product_id: Id
    customer_id: Id | None = None
    created_at: AwareDatetime | None = None
    rating: Annotated[float, Field(ge=1, le=5)] | None = None
    title: Name | None = None
    body: Body


class Ticket(Strict):
    """A support ticket, in the columns of the warehouse."""

    ticket_id: Id | None = None
    account_id: Id | None = None
    customer_id: Id | None = None
    category: Name | None = None
    priority: Name | None = None
    status: Name | None = None
    agent: Name | None = None
    opened_at: AwareDatetime | None = None
    first_response_at: AwareDatetime | None = None
    resolved_at: AwareDatetime | None = None
    body: Body

    @model_validator(mode="after")
    def _in_order(self) -> "Ticket":
        for later in (self.first_response_at, self.resolved_at):
            if later and self.opened_at and later < self.opened_at:
                raise ValueError("a ticket cannot be answered or resolved before it is opened")
        return self


class Post(Strict):
    """A post in a social network, in the columns of the warehouse."""

    post_id: Id | None = None
    platform: Name
    author_id: Id | None = None
    posted_at: AwareDatetime | None = None
    product_id: Id | None = None
    brand: Name | None = None
    body: Body
    likes: Count | None = None
    shares: Count | None = None
    comments: Count | None = None


class FeedbackRequest(Strict):
    """Up to 200 items of any kind. An id sent again replaces what was sent before."""

    reviews: tuple[Review, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    posts: tuple[Post, ...] = ()


# Kind of item: its id, and the moment that "now" stands for where it is missing.
SHAPES = {
    "review": ("review_id", "created_at"),
    "ticket": ("ticket_id", "opened_at"),
    "post": ("post_id", "posted_at"),
}


@router.post("/feedback", status_code=202)
async def feedback(body: FeedbackRequest, principal: Writer, services: Serving) -> dict[str, Any]:
    """Take live feedback: scored at once and kept; every later build holds it."""
    items = [
        *(to_item("review", entry) for entry in body.reviews),
        *(to_item("ticket", entry) for entry in body.tickets),
        *(to_item("post", entry) for entry in body.posts),
    ]
    if not 1 <= len(items) <= MAX_ITEMS:
        message = f"Send 1 to {MAX_ITEMS} items in reviews, tickets or posts."
        raise ApiError(422, "invalid", message)
    scored = await _scored(services, items)
    await run_in_threadpool(write_feedback, services.database, principal.owner, scored)
    return {"accepted": len(scored), "items": [_shown(item) for item in scored]}


@router.post("/thumbs", status_code=204)
async def thumbs(body: ThumbRequest, principal: Signed, services: Serving) -> None:
    """Say whether the answers to a request of yours helped; said again, the last word counts."""
    if not await run_in_threadpool(
        has_request,
        services.database,
        principal.owner,
        body.conversation_id,
        body.request_id,
    ):
        raise ApiError(404, "not_found", "There is no such answer of yours.")
    await run_in_threadpool(
        write_thumb,
        services.database,
        principal.owner,
        body.conversation_id,
        body.request_id,
        helped=body.helped,
        comment=body.comment,
    )


def to_item(kind: str, entry: Review | Ticket | Post) -> Feedback:
    """The item with an id and a moment, its fields JSON-able, its instants in UTC."""
    id_field, time_field = SHAPES[kind]
    given = entry.model_dump()
    given[id_field] = given[id_field] or f"live-{uuid.uuid4().hex}"
    given[time_field] = given[time_field] or datetime.now(UTC)
    fields = {
        name: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for name, value in given.items()
    }
    return Feedback(str(given[id_field]), kind, fields)


async def _scored(services: Services, items: list[Feedback]) -> list[Feedback]:
    """With scores where the model is there; the build scores the rest."""
    try:
        scores = await services.scoring.score([item.fields["body"] for item in items])
    except ApiError:
        return items
    return [
        Feedback(i.id, i.kind, i.fields, s["sentiment"], s["score"], s["emotion"])
        for i, s in zip(items, scores, strict=True)
    ]


def _shown(item: Feedback) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "id": item.id,
        "sentiment": item.sentiment,
        "sentiment_score": item.sentiment_score,
        "emotion": item.emotion,
    }
