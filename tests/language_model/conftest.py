from datetime import date

import pytest

from analytics.analyst.context import Context
from analytics.language_model.budget import Budget
from analytics.language_model.chat import Connection, LanguageModel
from analytics.language_model.helper import Helper, Uses
from tests.analytics.core.world import context
from tests.language_model.fake_server import Script, chat_server

DAY = date(2026, 3, 20)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """The tiny warehouse with its catalog."""
    return context(tmp_path_factory.mktemp("world") / "tiny.duckdb")


@pytest.fixture
def script():
    return Script()


@pytest.fixture
def address(script):
    with chat_server(script) as address:
        yield address


@pytest.fixture
def budget(tmp_path):
    return Budget(tmp_path / "tokens.json", 100_000, lambda: DAY)


@pytest.fixture
def model(address, budget):
    model = LanguageModel(Connection("openai", "small", address, timeout_s=20.0), budget)
    model.opened()
    return model


@pytest.fixture
def helper(model):
    return Helper(model, Uses(read=True, reword=True))
