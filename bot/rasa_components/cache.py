"""Vectors of training texts, kept between trainings: a new metric re-encodes only its own examples."""

from __future__ import annotations

import hashlib
import os
import zipfile
from pathlib import Path

import numpy as np

CACHE_VARIABLE = "VERBATIM_NLU_CACHE"


class VectorCache:
    """Vectors by the hash of encoder, text and token spans. Only what one training used is kept."""

    def __init__(self, file: Path | None, encoder: str, known: dict[str, np.ndarray]) -> None:
        self._file = file
        self._encoder = encoder
        self._known = known
        self._used: dict[str, np.ndarray] = {}

    @classmethod
    def open(cls, encoder: Path) -> VectorCache:
        """The cache file that the environment names; without one, a cache that forgets."""
        named = os.environ.get(CACHE_VARIABLE)
        file = Path(named) if named else None
        return cls(file, _fingerprint(encoder), _read(file))

    def get(self, text: str, spans: list[tuple[int, int]]) -> np.ndarray | None:
        """The vectors of a text, or None where it is new."""
        key = self._key(text, spans)
        found = self._known.get(key)
        if found is None:
            return None
        self._used[key] = found
        return found.astype(np.float32)

    def put(self, text: str, spans: list[tuple[int, int]], vectors: np.ndarray) -> None:
        """Keep the vectors of a text."""
        self._used[self._key(text, spans)] = vectors.astype(np.float32)

    def save(self) -> None:
        """Write what was used, in one step; nothing where nothing is new."""
        if self._file is None or not self._used or self._used.keys() <= self._known.keys():
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        keys = sorted(self._used)
        rows = np.array([len(self._used[key]) for key in keys])
        part = self._file.with_suffix(".part.npz")
        np.savez(
            part, keys=np.array(keys), rows=rows, vectors=np.vstack([self._used[k] for k in keys])
        )
        os.replace(part, self._file)

    def _key(self, text: str, spans: list[tuple[int, int]]) -> str:
        return hashlib.sha256(f"{self._encoder}\n{spans}\n{text}".encode()).hexdigest()


def _fingerprint(encoder: Path) -> str:
    return hashlib.sha256((encoder / "encoder.onnx").read_bytes()).hexdigest()


def _read(file: Path | None) -> dict[str, np.ndarray]:
    if file is None or not file.is_file():
        return {}
    try:
        with np.load(file) as stored:
            parts = np.split(stored["vectors"], np.cumsum(stored["rows"])[:-1])
            return dict(zip(stored["keys"].tolist(), parts, strict=True))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return {}  # a broken cache costs a few seconds, not the training
