"""The scorer's network in torch: MiniLM with a LoRA adapter and two heads on one mean vector."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from models.encoder import DIMENSIONS
from models.export import base_model, mean_of_tokens
from models.labels import EMOTIONS, SENTIMENTS

BASE_NAME = "sentence-transformers/all-MiniLM-L6-v2"
RANK = 32
ALPHA = 64
ADAPTED = ["query", "key", "value", "dense"]
HEADS = ["sentiment", "emotion"]
DROPOUT = 0.1
WEIGHTS_FILE = "adapter_model.safetensors"
CONFIG_FILE = "adapter_config.json"


class ScorerNetwork(nn.Module):
    """One pass of the encoder, two classifications."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = base_model()
        self.dropout = nn.Dropout(DROPOUT)
        self.sentiment = nn.Linear(DIMENSIONS, len(SENTIMENTS))
        self.emotion = nn.Linear(DIMENSIONS, len(EMOTIONS))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """(n, t) ids and mask to (n, 9) logits: the sentiments, then the emotions."""
        tokens = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mean = self.dropout(mean_of_tokens(tokens, attention_mask))
        return torch.cat([self.sentiment(mean), self.emotion(mean)], dim=1)


def with_new_adapter() -> PeftModel:
    """MiniLM with an untrained LoRA adapter (Hu et al. 2021, arXiv 2106.09685) and heads."""
    config = LoraConfig(
        r=RANK,
        lora_alpha=ALPHA,
        target_modules=ADAPTED,
        modules_to_save=HEADS,
    )
    network = get_peft_model(ScorerNetwork(), config)
    assert isinstance(network, PeftModel)
    return network


def save_adapter(network: PeftModel, folder: Path) -> None:
    """Write the adapter and heads to `folder` in peft's format, as float16 safetensors."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as temporary:
        network.save_pretrained(temporary)
        weights = load_file(Path(temporary) / WEIGHTS_FILE)
        save_file({name: w.half() for name, w in weights.items()}, folder / WEIGHTS_FILE)
        config = json.loads((Path(temporary) / CONFIG_FILE).read_text())
    # peft names no base for a network of one's own, and writes the modules in random order.
    config |= {"base_model_name_or_path": BASE_NAME, "target_modules": sorted(ADAPTED)}
    (folder / CONFIG_FILE).write_text(json.dumps(config, indent=2) + "\n")


def load_merged(folder: Path) -> nn.Module:
    """The network with the adapter of `folder` merged into its weights."""
    network = PeftModel.from_pretrained(ScorerNetwork(), str(folder))
    merged: nn.Module = network.merge_and_unload()
    return merged.train(False)
