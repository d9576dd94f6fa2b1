"""What all tests share: where the public data sets are, and one thread per library."""

import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent

# Two test processes on two cores: more threads only get in each other's way.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TOKENIZERS_PARALLELISM"):
    os.environ.setdefault(_name, "false" if _name.startswith("TOKENIZERS") else "1")


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of public data sets (VERBATIM_DATA or ../shared/data); skips without it."""
    folder = Path(os.environ.get("VERBATIM_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no public data sets in {folder} (set VERBATIM_DATA)")
    return folder


KEPT = "kept between runs"
BUILDERS = ("pytest.mark.e2e", "model_home")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling | None:
    """Side by side (``--dist loadscope``) a file stays whole, and one process has all the builders."""
    return _Files(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Side by side the builders begin: they take about as long as all the rest."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: not _is_builder(item.path))


class _Files(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return KEPT if _is_builder(ROOT / file) else file


@cache
def _is_builder(file: Path) -> bool:
    """Whether its tests start the product or build what is kept between runs (models, caches).

    Two of them at once would build the same twice, and wait for each other's files.
    """
    text = file.read_text(encoding="utf-8")
    return any(word in text for word in BUILDERS)


_status = 0


def pytest_sessionfinish(exitstatus: int) -> None:
    """Remember how the run ended."""
    global _status
    _status = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """End at once: DuckDB's bindings otherwise complain, after pytest's summary, about objects
    that live until the interpreter ends (Hypothesis keeps some)."""
    if not hasattr(config, "workerinput"):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(_status)
