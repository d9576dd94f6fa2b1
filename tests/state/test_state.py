import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import update

from bot.settings import Settings
from bot.state.database import (
    MIGRATIONS,
    StateError,
    current_version,
    newest_version,
    open_state,
)
from bot.state.records import (
    Audited,
    Feedback,
    live_feedback,
    write_audit,
    write_feedback,
    write_thumb,
)
from bot.state.signin import (
    create_login_code,
    create_login_link,
    csrf_token,
    end_session,
    exchange_code,
    find_session,
)
from bot.state.tables import Base, LoginCode, WebSession
from bot.state.tokens import create_token, find_token, list_tokens, revoke_token


@pytest.fixture
def database(tmp_path):
    opened = open_state(f"sqlite:///{tmp_path / 'deep' / 'state.db'}")
    yield opened
    opened.close()


def test_migrations_give_exactly_the_tables_of_the_code(database):
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_newest_version_is_the_head_of_the_migrations(database):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == newest_version()
    assert current_version(database.engine) == newest_version()


def test_sqlite_runs_in_wal_mode(database):
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_opening_again_keeps_what_is_there(database):
    secret = create_token(database, "viewer")
    again = open_state(str(database.url))
    assert find_token(again, secret) is not None
    again.close()


def test_the_file_is_for_its_owner_alone(database):
    path = Path(database.url.database)
    create_token(database, "viewer")
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.glob("state.db*")}
    assert len(modes) == 3
    assert set(modes.values()) == {0o600}


def test_a_database_of_a_newer_program_is_left_alone(database):
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StateError, match="newer version"):
        open_state(str(database.url))


def test_processes_that_start_together_take_turns(tmp_path):
    url = f"sqlite:///{tmp_path / 'state.db'}"
    failures = []

    def start():
        try:
            open_state(url).close()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_database_that_cannot_be_written_is_a_clear_error(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StateError, match="VERBATIM_HOME"):
        open_state(f"sqlite:///{tmp_path / 'file' / 'state.db'}")


@pytest.mark.parametrize("url", ["nonsense", "xyz://secret@host/db", "mysql+none://secret@h/d"])
def test_a_wrong_address_is_a_clear_error(url):
    with pytest.raises(StateError, match="VERBATIM_DB_URL") as caught:
        open_state(url)
    assert "secret" not in str(caught.value)


def test_a_missing_driver_is_named():
    with pytest.raises(StateError, match="not installed"):
        open_state("mysql+pymysql://h/d")


def test_a_token_is_found_by_its_secret_alone(database):
    secret = create_token(database, "analyst", "reporting")
    token = find_token(database, secret)
    assert token is not None
    assert (token.role, token.label) == ("analyst", "reporting")
    assert token.last_used_at is not None
    assert find_token(database, secret + "x") is None
    assert find_token(database, "") is None
    assert find_token(database, "\udcff") is None


def test_the_secret_is_not_in_the_file(database):
    secret = create_token(database, "admin")
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    content = Path(database.url.database).read_bytes()
    assert secret.encode() not in content


def test_a_revoked_token_is_dead_but_listed(database):
    secret = create_token(database, "admin")
    [token] = list_tokens(database)
    assert revoke_token(database, token.id)
    assert not revoke_token(database, token.id)
    assert not revoke_token(database, 99)
    assert find_token(database, secret) is None
    assert list_tokens(database)[0].revoked_at is not None


def test_a_role_that_does_not_exist_is_refused(database):
    with pytest.raises(ValueError, match="admin, analyst, viewer, guest"):
        create_token(database, "root")


def test_a_login_code_works_once(database):
    code = create_login_code(database, "admin")
    secret = exchange_code(database, code)
    assert secret is not None
    assert exchange_code(database, code) is None
    session = find_session(database, secret)
    assert session is not None
    assert (session.role, session.csrf) == ("admin", csrf_token(secret))
    end_session(database, secret)
    assert find_session(database, secret) is None


def test_old_codes_and_sessions_are_dead(database):
    past = datetime.now(UTC) - timedelta(seconds=1)
    code = create_login_code(database, "admin")
    secret = exchange_code(database, create_login_code(database, "admin"))
    with database.session() as session:
        session.execute(update(LoginCode).values(expires_at=past))
        session.execute(update(WebSession).values(expires_at=past))
    assert exchange_code(database, code) is None
    assert find_session(database, secret) is None


def test_the_login_link_names_an_address_that_can_be_opened(tmp_path):
    settings = Settings.load(
        {"VERBATIM_HOME": str(tmp_path), "VERBATIM_HOST": "0.0.0.0", "VERBATIM_PORT": "8381"}
    )
    link = create_login_link(settings)
    assert link.startswith("http://127.0.0.1:8381/login?code=")
    database = open_state(settings.database_url)
    assert exchange_code(database, link.partition("code=")[2])
    database.close()


def test_live_feedback_is_kept_and_replaced_by_kind_and_id(database):
    write_feedback(
        database, "t1", [Feedback("r1", "review", {"rating": 4}, "positive", 0.5, "joy")]
    )
    [first] = live_feedback(database)
    write_feedback(
        database, "t1", [Feedback("r1", "review", {"rating": 1}), Feedback("r1", "post", {})]
    )
    post, again = live_feedback(database)
    assert (post.kind, post.id, again.kind, again.fields) == ("post", "r1", "review", {"rating": 1})
    assert again.received_at > first.received_at


def test_a_state_of_the_first_version_keeps_its_feedback(tmp_path):
    database = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    write_feedback(database, "t1", [Feedback("r1", "review", {"rating": 4})])
    with database.engine.connect() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.downgrade(config, "0001")
    database.close()
    again = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    assert [row.fields for row in live_feedback(again)] == [{"rating": 4}]
    again.close()


def test_audit_and_thumbs_are_written(database):
    write_audit(database, Audited("req", "t1", "admin", "chat", "trend", 200, 12.34))
    write_thumb(database, "t1", "c1", "req", helped=True)
    path = database.url.database
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT kind, status FROM audit").fetchall() == [("trend", 200)]
        assert connection.execute("SELECT helped FROM thumbs").fetchall() == [(1,)]
    connection.close()
