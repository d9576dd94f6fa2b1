"""Opening the state database: SQLite in WAL mode by default, PostgreSQL by URL."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 5000


class StateError(RuntimeError):
    """The state database cannot be used; the message says what to do."""

    user_facing = True


class StateDatabase:
    """One connection pool over the state database."""

    def __init__(self, url: str) -> None:
        """Prepare the pool; nothing is opened yet."""
        self.url = make_url(url)
        self.engine = _engine(self.url)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A transaction: committed at the end, rolled back on an exception."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_state(url: str) -> StateDatabase:
    """The database at ``url`` with its schema brought up to date.

    Raises StateError where it cannot be reached or written.
    """
    database = _prepared(url)
    try:
        _make_file(database.url)
        migrate(database)
    except StateError:
        database.close()
        raise
    except (SQLAlchemyError, OSError) as error:
        database.close()
        raise StateError(
            f"The state database cannot be opened ({type(error).__name__}): "
            "check VERBATIM_DB_URL, or that VERBATIM_HOME can be written."
        ) from error
    return database


def _prepared(url: str) -> StateDatabase:
    try:
        return StateDatabase(url)
    except ImportError as error:
        raise StateError(
            f"The driver {error.name} of VERBATIM_DB_URL is not installed: "
            "for PostgreSQL, uv pip install 'psycopg[binary]'."
        ) from error
    except SQLAlchemyError:
        # The URL itself is not shown: it may hold a password.
        raise StateError(
            "VERBATIM_DB_URL is not the address of a database: "
            "write sqlite:////path/state.db or postgresql://user:password@host/name."
        ) from None


def migrate(database: StateDatabase) -> None:
    """Bring the schema to the newest version; does nothing where it is.

    Raises StateError where a newer version of the program wrote it.
    """
    current, newest = current_version(database.engine), newest_version()
    if current == newest:
        return
    if current is not None and current > newest:
        raise StateError(
            f"The state database is of a newer version ({current}) than this program ({newest}): "
            "go forward to that one, or put back the backup from before the upgrade."
        )
    # Needed once for each new version: its import would slow down every start.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with _one_at_a_time(database.url), database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def newest_version() -> str:
    """The revision of the last migration: each file is named by its revision, in order."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def current_version(engine: Engine) -> str | None:
    """The revision that the database is at; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return version


@contextmanager
def _one_at_a_time(url: URL) -> Iterator[None]:
    """Take turns by a file lock where processes start together: SQLite has no transactional DDL."""
    path = sqlite_path(url)
    if path is None:
        yield
        return
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def sqlite_path(url: URL) -> Path | None:
    """The file of an SQLite database; None for one in memory or of another kind."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def _make_file(url: URL) -> None:
    path = sqlite_path(url)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Before SQLite does: what people asked is for the bot's own user alone.
        path.touch(mode=0o600)


def _engine(url: URL) -> Engine:
    # Errors are logged: without the values, which are people's words.
    pinged = url.get_backend_name() != "sqlite"
    engine = create_engine(url, pool_pre_ping=pinged, hide_parameters=True)
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, _: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()
