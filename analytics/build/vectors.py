"""Sentence vectors that a build remembers by the text's hash, so that only new texts are encoded."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Texts → unit vectors."""

    def encode(self, texts: Sequence[str], /) -> Vectors:
        """(n, d), one row a text."""


class RememberedVectors:
    """An encoder with a memory in a file; what one life of it does not ask for is forgotten.

    Vectors are kept (and given, also when new) in half precision: a cosine moves by less than 0.001.
    """

    def __init__(self, encoder: Encoder, file: Path) -> None:
        self._encoder = encoder
        self._file = file
        self._asked: dict[str, NDArray[np.float16]] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the encoder's, in the order of ``texts``."""
        keys = [hashlib.sha256(text.encode()).hexdigest()[:32] for text in texts]
        known = self._asked or self._read()
        missing = {k: text for k, text in zip(keys, texts, strict=True) if k not in known}
        if missing:
            made = self._encoder.encode(list(missing.values())).astype(np.float16)
            known = known | dict(zip(missing, made, strict=True))
        self._asked |= {key: known[key] for key in keys}
        if missing:
            self._write()
        found = [self._asked[key] for key in keys]
        return np.asarray(np.stack(found) if found else np.zeros((0, 1)), dtype=np.float32)

    def _read(self) -> dict[str, NDArray[np.float16]]:
        try:
            with np.load(self._file, allow_pickle=False) as kept:
                return dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))
        except (OSError, ValueError, KeyError):
            return {}  # absent or damaged: it can be computed again

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        beside = self._file.with_suffix(f".{os.getpid()}.npz")
        keys = np.array(list(self._asked), dtype=np.str_)
        np.savez(beside, keys=keys, vectors=np.stack(list(self._asked.values())))
        beside.replace(self._file)
