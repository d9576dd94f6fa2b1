"""What all tests share: where the public data sets are, and one thread per library."""

import os
import sys
from pathlib import Path

import pytest

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
