"""What Rasa makes of messages: parsed by the trained model in Rasa's own environment."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from actions.answer import parsed_message
from analytics.types import ParsedMessage
from bot.processes.stack import RASA_PYTHON
from tests.bench.figures import Times
from tests.bench.machine import ROOT

SCRIPT = Path(__file__).with_name("in_rasa.py")


@dataclass(frozen=True, slots=True)
class Parse:
    """One message, parsed and timed."""

    parsed: ParsedMessage
    times: Times


def parses(home: Path, messages: Sequence[str], repeats: int = 1) -> dict[str, Parse]:
    """Each distinct message with what Rasa made of it. Raises RuntimeError where Rasa fails."""
    distinct = list(dict.fromkeys(messages))
    model = home / "nlu" / "models" / (home / "nlu" / "current").read_text(encoding="utf-8").strip()
    done = subprocess.run(
        [str(RASA_PYTHON), str(SCRIPT), str(model), str(repeats)],
        cwd=ROOT,
        input=json.dumps(distinct),
        env={**os.environ, "VERBATIM_ENCODER": str((home / "models" / "act_encoder").absolute())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the messages could not be parsed:\n{done.stderr[-2000:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    return {
        message: Parse(parsed_message(entry["parsed"]), Times(tuple(entry["ms"])))
        for message, entry in zip(distinct, found, strict=True)
    }
