"""What the scorer is measured against: VADER and three linear models on TF-IDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from models.corpora import Split

NEVER = -1e9
"""Logit of a class that a training part does not hold."""
VADER_BAND = 0.05
"""|compound| below which VADER's authors call a text neutral (its README)."""

LogitArray = NDArray[np.float64]


class Predictor(Protocol):
    """Anything that gives each class of each text a logit."""

    name: str

    def logits(self, texts: Sequence[str]) -> LogitArray:
        """(n, classes); the highest is the prediction."""
        ...


class Vader:
    """The lexicon and rules of VADER (Hutto and Gilbert 2014); the highest logit is its verdict."""

    name = "VADER"

    def __init__(self) -> None:
        from vaderSentiment.vaderSentiment import (  # type: ignore[import-untyped]
            SentimentIntensityAnalyzer,
        )

        self._analyzer = SentimentIntensityAnalyzer()

    def logits(self, texts: Sequence[str]) -> LogitArray:
        """(n, 3): minus the compound score, the width of the neutral band, the compound score."""
        compound = [self._analyzer.polarity_scores(text)["compound"] for text in texts]
        return np.array([(-c, VADER_BAND, c) for c in compound]).reshape(-1, 3)


class TfidfClassifier:
    """A linear classifier on word unigrams and bigrams."""

    def __init__(
        self,
        name: str,
        classifier: LinearSVC | LogisticRegression | ComplementNB,
        classes: int,
    ) -> None:
        self.name = name
        self._classifier = classifier
        self._classes = classes
        self._vectorizer = TfidfVectorizer(
            ngram_range=(1, 2), min_df=2, sublinear_tf=True, strip_accents="unicode"
        )

    def fit(self, split: Split) -> TfidfClassifier:
        """Learn from a training part; return itself."""
        self._classifier.fit(self._vectorizer.fit_transform(split.texts), split.labels)
        return self

    def logits(self, texts: Sequence[str]) -> LogitArray:
        """(n, classes) margins, or log-likelihoods for naive Bayes."""
        vectors = self._vectorizer.transform(texts)
        if isinstance(self._classifier, LinearSVC | LogisticRegression):
            known = self._classifier.decision_function(vectors)
        else:
            known = self._classifier.predict_joint_log_proba(vectors)
        if known.ndim == 1:  # two classes: scikit-learn gives the margin of the second
            known = np.stack([-known, known], axis=1)
        logits = np.full((len(texts), self._classes), NEVER)
        logits[:, self._classifier.classes_] = known
        return logits


def linear_baselines(train: Split, classes: int) -> list[Predictor]:
    """The TF-IDF baselines, fitted on `train`."""
    balanced = {"class_weight": "balanced", "random_state": 0}
    return [
        TfidfClassifier("TF-IDF + linear SVC", LinearSVC(C=0.3, **balanced), classes).fit(train),
        TfidfClassifier(
            "TF-IDF + logistic regression",
            LogisticRegression(C=5, max_iter=1000, **balanced),
            classes,
        ).fit(train),
        TfidfClassifier("TF-IDF + naive Bayes", ComplementNB(alpha=0.3), classes).fit(train),
    ]
