"""The encoder of messages: MiniLM adapted so that texts of one act, and words of one role, lie together."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from models.encoder import DIMENSIONS
from models.export import SentenceNetwork, base_model, mean_of_tokens
from models.network import ADAPTED, BASE_NAME, CONFIG_FILE, WEIGHTS_FILE

RANK = 32
ALPHA = 64
DROPOUT = 0.1
HEADS = ["acts", "tags"]


class ActNetwork(nn.Module):
    """One pass of the encoder; a head for the text's act and one for the tag of each word piece."""

    def __init__(self, acts: int, tags: int) -> None:
        super().__init__()
        self.bert = base_model()
        self.dropout = nn.Dropout(DROPOUT)
        self.acts = nn.Linear(DIMENSIONS, acts)
        self.tags = nn.Linear(DIMENSIONS, tags)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """(n, t) ids and mask to (n, acts) and (n, t, tags) logits."""
        tokens = self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mean = mean_of_tokens(tokens, attention_mask).float()
        return self.acts(self.dropout(mean)), self.tags(self.dropout(tokens.float()))


def with_new_adapter(acts: int, tags: int) -> PeftModel:
    """MiniLM with an untrained LoRA adapter (Hu et al. 2021, arXiv 2106.09685) and heads."""
    config = LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=ADAPTED, modules_to_save=HEADS)
    network = get_peft_model(ActNetwork(acts, tags), config)
    assert isinstance(network, PeftModel)
    return network


def save_adapter(network: PeftModel, folder: Path) -> None:
    """Write the adapter without its heads, in peft's format, as float16 safetensors.

    The heads are for training alone: the acts and roles are learnt anew for each catalog, from the vectors.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as temporary:
        network.save_pretrained(temporary)
        weights = load_file(Path(temporary) / WEIGHTS_FILE)
        kept = {name: w.half() for name, w in weights.items() if ".bert." in name}
        save_file(kept, folder / WEIGHTS_FILE)
        config = json.loads((Path(temporary) / CONFIG_FILE).read_text())
    # peft names no base for a network of one's own, and writes the modules in random order.
    config |= {
        "base_model_name_or_path": BASE_NAME,
        "target_modules": sorted(ADAPTED),
        "modules_to_save": None,
        "auto_mapping": None,
    }
    (folder / CONFIG_FILE).write_text(json.dumps(config, indent=2) + "\n")


def load_merged(folder: Path) -> SentenceNetwork:
    """The encoder with the adapter of `folder` merged into its weights."""
    adapted = PeftModel.from_pretrained(SentenceNetwork(base_model()), str(folder))
    merged: SentenceNetwork = adapted.merge_and_unload()
    merged.train(False)
    return merged
