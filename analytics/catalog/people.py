"""Words for the people of a company: "customers", "buyers"."""

from __future__ import annotations

from analytics.catalog.types import Catalog
from analytics.text import singulars


def people_words(catalog: Catalog) -> frozenset[tuple[str, ...]]:
    """Every phrase, in the singular, for a dimension whose values are people."""
    return frozenset(
        singulars(phrase)
        for model in catalog.models.values()
        for dimension in catalog.dimensions_of(model).values()
        if dimension.person
        for phrase in (dimension.label, *dimension.synonyms)
    )
