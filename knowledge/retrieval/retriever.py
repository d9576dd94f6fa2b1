"""The hybrid index as a LangChain retriever: documents best first, each with its scores."""

from __future__ import annotations

from collections.abc import Callable

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from knowledge.retrieval.text_index import Rows, TextIndex
from models.vectors import TextEncoder


class HybridRetriever(BaseRetriever):
    """Documents whose words or meaning match. ``document`` gives that of a row of the index.

    ``allowed`` narrows to some rows; ``least`` leaves out documents below that score.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: TextIndex
    encoder: TextEncoder
    document: Callable[[int], Document]
    limit: int = 5
    least: float = 0.0
    allowed: Rows | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        vector = self.encoder.encode([query])[0]
        hits = self.index.search(query, vector, self.limit, self.allowed)
        found = []
        for hit in hits:
            if hit.score >= self.least:
                document = self.document(hit.row)
                scores = {"score": hit.score, "words": hit.words, "meaning": hit.meaning}
                metadata = {**document.metadata, **scores}
                found.append(Document(document.page_content, id=document.id, metadata=metadata))
        return found
