"""Train Rasa's model file; run as a program of Rasa's environment by `bot.nlu.train`.

    python -m bot.rasa_components.fit DATA_FOLDER OUTPUT_FOLDER NAME

DATA_FOLDER holds `config.yml`, `domain.yml`, `nlu.yml` and `rules.yml`.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings
from pathlib import Path


def fit(data: Path, output: Path, name: str) -> None:
    """Write OUTPUT/NAME.tar.gz. Ends the process with Rasa's code where training fails."""
    from rasa.model_training import train

    result = train(
        domain=str(data / "domain.yml"),
        config=str(data / "config.yml"),
        training_files=[str(data / "nlu.yml"), str(data / "rules.yml")],
        output=str(output),
        fixed_model_name=name,
        force_training=True,
    )
    if result.model is None:
        sys.exit(result.code or 1)


def quiet() -> None:
    """Environment of a silent, offline Rasa; has to be set before Rasa is imported."""
    # Compiled files bring the imports from 13 s of processor time to 4 s, also where a system forbids them.
    sys.dont_write_bytecode = False
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    warnings.filterwarnings("ignore")
    logging.captureWarnings(capture=True)


if __name__ == "__main__":
    quiet()
    fit(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
