"""What the routes work with; made at start, closed at the end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated

import httpx
from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from bot.gateway.health import HealthProbe
from bot.gateway.limits import RateLimiter
from bot.gateway.rasa import Answer, RasaClient
from bot.gateway.scoring import Scoring
from bot.gateway.turns import Turns
from bot.settings import Settings
from bot.state.database import StateDatabase, open_state

# Beyond the query's own limit: time for Rasa, the actions and the answer around it.
REPLY_MARGIN_S = 5.0
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
    capabilities: dict[tuple[str | None, str], Answer] = field(default_factory=dict)


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Services for the life of the process."""
    database = await run_in_threadpool(open_state, settings.database_url)
    # Other processes are on loopback: never by way of a proxy named in the environment.
    token = settings.internal_token
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with httpx.AsyncClient(limits=CONNECTIONS, trust_env=False, headers=headers) as http:
        timeout_s = settings.query_timeout_s + REPLY_MARGIN_S
        services = Services(
            settings,
            database,
            RasaClient(http, settings.rasa_url, timeout_s, settings.actions_url),
            HealthProbe(settings, http),
            RateLimiter(settings.rate_per_minute),
            Turns(),
            Scoring(settings),
        )
        try:
            yield services
        finally:
            await services.turns.close()
            database.close()


def services_of(request: Request) -> Services:
    """The services of the app that serves this request."""
    services: Services = request.app.state.services
    return services


Serving = Annotated[Services, Depends(services_of)]
