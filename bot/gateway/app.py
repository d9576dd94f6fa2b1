"""The gateway's app, made by ``create_app`` (uvicorn --factory bot.gateway.app:create_app)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.responses import JSONResponse
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot.gateway import (
    capabilities,
    chat,
    conversations,
    exports,
    feedback,
    lessons,
    login,
    saved,
    sentiment,
    widget,
)
from bot.gateway.errors import install_handlers
from bot.gateway.limits import RateLimiter
from bot.gateway.middleware import RequestFrame
from bot.gateway.pages import install_pages
from bot.gateway.services import Serving, open_services
from bot.logs import configure_logs
from bot.settings import Settings

API_VERSION = "1.0"
DESCRIPTION = """Questions about customers, answered with figures from governed metrics.

Send `Authorization: Bearer TOKEN`; `verbatim token create --role viewer` prints a token."""


ROUTED = (
    *(chat, conversations, exports, saved, capabilities, sentiment, feedback),
    *(lessons, login, widget),
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The app. Raises SettingsError where the environment holds a bad setting."""
    chosen = settings or Settings.load()
    configure_logs("gateway", chosen.log_level)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with open_services(chosen) as services:
            app.state.services = services
            yield

    app = FastAPI(
        title="Verbatim",
        version=API_VERSION,
        description=DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.add_middleware(
        RequestFrame,
        max_body_bytes=chosen.max_body_kb * 1024,
        limiter=RateLimiter(chosen.rate_per_minute_address),
    )
    if chosen.trusted_proxies:
        # Outermost: everything after it sees the client's own address and scheme.
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(chosen.trusted_proxies))
    install_handlers(app)
    for module in ROUTED:
        app.include_router(module.router)
    app.add_api_route("/healthz", healthz, tags=["health"])
    install_pages(app, chosen.widget_origins)
    return app


async def healthz(services: Serving) -> JSONResponse:
    """200 once questions are answered: the Rasa model, the actions and a snapshot are live."""
    health = await services.health.check()
    return JSONResponse(health.to_wire(), 200 if health.ready else 503)
