"""What a training depends on, and what happens where it cannot run. Rasa itself is not started."""

from pathlib import Path

import pytest

from bot.nlu import train
from bot.nlu.train import TrainingError, input_hash, train_nlu
from bot.settings import Settings


@pytest.fixture
def home(tmp_path: Path) -> Path:
    encoder = tmp_path / "models" / "act_encoder"
    encoder.mkdir(parents=True)
    (encoder / "inputs.sha256").write_text("one\n")
    return tmp_path


@pytest.fixture
def rasa_ran(monkeypatch, home: Path) -> list[str]:
    """Stands for Rasa: writes a model file and remembers its name."""
    names: list[str] = []

    def run(home, data, output, name, log, say):
        names.append(name)
        output.mkdir(parents=True)
        (output / f"{name}.tar.gz").write_bytes(b"model")

    monkeypatch.setattr(train, "_run_rasa", run)
    # What is written has tests of its own; it takes half a second.
    monkeypatch.setattr(train, "_write_data", lambda data, catalog, lessons: None)
    monkeypatch.setattr(train, "RASA_PYTHON", home)
    return names


def test_training_happens_once(home: Path, rasa_ran: list[str]):
    first = train_nlu(home)
    second = train_nlu(home)
    assert first == second
    assert len(rasa_ran) == 1
    assert (home / "nlu" / "current").read_text().strip() == first.name


def test_force_trains_again(home: Path, rasa_ran: list[str]):
    train_nlu(home)
    train_nlu(home, force=True)
    assert len(rasa_ran) == 2


def test_another_encoder_makes_the_model_stale(home: Path):
    before = input_hash(home)
    (home / "models/act_encoder/inputs.sha256").write_text("two\n")
    assert input_hash(home) != before


def test_old_models_are_removed(home: Path, rasa_ran: list[str]):
    for stamp in range(train.MODELS_KEPT + 2):
        (home / "models/act_encoder/inputs.sha256").write_text(f"{stamp}\n")
        last = train_nlu(home)
    kept = list((home / "nlu" / "models").iterdir())
    assert len(kept) == train.MODELS_KEPT
    assert last in kept


def test_a_missing_encoder_is_said(tmp_path: Path):
    with pytest.raises(TrainingError, match="verbatim up"):
        train_nlu(tmp_path)


def test_a_missing_rasa_is_said(home: Path, monkeypatch):
    monkeypatch.setattr(train, "RASA_PYTHON", home / "nowhere")
    with pytest.raises(TrainingError, match="make setup"):
        train_nlu(home)


def test_a_failed_training_names_its_log_and_keeps_the_old_model(home: Path, monkeypatch):
    broken = home / "python"
    broken.write_text("#!/bin/sh\necho no such component\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setattr(train, "RASA_PYTHON", broken)
    folder = home / "nlu"
    folder.mkdir()
    (folder / "current").write_text("old.tar.gz\n")
    with pytest.raises(TrainingError, match="no such component") as failure:
        train_nlu(home)
    assert "training.log" in str(failure.value)
    assert (folder / "current").read_text() == "old.tar.gz\n"


def test_where_no_bot_runs_there_is_nothing_to_reload(home: Path, rasa_ran: list[str]):
    train_nlu(home)
    assert not train.reload_running(Settings(home=home, rasa_port=1))
