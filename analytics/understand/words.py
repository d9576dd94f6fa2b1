"""Common English words, as far as the sentence encoder's tokenizer knows them whole."""

from __future__ import annotations

import json
from pathlib import Path


def english_words(tokenizer: Path) -> frozenset[str]:
    """Whole words of a WordPiece vocabulary. A word that is in it is no typing slip."""
    vocabulary = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(word for word in vocabulary if word.isalpha() and len(word) > 2)
