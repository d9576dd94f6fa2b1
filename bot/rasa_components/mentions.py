"""Tags the spans of a message with the roles they play, from the vectors of a word and its neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.rasa_components.minilm import MiniLMFeaturizer
from bot.rasa_components.progress import say
from bot.rasa_components.tags import best_path, spans_of, tags_of, transitions

FILE = "tagger.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class MentionTagger(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """One hidden layer over a window of token vectors, then the best tag sequence that is well formed."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Token vectors have to be there."""
        return [MiniLMFeaturizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that Rasa checks for before it trains."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`window` words on each side are seen. Times measured: docs/decisions/nlu-classifiers.md."""
        return {
            "hidden": 128,
            "window": 1,
            "epochs": 15,
            "batch_size": 128,
            "alpha": 0.001,
            "learning_rate": 0.001,
            "random_seed": 17,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MentionTagger:
        """A tagger that knows nothing yet."""
        return cls(config, model_storage, resource)

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._layers: list[tuple[np.ndarray, np.ndarray]] = []
        self._labels: list[str] = []
        self._allowed = np.zeros((1, 1))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit the network to the annotated examples that have text, and store it."""
        from sklearn.neural_network import MLPClassifier

        rows, labels = [], []
        for message in training_data.nlu_examples:
            features = self._features(message)
            if features is not None:
                rows.append(features)
                labels += _gold(message)
        say(f"Learning mentions from {len(labels)} words")
        network = MLPClassifier(
            (self._config["hidden"],),
            alpha=self._config["alpha"],
            batch_size=self._config["batch_size"],
            learning_rate_init=self._config["learning_rate"],
            max_iter=self._config["epochs"],
            random_state=self._config["random_seed"],
        )
        network.fit(np.vstack(rows), labels)
        self._set(
            list(zip(network.coefs_, network.intercepts_, strict=True)), network.classes_.tolist()
        )
        self._persist()
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the mentions found to each message's entities."""
        for message in messages:
            found = self._mentions(message)
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MentionTagger:
        """The trained tagger. Raises ValueError where the model file holds none."""
        tagger = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            stored = np.load(folder / FILE)
            count = sum(name.startswith("weights") for name in stored.files)
            layers = [(stored[f"weights{i}"], stored[f"bias{i}"]) for i in range(count)]
            tagger._set(layers, stored["labels"].tolist())
        return tagger

    def _persist(self) -> None:
        arrays = {"labels": np.array(self._labels)}
        for i, (weights, bias) in enumerate(self._layers):
            arrays |= {f"weights{i}": weights, f"bias{i}": bias}
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / FILE, **arrays)  # type: ignore[arg-type]

    def _set(self, layers: list[tuple[np.ndarray, np.ndarray]], labels: list[str]) -> None:
        self._layers = [(w.astype(np.float32), b.astype(np.float32)) for w, b in layers]
        self._labels = labels
        self._allowed = transitions(labels)

    def _features(self, message: Message) -> np.ndarray | None:
        """(n tokens, vectors of the window side by side), or None without dense features."""
        sequence, _ = message.get_dense_features(TEXT, [])
        if sequence is None:
            return None
        return windows(sequence.features, self._config["window"])

    def _mentions(self, message: Message) -> list[dict[str, Any]]:
        features = self._features(message)
        if features is None or not self._layers:
            return []
        chances = self._chances(features)
        path = best_path(np.log(chances + 1e-9), self._allowed)
        tags = [self._labels[i] for i in path]
        certain = chances[np.arange(len(path)), path]
        return self._entities(message, tags, certain)

    def _entities(
        self, message: Message, tags: list[str], certain: np.ndarray
    ) -> list[dict[str, Any]]:
        text, tokens = message.get(TEXT), message.get(TOKENS_NAMES[TEXT])
        return [
            {
                "entity": role,
                "start": tokens[first].start,
                "end": tokens[last - 1].end,
                "value": text[tokens[first].start : tokens[last - 1].end],
                "confidence_entity": float(certain[first:last].mean()),
                "extractor": type(self).__name__,
            }
            for role, first, last in spans_of(tags)
        ]

    def _chances(self, features: np.ndarray) -> np.ndarray:
        """(n tokens, labels): the network's probabilities."""
        values = features
        for i, (weights, bias) in enumerate(self._layers):
            values = values @ weights + bias
            if i < len(self._layers) - 1:
                values = np.maximum(values, 0)
        values = np.exp(values - values.max(axis=1, keepdims=True))
        chances: np.ndarray = values / values.sum(axis=1, keepdims=True)
        return chances


def windows(vectors: np.ndarray, reach: int) -> np.ndarray:
    """(n, d) to (n, d * (2 * reach + 1)): each row beside its neighbours, zeros beyond the ends."""
    n, d = vectors.shape
    padded = np.zeros((n + 2 * reach, d), dtype=np.float32)
    padded[reach : reach + n] = vectors
    return np.hstack([padded[i : i + n] for i in range(2 * reach + 1)])


def _gold(message: Message) -> list[str]:
    tokens: list[Token] = message.get(TOKENS_NAMES[TEXT])
    entities = [(e["entity"], e["start"], e["end"]) for e in message.get(ENTITIES, [])]
    return tags_of([(token.start, token.end) for token in tokens], entities)
