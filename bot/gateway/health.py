"""Whether questions are answered: the Rasa model, the actions and a snapshot must all be live."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx

from bot.settings import Settings

CACHE_SECONDS = 1.0
PROBE_SECONDS = 2.0
OK = "ok"


@dataclass(frozen=True, slots=True)
class Health:
    """Each part is 'ok' or says why not; ``snapshot`` is the build that answers."""

    checks: dict[str, str]
    snapshot: str | None

    @property
    def ready(self) -> bool:
        """Whether everything is live."""
        return all(state == OK for state in self.checks.values())

    def to_wire(self) -> dict[str, Any]:
        """As JSON."""
        status = "ready" if self.ready else "not_ready"
        return {"status": status, "checks": self.checks, "snapshot": self.snapshot}


class HealthProbe:
    """Asks the other processes, at most once a second."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        self._settings = settings
        self._http = http
        self._lock = asyncio.Lock()
        self._last: tuple[float, Health] | None = None

    async def check(self) -> Health:
        """The state of now, or of less than a second ago."""
        async with self._lock:
            now = time.monotonic()
            if self._last is None or now - self._last[0] > CACHE_SECONDS:
                self._last = (now, await self._probe())
            return self._last[1]

    async def _probe(self) -> Health:
        rasa, actions = await asyncio.gather(
            self._rasa(), self._get(f"{self._settings.actions_url}/health", "The action server")
        )
        snapshot = current_snapshot(self._settings)
        found = OK if snapshot else "No data yet: run `verbatim build --demo`, or build your own."
        actions_state = actions if isinstance(actions, str) else OK
        return Health({"rasa": rasa, "actions": actions_state, "snapshot": found}, snapshot)

    async def _rasa(self) -> str:
        answer = await self._get(f"{self._settings.rasa_url}/status", "Rasa")
        if isinstance(answer, str):
            return answer
        return OK if answer.get("model_id") else "Rasa runs, but has no model loaded yet."

    async def _get(self, url: str, who: str) -> dict[str, Any] | str:
        """What it says as JSON, or why it cannot be asked."""
        try:
            response = await self._http.get(url, timeout=PROBE_SECONDS)
            if response.status_code == httpx.codes.OK:
                body = response.json()
                return body if isinstance(body, dict) else {}
        except httpx.TimeoutException:
            return f"{who} does not answer in time."
        except (httpx.HTTPError, ValueError):
            return f"{who} cannot be reached (still starting, or stopped)."
        return f"{who} is not ready (status {response.status_code})."


def current_snapshot(settings: Settings) -> str | None:
    """Id of the build that the pointer names, where its file is there."""
    folder = settings.home / "warehouse"
    try:
        name = (folder / "current").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    if not name or "/" in name or not (folder / name).is_file():
        return None
    return name.removesuffix(".duckdb")
