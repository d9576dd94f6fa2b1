"""The page, the widget and the description of the API; every file is local."""

import mimetypes
import re
import stat
from pathlib import Path

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from bot.gateway.headers import framed_by

DIST = Path(__file__).parent.parent / "web" / "dist"
NOT_BUILT = "The page is not built yet. Run `make run`, or in bot/web: npm ci && npm run build.\n"
# The browser asks whether a file changed, so a new build shows at once.
REVALIDATED = {"Cache-Control": "no-cache"}
FOR_OTHER_SITES = {"Cross-Origin-Resource-Policy": "cross-origin"}


# A name with a hash of the content never means anything else.
HASHED = re.compile(r"-[A-Z0-9]{8}\.\w+$")
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


class Assets(StaticFiles):
    """Built files; the build has put a compressed one beside each that gains by it."""

    async def check_config(self) -> None:
        """A folder that is not built yet is no bug: its files are not found, that is all."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file. Raises HTTPException (404) where there is none."""
        response = await self._packed(path, scope) or await super().get_response(path, scope)
        response.headers.update(FOREVER if HASHED.search(path) else REVALIDATED)
        response.headers.add_vary_header("Accept-Encoding")
        return response

    async def _packed(self, path: str, scope: Scope) -> Response | None:
        """The compressed file, for who takes it."""
        accepted = Headers(scope=scope).get("accept-encoding", "")
        if "gzip" not in accepted or scope["method"] not in ("GET", "HEAD") or "\0" in path:
            return None
        packed, found = await run_in_threadpool(self.lookup_path, f"{path}.gz")
        if found is None or not stat.S_ISREG(found.st_mode):
            return None
        response = self.file_response(packed, found, scope)
        kind = mimetypes.guess_type(path)[0] or "text/plain"
        response.headers.update(
            {"Content-Encoding": "gzip", "Content-Type": f"{kind}; charset=utf-8"}
        )
        return response


def install_pages(app: FastAPI, widget_origins: tuple[str, ...], dist: Path = DIST) -> None:
    """Serve the page (``/``, ``/c/…``, ``/review``), the API's description, and the widget's files."""
    app.mount("/static", Assets(directory=dist, check_dir=False), name="static")
    framed = {**FOR_OTHER_SITES, **framed_by(widget_origins)}

    @app.get("/", include_in_schema=False)
    @app.get("/c/{conversation_id}", include_in_schema=False)
    @app.get("/review", include_in_schema=False)
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
