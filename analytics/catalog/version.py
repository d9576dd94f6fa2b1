"""Short hashes that tell whether a definition, or the whole catalog, is still the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from analytics.catalog.types import Metric, SemanticModel


def metric_version(
    metric: Metric, models: Mapping[str, SemanticModel], parts: tuple[str, ...]
) -> str:
    """Short hash of all that decides the figure; words about it leave it alone."""
    model = models[metric.model]
    definition = [
        model.table,
        model.time,
        metric.unit.value,
        metric.expression,
        metric.average_of,
        metric.ratio_of,
        metric.per,
        dict(metric.inner or {}),
        metric.where,
        metric.sample,
        metric.minimum_sample,
        parts,
    ]
    return hashlib.sha256(json.dumps(definition).encode()).hexdigest()[:8]


def files_version(paths: Iterable[Path]) -> str:
    """Hash of the names and bytes of files: any edit changes it."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
