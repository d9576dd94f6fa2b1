"""Fit the temperature of the act classifier on messages it was not trained on.

    python -m tests.nlu.calibrate

Prints the temperature for `config.yml` on top of the one in force, and the calibration error before and
after, each half of the messages measured with the temperature of the other.
"""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
from scipy.special import softmax

from bot.nlu.annotated import read_file
from bot.settings import Settings
from models.calibration import expected_calibration_error, fit_temperature
from models.encoder import Encoder
from tests.questions.questions import load_named

HERE = Path(__file__).parent
MESSAGES = ("scope_dev", "held_out", "unseen")
QUESTIONS = ("demo", "dev_demo", "dev_musical", "dev_retail")
SENTENCE_WEIGHT = 8.0
"""As in config.yml."""


def messages() -> list[tuple[str, str]]:
    """Texts with their acts, none trained on."""
    found = {e.text: e.act.value for n in MESSAGES for e in read_file(HERE / f"{n}.yml")}
    for name in QUESTIONS:
        for each in (question for group in load_named(name) for question in group.questions):
            if each.compare and len(each.turns) == 1:
                found.setdefault(each.turns[0], "ask")
    return list(found.items())


def main() -> None:
    """Print what was fitted."""
    home = Settings.load().home
    weights = _weights(home)
    pairs = messages()
    vectors = Encoder.load(home / "models" / "act_encoder").encode([text for text, _ in pairs])
    logits = SENTENCE_WEIGHT * vectors @ weights["coefficients"].T + weights["intercepts"]
    acts = weights["acts"].tolist()
    labels = np.array([acts.index(act) for _, act in pairs])
    print(f"{len(labels)} messages, act right {(logits.argmax(1) == labels).mean():.3f}")
    halves = np.array_split(np.random.default_rng(17).permutation(len(labels)), 2)
    for fitted, measured in (halves, halves[::-1]):
        temperature = fit_temperature(logits[fitted], labels[fitted])
        before, after = (
            expected_calibration_error(softmax(logits[measured] / t, axis=1), labels[measured])
            for t in (1.0, temperature)
        )
        print(f"temperature {temperature:.2f}: calibration error {before:.3f}, then {after:.3f}")
    print(f"on all: {fit_temperature(logits, labels):.2f}")


def _weights(home: Path) -> dict[str, np.ndarray]:
    name = (home / "nlu" / "current").read_text(encoding="utf-8").strip()
    with tarfile.open(home / "nlu" / "models" / name) as archive:
        member = next(m for m in archive.getmembers() if m.name.endswith("/acts.npz"))
        stored = archive.extractfile(member)
        assert stored is not None
        return dict(np.load(io.BytesIO(stored.read())))


if __name__ == "__main__":
    main()
