"""Train the NLU model when its inputs changed, and tell a running Rasa of it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import yaml

from bot.settings import ROOT, Settings

Progress = Callable[[str], None]

RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
MODELS_KEPT = 3
_EXTRA_INPUTS = ("config.yml", "domain.yml", "bot/dialogue/rules.yml", "bot/requirements.txt")
_INPUT_FOLDERS = ("knowledge/language", "bot/nlu", "bot/rasa_components")
LESSONS = "lessons.json"
"""What a supervisor accepted, in the home folder."""
CATALOG = ROOT / "knowledge" / "catalog"
_SUFFIXES = {".yml", ".py"}
_WITHOUT_EFFECT = {"train.py", "launch.py", "channel.py", "logs.py", "replies.py", "tracker.py"}


class TrainingError(RuntimeError):
    """Training was not possible; the message says why and what to do."""

    user_facing = True


def train_nlu(
    home: Path, force: bool = False, progress: Progress | None = None, catalog: Path = CATALOG
) -> Path:
    """The NLU model for today's catalog, vocabulary and examples; trained only where none fits.

    Writes `home/nlu/models/<hash>.tar.gz` and points `home/nlu/current` at it. Raises TrainingError.
    """
    say = progress or (lambda _: None)
    folder = home / "nlu"
    name = input_hash(home, catalog)
    model = folder / "models" / f"{name}.tar.gz"
    if force or not model.is_file():
        _train(home, folder, name, say, catalog)
    _point_at(folder, model)
    return model


def input_hash(home: Path, catalog: Path = CATALOG) -> str:
    """Hash of all that the model depends on."""
    digest = hashlib.sha256()
    for file in _inputs(home, catalog):
        digest.update(file.name.encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def reload_running(settings: Settings, patience: float = 30.0) -> bool:
    """Wait until a running Rasa, which follows the pointer by itself, has loaded the current model.

    False where none runs or it had the model already. Raises TrainingError after `patience` seconds.
    """
    wanted = (settings.home / "nlu" / "current").read_text(encoding="utf-8").strip()
    until = time.monotonic() + patience
    if _served_model(settings) in (None, wanted):
        return False
    while time.monotonic() < until:
        if _served_model(settings) == wanted:
            return True
        time.sleep(0.5)
    raise TrainingError("The running bot did not take the new model over: restart it.")


def _served_model(settings: Settings) -> str | None:
    """File name of the model that Rasa serves; None where none runs or it is still starting."""
    try:
        reply = httpx.get(f"{settings.rasa_url}/status", timeout=5, trust_env=False)
        name = reply.json().get("model_file")
    except (httpx.HTTPError, ValueError):
        return None
    return str(name) if name else None


def _inputs(home: Path, catalog: Path) -> Iterator[Path]:
    yield from (ROOT / name for name in _EXTRA_INPUTS)
    for folder in (catalog, *(ROOT / name for name in _INPUT_FOLDERS)):
        files = folder.rglob("*")
        yield from sorted(f for f in files if _matters(f))
    if (home / LESSONS).is_file():
        yield home / LESSONS
    # The stamp stands for the encoder's inputs: cheaper than hashing 23 MB at every start.
    yield _encoder(home) / "inputs.sha256"


def _matters(file: Path) -> bool:
    return file.suffix in _SUFFIXES and file.name not in _WITHOUT_EFFECT and file.is_file()


def _encoder(home: Path) -> Path:
    folder = home / "models" / "act_encoder"
    if not (folder / "inputs.sha256").is_file():
        raise TrainingError(f"The encoder of messages is missing ({folder}). Run: verbatim up")
    return folder


def _train(home: Path, folder: Path, name: str, say: Progress, catalog: Path) -> None:
    if not RASA_PYTHON.exists():
        raise TrainingError(f"Rasa's environment is missing ({RASA_PYTHON}). Run: make setup")
    say("Writing training examples")
    data = folder / "data"
    _write_data(data, catalog, home / LESSONS)
    fresh = folder / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    say("Starting Rasa to train the NLU model (about a minute)")
    _run_rasa(home, data, fresh, name, folder / "training.log", say)
    models = folder / "models"
    models.mkdir(parents=True, exist_ok=True)
    os.replace(fresh / f"{name}.tar.gz", models / f"{name}.tar.gz")
    shutil.rmtree(fresh, ignore_errors=True)
    _forget_old(models)


def _write_data(data: Path, folder: Path, lessons: Path) -> None:
    from analytics.catalog.load import load_catalog
    from analytics.understand.lessons import load_lessons
    from bot.nlu.generate import generate, to_rasa

    catalog = load_catalog(folder)
    words = (ROOT / "knowledge/language/en.yml").read_text(encoding="utf-8")
    data.mkdir(parents=True, exist_ok=True)
    examples = generate(catalog, yaml.safe_load(words), learned=load_lessons(lessons).examples)
    (data / "nlu.yml").write_text(to_rasa(examples), encoding="utf-8")
    for file in ("config.yml", "domain.yml", "bot/dialogue/rules.yml"):
        shutil.copy(ROOT / file, data)


def _run_rasa(home: Path, data: Path, output: Path, name: str, log: Path, say: Progress) -> None:
    command = [str(RASA_PYTHON), "-m", "bot.rasa_components.fit", str(data), str(output), name]
    with (
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(home),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process,
        log.open("w", encoding="utf-8") as kept,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            kept.write(line)
            if found := re.match(r"verbatim: (.+)", line):
                say(found[1])
    if process.returncode != 0 or not (output / f"{name}.tar.gz").is_file():
        raise TrainingError(f"Training the NLU model failed (log: {log}).\n{_end_of(log)}")


def _environment(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "VERBATIM_HOME": str(home),
        "VERBATIM_ENCODER": str(_encoder(home)),
        "VERBATIM_NLU_CACHE": str(home / "cache" / "nlu-vectors.npz"),
        "RASA_CACHE_DIRECTORY": str(home / "cache" / "rasa"),
    }


def _end_of(log: Path, lines: int = 5) -> str:
    said = [line for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in said[-lines:])


def _point_at(folder: Path, model: Path) -> None:
    pointer = folder / "current"
    if pointer.is_file() and pointer.read_text(encoding="utf-8").strip() == model.name:
        return
    part = folder / "current.part"
    part.write_text(model.name + "\n", encoding="utf-8")
    os.replace(part, pointer)


def _forget_old(models: Path) -> None:
    newest = sorted(models.glob("*.tar.gz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in newest[MODELS_KEPT:]:
        file.unlink()
