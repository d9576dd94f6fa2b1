"""What customers say where a figure changed: the themes that grew there, and words that speak of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analytics.analyst.context import Context
from analytics.analyst.evidence import fetch_quotes
from analytics.analyst.themes import find_themes
from analytics.answer.themes import ThemeRow
from analytics.catalog.types import SemanticModel
from analytics.types import Direction, Filter, Kind, Op, Query, Quote
from analytics.understand.resolver.themes import THEME

MOST_QUOTES = 5
_MOST_THEMES = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where to listen: texts of a source within the filters, in a mood, in the time of a query."""

    model: SemanticModel
    filters: tuple[Filter, ...]
    mood: tuple[Filter, ...]


def grown(place: Place, query: Query, context: Context) -> tuple[ThemeRow, ...]:
    """Themes of which more texts in the mood speak than before, beyond chance, the surest first.

    Shares are of all texts there, in whatever mood: so a theme counts by itself, and not only because
    everything else got quieter among the unhappy.
    """
    count = _count_of(place.model, context)
    if query.comparison is None or not place.mood or count is None:
        return ()
    themes = Query(
        Kind.THEMES,
        metrics=(count,),
        group_by=(THEME,),
        filters=(*place.filters, *place.mood),
        time_range=query.time_range,
        comparison=query.comparison,
        direction=Direction.ROSE,
        limit=_MOST_THEMES,
    )
    return find_themes(themes, context, among=place.filters)[0].rows


def _count_of(model: SemanticModel, context: Context) -> str | None:
    """The metric that counts the source's texts, where they have themes."""
    if THEME not in context.catalog.dimensions_of(model):
        return None
    return next(
        (m.name for m in model.metrics if m.expression == "count(*)" and m.where is None), None
    )


def quotes_from(
    places: Sequence[tuple[Place, Sequence[ThemeRow]]], query: Query, context: Context
) -> tuple[Quote, ...]:
    """Up to five texts, shared out among the places: first those that speak of what grew there."""
    quotes: dict[str, Quote] = {}
    for position, (place, themes) in enumerate(places):
        share = -(-(MOST_QUOTES - len(quotes)) // (len(places) - position))
        plain = Query(
            Kind.EVIDENCE,
            metrics=(f"{place.model.name}.verbatims",),
            filters=(*place.filters, *place.mood),
            time_range=query.time_range,
            limit=MOST_QUOTES + len(quotes),
        )
        named = tuple(row.theme for row in themes)
        about = replace(plain, filters=(*plain.filters, Filter(THEME, Op.IN, named)))
        fresh: dict[str, Quote] = {}
        for asked in (about, plain) if named else (plain,):
            if len(fresh) < share:
                found = (q for q in fetch_quotes(asked, context) if q.id not in quotes)
                fresh |= {q.id: q for q in found if q.id not in fresh}
        quotes |= dict(list(fresh.items())[:share])
    return tuple(quotes.values())
