"""Rasa's logistic regression, kept as plain arrays.

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

FILE = "acts.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ActClassifier(LogisticRegressionClassifier):  # type: ignore[misc]
    """Says what a message does (its act) and how sure that is."""

    def persist(self) -> None:
        """Store coefficients (acts, features), intercepts (acts,) and the names of the acts."""
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
