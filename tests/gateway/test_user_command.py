import pytest
from click.testing import CliRunner

from bot.commands import user as users
from bot.commands.user import command as user
from bot.state.accounts import find_account
from bot.state.database import open_state

PASSWORD = "correct horse battery"


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("VERBATIM_HOME", str(tmp_path))
    monkeypatch.delenv("VERBATIM_HOST", raising=False)
    return tmp_path


@pytest.fixture
def run(home):
    return lambda *arguments, **options: CliRunner().invoke(user, arguments, **options)


@pytest.fixture
def signs_in(home):
    def tried(login, password):
        database = open_state(f"sqlite:///{home / 'state.db'}")
        found = find_account(database, login, password)
        database.close()
        return found is not None

    return tried


def test_an_account_from_begin_to_end(run, signs_in):
    added = run("add", "Ana@x.de", "--role", "analyst", "--name", "Ana [b]", input=PASSWORD + "\n")
    assert added.exit_code == 0
    assert PASSWORD not in added.output
    assert signs_in("ana@x.de", PASSWORD)
    assert "Ana [b]" in run("list", env={"COLUMNS": "120"}).output
    changed = run("password", "ana@x.de", "--random").output
    random = changed.strip().rpartition(" ")[2]
    assert signs_in("ana@x.de", random)
    assert not signs_in("ana@x.de", PASSWORD)
    assert run("disable", "ANA@x.de").exit_code == 0
    assert not signs_in("ana@x.de", random)
    assert "disabled" in run("list", env={"COLUMNS": "120"}).output


@pytest.mark.parametrize(
    ("arguments", "typed", "said"),
    [
        (("add", "a", "--role", "viewer"), "short\n", "10 to 256"),
        (("add", "a", "--role", "viewer"), "", "10 to 256"),
        (("add", "a b", "--role", "viewer"), PASSWORD, "e-mail"),
        (("add", "demo", "--role", "admin"), PASSWORD, "demo account"),
        (("password", "nobody"), PASSWORD, "no account nobody"),
        (("disable", "nobody"), "", "no account nobody"),
    ],
)
def test_mistakes_are_named_in_one_line(run, arguments, typed, said):
    result = run(*arguments, input=typed)
    assert result.exit_code == 1
    assert said in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_a_role_is_needed_and_must_exist(run):
    assert run("add", "a").exit_code == 2
    assert run("add", "a", "--role", "root").exit_code == 2


def test_no_accounts_yet(run):
    assert "verbatim user add" in run("list").output


def test_the_demo_account_is_open_for_made_up_data_on_loopback_alone(run, signs_in, monkeypatch):
    monkeypatch.setattr(users, "serves_demo", lambda home: True)
    opened = run("demo").output.strip()
    password = opened.removeprefix("login demo, password ")
    assert signs_in("demo", password)
    again = run("demo").output.strip()
    assert again != opened
    assert not signs_in("demo", password)

    password = again.removeprefix("login demo, password ")
    for host in ("0.0.0.0", "::", "192.168.1.5", "example.com"):
        assert run("demo", env={"VERBATIM_HOST": host}).exit_code == 1
        assert not signs_in("demo", password)
        password = run("demo").output.strip().removeprefix("login demo, password ")
    monkeypatch.setattr(users, "serves_demo", lambda home: False)
    assert run("demo").exit_code == 1
    assert not signs_in("demo", password)


def test_without_a_snapshot_there_is_no_demo(home, run):
    assert not users.serves_demo(home)
    assert run("demo").exit_code == 1
