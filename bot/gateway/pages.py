"""The page, its scripts and the description of the API; every file is local."""

from pathlib import Path

from fastapi import FastAPI
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

DIST = Path(__file__).parent.parent / "web" / "dist"
NOT_BUILT = "The page is not built yet. Run `make run`, or in bot/web: npm ci && npm run build.\n"


class Assets(StaticFiles):
    """Built files; the browser asks whether they changed, so a new build shows at once."""

    async def check_config(self) -> None:
        """A folder that is not built yet is no bug: its files are not found, that is all."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be revalidated. Raises HTTPException (404) where there is none."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def install_pages(app: FastAPI, dist: Path = DIST) -> None:
    """Serve the page at ``/`` and the description of the API at ``/docs``."""
    app.mount("/static", Assets(directory=dist, check_dir=False), name="static")

    @app.get("/", include_in_schema=False)
    async def home() -> Response:
        return _page(dist / "index.html")

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return _page(dist / "docs.html")


def _page(path: Path) -> Response:
    if not path.is_file():
        return PlainTextResponse(NOT_BUILT, 503)
    return FileResponse(path, headers={"Cache-Control": "no-cache"})
