"""Vectors of texts, remembered by the hash of the text: only what is new is encoded."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from models.session import FloatArray

SHARD_TEXTS = 2048
"""New texts encoded between two writes: a killed run loses less than that."""
_KEY_BYTES = 16

Keys = NDArray[np.void]


@runtime_checkable
class TextEncoder(Protocol):
    """Texts to unit vectors, (n, d) float32."""

    def encode(self, texts: Sequence[str], /) -> FloatArray:
        """One row per text."""
        ...


class VectorCache:
    """An encoder with a memory: a folder of shards, each a file of keys beside one of vectors.

    Vectors are kept, and returned, in the precision of float16. A shard is whole as soon as its keys
    have their name, so several processes may add to one folder, and any of them may be killed.
    """

    def __init__(self, encoder: TextEncoder, folder: Path) -> None:
        self.encoder = encoder
        """For what is not to be remembered, as a question."""
        self._folder = folder
        self._shards: set[str] = set()
        self._places: dict[bytes, tuple[str, int]] = {}

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """One row per text, new ones encoded and remembered."""
        self._look()
        keys = [_key(text) for text in texts]
        self._add({k: t for k, t in zip(keys, texts, strict=True) if k not in self._places})
        return self._read(keys)

    def _add(self, new: dict[bytes, str]) -> None:
        pairs = list(new.items())
        for start in range(0, len(pairs), SHARD_TEXTS):
            part = pairs[start : start + SHARD_TEXTS]
            vectors = self.encoder.encode([text for _, text in part]).astype(np.float16)
            keys = b"".join(key for key, _ in part)
            name = hashlib.sha256(keys).hexdigest()[:16]
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(self._folder / f"{name}.vectors.npy", vectors)
            _write(self._folder / f"{name}.keys.npy", np.frombuffer(keys, dtype=f"V{_KEY_BYTES}"))
        if pairs:
            self._look()

    def _look(self) -> None:
        """Take in shards that were written since the last look; a damaged one is left out."""
        for file in self._folder.glob("*.keys.npy"):
            name = file.name.removesuffix(".keys.npy")
            if name in self._shards:
                continue
            try:
                keys, vectors = np.load(file), self._vectors(name)
            except (OSError, ValueError, EOFError):
                continue
            if len(keys) == len(vectors):
                self._shards.add(name)
                for row, key in enumerate(keys):
                    self._places.setdefault(key.tobytes(), (name, row))

    def _vectors(self, name: str) -> NDArray[np.float16]:
        vectors: NDArray[np.float16] = np.load(self._folder / f"{name}.vectors.npy", mmap_mode="r")
        return vectors

    def _read(self, keys: Sequence[bytes]) -> FloatArray:
        if not keys:
            return self.encoder.encode([])
        wanted: dict[str, list[tuple[int, int]]] = {}
        for position, key in enumerate(keys):
            shard, row = self._places[key]
            wanted.setdefault(shard, []).append((position, row))
        rows: FloatArray | None = None
        for shard, places in wanted.items():
            vectors = self._vectors(shard)
            if rows is None:
                rows = np.empty((len(keys), vectors.shape[1]), dtype=np.float32)
            positions, sources = zip(*places, strict=True)
            rows[list(positions)] = vectors[list(sources)]
        assert rows is not None
        return rows


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[:_KEY_BYTES]


def _write(path: Path, array: NDArray[np.generic]) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with beside.open("wb") as file:
        np.save(file, array)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
