"""Rasa as it comes, with an action that gives a fixed answer: the floor of a message's round trip.

Two of them: with a trivial NLU pipeline ("bare"), and with the product's trained model. Both are
`rasa run` of the same version with its REST channel and its default stores in memory.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.processes.stack import RASA_PYTHON
from tests.bench.machine import ROOT
from tests.bench.servers import server
from tests.questions.stack import free_ports

CONFIG = """
recipe: default.v1
assistant_id: bare
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: LogisticRegressionClassifier
policies:
  - name: RulePolicy
    core_fallback_threshold: 0.1
    core_fallback_action_name: action_answer
    enable_fallback_prediction: true
"""
DOMAIN = """
version: "3.1"
intents: [ask, greet]
slots:
  query: {type: any, influence_conversation: false, mappings: [{type: custom}]}
actions: [action_answer]
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
"""
NLU = """
version: "3.1"
nlu:
  - intent: ask
    examples: |
      - how many
      - which
      - revenue
  - intent: greet
    examples: |
      - hello
      - good morning
"""
# Every intent has its rule: without one, Rasa falls back to the action ten times in a turn.
RULES = """
version: "3.1"
rules:
  - rule: ask
    steps: [{intent: ask}, {action: action_answer}]
  - rule: greet
    steps: [{intent: greet}, {action: action_answer}]
"""
FILES = {"config.yml": CONFIG, "domain.yml": DOMAIN, "nlu.yml": NLU, "rules.yml": RULES}
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}


@dataclass(frozen=True, slots=True)
class BareRasa:
    """Webhooks of the two Rasas."""

    bare: str
    own_model: str


@contextmanager
def bare_rasa(home: Path) -> Iterator[BareRasa]:
    """Start both beside one fixed action server; they end with the block."""
    work = home / "bench" / "rasa"
    bare = _bare_model(work)
    own = home / "nlu" / "models" / (home / "nlu" / "current").read_text(encoding="utf-8").strip()
    actions, one, two = free_ports(3)
    settings = QUIET | {"VERBATIM_ENCODER": str((home / "models" / "act_encoder").absolute())}
    (work / "credentials.yml").write_text("rest:\n", encoding="utf-8")
    endpoints = f"action_endpoint:\n  url: http://127.0.0.1:{actions}/webhook\n"
    (work / "endpoints.yml").write_text(endpoints, encoding="utf-8")
    with ExitStack() as servers:
        command = (sys.executable, "-m", "tests.bench.fixed_action", str(actions))
        health = f"http://127.0.0.1:{actions}/health"
        servers.enter_context(server(command, health, work / "actions.log", {}))
        for name, model, port in (("bare", bare, one), ("own", own, two)):
            url = f"http://127.0.0.1:{port}/"
            log = work / f"{name}.log"
            servers.enter_context(server(_run(work, model, port), url, log, settings))
        yield BareRasa(_webhook(one), _webhook(two))


def _run(work: Path, model: Path, port: int) -> tuple[str, ...]:
    return (
        *(str(RASA_PYTHON), "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port)),
        *("--model", str(model), "--endpoints", str(work / "endpoints.yml")),
        *("--credentials", str(work / "credentials.yml")),
    )


def _webhook(port: int) -> str:
    return f"http://127.0.0.1:{port}/webhooks/rest/webhook"


def _bare_model(work: Path) -> Path:
    """The trivial model, trained once (seconds)."""
    name = "bare-" + hashlib.sha256("".join(FILES.values()).encode()).hexdigest()[:8]
    model = work / f"{name}.tar.gz"
    if not model.is_file():
        data = work / "data"
        data.mkdir(parents=True, exist_ok=True)
        for file, text in FILES.items():
            (data / file).write_text(text, encoding="utf-8")
        command = (str(RASA_PYTHON), "-m", "bot.rasa_components.fit", str(data), str(work), name)
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if not model.is_file():
            raise RuntimeError(f"the bare model could not be trained:\n{done.stdout[-2000:]}")
    return model
