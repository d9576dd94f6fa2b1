import os
from pathlib import Path

import pytest

from models.encoder import Encoder
from models.prepare import prepare_models
from models.text_scorer import TextScorer

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def model_home() -> Path:
    """The home folder with prepared models: built once, kept between runs."""
    home = Path(os.environ.get("VERBATIM_HOME", ROOT / "var"))
    prepare_models(home, progress=print)
    return home


@pytest.fixture(scope="session")
def encoder(model_home: Path) -> Encoder:
    return Encoder.load(model_home / "models" / "encoder")


@pytest.fixture(scope="session")
def scorer(model_home: Path) -> TextScorer:
    return TextScorer.load(model_home / "models" / "text_scorer")
