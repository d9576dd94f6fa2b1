"""Other readers of the same messages, in front of the same resolver, so that only the reading differs.

Both learn from the examples that the product's own NLU learns from.

*Rasa's default pipeline*: what `rasa init` sets up (word and character n-grams, DIET), with the epochs named.
*TF-IDF + linear*: acts by logistic regression on word and character n-grams, mentions wherever a message
holds the exact words of a mention in an example, longest first.
*No reading*: every message is a question without mentions; what the resolver does alone.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline, make_union

from analytics.catalog.load import load_catalog
from analytics.types import Act
from bot.nlu.annotated import Annotated
from bot.nlu.generate import generate, to_rasa
from bot.nlu.train import CATALOG, RASA_PYTHON
from bot.settings import ROOT
from tests.questions.parses import Parse, ParseError, Parses, parsed, rasa_environment

EPOCHS: Final = 20
"""Rasa sets up 100, several times the minutes that anybody waits for an evaluation."""
UNSURE_BELOW: Final = 0.3
"""As the threshold of the product's own FallbackClassifier."""
UNSURE: Final = "nlu_fallback"
DEFAULT_PIPELINE: Final = Path(__file__).parent / "pipelines" / "rasa_default.yml"


def examples() -> tuple[Annotated, ...]:
    """What the product's NLU learns from."""
    words = (ROOT / "knowledge" / "language" / "en.yml").read_text(encoding="utf-8")
    return generate(load_catalog(CATALOG), yaml.safe_load(words))


def default_pipeline_model(home: Path, epochs: int = EPOCHS) -> Path:
    """Rasa's default pipeline trained on the examples; trained now where it is not yet (minutes).

    Raises ParseError.
    """
    folder = home / "cache" / "default-pipeline"
    data = folder / "data"
    _write_data(data, epochs)
    model = folder / f"default-{epochs}-{_hash_of(data)}.tar.gz"
    if model.is_file():
        return model
    program = [str(RASA_PYTHON), "-m", "bot.rasa_components.fit"]
    done = subprocess.run(
        [*program, str(data), str(folder), model.name.removesuffix(".tar.gz")],
        cwd=ROOT,
        env=rasa_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0 or not model.is_file():
        raise ParseError(f"Rasa's default pipeline was not trained:\n{done.stderr[-2000:]}")
    return model


def _hash_of(data: Path) -> str:
    files = sorted(data.glob("*.yml"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]


def _write_data(data: Path, epochs: int) -> None:
    data.mkdir(parents=True, exist_ok=True)
    config = yaml.safe_load(DEFAULT_PIPELINE.read_text(encoding="utf-8"))
    for component in config["pipeline"]:
        if "epochs" in component:
            component["epochs"] = epochs
    (data / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    (data / "nlu.yml").write_text(to_rasa(examples()), encoding="utf-8")
    for file in ("domain.yml", "bot/dialogue/rules.yml"):
        shutil.copy(ROOT / file, data)


def default_pipeline_parses(texts: Iterable[str], home: Path) -> Parses:
    """What Rasa's default pipeline makes of each text."""
    return parsed(texts, home, default_pipeline_model(home))


def tfidf_parses(texts: Iterable[str]) -> Parses:
    """What the linear model and the list of phrases make of each text."""
    reader = LinearReader.fitted(examples())
    return reader.read(sorted(set(texts)))


@dataclass(frozen=True)
class LinearReader:
    """Acts by a linear model, mentions by the exact words of examples."""

    acts: Pipeline
    phrases: re.Pattern[str]
    roles: dict[str, str]

    @staticmethod
    def fitted(learned: Sequence[Annotated]) -> LinearReader:
        """Fits on all examples."""
        acts = make_pipeline(
            make_union(
                TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
                TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
            ),
            LogisticRegression(C=10.0, max_iter=1000),
        )
        acts.fit([each.text for each in learned], [str(each.act) for each in learned])
        roles = {m.text.casefold(): str(m.role) for each in learned for m in each.mentions}
        longest_first = sorted(roles, key=len, reverse=True)
        phrases = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.I)
        return LinearReader(acts, phrases, roles)

    def read(self, texts: Sequence[str]) -> Parses:
        """As Rasa would say it."""
        classes = list(self.acts.classes_)
        chances = self.acts.predict_proba(texts)
        found = {}
        for text, row in zip(texts, chances, strict=True):
            best = int(row.argmax())
            name = classes[best] if row[best] >= UNSURE_BELOW else UNSURE
            found[text] = self._parse(text, str(name), float(row[best]))
        return found

    def _parse(self, text: str, name: str, confidence: float) -> Parse:
        entities = [
            {
                "entity": self.roles[match.group().casefold()],
                "value": match.group(),
                "start": match.start(),
                "end": match.end(),
                "confidence_entity": 1.0,
            }
            for match in self.phrases.finditer(text)
        ]
        return {
            "text": text,
            "intent": {"name": name, "confidence": confidence},
            "entities": entities,
        }


def asked(texts: Iterable[str]) -> Parses:
    """No reading at all: every message a question, with no mention; what the resolver does alone."""
    return {
        text: {"text": text, "intent": {"name": str(Act.ASK), "confidence": 1.0}, "entities": []}
        for text in texts
    }
