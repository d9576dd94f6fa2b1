"""MiniLM in Rasa's pipeline: dense features of tokens and sentences from an ONNX file.

Runs in Rasa's own environment (Python 3.10) and imports nothing else of the project.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tokenizers import Tokenizer as WordPieces

from bot.rasa_components.cache import VectorCache
from bot.rasa_components.progress import say

ENCODER_VARIABLE = "VERBATIM_ENCODER"
HOME_VARIABLE = "VERBATIM_HOME"
MAX_PIECES = 256

Span = tuple[int, int]


def encoder_folder() -> Path:
    """Folder of `encoder.onnx` and `tokenizer.json`, from the environment."""
    named = os.environ.get(ENCODER_VARIABLE)
    return (
        Path(named) if named else Path(os.environ.get(HOME_VARIABLE, "var")) / "models/act_encoder"
    )


class MiniLM:
    """The encoder: word-piece vectors of a text with their character offsets."""

    def __init__(self, folder: Path, threads: int) -> None:
        """Load the encoder. Raises RasaException where the files are not there."""
        for name in ("encoder.onnx", "tokenizer.json"):
            if not (folder / name).is_file():
                raise RasaException(
                    f"{folder / name} is missing: prepare the text models first, "
                    f"or name their folder in {ENCODER_VARIABLE}."
                )
        self._pieces = WordPieces.from_file(str(folder / "tokenizer.json"))
        self._pieces.no_padding()
        self._pieces.enable_truncation(MAX_PIECES)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # A waiting thread that spins takes the core from the processes beside this one.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def encode(self, text: str) -> tuple[np.ndarray, np.ndarray, list[Span]]:
        """Unit vector of the text (384,), vectors (n, 384) of its n pieces, and their offsets.

        One text at a time: int8 activations are scaled over a batch, so a text among others would get
        other vectors in training than alone when served.
        """
        encoded = self._pieces.encode(text)
        inputs = {
            "input_ids": np.array([encoded.ids], dtype=np.int64),
            "attention_mask": np.array([encoded.attention_mask], dtype=np.int64),
        }
        sentence, pieces = self._session.run(["embedding", "token_embeddings"], inputs)
        return sentence[0], pieces[0], encoded.offsets


def token_vectors(spans: Sequence[Span], pieces: np.ndarray, offsets: Sequence[Span]) -> np.ndarray:
    """Mean of the piece vectors under each span, (len(spans), 384); zeros beyond the truncation."""
    vectors = np.zeros((len(spans), pieces.shape[1]), dtype=np.float32)
    for row, (start, end) in enumerate(spans):
        under = [i for i, (a, b) in enumerate(offsets) if a < end and b > start]
        if under:
            vectors[row] = pieces[under].mean(axis=0)
    return vectors


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class MiniLMFeaturizer(DenseFeaturizer, GraphComponent):  # type: ignore[misc]
    """Adds MiniLM's vectors to messages: one per Rasa token and one for the whole text."""

    @classmethod
    def required_components(cls) -> list[type]:
        """A tokenizer has to run before."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that Rasa checks for before it trains."""
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threads` work on one text; the unit sentence vector is multiplied by `sentence_weight`."""
        return {**DenseFeaturizer.get_default_config(), "threads": 1, "sentence_weight": 1.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MiniLMFeaturizer:
        """A featurizer for training or for answering; the encoder is not part of the trained file."""
        return cls(execution_context.node_name, config)

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        super().__init__(name, config)
        self._encoder: MiniLM | None = None

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to refuse: Rasa checks the keys."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add features to each message that has text."""
        for message in messages:
            self._add(message, None)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add features to the training examples, from the cache where the text is known."""
        say(f"Encoding {len(training_data.training_examples)} examples")
        cache = VectorCache.open(encoder_folder())
        for message in training_data.training_examples:
            self._add(message, cache)
        cache.save()
        return training_data

    def _add(self, message: Message, cache: VectorCache | None) -> None:
        tokens: list[Token] = message.get(TOKENS_NAMES[TEXT]) or []
        if not tokens:
            return
        text = message.get(TEXT)
        spans = [(token.start, token.end) for token in tokens]
        vectors = cache.get(text, spans) if cache else None
        if vectors is None:
            vectors = self._vectors(text, spans)
            if cache:
                cache.put(text, spans, vectors)
        sentence = vectors[-1:] * self._config["sentence_weight"]
        self.add_features_to_message(vectors[:-1], sentence, TEXT, message)

    def _vectors(self, text: str, spans: list[Span]) -> np.ndarray:
        """One row per span and the vector of the whole text last."""
        if self._encoder is None:
            self._encoder = MiniLM(encoder_folder(), self._config["threads"])
        sentence, pieces, offsets = self._encoder.encode(text)
        return np.vstack([token_vectors(spans, pieces, offsets), sentence])
