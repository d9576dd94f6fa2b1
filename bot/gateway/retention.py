"""What is too old goes: conversations, and Rasa's record of them."""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog

from bot.state.conversations import delete_older
from bot.state.database import StateDatabase
from bot.state.tracker import TrackerEvents

log = structlog.get_logger("gateway")

# The start has better things to do; afterwards, an hour more or less does not matter.
FIRST_AFTER_SECONDS = 60.0
EVERY_SECONDS = 3600.0


async def sweep_for_ever(database: StateDatabase, tracker: TrackerEvents, days: int) -> None:
    """Sweep every hour until cancelled. What fails is logged and tried again next time."""
    await asyncio.sleep(FIRST_AFTER_SECONDS)
    while True:
        try:
            await asyncio.to_thread(sweep, database, tracker, days, datetime.now(UTC))
        except Exception:
            log.exception("sweep failed")
        await asyncio.sleep(EVERY_SECONDS)


def sweep(database: StateDatabase, tracker: TrackerEvents, days: int, now: datetime) -> None:
    """Delete the conversations that were not used for longer than ``days``."""
    moment = now - timedelta(days=days)
    conversations, events = delete_older(database, moment), tracker.forget_older(moment)
    if conversations or events:
        log.info("swept", conversations=conversations, events=events)
