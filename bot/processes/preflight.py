"""What has to be so before anything is started: every problem at once, with what to do."""

import difflib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.processes import ports, stack
from bot.processes.spec import StartError
from bot.settings import ENTRIES, Settings, unknown_variables

LEAST_FREE_GB = 2.0


def check(settings: Settings) -> None:
    """Raise StartError naming every problem: home, catalog, databases, Rasa's environment, ports."""
    problems = list(_problems(settings))
    if problems:
        raise StartError("\n".join(problems))


def warnings(env: Mapping[str, str]) -> Iterator[str]:
    """Variables that look like settings and are none; they change nothing, so a slip goes unseen."""
    known = [entry.variable for entry in ENTRIES]
    for name in unknown_variables(env):
        close = difflib.get_close_matches(name, known, 1, 0.85)
        meant = f" (did you mean {close[0]}?)" if close else ""
        yield f"{name} is set, but is no setting{meant}"


def home_problem(home: Path) -> str | None:
    """What keeps the home folder from being written, made here where it is missing."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        # Tried, not asked for: a file system can be read-only or full whatever the permissions say.
        with tempfile.TemporaryFile(dir=home) as probe:
            probe.write(b"x")
        free = shutil.disk_usage(home).free / 1e9
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return f"The home folder {home} cannot be written ({reason}): choose another, VERBATIM_HOME"
    if free < LEAST_FREE_GB:
        return (
            f"The home folder {home} has {free:.1f} GB left; {LEAST_FREE_GB:.0f} GB are needed: "
            "make room, or choose another, VERBATIM_HOME"
        )
    return None


def _problems(settings: Settings) -> Iterator[str]:
    if problem := home_problem(settings.home):
        yield problem
    if not any(settings.catalog.glob("*.yml")):
        yield (
            f"The catalog folder {settings.catalog} holds no YAML file: set VERBATIM_CATALOG to the "
            "folder of the files that say what can be asked"
        )
    yield from _databases(settings)
    try:
        ports.check(stack.processes(settings, ""))
    except StartError as error:
        yield str(error)


def _databases(settings: Settings) -> Iterator[str]:
    """Only databases that somebody named: the library would stay in the supervisor's memory."""
    if settings.db_url:
        from bot.state.database import StateError, open_state

        try:
            open_state(settings.db_url).close()
        except StateError as error:
            yield str(error)
    if settings.tracker_db_url:
        from sqlalchemy import make_url
        from sqlalchemy.exc import ArgumentError

        try:
            make_url(settings.tracker_db_url)
        except (ArgumentError, ValueError):  # not shown: it may hold a password
            yield (
                "VERBATIM_TRACKER_DB_URL is not the address of a database: "
                "write sqlite:////path/tracker.db or postgresql://user:password@host/name."
            )
