"""``python3 -m tools.bootstrap``: install what is missing; do nothing where all is there."""

from __future__ import annotations

import fcntl
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.bootstrap import environments, frontend
from tools.bootstrap.problem import SetupProblem
from tools.bootstrap.uv import find_or_bring

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools"


def main() -> int:
    """Set up the checkout; 0 when all is there, 2 when the user has to do something."""
    try:
        if not _all_current():
            _set_up()
    except SetupProblem as problem:
        print(f"Set-up: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Set-up: stopped.", file=sys.stderr)
        return 130
    return 0


def _all_current() -> bool:
    return all(
        environments.is_current(environment, ROOT) for environment in environments.of_project(ROOT)
    ) and frontend.is_current(ROOT)


def _set_up() -> None:
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two set-ups of one checkout wait for each other
        started = time.monotonic()
        _install_all()
        print(f"Set-up done in {time.monotonic() - started:.0f} s", flush=True)


def _install_all() -> None:
    """Both environments side by side; the chat page follows the one that may bring Node."""
    main_one, rasa = environments.of_project(ROOT)
    missing = any(not environments.is_current(one, ROOT) for one in (main_one, rasa))
    uv = find_or_bring(TOOLS, TOOLS / "logs" / "uv.log") if missing else TOOLS

    def main_then_page() -> None:
        _install_one(main_one, uv)
        if not frontend.is_current(ROOT):
            log = TOOLS / "logs" / "frontend.log"
            _timed("Chat page", lambda: frontend.install(ROOT, main_one.folder / "bin", log))

    with ThreadPoolExecutor(max_workers=2) as pool:
        jobs = [pool.submit(main_then_page), pool.submit(_install_one, rasa, uv)]
        for job in jobs:
            job.result()


def _install_one(environment: environments.Environment, uv: Path) -> None:
    if environments.is_current(environment, ROOT):
        return
    name = f"Python {environment.python} packages ({environment.folder.name})"
    log = TOOLS / "logs" / f"{environment.folder.name.lstrip('.')}.log"
    _timed(name, lambda: environments.install(environment, ROOT, uv, log))


def _timed(name: str, step: Callable[[], None]) -> None:
    print(f"{name} ...", flush=True)
    started = time.monotonic()
    step()
    print(f"{name}: {time.monotonic() - started:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
