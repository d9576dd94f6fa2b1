"""The three real processes on a warehouse of hostile names and words, started once."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.hostile.data import write
from tests.questions.stack import Stack, prepared_home, serving

LOUD = "hunter2-do-not-log-me-0123456789"


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The product, with a secret that must never show."""
    folder = tmp_path_factory.mktemp("hostile")
    home = prepared_home("own", folder / "home", write(folder / "data"))
    with serving(home, {"VERBATIM_INTERNAL_TOKEN": LOUD, "VERBATIM_LOG_LEVEL": "info"}) as stack:
        yield stack


@pytest.fixture(scope="session")
def client(hostile: Stack) -> Iterator[httpx.Client]:
    """A client that sends what it is told; no header is signed by itself."""
    with httpx.Client(base_url=hostile.address, timeout=60, trust_env=False) as http:
        yield http
