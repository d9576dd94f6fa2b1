import contextlib
import shutil
import socket
import threading
import time
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.gateway.app import create_app
from bot.settings import Settings
from bot.state.database import StateDatabase, open_state
from bot.state.tokens import create_token
from tests.gateway.fake_rasa import FakeRasa


@dataclass
class Gateway:
    """The app in front of the stand-in, and a client that is signed in with a token."""

    app: FastAPI
    client: TestClient
    rasa: FakeRasa
    database: StateDatabase
    settings: Settings
    tokens: dict[str, str] = field(default_factory=dict)

    def headers(self, role="viewer"):
        if role not in self.tokens:
            self.tokens[role] = create_token(self.database, role)
        return {"Authorization": f"Bearer {self.tokens[role]}"}

    def post(self, path, body=None, role="viewer", **options) -> httpx.Response:
        headers = self.headers(role) | options.pop("headers", {})
        return self.client.post(path, json=body, headers=headers, **options)

    def get(self, path, role="viewer", **options) -> httpx.Response:
        headers = self.headers(role) | options.pop("headers", {})
        return self.client.get(path, headers=headers, **options)

    def chat(self, message, role="viewer", headers=None, **fields) -> httpx.Response:
        body = {"message": message, **fields}
        return self.post("/api/v1/chat", body, role, headers=headers or {})


@pytest.fixture
def rasa():
    fake = FakeRasa()
    yield fake
    fake.close()


@pytest.fixture(scope="session")
def new_state(tmp_path_factory):
    """A state database without a row: copied, it saves each test the migrations."""
    file = tmp_path_factory.mktemp("state") / "state.db"
    open_state(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def start(rasa, tmp_path, new_state):
    """Starts gateways with given settings; all are closed at the end."""
    with contextlib.ExitStack() as stack:

        def started(**variables: str) -> Gateway:
            env = {
                "VERBATIM_HOME": str(tmp_path / "home"),
                "VERBATIM_PORT": "8380",
                "VERBATIM_RASA_PORT": str(rasa.port),
                # One stand-in plays both; Settings wants two ports, so give it another name for it.
                "VERBATIM_ACTIONS_PORT": str(_second(stack).port),
            } | variables
            settings = Settings.load(env)
            _publish(settings)
            if not (settings.home / "state.db").exists():
                shutil.copy(new_state, settings.home / "state.db")
            app = create_app(settings)
            client = stack.enter_context(TestClient(app, raise_server_exceptions=False))
            database = open_state(settings.database_url)
            stack.callback(database.close)
            return Gateway(app, client, rasa, database, settings)

        yield started


@pytest.fixture
def gateway(start):
    return start()


def _second(stack) -> FakeRasa:
    actions = FakeRasa()
    stack.callback(actions.close)
    return actions


def _publish(settings: Settings) -> None:
    folder = settings.home / "warehouse"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "20261020-1.duckdb").write_bytes(b"")
    (folder / "current").write_text("20261020-1.duckdb")


@dataclass
class Served:
    """A gateway on a real port, for clients that are processes or browsers."""

    url: str
    env: dict[str, str]
    settings: Settings
    rasa: FakeRasa


@pytest.fixture
def served(rasa, tmp_path):
    """The gateway under uvicorn on a free loopback port, in a thread."""
    with serving(rasa, tmp_path) as gateway:
        yield gateway


@contextlib.contextmanager
def serving(rasa, tmp_path, **variables):
    """A served gateway with given settings."""
    with contextlib.ExitStack() as stack:
        env = {
            "VERBATIM_HOME": str(tmp_path / "home"),
            "VERBATIM_PORT": str(_free_port()),
            "VERBATIM_RASA_PORT": str(rasa.port),
            "VERBATIM_ACTIONS_PORT": str(_second(stack).port),
        } | variables
        settings = Settings.load(env)
        _publish(settings)
        config = uvicorn.Config(
            create_app(settings), port=settings.port, log_level="error", access_log=False
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield Served(f"http://127.0.0.1:{settings.port}", env, settings, rasa)
        server.should_exit = True
        thread.join()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
