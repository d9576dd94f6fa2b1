"""``/api/v1/lessons``: what corrections could teach, for a supervisor to accept or reject."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from bot.gateway.auth import Writer
from bot.gateway.errors import ApiError
from bot.gateway.services import Serving
from bot.gateway.teaching import Progress
from bot.gateway.wire import ERRORS, Strict
from bot.state.lessons import Status, StoredLesson, decide_lesson, list_lessons

router = APIRouter(prefix="/api/v1/lessons", tags=["lessons"], responses=ERRORS)


class LessonWire(BaseModel):
    """One thing that a correction could teach."""

    id: int
    kind: Literal["verified", "synonym", "example"]
    phrase: str
    meaning: str
    role: str
    of: str
    original: str
    meant: str
    proposed_at: datetime
    times: int
    status: Status
    decided_at: datetime | None
    decided_by: str | None
    holds: bool | None


class LessonsReply(BaseModel):
    """Lessons, and how far the bot has taken the accepted ones in."""

    lessons: list[LessonWire]
    state: Literal["ready", "training", "failed"]
    since: datetime


class Decision(Strict):
    """What becomes of a lesson."""

    status: Status


@router.get("", response_model=LessonsReply)
async def lessons(
    principal: Writer, services: Serving, status: Status = Status.PENDING
) -> LessonsReply:
    """Lessons that wait for a decision (or were accepted, or rejected); needs admin or analyst."""
    found = await run_in_threadpool(list_lessons, services.database, status)
    progress = services.teaching.progress
    return LessonsReply(
        lessons=[_wire(one, progress) for one in found],
        state=progress.state.value,
        since=progress.since,
    )


@router.post("/{number}", status_code=204)
async def decide(
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
    body: Decision,
    principal: Writer,
    services: Serving,
) -> None:
    """Accept or reject a lesson, or take that back. The bot answers by it at once, then trains."""
    known = await run_in_threadpool(
        decide_lesson, services.database, number, body.status, principal.name
    )
    if not known:
        raise ApiError(404, "not_found", "There is no such lesson.")
    await services.teaching.publish()


def _wire(lesson: StoredLesson, progress: Progress) -> LessonWire:
    checked = lesson.status is Status.ACCEPTED and progress.held + len(progress.broken) > 0
    holds = lesson.id not in progress.broken if checked else None
    return LessonWire.model_validate({**asdict(lesson), "holds": holds})
