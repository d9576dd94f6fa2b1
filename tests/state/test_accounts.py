from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from bot.state import passwords
from bot.state.accounts import (
    AccountError,
    add_account,
    close_demo_account,
    disable_account,
    find_account,
    list_accounts,
    open_demo_account,
    owner_of,
    set_password,
)
from bot.state.database import open_state
from bot.state.passwords import PasswordError, hash_password, is_password
from bot.state.signin import find_session, start_session
from bot.state.tables import UserAccount

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch):
    monkeypatch.setattr(passwords, "hasher", lambda: PasswordHasher(1, 64, 1))


@pytest.fixture
def database(tmp_path):
    opened = open_state(f"sqlite:///{tmp_path / 'state.db'}")
    yield opened
    opened.close()


@pytest.fixture
def ana(database):
    return add_account(database, "Ana@Example.com", "Ana", "viewer", PASSWORD)


def stored(database, account):
    with database.session() as session:
        return session.get_one(UserAccount, account.id).password_hash


def test_the_real_parameters_are_those_of_rfc_9106(monkeypatch):
    monkeypatch.undo()
    assert hash_password(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_an_account_is_found_by_login_and_password_alone(database, ana):
    found = find_account(database, " ana@EXAMPLE.com", PASSWORD)
    assert found is not None
    assert (found.login, found.name, found.role) == ("ana@example.com", "Ana", "viewer")
    assert found.last_sign_in_at is not None
    assert find_account(database, "ana@example.com", PASSWORD + " ") is None
    assert find_account(database, "ana", PASSWORD) is None
    assert find_account(database, "", "") is None
    assert find_account(database, "ana@example.com", "") is None


def test_the_password_is_kept_as_a_hash_with_its_own_salt(database, ana):
    ben = add_account(database, "ben", "", "viewer", PASSWORD)
    first, second = stored(database, ana), stored(database, ben)
    assert first != second
    assert first.startswith("$argon2id$")
    assert PASSWORD not in first


def test_the_same_characters_in_another_form_are_the_same_password(database):
    add_account(database, "ana", "", "viewer", "cafe\u0301 au lait")
    assert find_account(database, "ana", "caf\u00e9 au lait") is not None


@pytest.mark.parametrize("password", ["", "short", "123456789", "x" * 257])
def test_a_password_has_a_length(database, ana, password):
    with pytest.raises(PasswordError, match="10 to 256"):
        add_account(database, "ben", "", "viewer", password)
    with pytest.raises(PasswordError, match="10 to 256"):
        set_password(database, ana.login, password)


@pytest.mark.parametrize("login", ["", " ", "a b", "a:b", "-x", "é", "x" * 121, "a\nb", "<b>"])
def test_a_login_is_a_name_or_an_address(database, login):
    with pytest.raises(AccountError, match="e-mail"):
        add_account(database, login, "", "viewer", PASSWORD)


def test_a_login_belongs_to_one_account(database, ana):
    with pytest.raises(AccountError, match="verbatim user password"):
        add_account(database, "ANA@example.com", "", "admin", PASSWORD)


def test_a_role_must_exist(database):
    with pytest.raises(ValueError, match="no role"):
        add_account(database, "ben", "", "root", PASSWORD)
    assert list_accounts(database) == ()


def test_a_disabled_account_is_closed_until_it_gets_a_password(database, ana):
    secret = start_session(database, ana.owner, "Ana", "viewer", account_id=ana.id)
    assert find_session(database, secret) is not None
    disabled = disable_account(database, ana.login)
    assert disable_account(database, ana.login).disabled_at == disabled.disabled_at
    assert find_account(database, ana.login, PASSWORD) is None
    assert find_session(database, secret) is None
    set_password(database, ana.login, "another password")
    assert find_account(database, ana.login, "another password") is not None
    assert find_session(database, secret) is None


def test_a_session_that_began_while_the_account_was_being_disabled_is_dead(database, ana):
    disable_account(database, ana.login)
    late = start_session(database, ana.owner, "Ana", "viewer", account_id=ana.id)
    assert find_session(database, late) is None


def test_what_does_not_exist_is_named(database):
    for change in (disable_account, lambda d, login: set_password(d, login, PASSWORD)):
        with pytest.raises(AccountError, match="verbatim user list"):
            change(database, "nobody")
    assert owner_of(database, "nobody") is None


def test_a_hash_with_other_parameters_is_made_anew_at_sign_in(database, ana, monkeypatch):
    monkeypatch.setattr(passwords, "hasher", lambda: PasswordHasher(2, 128, 1))
    assert find_account(database, ana.login, "wrong password") is None
    assert "t=1" in stored(database, ana)
    assert find_account(database, ana.login, PASSWORD) is not None
    assert "m=128,t=2" in stored(database, ana)


def test_a_stored_hash_that_is_none_matches_nothing():
    assert not is_password("", PASSWORD)
    assert not is_password("$argon2id$nonsense", PASSWORD)
    assert not is_password(None, PASSWORD)


def test_the_demo_account_has_a_new_password_each_time(database):
    first = open_demo_account(database)
    second = open_demo_account(database)
    assert first != second
    assert find_account(database, "demo", first) is None
    assert find_account(database, "demo", second) is not None
    close_demo_account(database)
    assert find_account(database, "demo", second) is None
    assert find_account(database, "demo", open_demo_account(database)) is not None
    with pytest.raises(AccountError, match="demo account"):
        add_account(database, "Demo", "", "admin", PASSWORD)


def test_closing_a_demo_account_that_never_was_makes_none(database):
    close_demo_account(database)
    assert list_accounts(database) == ()


def test_the_list_shows_no_hash(database, ana):
    [listed] = list_accounts(database)
    assert listed.created_at <= datetime.now(UTC)
    assert "argon2" not in str(listed)
