"""A query of its own, put together from all that a message says."""

from __future__ import annotations

from dataclasses import replace

from analytics.types import Act, Kind, Query
from analytics.understand.resolver.asked import Asked
from analytics.understand.resolver.comparative import aimed, claim_of_group, set_apart
from analytics.understand.resolver.conditions import with_conditions
from analytics.understand.resolver.evidence import fresh_evidence
from analytics.understand.resolver.filters import value_filters
from analytics.understand.resolver.grouping import group_by
from analytics.understand.resolver.made import made
from analytics.understand.resolver.metrics import asked_metrics
from analytics.understand.resolver.shape import shape
from analytics.understand.resolver.themes import about_themes, fresh_themes
from analytics.understand.resolver.why import why


def fresh_query(asked: Asked) -> Query:
    """The whole query. Raises Doubt where something must be asked first."""
    if "evidence" in asked.reading.forms:
        return fresh_evidence(asked)
    if about_themes(asked.reading) and asked.act is not Act.EXPLAIN:
        return fresh_themes(asked)
    asked = aimed(asked)
    metrics = asked_metrics(asked)
    query = Query(Kind.VALUE, metrics=tuple(m.name for m in metrics))
    query = replace(
        query,
        group_by=group_by(asked, metrics),
        filters=value_filters(asked, metrics),
    )
    query = with_conditions(asked, query, metrics)
    if asked.act is Act.EXPLAIN:
        return why(asked, query, metrics[0])
    query = shape(asked, set_apart(asked, query), metrics[0])
    return made(asked, claim_of_group(asked, query, metrics[0]), metrics)
