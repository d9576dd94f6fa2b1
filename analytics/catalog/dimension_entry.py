"""Reads one dimension of a catalog file."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.catalog.phrases import normal
from analytics.catalog.section import Section
from analytics.catalog.types import Dimension, DimensionKind, TimePart


def read_dimension(
    name: str, body: Section, table: str, columns: Mapping[str, str], part: bool = False
) -> Dimension:
    """The dimension of an entry; its problems go to the section's list."""
    label = body.text("label")
    dimension = Dimension(
        name=name,
        label=label,
        plural=body.text("plural", f"{label}s"),
        table=table,
        column=body.text("column", name),
        key=body.optional_text("key"),
        kind=body.choice("kind", DimensionKind, DimensionKind.CATEGORICAL),
        synonyms=body.texts("synonyms"),
        value_synonyms=body.texts_map("value_synonyms"),
        unit_words=body.texts("unit_words"),
        ordered_values=body.texts("ordered_values"),
        specificity=body.number("specificity"),
        person=body.flag("person"),
        outcome=body.flag("outcome"),
        description=body.text("description", ""),
        part=body.choice("part", TimePart, None) if part else None,
    )
    body.done()
    for field, column in (("column", dimension.column), ("key", dimension.key)):
        if columns and column and column not in columns:
            body.problem(f'table "{table}" has no column "{column}"', field)
    _check_value_words(dimension, body)
    return dimension


def _check_value_words(dimension: Dimension, body: Section) -> None:
    owners: dict[str, str] = {}
    for value, words in dimension.value_synonyms.items():
        for word in words:
            if (other := owners.setdefault(normal(word), value)) != value:
                body.problem(f'"{word}" stands for both "{other}" and "{value}"', "value_synonyms")
