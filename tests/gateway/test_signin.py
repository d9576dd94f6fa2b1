import threading

import pytest

from bot.state import passwords
from bot.state.accounts import add_account, disable_account, set_password
from bot.state.tables import AuditEntry

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch):
    """One pass over 64 KiB: these tests hash a lot."""
    from argon2 import PasswordHasher

    monkeypatch.setattr(
        "bot.state.passwords.hasher", lambda: PasswordHasher(1, 64, 1, hash_len=16, salt_len=8)
    )


@pytest.fixture
def account(gateway):
    return add_account(gateway.database, "Ana@Example.com", "Ana", "analyst", PASSWORD)


def sign_in(gateway, login="ana@example.com", password=PASSWORD, **options):
    body = {"login": login, "password": password}
    return gateway.client.post("/api/v1/session", json=body, **options)


def attempts(gateway):
    with gateway.database.session() as session:
        entries = session.query(AuditEntry).filter_by(action="sign_in").order_by(AuditEntry.id)
        return [(entry.owner, entry.kind, entry.status) for entry in entries]


def test_a_password_starts_a_session(gateway, account):
    response = sign_in(gateway, " ANA@example.com ")
    assert response.status_code == 204
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    me = gateway.client.get("/api/v1/me").json()
    assert (me["name"], me["role"]) == ("Ana", "analyst")
    csrf = {"X-CSRF-Token": me["csrf"]}
    asked = gateway.client.post("/api/v1/chat", json={"message": "a"}, headers=csrf)
    assert asked.status_code == 200
    assert gateway.rasa.asked[0]["sender"].startswith("account-1:")
    assert gateway.rasa.asked[0]["metadata"]["viewer"] == {"name": "Ana", "role": "analyst"}


def test_an_unknown_login_and_a_wrong_password_look_alike(gateway, account):
    disable_account(gateway.database, account.login)
    add_account(gateway.database, "live", "", "viewer", PASSWORD)
    refused = [
        sign_in(gateway, "nobody@example.com"),
        sign_in(gateway, "live", "wrong password"),
        sign_in(gateway, account.login),
        sign_in(gateway, "", ""),
        sign_in(gateway, "\u202e", "\u0000" * 0),
    ]
    assert {response.status_code for response in refused} == {401}
    assert {response.json()["error"]["message"] for response in refused} == {
        "Login or password is wrong."
    }
    assert all("set-cookie" not in response.headers for response in refused)


def test_an_unknown_login_costs_a_hash(gateway, account, monkeypatch):
    checked = []
    real = passwords.hasher()

    class Recording:
        def verify(self, stored, password):
            checked.append(stored.rpartition("$")[0].rpartition("$")[0])
            return real.verify(stored, password)

    passwords._nobodys.cache_clear()
    passwords._nobodys()
    monkeypatch.setattr(passwords, "hasher", Recording)
    for login in ("nobody", account.login):
        sign_in(gateway, login, "wrong password")
    assert checked == ["$argon2id$v=19$m=64,t=1,p=1"] * 2


def test_the_first_try_ever_costs_the_same_for_every_login(gateway, account, monkeypatch):
    made = []
    monkeypatch.setattr(passwords, "_nobodys", lambda: made.append(1) or "x")
    for login in ("nobody", account.login):
        sign_in(gateway, login, "wrong password")
    assert made == [1, 1]


def test_a_session_ends_with_its_account(gateway, account):
    sign_in(gateway)
    assert gateway.client.get("/api/v1/me").status_code == 200
    disable_account(gateway.database, account.login)
    assert gateway.client.get("/api/v1/me").status_code == 401
    assert sign_in(gateway).status_code == 401


def test_another_password_ends_the_sessions_of_the_old_one(gateway, account):
    sign_in(gateway)
    set_password(gateway.database, account.login, "another password")
    assert gateway.client.get("/api/v1/me").status_code == 401
    assert sign_in(gateway).status_code == 401
    assert sign_in(gateway, password="another password").status_code == 204


def test_guessing_is_stopped_at_a_login(gateway, account):
    codes = [sign_in(gateway, password=f"wrong guess {n}").status_code for n in range(11)]
    assert codes == [401] * 10 + [429]
    refused = sign_in(gateway)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 1
    assert attempts(gateway)[-2:] == [("", "password", 429)] * 2
    assert attempts(gateway)[0] == ("account-1", "password", 401)


def test_a_login_that_does_not_exist_is_limited_alike(gateway):
    codes = [sign_in(gateway, "Nobody", f"wrong guess {n}").status_code for n in range(11)]
    assert codes == [401] * 10 + [429]


def test_guessing_at_many_logins_is_stopped_at_the_address(gateway):
    codes = [sign_in(gateway, f"user{n}").status_code for n in range(31)]
    assert codes == [401] * 30 + [429]


def test_guesses_sent_together_are_counted(gateway, account):
    codes = []
    threads = [
        threading.Thread(target=lambda: codes.append(sign_in(gateway, password="x").status_code))
        for _ in range(14)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [401] * 10 + [429] * 4


def test_signing_in_often_is_no_attack(gateway, account):
    assert {sign_in(gateway).status_code for _ in range(35)} == {204}


def test_a_planted_session_is_not_taken_over(gateway, account):
    gateway.client.cookies.set("verbatim_session", "planted")
    response = sign_in(gateway)
    assert "planted" not in response.headers["set-cookie"]
    gateway.client.cookies.clear()
    gateway.client.cookies.set("verbatim_session", "planted")
    assert gateway.client.get("/api/v1/me").status_code == 401


def test_signing_in_again_ends_the_session_before(gateway, account):
    sign_in(gateway)
    first = gateway.client.cookies["verbatim_session"]
    sign_in(gateway)
    gateway.client.cookies.clear()
    gateway.client.cookies.set("verbatim_session", first)
    assert gateway.client.get("/api/v1/me").status_code == 401


def test_a_change_needs_the_csrf_token_of_this_session(gateway, account):
    sign_in(gateway)
    csrf = gateway.client.get("/api/v1/me").json()["csrf"]
    gateway.client.post(
        "/api/v1/chat",
        json={"message": "a", "conversation_id": "c"},
        headers={"X-CSRF-Token": csrf},
    )
    for method, path, body in (
        ("POST", "/api/v1/chat", {"message": "a"}),
        ("POST", "/api/v1/chat/stream", {"message": "a"}),
        ("PATCH", "/api/v1/conversations/c", {"title": "x"}),
        ("DELETE", "/api/v1/conversations/c", None),
        ("DELETE", "/api/v1/session", None),
    ):
        for headers in ({}, {"X-CSRF-Token": "x"}, {"X-CSRF-Token": csrf + "x"}):
            response = gateway.client.request(method, path, json=body, headers=headers)
            assert response.status_code == 403, (path, headers)
    assert gateway.client.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_page_can_neither_sign_in_nor_change(gateway, account, site):
    elsewhere = {"Sec-Fetch-Site": site}
    assert sign_in(gateway, headers=elsewhere).status_code == 403
    sign_in(gateway)
    csrf = gateway.client.get("/api/v1/me").json()["csrf"]
    response = gateway.client.post(
        "/api/v1/chat", json={"message": "a"}, headers=elsewhere | {"X-CSRF-Token": csrf}
    )
    assert response.status_code == 403


def test_a_form_of_another_site_cannot_sign_in(gateway, account):
    raw = '{"login": "ana@example.com", "password": "correct horse battery"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded"):
        response = gateway.client.post(
            "/api/v1/session", content=raw, headers={"Content-Type": kind}
        )
        assert response.status_code == 422


def test_a_sign_in_without_a_way_says_which_there_are(gateway):
    for body in ({}, {"login": "a"}, {"login": "a", "token": "b"}):
        error = gateway.client.post("/api/v1/session", json=body).json()["error"]
        assert error["message"] == "Send login and password, or token."


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"login": "a"},
        {"password": "b"},
        {"login": "a", "password": "b", "token": "c"},
        {"login": "a", "token": "c"},
        {"login": None, "password": None},
        {"login": "a", "password": "x" * 257},
        {"login": "a" * 201, "password": "b"},
        {"login": ["a"], "password": {"b": 1}},
        {"login": "a", "password": "\ud800"},
        {"token": 3},
        [],
    ],
)
def test_a_bad_sign_in_is_refused_in_words_without_the_password(gateway, body):
    import json

    raw = json.dumps(body)
    response = gateway.client.post(
        "/api/v1/session", content=raw, headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 422
    assert response.json()["error"]["message"]
    assert "xxxx" not in response.text


def test_every_try_is_audited_without_what_was_typed(gateway, account, capsys):
    sign_in(gateway, "my-secret-typed-in-the-wrong-field")
    sign_in(gateway, password="another-secret")
    sign_in(gateway)
    token = gateway.headers()["Authorization"].removeprefix("Bearer ")
    gateway.client.post("/api/v1/session", json={"token": token})
    gateway.client.post("/api/v1/session", json={"token": "vb_wrong"})
    assert attempts(gateway) == [
        ("", "password", 401),
        ("account-1", "password", 401),
        ("account-1", "password", 204),
        ("token-1", "token", 204),
        ("", "token", 401),
    ]
    with gateway.database.session() as session:
        written = str([vars(entry) for entry in session.query(AuditEntry)])
    logged = capsys.readouterr().err
    assert '"sign-in refused"' in logged
    for secret in ("my-secret", "another-secret", PASSWORD, token, "vb_wrong"):
        assert secret not in written
        assert secret not in logged


def test_an_old_hash_is_made_anew(gateway, account, monkeypatch):
    from argon2 import PasswordHasher

    from bot.state.tables import UserAccount

    def stored():
        with gateway.database.session() as session:
            return session.get_one(UserAccount, account.id).password_hash

    before = stored()
    sign_in(gateway)
    assert stored() == before
    monkeypatch.setattr("bot.state.passwords.hasher", lambda: PasswordHasher(2, 128, 1))
    assert sign_in(gateway).status_code == 204
    assert "m=128,t=2" in stored()
    assert sign_in(gateway).status_code == 204
