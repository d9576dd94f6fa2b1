"""The part of the catalog that everyone may see, visitors of a page included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analytics.catalog.types import Audience, Catalog, Dimension, Metric


def public(catalog: Catalog) -> Catalog:
    """Only semantic models for everyone, their metrics, and no dimension that is a person."""
    tables = {
        name: replace(table, dimensions=_impersonal(table.dimensions))
        for name, table in catalog.dimension_tables.items()
        if table.audience is Audience.EVERYONE
    }
    models = {
        name: replace(
            model,
            dimensions=_impersonal(model.dimensions),
            joins=tuple(joined for joined in model.joins if joined in tables),
        )
        for name, model in catalog.models.items()
        if model.audience is Audience.EVERYONE
    }
    return replace(
        catalog,
        models=models,
        dimension_tables=tables,
        metrics={
            name: metric
            for name, metric in catalog.metrics.items()
            if _is_public(metric, catalog.metrics, models)
        },
    )


def _is_public(metric: Metric, metrics: Mapping[str, Metric], models: Mapping[str, object]) -> bool:
    if metric.ratio_of is not None:
        return all(_is_public(metrics[part], metrics, models) for part in metric.ratio_of)
    return metric.model in models


def _impersonal(dimensions: tuple[Dimension, ...]) -> tuple[Dimension, ...]:
    return tuple(dimension for dimension in dimensions if not dimension.person)
