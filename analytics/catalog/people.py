"""The people of a company, "customers" or "buyers": which dimensions they are, and the words for them."""

from __future__ import annotations

from analytics.catalog.types import Catalog
from analytics.text import singulars


def people_dimensions(catalog: Catalog) -> frozenset[str]:
    """Names of the dimensions whose values are people."""
    return frozenset(
        name
        for model in catalog.models.values()
        for name, dimension in catalog.dimensions_of(model).items()
        if dimension.person
    )


def people_words(catalog: Catalog) -> frozenset[tuple[str, ...]]:
    """Every phrase, in the singular, for a dimension whose values are people."""
    return frozenset(
        singulars(phrase)
        for model in catalog.models.values()
        for dimension in catalog.dimensions_of(model).values()
        if dimension.person
        for phrase in (dimension.label, *dimension.synonyms)
    )
