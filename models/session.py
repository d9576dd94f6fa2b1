"""Run an ONNX text model without padding, one text at a time, on several threads.

Dynamic int8 quantisation scales activations by the largest value in the whole batch, so with
batches a text's result depends on its neighbours (cosine down to 0.93 between batch and single,
measured). One text per call makes a result depend on the text alone. On two cores, two threads of
single texts are as fast as batches of 32 (616 against 642 tweets a second).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

MAX_THREADS = 8
CHUNK = 512
"""Texts tokenised at once: keeps memory flat on millions of texts."""
KEPT_CHARACTERS = 8192
"""Characters read from each end of a text, so that 10 MB cost no more than a few pages."""

FloatArray = NDArray[np.float32]


@dataclass(frozen=True)
class Window:
    """The tokens of a long text that are read: its first `head` and last `tail`, separators included."""

    head: int
    tail: int

    def cut(self, ids: list[int]) -> list[int]:
        """The ids inside the window; a text that fits is returned whole."""
        if len(ids) <= self.head + self.tail:
            return ids
        return ids[: self.head] + ids[len(ids) - self.tail :]


class NotPreparedError(FileNotFoundError):
    """A model has not been built yet; the message says what to do."""

    user_facing = True


class TextSession:
    """An ONNX text model with its tokenizer. Safe to use from several threads."""

    def __init__(self, model: Path, tokenizer: Path, window: Window, threads: int = 0) -> None:
        for file in (model, tokenizer):
            if not file.is_file():
                raise NotPreparedError(f"{file} is missing: `make run` prepares the models")
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._window = window
        self._threads = threads or min(MAX_THREADS, len(os.sched_getaffinity(0)))
        self._session = ort.InferenceSession(
            str(model), _options(), providers=["CPUExecutionProvider"]
        )

    def run(self, texts: Sequence[str], output: str) -> FloatArray:
        """The named graph output for each text, stacked in input order: (n, width) float32.

        `output` must have a fixed width. No texts give an array of shape (0, width).
        """
        if not texts:
            return np.zeros((0, self._width(output)), dtype=np.float32)
        with ThreadPoolExecutor(min(self._threads, len(texts))) as pool:
            rows: list[FloatArray] = []
            for start in range(0, len(texts), CHUNK):
                encodings = self._tokenize(texts[start : start + CHUNK])
                rows.extend(pool.map(lambda encoding: self._forward(encoding, output), encodings))
        return np.concatenate(rows)

    def _tokenize(self, texts: Sequence[str]) -> list[Encoding]:
        return self._tokenizer.encode_batch([_readable(text) for text in texts])

    def _forward(self, encoding: Encoding, output: str) -> FloatArray:
        ids = np.array([self._window.cut(encoding.ids)], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        result: FloatArray = self._session.run([output], feed)[0]
        return result

    def _width(self, output: str) -> int:
        shapes = {node.name: node.shape for node in self._session.get_outputs()}
        return int(shapes[output][-1])


def _options() -> ort.SessionOptions:
    """One thread per run: parallelism comes from the pool, and idle threads burn nothing."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return options


def _readable(text: str) -> str:
    """The two ends of a very long text, with lone surrogates (not encodable as UTF-8) replaced."""
    if len(text) > 2 * KEPT_CHARACTERS:
        text = f"{text[:KEPT_CHARACTERS]} {text[-KEPT_CHARACTERS:]}"
    return text.encode("utf-8", "replace").decode("utf-8")
