"""Rasa's logistic regression over sentence vectors, calibrated, and kept as plain arrays.

Rasa stores it with skops, whose import loads every module of scikit-learn to list what it trusts: six seconds
of each start. Three arrays need no trust and no list.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

FILE = "acts.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ActClassifier(LogisticRegressionClassifier):  # type: ignore[misc]
    """Says what a message does (its act) and how sure that is."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Scores are divided by `temperature`: above 1, it is less sure of what it was trained on.

        Guo et al. 2017, "On Calibration of Modern Neural Networks"; fitted by `tests.nlu.calibrate`.
        """
        return {**LogisticRegressionClassifier.get_default_config(), "temperature": 1.0}

    def _create_X(self, messages: list[Message]) -> np.ndarray:
        """The dense sentence vectors, (n, d); zeros for a message without words."""
        found = [message.get_dense_features(attribute=TEXT)[1] for message in messages]
        widths = [features.features.shape[1] for features in found if features]
        nothing = np.zeros((1, widths[0] if widths else self.clf.coef_.shape[1]))
        return np.vstack([features.features if features else nothing for features in found])

    def persist(self) -> None:
        """Store coefficients (acts, features), intercepts (acts,) and the names of the acts."""
        temperature = self.config["temperature"]
        self.clf.coef_ /= temperature
        self.clf.intercept_ /= temperature
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(
                folder / FILE,
                coefficients=self.clf.coef_,
                intercepts=self.clf.intercept_,
                acts=np.array(self.clf.classes_.tolist()),
            )

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ActClassifier:
        """The trained classifier. Raises ValueError where the model file holds none."""
        classifier = cls(config, execution_context.node_name, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            stored = np.load(folder / FILE)
            classifier.clf.coef_ = stored["coefficients"]
            classifier.clf.intercept_ = stored["intercepts"]
            classifier.clf.classes_ = stored["acts"].astype(object)
        return classifier
