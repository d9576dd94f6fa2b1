"""Fine-tune the scorer's adapter on the labelled corpora: seeded, resumable, on the CPU."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from peft import PeftModel
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn.functional import cross_entropy
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from models.corpora import Corpus
from models.labels import SENTIMENTS
from models.network import with_new_adapter
from models.session import Window

UNLABELLED = -100
"""Label of a task that a text says nothing about; cross entropy ignores it."""
TRAINING_WINDOW = Window(head=96, tail=32)
CHECKPOINT_FILE = "checkpoint.pt"
CHECKPOINT_EVERY = 25
BUCKET = 50
"""Batches whose texts are sorted by length together, to spare padding."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Recipe:
    """What decides the result of a training run beside the data."""

    seed: int = 20
    batch: int = 32
    learning_rate: float = 6e-4
    warm_up: float = 0.06
    weight_decay: float = 0.01
    passes: tuple[tuple[str, float], ...] = (
        ("airline tweets", 2.0),
        ("star-rated reviews", 3.0),
        ("SST-2", 1.0),
        ("dair-ai emotion", 1.5),
    )
    """How often each corpus is seen; a fraction sees a random part of it."""


@dataclass(frozen=True)
class Example:
    """One tokenised text with the label of its task; the other task's label is UNLABELLED."""

    ids: tuple[int, ...]
    sentiment: int
    emotion: int


def train(
    corpora: Sequence[Corpus],
    tokenizer_file: Path,
    work: Path,
    recipe: Recipe,
    progress: Progress,
    threads: int = 2,
) -> PeftModel:
    """Train an adapter and its heads; `work` keeps a checkpoint from which a cut run goes on."""
    torch.set_num_threads(threads)
    torch.manual_seed(recipe.seed)
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    batches = list(_batches(_schedule(corpora, tokenizer, recipe), recipe))
    network = with_new_adapter()
    run = _Run(network, recipe, len(batches), work / _key(corpora, recipe))
    run.resume(progress)
    started, first = time.monotonic(), run.step
    for batch in batches[run.step :]:
        loss = run.learn(batch)
        if run.step % CHECKPOINT_EVERY == 0 or run.step == len(batches):
            run.save()
            left = (time.monotonic() - started) / (run.step - first) * (len(batches) - run.step)
            progress(f"step {run.step}/{len(batches)}  loss {loss:.3f}  {left / 60:.0f} min left")
    return network


class _Run:
    """The state of a training run: network, optimiser, schedule, step."""

    def __init__(self, network: PeftModel, recipe: Recipe, steps: int, folder: Path) -> None:
        self.network = network.train()
        self.step = 0
        self._file = folder / CHECKPOINT_FILE
        self._weights = [w for w in network.parameters() if w.requires_grad]
        self._optimizer = AdamW(
            self._weights, lr=recipe.learning_rate, weight_decay=recipe.weight_decay
        )
        warm = max(1, int(recipe.warm_up * steps))
        self._schedule = LambdaLR(
            self._optimizer, lambda step: min((step + 1) / warm, (steps - step) / (steps - warm))
        )

    def learn(self, batch: Sequence[Example]) -> float:
        """One step of the optimiser; the loss before it."""
        ids, mask = _padded(batch)
        logits = self.network(input_ids=ids, attention_mask=mask)
        loss = _loss(logits, batch)
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._weights, 1.0)
        self._optimizer.step()
        self._schedule.step()
        self.step += 1
        return float(loss.detach())

    def save(self) -> None:
        """Write the checkpoint, replacing the previous one only once it is complete."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        state = {
            "step": self.step,
            "weights": [w.detach() for w in self._weights],
            "optimizer": self._optimizer.state_dict(),
            "schedule": self._schedule.state_dict(),
            "random": torch.get_rng_state(),
        }
        fresh = self._file.with_suffix(".new")
        torch.save(state, fresh)
        fresh.replace(self._file)

    def resume(self, progress: Progress) -> None:
        """Go on from the checkpoint, if this very run (data and recipe) left one."""
        if not self._file.is_file():
            return
        state = torch.load(self._file)
        with torch.no_grad():
            for weight, kept in zip(self._weights, state["weights"], strict=True):
                weight.copy_(kept)
        self._optimizer.load_state_dict(state["optimizer"])
        self._schedule.load_state_dict(state["schedule"])
        torch.set_rng_state(state["random"])
        self.step = state["step"]
        progress(f"going on from step {self.step}")


def _loss(logits: Tensor, batch: Sequence[Example]) -> Tensor:
    """Mean cross entropy over the labelled tasks of the batch's texts."""
    parts = (
        (logits[:, : len(SENTIMENTS)], [example.sentiment for example in batch]),
        (logits[:, len(SENTIMENTS) :], [example.emotion for example in batch]),
    )
    sums = [
        cross_entropy(part, torch.tensor(labels), ignore_index=UNLABELLED, reduction="sum")
        for part, labels in parts
    ]
    return torch.stack(sums).sum() / len(batch)


def _schedule(corpora: Sequence[Corpus], tokenizer: Tokenizer, recipe: Recipe) -> list[Example]:
    """The examples in the order in which they are learnt, each corpus as often as the recipe says."""
    generator = np.random.default_rng(recipe.seed)
    passes = dict(recipe.passes)
    seen: list[tuple[float, Example]] = []
    for corpus in corpora:
        examples = _examples(corpus, tokenizer)
        for number in range(int(np.ceil(passes[corpus.name]))):
            share = min(1.0, passes[corpus.name] - number)
            order = generator.permutation(len(examples))[: round(share * len(examples))]
            # Positions in [0, 1) spread every pass of every corpus evenly over the whole run.
            position = (number + np.arange(len(order)) / max(1, len(order)) * share) / passes[
                corpus.name
            ]
            seen.extend((float(p), examples[i]) for p, i in zip(position, order, strict=True))
    return [example for _, example in sorted(seen, key=lambda pair: pair[0])]


def _examples(corpus: Corpus, tokenizer: Tokenizer) -> list[Example]:
    encodings = tokenizer.encode_batch(list(corpus.train.texts))
    sentiment = corpus.task == "sentiment"
    return [
        Example(
            ids=tuple(TRAINING_WINDOW.cut(encoding.ids)),
            sentiment=label if sentiment else UNLABELLED,
            emotion=UNLABELLED if sentiment else label,
        )
        for encoding, label in zip(encodings, corpus.train.labels, strict=True)
    ]


def _batches(examples: Sequence[Example], recipe: Recipe) -> Iterator[list[Example]]:
    """Batches of near-equal length in random order within each bucket."""
    generator = np.random.default_rng(recipe.seed)
    for start in range(0, len(examples), recipe.batch * BUCKET):
        bucket = sorted(examples[start : start + recipe.batch * BUCKET], key=lambda e: len(e.ids))
        starts = np.arange(0, len(bucket), recipe.batch)
        for first in generator.permutation(starts):
            yield bucket[first : first + recipe.batch]


def _padded(batch: Sequence[Example]) -> tuple[Tensor, Tensor]:
    width = max(len(example.ids) for example in batch)
    ids: NDArray[np.int64] = np.zeros((len(batch), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, example in enumerate(batch):
        ids[row, : len(example.ids)] = example.ids
        mask[row, : len(example.ids)] = 1
    return torch.from_numpy(ids), torch.from_numpy(mask)


def _key(corpora: Sequence[Corpus], recipe: Recipe) -> str:
    """A name for this data and recipe, so that a checkpoint of another run is never continued."""
    digest = hashlib.sha256(json.dumps(asdict(recipe)).encode())
    for corpus in corpora:
        digest.update(repr((corpus.name, corpus.train)).encode())
    return digest.hexdigest()[:16]
