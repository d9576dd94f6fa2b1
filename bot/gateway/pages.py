"""The page, the widget and the description of the API; every file is local."""

from pathlib import Path

from fastapi import FastAPI
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.gateway.headers import framed_by

DIST = Path(__file__).parent.parent / "web" / "dist"
NOT_BUILT = "The page is not built yet. Run `make run`, or in bot/web: npm ci && npm run build.\n"
# The browser asks whether a file changed, so a new build shows at once.
REVALIDATED = {"Cache-Control": "no-cache"}
FOR_OTHER_SITES = {"Cross-Origin-Resource-Policy": "cross-origin"}


class Assets(StaticFiles):
    """Built files."""

    async def check_config(self) -> None:
        """A folder that is not built yet is no bug: its files are not found, that is all."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be revalidated. Raises HTTPException (404) where there is none."""
        response = await super().get_response(path, scope)
        response.headers.update(REVALIDATED)
        return response


def install_pages(app: FastAPI, widget_origins: tuple[str, ...], dist: Path = DIST) -> None:
    """Serve the page at ``/`` and ``/c/…``, the API's description, and the widget's two files."""
    app.mount("/static", Assets(directory=dist, check_dir=False), name="static")
    framed = {**FOR_OTHER_SITES, **framed_by(widget_origins)}

    @app.get("/", include_in_schema=False)
    @app.get("/c/{conversation_id}", include_in_schema=False)
    async def home() -> Response:
        return _page(dist / "index.html")

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return _page(dist / "docs.html")

    @app.get("/widget", include_in_schema=False)
    async def widget() -> Response:
        return _page(dist / "widget.html", framed)

    @app.get("/widget.js", include_in_schema=False)
    async def widget_script() -> Response:
        return _page(dist / "widget.js", FOR_OTHER_SITES)


def _page(path: Path, headers: dict[str, str] | None = None) -> Response:
    if not path.is_file():
        return PlainTextResponse(NOT_BUILT, 503, headers=headers)
    return FileResponse(path, headers={**REVALIDATED, **(headers or {})})
