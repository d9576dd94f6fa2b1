"""Parse messages with a trained Rasa model; run as a program of Rasa's environment by parses.py.

    python -m tests.questions.parse_in_rasa MODEL TEXTS.json PARSES.json

TEXTS holds a list of messages; PARSES gets a list of what Rasa makes of each, as its server would.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from bot.rasa_components.fit import quiet

KEPT = ("text", "intent", "entities")


async def parse_all(model: Path, texts: list[str]) -> list[dict[str, object]]:
    """What the model makes of each text."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    parsed = [await agent.parse_message(text) for text in texts]
    return [{name: each[name] for name in KEPT} for each in parsed]


if __name__ == "__main__":
    quiet()
    model, source, target = map(Path, sys.argv[1:])
    found = asyncio.run(parse_all(model, json.loads(source.read_text(encoding="utf-8"))))
    target.write_text(json.dumps(found), encoding="utf-8")
