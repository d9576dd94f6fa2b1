from pathlib import Path

import pytest

from analytics.analyst.context import Context
from tests.analytics.core.world import context


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Context:
    """The tiny warehouse with its catalog."""
    path: Path = tmp_path_factory.mktemp("world") / "tiny.duckdb"
    return context(path)
