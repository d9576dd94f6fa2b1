"""Definitions of a catalog as documents beside the articles."""

from __future__ import annotations

from collections.abc import Iterable

from langchain_core.documents import Document

from analytics.catalog.types import Metric


def metric_documents(metrics: Iterable[Metric]) -> list[Document]:
    """One document for each metric; ``metric`` in its metadata is the metric's name."""
    return [
        Document(
            metric.description,
            metadata={
                "kind": "definition",
                "metric": metric.name,
                "title": metric.label,
                "heading": "",
                "synonyms": metric.synonyms,
            },
        )
        for metric in metrics
    ]
