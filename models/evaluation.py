"""Measure the scorer beside its baselines on held-out texts, all in one run."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax
from sklearn.metrics import accuracy_score, f1_score

from models.baselines import LogitArray, Predictor, Vader, linear_baselines
from models.calibration import expected_calibration_error, fit_temperature
from models.corpora import Corpus, Split, Task
from models.labels import EMOTIONS, SENTIMENTS
from models.text_scorer import TextScorer

LABELS: dict[Task, tuple[str, ...]] = {"sentiment": SENTIMENTS, "emotion": EMOTIONS}
SLICE = 250
"""Texts timed together. The fastest slice counts: other work on the machine only slows."""
SINGLES = 300
"""Texts timed one by one for the latency of a single text."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Result:
    """How one predictor does on one test set. ECE is the expected calibration error."""

    predictor: str
    macro_f1: float
    accuracy: float
    f1: dict[str, float]
    temperature: float
    ece_before: float
    ece_after: float


@dataclass(frozen=True)
class SetReport:
    """One test set with the results of every predictor on it."""

    name: str
    counts: dict[str, int]
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Speed:
    """Texts per second in bulk; milliseconds for one text alone, median and 95th percentile."""

    predictor: str
    texts_per_second: float
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True)
class Evaluation:
    """Everything measured in one run for one task."""

    task: Task
    scorer_version: str
    sets: tuple[SetReport, ...]
    speeds: tuple[Speed, ...]


class Scorer:
    """The text scorer seen as a predictor of one task."""

    name = "MiniLM adapter (ours)"

    def __init__(self, scorer: TextScorer, task: Task) -> None:
        self._scorer = scorer
        self._outputs = slice(0, 3) if task == "sentiment" else slice(3, None)
        config = scorer.config
        self.temperature = (
            config.sentiment_temperature if task == "sentiment" else config.emotion_temperature
        )

    def logits(self, texts: Sequence[str]) -> LogitArray:
        """(n, classes) before calibration."""
        return self._scorer.logits(texts)[:, self._outputs].astype(np.float64)


def evaluate(
    scorer: TextScorer, corpora: Sequence[Corpus], task: Task, progress: Progress
) -> Evaluation:
    """Test the scorer and the baselines on every corpus of the task.

    Each TF-IDF baseline is fitted on the training part of the very set it is tested on, which is
    stronger than fitting it on all sets together; the scorer is one network for all sets. The
    baselines' temperatures come from that set's validation part, the scorer's is the one it ships.
    """
    ours = Scorer(scorer, task)
    sets: list[SetReport] = []
    speeds: list[Speed] = []
    for corpus in (c for c in corpora if c.task == task):
        progress(f"Measuring on {corpus.name}")
        vader: list[Predictor] = [Vader()] if task == "sentiment" else []
        predictors = [ours, *linear_baselines(corpus.train, len(LABELS[task])), *vader]
        sets.extend(_reports(predictors, corpus))
        if not speeds:
            speeds = [_speed(predictor, corpus.test.texts) for predictor in predictors]
    return Evaluation(task, scorer.version, tuple(sets), tuple(speeds))


def _reports(predictors: Sequence[Predictor], corpus: Corpus) -> list[SetReport]:
    parts = [(corpus.name, corpus.test)]
    if corpus.strangers is not None:
        parts.append((f"{corpus.name}, unseen products", corpus.strangers))
    temperatures = [_temperature(predictor, corpus.validation) for predictor in predictors]
    reports = []
    for name, split in parts:
        results = [
            _result(predictor, temperature, split, LABELS[corpus.task])
            for predictor, temperature in zip(predictors, temperatures, strict=True)
        ]
        counts = {LABELS[corpus.task][i]: split.labels.count(i) for i in sorted(set(split.labels))}
        reports.append(SetReport(name, counts, tuple(results)))
    return reports


def _temperature(predictor: Predictor, validation: Split) -> float:
    if isinstance(predictor, Scorer):
        return predictor.temperature
    return fit_temperature(predictor.logits(validation.texts), np.array(validation.labels))


def _result(predictor: Predictor, temperature: float, split: Split, names: Sequence[str]) -> Result:
    """Only the classes that the set holds compete: SST-2 has no neutral sentences."""
    present = sorted(set(split.labels))
    logits = predictor.logits(split.texts)[:, present]
    labels = np.searchsorted(present, split.labels)
    predicted = logits.argmax(axis=1)
    f1 = f1_score(labels, predicted, average=None, labels=range(len(present)), zero_division=0)
    return Result(
        predictor=predictor.name,
        macro_f1=float(np.mean(f1)),
        accuracy=float(accuracy_score(labels, predicted)),
        f1={names[i]: float(value) for i, value in zip(present, f1, strict=True)},
        temperature=temperature,
        ece_before=expected_calibration_error(softmax(logits, axis=1), labels),
        ece_after=expected_calibration_error(softmax(logits / temperature, axis=1), labels),
    )


def _speed(predictor: Predictor, texts: Sequence[str]) -> Speed:
    slices = [texts[start : start + SLICE] for start in range(0, len(texts), SLICE)]
    bulk = max(len(part) / _seconds(predictor, part) for part in slices)
    singles = [1000 * _seconds(predictor, [text]) for text in texts[:SINGLES]]
    p50, p95 = np.percentile(singles, [50, 95])
    return Speed(predictor.name, bulk, float(p50), float(p95))


def _seconds(predictor: Predictor, texts: Sequence[str]) -> float:
    started = time.perf_counter()
    predictor.logits(texts)
    return time.perf_counter() - started
