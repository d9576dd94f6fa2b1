"""What the routes work with; made at start, closed at the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated

import httpx
from anyio import CapacityLimiter
from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from bot.gateway.health import HealthProbe
from bot.gateway.limits import RateLimiter, SignInLimits
from bot.gateway.pictures import Pictures
from bot.gateway.rasa import Answer, RasaClient
from bot.gateway.retention import sweep_for_ever
from bot.gateway.scoring import Scoring
from bot.gateway.teaching import Teaching
from bot.gateway.turns import Turns
from bot.settings import Settings
from bot.state.database import StateDatabase, open_state
from bot.state.tracker import TrackerEvents

# Beyond the query's own limit: time for Rasa, the actions and the answer around it.
REPLY_MARGIN_S = 5.0
# A password hash takes 64 MiB and both cores: at most so many at once.
HASHED_AT_ONCE = 2
WIDGET_VISITS_PER_MINUTE = 30
CONNECTIONS = httpx.Limits(max_connections=100, max_keepalive_connections=50)


@dataclass(frozen=True, slots=True)
class Services:
    """The gateway's collaborators."""

    settings: Settings
    database: StateDatabase
    rasa: RasaClient
    health: HealthProbe
    people: RateLimiter
    turns: Turns
    scoring: Scoring
    pictures: Pictures
    tracker: TrackerEvents
    sign_ins: SignInLimits
    visits: RateLimiter
    hashing: CapacityLimiter
    teaching: Teaching
    capabilities: dict[tuple[str | None, str, str], Answer] = field(default_factory=dict)


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Services for the life of the process."""
    database = await run_in_threadpool(open_state, settings.database_url)
    # Other processes are on loopback: never by way of a proxy named in the environment.
    token = settings.internal_token
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(limits=CONNECTIONS, trust_env=False, headers=headers) as http:
        timeout_s = settings.query_wait_s + settings.query_timeout_s + REPLY_MARGIN_S
        services = Services(
            settings,
            database,
            RasaClient(http, settings.rasa_url, timeout_s, settings.actions_url),
            HealthProbe(settings, http),
            RateLimiter(settings.rate_per_minute),
            Turns(),
            Scoring(settings),
            Pictures(),
            TrackerEvents(settings.tracker_url),
            SignInLimits(),
            RateLimiter(WIDGET_VISITS_PER_MINUTE),
            CapacityLimiter(HASHED_AT_ONCE),
            Teaching(settings, database),
        )
        sweeping = asyncio.create_task(
            sweep_for_ever(database, services.tracker, settings.conversation_days)
        )
        training = asyncio.create_task(services.teaching.train_for_ever())
        try:
            yield services
        finally:
            sweeping.cancel()
            training.cancel()
            await services.turns.close()
            services.tracker.close()
            database.close()


def services_of(request: Request) -> Services:
    """The services of the app that serves this request."""
    services: Services = request.app.state.services
    return services


Serving = Annotated[Services, Depends(services_of)]
