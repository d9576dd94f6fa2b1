"""Train one of Rasa's pipelines and parse texts with it; run in Rasa's environment (Python 3.10).

    python tests/nlu/in_rasa_pipeline.py CONFIG NLU TEXTS OUT

TEXTS is a JSON list; OUT gets the seconds of training and of processor time, and for each text its
intent (`nlu_fallback` where the fallback took it away), the likeliest intent, its confidence and the
milliseconds.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from bot.rasa_components.fit import quiet  # noqa: E402

quiet()

FALLBACK = "nlu_fallback"


def run(config: Path, nlu: Path, texts: list[str], work: Path) -> dict[str, Any]:
    """Train, load as a server would, and parse one text after the other."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    started, used = time.monotonic(), time.process_time()
    model = train_nlu(str(config), str(nlu), str(work), fixed_model_name=nlu.stem)
    trained, trained_used = time.monotonic() - started, time.process_time() - used
    assert model is not None
    agent = Agent.load(model)
    parses = asyncio.run(_parse_all(agent, texts))
    return {"training_seconds": trained, "training_cpu_seconds": trained_used, "parses": parses}


async def _parse_all(agent: Any, texts: list[str]) -> list[dict[str, Any]]:
    for text in texts[:20]:  # the first ones pay for what is loaded late
        await agent.parse_message(text)
    return [await _parse(agent, text) for text in texts]


async def _parse(agent: Any, text: str) -> dict[str, Any]:
    started = time.perf_counter()
    parsed = await agent.parse_message(text)
    taken = (time.perf_counter() - started) * 1000
    likeliest = next(i for i in parsed["intent_ranking"] if i["name"] != FALLBACK)
    return {
        "intent": parsed["intent"]["name"],
        "likeliest": likeliest["name"],
        "confidence": likeliest["confidence"],
        "ms": taken,
    }


if __name__ == "__main__":
    config, nlu, texts, out = map(Path, sys.argv[1:])
    found = run(config, nlu, json.loads(texts.read_text(encoding="utf-8")), out.parent)
    out.write_text(json.dumps(found), encoding="utf-8")
