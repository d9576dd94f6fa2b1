import numpy as np
import pytest

from models.encoder import DIMENSIONS, Encoder
from models.prepare import prepare_encoder
from models.session import NotPreparedError

TEXTS = [
    "The delivery was three days late.",
    "My parcel arrived much too late.",
    "How do I cook rice?",
    "",
    "🎸🎸🎸",
    "مرحبا بالعالم",
    "a\x00b\x07c \ud800 d",
    "word " * 50_000,
]


def test_vectors_have_unit_length(encoder: Encoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), DIMENSIONS)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_vector_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_array_equal(together, alone)


def test_near_in_meaning_is_near_in_space(encoder: Encoder) -> None:
    late, too_late, rice = encoder.encode(TEXTS[:3])
    assert late @ too_late > 0.5 > late @ rice


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, DIMENSIONS)


def test_preparing_again_does_nothing(model_home) -> None:
    folder = model_home / "models" / "encoder"
    before = (folder / "encoder.onnx").stat().st_mtime_ns
    notes: list[str] = []
    prepare_encoder(folder, notes.append)
    assert notes == []
    assert (folder / "encoder.onnx").stat().st_mtime_ns == before


def test_a_folder_that_was_not_prepared_says_what_to_do(tmp_path) -> None:
    with pytest.raises(NotPreparedError, match="prepares the models"):
        Encoder.load(tmp_path)
