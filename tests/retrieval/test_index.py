"""The index on disk and the memory of vectors."""

from pathlib import Path

import numpy as np
import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from knowledge.retrieval.library import Library
from knowledge.retrieval.text_index import TextIndex, write_index
from models.vectors import VectorCache
from tests.analytics.core.world import StemEncoder

TEXTS = [
    "the strap broke after a week",
    "delivery came late",
    "battery lasts long",
    "strap is soft",
]


class CountingEncoder(StemEncoder):
    """Remembers how many texts it was given."""

    def __init__(self):
        self.encoded = 0

    def encode(self, texts):
        self.encoded += len(texts)
        return super().encode(texts)


def search(folder, text, allowed=None):
    vector = StemEncoder().encode([text])[0]
    return [h.row for h in TextIndex(folder).search(text, vector, 2, allowed)]


@pytest.fixture
def folder(tmp_path):
    write_index(tmp_path / "index", TEXTS, StemEncoder().encode(TEXTS))
    return tmp_path / "index"


def test_it_finds_by_words_and_narrows_to_rows(folder):
    assert search(folder, "broken strap, it broke")[0] == 0
    assert search(folder, "strap", np.array([1, 3]))[0] == 3


def test_it_is_opened_memory_mapped(folder):
    index = TextIndex(folder)
    maps = Path("/proc/self/maps")
    if not maps.exists():
        pytest.skip("no /proc")
    assert f"{folder.name}/dense.faiss" in maps.read_text()
    assert isinstance(index._lexical.scores["data"], np.memmap)


def test_a_text_is_as_near_as_its_nearest_statement_and_needs_none(tmp_path):
    vectors = StemEncoder().encode(["delivery", "strap broke", "battery"])
    write_index(tmp_path / "index", TEXTS, vectors, [0, 0, 2])
    hits = TextIndex(tmp_path / "index").search(
        "strap", StemEncoder().encode(["strap broke"])[0], 4
    )
    assert hits[0].row == 0
    assert hits[0].meaning == pytest.approx(1, abs=0.01)
    assert {h.row: h.meaning for h in hits}.get(3) == 0  # by its word alone


@pytest.mark.parametrize("texts", [[], ["", "!!!"]])
def test_texts_without_words_are_no_trouble(tmp_path, texts):
    write_index(tmp_path / "index", texts, StemEncoder().encode(texts))
    assert [
        h for h in TextIndex(tmp_path / "index").search("x", np.ones(64, "f4"), 3) if h.words
    ] == []


def test_only_new_texts_are_encoded(tmp_path):
    encoder = CountingEncoder()
    first = VectorCache(encoder, tmp_path).encode(TEXTS[:3])
    assert encoder.encoded == 3
    again = VectorCache(encoder, tmp_path).encode(TEXTS)
    assert encoder.encoded == 4
    np.testing.assert_allclose(again[:3], first, atol=1e-3)


def test_a_killed_writer_leaves_vectors_without_keys_which_do_not_count(tmp_path):
    encoder = CountingEncoder()
    VectorCache(encoder, tmp_path).encode(TEXTS)
    next(tmp_path.glob("*.keys.npy")).unlink()
    VectorCache(encoder, tmp_path).encode(TEXTS)
    assert encoder.encoded == 8


def test_damaged_vectors_are_encoded_again(tmp_path):
    encoder = CountingEncoder()
    VectorCache(encoder, tmp_path).encode(TEXTS)
    next(tmp_path.glob("*.vectors.npy")).write_bytes(b"\x00" * 40)
    assert VectorCache(encoder, tmp_path).encode(TEXTS).shape == (4, 64)
    assert encoder.encoded == 8


def test_a_library_is_a_langchain_retriever_and_survives_damage(tmp_path):
    documents = [
        Document(t, metadata={"kind": "article", "title": "T", "heading": t}) for t in TEXTS
    ]
    cache = VectorCache(StemEncoder(), tmp_path / "vectors")
    retriever = Library(documents, cache, tmp_path / "library").retriever(limit=1)
    assert isinstance(retriever, BaseRetriever)
    (found,) = retriever.invoke("late delivery")
    assert found.page_content == TEXTS[1]
    assert 0 < found.metadata["score"] <= 1
    next((tmp_path / "library").glob("*/about.json")).write_text("{")
    assert Library(documents, cache, tmp_path / "library").retriever(1).invoke("late delivery")


def test_what_is_asked_is_not_remembered(tmp_path):
    documents = [
        Document(t, metadata={"kind": "article", "title": "T", "heading": t}) for t in TEXTS
    ]
    library = Library(documents, VectorCache(StemEncoder(), tmp_path / "v"), tmp_path / "library")
    before = sorted(tmp_path.rglob("*"))
    library.retriever().invoke("a question that names a customer")
    assert sorted(tmp_path.rglob("*")) == before
