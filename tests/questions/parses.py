"""What the trained NLU model makes of messages: one Rasa process for all of them, and a cache.

The cache is kept by the model's file name, which is the hash of all that it was trained from.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeAlias

from bot.nlu.train import RASA_PYTHON, input_hash
from bot.settings import ROOT

Parse: TypeAlias = dict[str, Any]
Parses: TypeAlias = dict[str, Parse]


class ParseError(RuntimeError):
    """Messages could not be parsed; the text says why."""


def trained_model(home: Path) -> Path:
    """The NLU model in force in ``home``. Raises ParseError where there is none."""
    pointer = home / "nlu" / "current"
    model = home / "nlu" / "models" / (pointer.read_text().strip() if pointer.is_file() else "-")
    if not model.is_file():
        raise ParseError(f"no trained NLU model in {home / 'nlu'}: run verbatim train nlu")
    return model


def is_stale(model: Path, home: Path) -> bool:
    """Whether the checkout has other examples, words or components than the model learnt from."""
    return model.name != f"{input_hash(home)}.tar.gz"


def parsed(texts: Iterable[str], home: Path, model: Path | None = None) -> Parses:
    """What the model makes of each text; Rasa runs only for texts that were not parsed before."""
    model = model or trained_model(home)
    kept = home / "cache" / "parses" / f"{model.name.removesuffix('.tar.gz')}.json"
    known: Parses = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    wanted = sorted(set(texts))
    if unknown := [text for text in wanted if text not in known]:
        known |= _parsed_now(unknown, home, model)
        _keep(known, kept)
    return {text: known[text] for text in wanted}


def _parsed_now(texts: list[str], home: Path, model: Path) -> Parses:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "texts.json"), Path(folder, "parses.json")
        source.write_text(json.dumps(texts), encoding="utf-8")
        program = [str(RASA_PYTHON), "-m", "tests.questions.parse_in_rasa"]
        done = subprocess.run(
            [*program, str(model.absolute()), str(source), str(target)],
            cwd=ROOT,
            env=rasa_environment(home),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0 or not target.is_file():
            raise ParseError(f"Rasa could not parse:\n{(done.stdout + done.stderr)[-2000:]}")
        return dict(zip(texts, json.loads(target.read_text(encoding="utf-8")), strict=True))


def rasa_environment(home: Path) -> dict[str, str]:
    """Of a program of Rasa's that loads the models in ``home``."""
    encoder = (home / "models" / "act_encoder").absolute()
    return {**os.environ, "PYTHONPATH": str(ROOT), "VERBATIM_ENCODER": str(encoder)}


def _keep(parses: Parses, file: Path) -> None:
    """Written beside and renamed, so that nobody reads half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(f".{os.getpid()}.part")
    beside.write_text(json.dumps(parses), encoding="utf-8")
    beside.replace(file)
