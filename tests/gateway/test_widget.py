import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.state.records import AuditEntry
from bot.state.tables import WidgetSession

SHOP = "https://shop.example.com"
SESSION = "/api/v1/widget/session"


@pytest.fixture
def shop(start):
    return start(VERBATIM_WIDGET_ORIGINS=f"{SHOP}, http://localhost:3000")


def visit(gateway, origin=SHOP, **headers):
    return gateway.client.post(SESSION, headers={"Origin": origin} | headers)


def bearer(gateway, origin=SHOP):
    return {"Authorization": f"Bearer {visit(gateway, origin).json()['token']}"}


def test_a_listed_page_gets_a_visitors_token(shop):
    response = visit(shop)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert response.headers["Vary"] == "Origin"
    assert "set-cookie" not in response.headers
    reply = response.json()
    ends = datetime.fromisoformat(reply["expires_at"]) - datetime.now(UTC)
    assert timedelta(hours=11, minutes=59) < ends <= timedelta(hours=12)
    headers = {"Authorization": f"Bearer {reply['token']}"}
    me = shop.client.get("/api/v1/me", headers=headers).json()
    assert me == {"name": "Visitor", "role": "guest", "csrf": None}
    asked = shop.client.post("/api/v1/chat", json={"message": "a"}, headers=headers)
    assert asked.status_code == 200
    assert shop.rasa.asked[0]["metadata"]["viewer"] == {"name": "Visitor", "role": "guest"}
    assert re.match("guest-[0-9a-f]{32}:", shop.rasa.asked[0]["sender"])


def test_two_visitors_never_share_a_conversation(shop):
    first, second = bearer(shop), bearer(shop)
    body = {"message": "a", "conversation_id": "c"}
    for headers in (first, second):
        shop.client.post("/api/v1/chat", json=body, headers=headers)
    assert len({asked["sender"] for asked in shop.rasa.asked}) == 2


FOREIGN = [
    "https://evil.example.com",
    "http://shop.example.com",
    "https://shop.example.com:8443",
    "https://shop.example.com.evil.com",
    "https://evilshop.example.com",
    "https://shop.example.com/",
    "https://SHOP.example.com",
    "null",
    "",
    "*",
]


@pytest.mark.parametrize("origin", FOREIGN)
def test_any_other_page_is_refused(shop, origin):
    for method in ("POST", "OPTIONS"):
        response = shop.client.request(method, SESSION, headers={"Origin": origin})
        assert response.status_code == 403
        assert "VERBATIM_WIDGET_ORIGINS" in response.json()["error"]["message"]
        assert "Access-Control-Allow-Origin" not in response.headers


def test_without_an_origin_or_a_list_there_is_no_token(shop, start):
    assert shop.client.post(SESSION).status_code == 403
    assert visit(start()).status_code == 403


def test_the_browser_may_ask_first(shop):
    response = shop.client.options(
        SESSION,
        headers={
            "Origin": "http://localhost:3000",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert response.headers["Access-Control-Allow-Methods"] == "POST"


def test_nothing_else_may_be_read_by_another_page(shop):
    headers = bearer(shop) | {"Origin": SHOP}
    for method, path in (("GET", "/api/v1/me"), ("POST", "/api/v1/chat"), ("GET", "/healthz")):
        response = shop.client.request(method, path, json={"message": "a"}, headers=headers)
        assert "Access-Control-Allow-Origin" not in response.headers
    assert shop.client.options("/api/v1/chat", headers={"Origin": SHOP}).status_code == 405


def test_a_token_of_one_page_is_none_on_another(shop):
    headers = bearer(shop)

    def status(origin):
        return shop.client.get("/api/v1/me", headers=headers | {"Origin": origin}).status_code

    assert status(SHOP) == 200
    assert status("http://testserver") == 200  # the widget's own frame
    assert status("https://public.name.example") == 401
    headers["Sec-Fetch-Site"] = "same-origin"
    assert status("https://public.name.example") == 200  # the same behind a proxy that renames
    headers["Sec-Fetch-Site"] = "cross-site"
    assert status("http://localhost:3000") == 401  # listed, but not where it was given
    assert status("https://evil.example.com") == 401
    assert status("null") == 401


def test_a_token_ends_when_its_page_is_no_longer_listed(shop, start):
    headers = bearer(shop)
    fewer = start(VERBATIM_WIDGET_ORIGINS="http://localhost:3000")
    assert fewer.client.get("/api/v1/me", headers=headers).status_code == 401


def test_an_expired_token_is_dead_and_swept_out(shop):
    headers = bearer(shop)
    with shop.database.session() as session:
        past = datetime.now(UTC) - timedelta(seconds=1)
        session.execute(update(WidgetSession).values(expires_at=past))
    assert shop.client.get("/api/v1/me", headers=headers).status_code == 401
    visit(shop)
    with shop.database.session() as session:
        assert session.query(WidgetSession).count() == 1


def test_a_token_is_kept_as_a_digest(shop):
    token = visit(shop).json()["token"]
    with shop.database.session() as session:
        assert token not in str([vars(row) for row in session.query(WidgetSession)])


def test_a_visitor_can_only_ask(shop):
    headers = bearer(shop)
    for method, path, body in (
        ("POST", "/api/v1/sentiment", {"texts": ["a"]}),
        ("POST", "/api/v1/feedback", {"reviews": [{"product_id": "p", "body": "x"}]}),
        ("GET", "/api/v1/conversations/c/turns/m/answers/0/table.csv", None),
    ):
        assert shop.client.request(method, path, json=body, headers=headers).status_code == 403


def test_visits_of_an_address_are_limited(shop):
    codes = [visit(shop).status_code for _ in range(31)]
    assert codes == [200] * 30 + [429]
    assert visit(shop).headers["Access-Control-Allow-Origin"] == SHOP


def test_a_visit_is_audited(shop):
    visit(shop)
    with shop.database.session() as session:
        [entry] = session.query(AuditEntry)
        assert (entry.action, entry.kind, entry.role) == ("sign_in", "widget", "guest")


def test_only_the_widget_may_be_framed_and_only_by_the_listed(shop):
    framed = shop.client.get("/widget")
    policy = framed.headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors 'self' {SHOP} http://localhost:3000")
    assert "unsafe-eval" not in policy
    assert "X-Frame-Options" not in framed.headers
    assert framed.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    for path in ("/", "/c/abc", "/docs", "/widget.js", "/api/v1/me", "/static/main.js"):
        headers = shop.client.get(path).headers
        assert headers["X-Frame-Options"] == "DENY", path
        assert headers["Content-Security-Policy"].endswith("frame-ancestors 'none'"), path


def test_the_script_may_be_loaded_by_any_page(shop):
    assert shop.client.get("/widget.js").headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    other = shop.client.get("/static/main.js").headers["Cross-Origin-Resource-Policy"]
    assert other == "same-origin"
