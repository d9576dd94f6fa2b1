"""What the documents say is what was measured."""

from pathlib import Path

import pytest

from models.figures import from_json, put_into, to_json, to_markdown
from models.prepare import SHIPPED_ADAPTER
from models.text_scorer import TextScorer

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [SHIPPED_ADAPTER / "README.md", ROOT / "docs" / "models" / "sentiment.md"]
TASKS = ["sentiment", "emotion"]


@pytest.fixture(params=TASKS)
def evaluation(request):
    return from_json((SHIPPED_ADAPTER / f"evaluation_{request.param}.json").read_text())


@pytest.mark.parametrize("document", DOCUMENTS, ids=["card", "docs"])
def test_documents_show_the_shipped_figures(document: Path, evaluation) -> None:
    assert to_markdown(evaluation) in document.read_text()


def test_figures_are_of_the_shipped_adapter(evaluation, scorer: TextScorer) -> None:
    assert evaluation.scorer_version == scorer.version


def test_json_keeps_the_figures(evaluation) -> None:
    assert from_json(to_json(evaluation)) == evaluation


def test_a_document_without_a_place_is_refused(tmp_path, evaluation) -> None:
    document = tmp_path / "page.md"
    document.write_text("# No place here\n")
    with pytest.raises(ValueError, match="no place for the figures"):
        put_into(document, evaluation)
