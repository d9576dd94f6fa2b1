"""``verbatim ask``: a question on the command line, answered by the running bot."""

import json
import os
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import httpx
from rich.console import Console

from bot.processes.stack import address
from bot.render.terminal import render_answer
from bot.settings import Settings

TOKEN_VARIABLE = "VERBATIM_TOKEN"
LABEL = "verbatim ask on this machine"
TIMEOUT_S = 60.0

Reply = dict[str, Any]


class AskError(click.ClickException):
    """The question could not be put, or was refused; the message says what to do."""


@click.command("ask")
@click.argument("message", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the API's answer as it is.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="The day that counts as today.")
@click.option("--conversation", help="Go on with this conversation (its id).")
@click.option("--url", help="Address of the bot; without it, the one on this machine.")
def command(
    message: str | None,
    as_json: bool,
    today: datetime | None,
    conversation: str | None,
    url: str | None,
) -> None:
    """Ask a question and print the answer; without one, ask several in a row.

    Uses the token in VERBATIM_TOKEN. On the machine of the bot, none is needed.
    """
    settings = Settings.load()
    day = today.date().isoformat() if today else None
    with httpx.Client(timeout=TIMEOUT_S, trust_env=url is not None) as http:
        asker = Asker(http, settings, url, day)
        if message is not None:
            _print(asker.ask(message, conversation), as_json)
        else:
            _converse(asker, conversation or uuid.uuid4().hex, as_json)


class Asker:
    """Puts questions to the API. Raises AskError where that fails."""

    def __init__(
        self, http: httpx.Client, settings: Settings, url: str | None, today: str | None
    ) -> None:
        self._http = http
        self._settings = settings
        self._local = url is None
        self._base = (url or address(settings)).rstrip("/")
        self._today = today
        self._token: str | None = None

    def ask(self, message: str, conversation: str | None) -> Reply:
        """The API's answer."""
        body = {"message": message, "conversation_id": conversation, "today": self._today}
        response = self._post(body)
        if response.status_code == httpx.codes.UNAUTHORIZED and self._may_make_token():
            self._token = _new_local_token(self._settings)
            response = self._post(body)
        if response.status_code != httpx.codes.OK:
            raise AskError(_problem(response))
        reply: Reply = response.json()
        return reply

    def _post(self, body: Reply) -> httpx.Response:
        if self._token is None:
            self._token = self._find_token()
        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            return self._http.post(f"{self._base}/api/v1/chat", json=body, headers=headers)
        except httpx.ConnectError:
            hint = "start it with `make run`." if self._local else "check the address."
            raise AskError(f"The bot does not run at {self._base}: {hint}") from None
        except httpx.TimeoutException:
            raise AskError(f"No answer from {self._base} within {TIMEOUT_S:.0f} s.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise AskError(f"{self._base} cannot be asked: {error}") from None

    def _find_token(self) -> str:
        given = os.environ.get(TOKEN_VARIABLE, "").strip()
        if given:
            return given
        if not self._local:
            raise AskError(f"Set {TOKEN_VARIABLE} to a token of {self._base}.")
        kept = _token_file(self._settings)
        if kept.is_file():
            return kept.read_text(encoding="ascii").strip()
        return _new_local_token(self._settings)

    def _may_make_token(self) -> bool:
        return self._local and not os.environ.get(TOKEN_VARIABLE, "").strip()


def _token_file(settings: Settings) -> Path:
    return settings.home / "ask-token"


def _new_local_token(settings: Settings) -> str:
    """A token of one's own in the home folder, readable by its owner alone.

    Whoever may write the state database may do everything anyway, so this gives no right away.
    """
    from bot.state.database import open_state
    from bot.state.tokens import create_token

    database = open_state(settings.database_url)
    try:
        token = create_token(database, "admin", LABEL)
    finally:
        database.close()
    path = _token_file(settings)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token)
    return token


def _problem(response: httpx.Response) -> str:
    """What the API says is wrong, with the request id where it is its own fault."""
    try:
        error = response.json()["error"]
        message, request_id = str(error["message"]), str(error["request_id"])
    except (ValueError, KeyError, TypeError):
        return f"{response.url} answered with status {response.status_code}: is it Verbatim?"
    by_us = response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR
    return f"{message} (request {request_id})" if by_us else message


def _print(reply: Reply, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(reply, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    for answer in reply["answers"]:
        console.print(render_answer(answer), soft_wrap=False)


def _converse(asker: Asker, conversation: str, as_json: bool) -> None:
    """Ask until an empty line or the end of the input; a refused question does not end it."""
    click.echo("Ask about your customers; an empty line ends.", err=True)
    while message := _read():
        try:
            _print(asker.ask(message, conversation), as_json)
        except AskError as error:
            error.show()


def _read() -> str:
    try:
        prompted: str = click.prompt("", "", prompt_suffix="? ", show_default=False, err=True)
    except click.Abort:
        return ""
    return prompted.strip()
