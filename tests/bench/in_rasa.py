"""Parse messages with the trained model, in Rasa's environment (Python 3.10), and time it.

    .venv-rasa/bin/python tests/bench/in_rasa.py MODEL REPEATS < messages.json > parsed.json

Gives, per message, what Rasa made of it and the milliseconds of each repeat. Imports nothing of the
project but the components that the model names.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.rasa_components.fit import quiet

quiet()


async def parse_all(model: str, repeats: int, messages: list[str]) -> list[dict[str, Any]]:
    """Parse every message ``repeats`` times, round by round."""
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    await agent.parse_message("how many reviews did we get last month")
    found: list[dict[str, Any]] = [{"ms": []} for _ in messages]
    for _ in range(repeats):
        for message, entry in zip(messages, found, strict=True):
            started = time.perf_counter()
            parsed = await agent.parse_message(message)
            entry["ms"].append((time.perf_counter() - started) * 1000)
            entry["parsed"] = {key: parsed.get(key) for key in ("text", "intent", "entities")}
    return found


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    result = asyncio.run(parse_all(sys.argv[1], int(sys.argv[2]), asked))
    # Rasa may have printed before; what counts is the last line.
    print("\n" + json.dumps(result, default=str))
