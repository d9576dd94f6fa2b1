"""The three processes of the product, made from the settings."""

import sys
from collections.abc import Iterable
from ipaddress import ip_address

from bot.processes.spec import COMPILED, ProcessSpec, StartError
from bot.settings import ROOT, Settings

LOOPBACK = "127.0.0.1"
ANYWHERE = {"0.0.0.0": LOOPBACK, "::": "::1", "": LOOPBACK}
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
GATEWAY_GRACE_SECONDS = 5


def processes(settings: Settings, internal_token: str) -> tuple[ProcessSpec, ...]:
    """Action server, Rasa and gateway, in the order in which they depend on each other.

    ``internal_token`` is what they show each other; it travels by environment, never on a command
    line, where other users of the machine could read it. Raises StartError where Rasa's
    environment is missing.
    """
    if not RASA_PYTHON.exists():
        raise StartError(f"Rasa's environment is missing ({RASA_PYTHON}). Run: make setup")
    shared = {
        "VERBATIM_HOME": str(settings.home),
        "VERBATIM_PORT": str(settings.port),
        "VERBATIM_RASA_PORT": str(settings.rasa_port),
        "VERBATIM_ACTIONS_PORT": str(settings.actions_port),
        "VERBATIM_DB_URL": settings.database_url,
        "VERBATIM_INTERNAL_TOKEN": internal_token,
        "PYTHONUNBUFFERED": "1",
        **COMPILED,
    }
    if settings.tracker_db_url:
        shared["VERBATIM_TRACKER_DB_URL"] = settings.tracker_db_url
    python = sys.executable
    return (
        _process("actions", (python, "-m", "actions.server"), settings.actions_port, shared),
        _process(
            "rasa",
            (str(RASA_PYTHON), "-m", "bot.rasa_components.launch"),
            settings.rasa_port,
            shared,
        ),
        ProcessSpec(
            name="gateway",
            command=(python, "-m", "uvicorn", *_uvicorn_options(settings)),
            host=settings.host,
            port=settings.port,
            port_variable="VERBATIM_PORT",
            cwd=ROOT,
            env=shared,
        ),
    )


def _process(name: str, command: tuple[str, ...], port: int, env: dict[str, str]) -> ProcessSpec:
    variable = f"VERBATIM_{name.upper()}_PORT"
    return ProcessSpec(name, command, LOOPBACK, port, variable, ROOT, env)


def _uvicorn_options(settings: Settings) -> Iterable[str]:
    yield from ("--factory", "bot.gateway.app:create_app")
    yield from ("--host", settings.host, "--port", str(settings.port))
    yield from ("--timeout-graceful-shutdown", str(GATEWAY_GRACE_SECONDS))
    # The gateway itself decides whose X-Forwarded-For it believes: VERBATIM_TRUSTED_PROXIES.
    yield "--no-proxy-headers"
    yield from ("--no-access-log", "--no-server-header", "--log-level", "warning")


def address(settings: Settings) -> str:
    """The address to open in a browser of this machine."""
    host = ANYWHERE.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def health_url(settings: Settings) -> str:
    """The page that is 200 once questions are answered."""
    return f"{address(settings)}/healthz"
