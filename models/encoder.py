"""Sentence embeddings: all-MiniLM-L6-v2 as int8 ONNX, on onnxruntime and tokenizers alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.session import FloatArray, TextSession, Window

ENCODER_FILE = "encoder.onnx"
TOKENIZER_FILE = "tokenizer.json"
DIMENSIONS = 384
WINDOW = Window(head=255, tail=1)
"""The 256 tokens the model was trained with; the last one is the closing separator."""


class Encoder:
    """Turns texts into unit vectors whose dot product is their cosine similarity."""

    def __init__(self, session: TextSession) -> None:
        self._session = session

    @classmethod
    def load(cls, folder: Path, threads: int = 0) -> Encoder:
        """Read `encoder.onnx` and `tokenizer.json` from `folder` (written by `prepare_models`).

        `threads` is how many texts are encoded at once; 0 means one per core. NotPreparedError
        where the folder was not prepared.
        """
        files = (folder / ENCODER_FILE, folder / TOKENIZER_FILE)
        return cls(TextSession(*files, window=WINDOW, threads=threads))

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Embed texts: (n, 384) float32, L2-normalised means over the tokens of each text.

        A text's vector does not depend on the other texts. Only the first 256 tokens are read.
        """
        return self._session.run(texts, "embedding")
