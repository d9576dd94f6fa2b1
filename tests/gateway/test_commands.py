import json
import os
import stat

import pytest
from click.testing import CliRunner

from bot.commands.ask import command as ask
from bot.commands.token import command as token
from bot.state.database import open_state
from bot.state.tokens import list_tokens, revoke_token
from tests.gateway.fake_rasa import TREND


@pytest.fixture
def run(served, monkeypatch):
    for name, value in served.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("VERBATIM_TOKEN", raising=False)
    return lambda command, *arguments, **options: CliRunner().invoke(command, arguments, **options)


def test_ask_prints_a_readable_answer(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    result = run(ask, "How did sentiment develop?")
    assert result.exit_code == 0
    for part in (
        TREND["text"],
        "41.0 %",
        "Net sentiment",
        "Responses",
        "Revenue",
        "Aug 2026",
        "1,210",
        "120,345.50",
        "<img src=x onerror=alert(1)>",
        "62 % negative, n = 210",
        "And by region?",
        "October is not over",
        "Share of positive reviews minus share of negative ones.",
        "20 Oct 2026",
        "20261020-1",
    ):
        assert part in result.stdout


def test_ask_json_is_the_answer_of_the_api(run):
    result = run(ask, "How?", "--json", "--today", "2026-10-20", "--conversation", "c7")
    reply = json.loads(result.stdout)
    assert reply["answers"] == [TREND]
    assert reply["conversation_id"] == "c7"


def test_the_local_token_is_made_once_for_the_owner_alone(run, served):
    run(ask, "a")
    run(ask, "b")
    path = served.settings.home / "ask-token"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    database = open_state(served.settings.database_url)
    assert len(list_tokens(database)) == 1
    revoke_token(database, 1)
    assert run(ask, "c").exit_code == 0
    database.close()


def test_a_given_token_is_used_and_a_bad_one_named(run, monkeypatch):
    monkeypatch.setenv("VERBATIM_TOKEN", "wrong")
    result = run(ask, "a")
    assert result.exit_code == 1
    assert "token is not valid" in result.stderr


def test_ask_says_how_to_start_the_bot(run, monkeypatch):
    monkeypatch.setenv("VERBATIM_PORT", "8399")
    result = run(ask, "a")
    assert result.exit_code == 1
    assert "make run" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("url", ["nonsense", "http://[", "http://127.0.0.1:8399", "ftp://x"])
def test_a_wrong_address_is_named(run, monkeypatch, url):
    monkeypatch.setenv("VERBATIM_TOKEN", "x")
    result = run(ask, "a", "--url", url)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")


def test_a_local_token_is_never_sent_elsewhere(run):
    result = run(ask, "a", "--url", "http://127.0.0.1:8399")
    assert "VERBATIM_TOKEN" in result.stderr


def test_a_refusal_of_the_api_is_passed_on(run):
    result = run(ask, "  ")
    assert "The message is empty" in result.stderr


def test_several_questions_keep_one_conversation(run, served):
    result = run(ask, input="first\nsecond\n\n")
    assert result.exit_code == 0
    senders = [body["sender"] for body in served.rasa.asked]
    assert len(senders) == 2
    assert len(set(senders)) == 1


def test_token_commands(run):
    created = run(token, "create", "--role", "admin", "--label", "mine [b]")
    secret = created.stdout.strip()
    assert secret.startswith("vb_")
    assert created.stdout == secret + "\n"
    listed = run(token, "list").stdout
    assert "mine [b]" in listed
    assert secret not in listed
    assert run(token, "revoke", "1").exit_code == 0
    assert run(token, "revoke", "1").exit_code == 1
    assert "revoked" in run(token, "list").stdout


def test_token_create_wants_a_role_that_exists(run):
    assert run(token, "create").exit_code == 2
    assert run(token, "create", "--role", "root").exit_code == 2


def test_token_link(run):
    assert "/login?code=" in run(token, "link").stdout
