import json

import pytest
from starlette.testclient import TestClient

from bot.gateway.addresses import address_of
from bot.gateway.app import create_app
from bot.settings import Settings, SettingsError
from bot.state.signin import create_login_code

FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


def client_of(gateway, address):
    """A client of the same app that connects from another address."""
    return TestClient(gateway.app, client=(address, 5000), raise_server_exceptions=False)


def sign_in(gateway, address, headers):
    client = client_of(gateway, address)
    code = create_login_code(gateway.database, "admin")
    response = client.get(f"/login?code={code}", headers=headers, follow_redirects=False)
    return response.headers["set-cookie"]


def test_behind_a_trusted_proxy_the_cookie_is_for_https_alone(start):
    gateway = start(VERBATIM_TRUSTED_PROXIES="10.0.0.0/8, 192.0.2.1")
    for proxy in ("10.1.2.3", "192.0.2.1"):
        cookie = sign_in(gateway, proxy, FORWARDED)
        assert cookie.startswith("__Host-verbatim_session=")
        assert "Secure" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_anybody_elses_word_on_it_does_not_count(start):
    for gateway in (start(VERBATIM_TRUSTED_PROXIES="10.0.0.0/8"), start()):
        cookie = sign_in(gateway, "203.0.113.7", FORWARDED)
        assert cookie.startswith("verbatim_session=")
        assert "Secure" not in cookie


def test_a_cookie_of_plain_http_is_none_on_https(start):
    gateway = start(VERBATIM_TRUSTED_PROXIES="10.0.0.0/8")
    value = sign_in(gateway, "10.0.0.1", {}).partition("=")[2].partition(";")[0]
    client = client_of(gateway, "10.0.0.1")
    plain = {"Cookie": f"verbatim_session={value}"}
    assert client.get("/api/v1/me", headers=plain).status_code == 200
    assert client.get("/api/v1/me", headers=plain | FORWARDED).status_code == 401
    secure = FORWARDED | {"Cookie": f"__Host-verbatim_session={value}"}
    assert client.get("/api/v1/me", headers=secure).status_code == 200


def test_addresses_behind_a_proxy_are_limited_apart(start):
    gateway = start(VERBATIM_TRUSTED_PROXIES="10.0.0.0/8", VERBATIM_RATE_PER_MINUTE_ADDRESS="2")
    proxy = client_of(gateway, "10.0.0.1")

    def codes(address):
        headers = {"X-Forwarded-For": address}
        return [proxy.get("/api/v1/me", headers=headers).status_code for _ in range(3)]

    assert codes("203.0.113.1") == [401, 401, 429]
    assert codes("203.0.113.2") == [401, 401, 429]
    # What a client writes itself stands before what the proxy adds, and counts for nothing.
    assert codes("198.51.100.7, 203.0.113.2") == [429] * 3


def test_a_client_cannot_choose_its_address(start):
    gateway = start(VERBATIM_RATE_PER_MINUTE_ADDRESS="2")
    client = client_of(gateway, "203.0.113.7")
    codes = [
        client.get("/api/v1/me", headers={"X-Forwarded-For": f"198.51.100.{n}"}).status_code
        for n in range(3)
    ]
    assert codes == [401, 401, 429]


@pytest.mark.parametrize(
    ("client", "address"),
    [
        (("203.0.113.7", 5), "203.0.113.7"),
        (("2001:db8:1:2:3:4:5:6", 5), "2001:db8:1:2::/64"),
        (("2001:db8:1:2:ffff::1", 5), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 5), "fe80::/64"),
        (("::ffff:203.0.113.7", 5), "203.0.113.7"),
        (("testclient", 5), "testclient"),
        (None, "unknown"),
    ],
)
def test_an_ipv6_client_is_its_network(client, address):
    assert address_of({"type": "http", "client": client}) == address


def test_the_log_has_the_address_of_who_is_not_signed_in(gateway, capsys):
    client_of(gateway, "203.0.113.7").get("/" + "x" * 5000)
    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line)["address"] == "203.0.113.7"
    assert len(line) < 500
    gateway.chat("a")
    assert "address" not in json.loads(capsys.readouterr().err.splitlines()[-1])


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("VERBATIM_TRUSTED_PROXIES", "*"),
        ("VERBATIM_TRUSTED_PROXIES", "proxy.example.com"),
        ("VERBATIM_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("VERBATIM_WIDGET_ORIGINS", "*"),
        ("VERBATIM_WIDGET_ORIGINS", "https://*.example.com"),
        ("VERBATIM_WIDGET_ORIGINS", "https://example.com/shop"),
        ("VERBATIM_WIDGET_ORIGINS", "https://example.com/"),
        ("VERBATIM_WIDGET_ORIGINS", "example.com"),
        ("VERBATIM_WIDGET_ORIGINS", "ftp://example.com"),
        ("VERBATIM_WIDGET_ORIGINS", "https://a:b@example.com"),
        ("VERBATIM_WIDGET_ORIGINS", "https://example.com; script-src *"),
        ("VERBATIM_WIDGET_ORIGINS", "https://example.com:99999"),
        ("VERBATIM_WIDGET_ORIGINS", "null"),
        ("VERBATIM_CONVERSATION_DAYS", "0"),
    ],
)
def test_a_bad_setting_is_named_at_the_start(variable, value):
    with pytest.raises(SettingsError, match=variable):
        create_app(Settings.load({variable: value}))


def test_origins_are_kept_as_browsers_write_them():
    given = "HTTPS://Shop.Example.com:443, http://localhost:3000,https://b\u00fccher.example"
    settings = Settings.load({"VERBATIM_WIDGET_ORIGINS": given})
    assert settings.widget_origins == (
        "https://shop.example.com",
        "http://localhost:3000",
        "https://xn--bcher-kva.example",
    )
