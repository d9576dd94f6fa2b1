"""The chat model behind the setting, with a time limit and a cap on what it may cost."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analytics.language_model.budget import Budget

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from pydantic import BaseModel

log = logging.getLogger(__name__)

Messages = list[tuple[str, str]]
Ask = Callable[["BaseChatModel", Messages], Any]

PROVIDERS = ("openai", "ollama")
"""``openai`` stands for every server that speaks its protocol."""
MOST_ANSWERED = 800
"""Tokens that one reply may have."""
_CHARACTERS_PER_TOKEN = 3
_AT_ONCE = 4
_NO_KEY = "none"
"""Servers without accounts want some key all the same."""


@dataclass(frozen=True, slots=True)
class Connection:
    """Which model to ask, where, and for how long."""

    provider: str
    model: str
    url: str | None = None
    key: str | None = None
    timeout_s: float = 8.0

    @property
    def name(self) -> str:
        """As the setting names it."""
        return f"{self.provider}:{self.model}"


class LanguageModel:
    """Asks a chat model. Every failure, delay or empty budget is None: nobody depends on it."""

    def __init__(
        self,
        connection: Connection,
        budget: Budget,
        opened: Callable[[Connection], BaseChatModel] | None = None,
    ) -> None:
        self.name = connection.name
        self._connection = connection
        self._budget = budget
        self._open = opened or open_chat
        self._chat: BaseChatModel | None = None
        self._opening = threading.Lock()
        self._places = threading.Semaphore(_AT_ONCE)

    def opened(self) -> BaseChatModel:
        """The client. Its libraries take seconds to import: call this early, so that no question waits."""
        with self._opening:
            if self._chat is None:
                self._chat = self._open(self._connection)
            return self._chat

    def structured(
        self, system: str, data: str, shape: type[BaseModel]
    ) -> Mapping[str, Any] | None:
        """The reply in ``shape`` as plain values; None where there is none to be had."""

        def ask(chat: BaseChatModel, messages: Messages) -> Any:
            shaped = chat.with_structured_output(shape, method="function_calling", include_raw=True)
            return shaped.invoke(messages)

        reply = self._asked(system, data, ask)
        if not isinstance(reply, Mapping):
            return None
        parsed = reply.get("parsed")
        if not isinstance(parsed, shape):
            log.warning("the language model's reply has not the shape that was asked for")
            return None
        return parsed.model_dump()

    def text(self, system: str, data: str) -> str | None:
        """The reply as text; None where there is none to be had."""
        reply = self._asked(system, data, lambda chat, messages: chat.invoke(messages))
        content = getattr(reply, "content", None)
        return content.strip() or None if isinstance(content, str) else None

    def _asked(
        self,
        system: str,
        data: str,
        ask: Ask,
    ) -> Any:
        """One call. The client's own time limit is per read, so the whole call has one here too."""
        expected = (len(system) + len(data)) // _CHARACTERS_PER_TOKEN + MOST_ANSWERED
        if not self._budget.reserve(expected):
            log.warning("the language model's tokens of today are used up")
            return None
        used = expected
        try:
            call = self._started(ask, [("system", system), ("human", data)])
            reply = call.result(self._connection.timeout_s)
            used = _tokens(reply) or expected
        except TooLate:
            log.warning("the language model took too long")
        except Exception as error:
            # Its errors may quote what was sent, so only their kind is logged.
            log.warning("the language model failed: %s", type(error).__name__)
        else:
            return reply
        finally:
            self._budget.settle(expected, used)
        return None

    def _started(self, ask: Ask, messages: Messages) -> Future[Any]:
        """The call in a thread of its own: a reply that comes in drops holds up nobody, nor the end."""
        if not self._places.acquire(blocking=False):
            raise TooLate
        outcome: Future[Any] = Future()

        def call() -> None:
            try:
                outcome.set_result(ask(self.opened(), messages))
            except BaseException as error:
                outcome.set_exception(error)
            finally:
                self._places.release()

        threading.Thread(target=call, name="language-model", daemon=True).start()
        return outcome


def open_chat(connection: Connection) -> BaseChatModel:
    """The client, through LangChain. Nothing is sent yet."""
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"temperature": 0}
    if connection.url:
        options["base_url"] = connection.url
    if connection.provider == "ollama":
        options |= {
            "num_predict": MOST_ANSWERED,
            "client_kwargs": {"timeout": connection.timeout_s},
        }
    else:
        options |= {
            "api_key": connection.key or _NO_KEY,
            "timeout": connection.timeout_s,
            "max_retries": 0,
            "max_tokens": MOST_ANSWERED,
        }
    chat: BaseChatModel = init_chat_model(
        connection.model, model_provider=connection.provider, **options
    )
    return chat


def _tokens(reply: Any) -> int:
    """Tokens that the server says the call took; 0 where it does not say."""
    raw = reply.get("raw") if isinstance(reply, Mapping) else reply
    usage = getattr(raw, "usage_metadata", None) or {}
    total = usage.get("total_tokens", 0)
    return total if isinstance(total, int) and total > 0 else 0
