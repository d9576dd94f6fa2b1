"""The optional language model as the settings describe it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from analytics.language_model.budget import Budget
from analytics.language_model.chat import Connection, LanguageModel
from analytics.language_model.helper import Helper, Uses
from bot.settings import Settings


def open_helper(settings: Settings) -> Helper | None:
    """The helper, its client opening in the background; None where no model is set."""
    if settings.llm is None:
        return None
    provider, _, name = settings.llm.partition(":")
    connection = Connection(
        provider,
        name,
        settings.llm_url,
        settings.llm_key,
        settings.llm_timeout_s,
    )
    budget = Budget(
        settings.home / "language_model.json",
        settings.llm_tokens_per_day,
        lambda: datetime.now(UTC).date(),
    )
    model = LanguageModel(connection, budget)
    threading.Thread(target=model.opened, name="language-model-client", daemon=True).start()
    return Helper(model, Uses("read" in settings.llm_uses, "reword" in settings.llm_uses))
