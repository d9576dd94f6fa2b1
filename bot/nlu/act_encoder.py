"""Train the adapter of the encoder of messages on the examples of acts and mentions. Imports torch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import yaml

from analytics.catalog.load import load_catalog
from analytics.types import Role
from bot.nlu.annotated import Annotated
from bot.nlu.generate import SEED, generate
from bot.settings import ROOT
from models.act_network import save_adapter
from models.act_training import Labelled, Recipe, fine_tune

FILLINGS = 3
"""How often the frames are filled anew: the encoder is to see many names, so that none matters."""

Progress = Callable[[str], None]


def release(adapter: Path, catalog: Path, progress: Progress, threads: int = 2) -> None:
    """Train on the examples of a catalog's folder and write the adapter's folder."""
    examples = labelled(_examples(catalog))
    progress(f"{len(examples)} examples")
    save_adapter(fine_tune(examples, Recipe(), progress, threads), adapter)


def labelled(examples: Iterable[Annotated]) -> list[Labelled]:
    """Examples with acts and roles as numbers; those of roles begin at 1."""
    every = list(examples)
    acts = sorted({example.act.value for example in every})
    roles = {role: number for number, role in enumerate(Role, start=1)}
    return [
        Labelled(
            example.text,
            acts.index(example.act.value),
            tuple((m.start, m.end, roles[m.role]) for m in example.mentions),
        )
        for example in every
    ]


def _examples(folder: Path) -> list[Annotated]:
    """No text twice, over several fillings of the frames."""
    catalog = load_catalog(folder)
    words = yaml.safe_load((ROOT / "knowledge/language/en.yml").read_text(encoding="utf-8"))
    found: dict[str, Annotated] = {}
    for seed in range(SEED, SEED + FILLINGS):
        for example in generate(catalog, words, seed=seed):
            found.setdefault(example.text.casefold(), example)
    return list(found.values())
