"""What customers talk about: themes of all feedback, narrowed, compared and ordered as asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analytics.catalog.types import Metric
from analytics.types import Direction, Filter, Issue, Kind, Op, OrderBy, Query, TimeRange
from analytics.understand.reader.themes import COMPLAINTS, NEWS, PRAISE, THEMES
from analytics.understand.reading import DimensionMention, Reading
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.resolver.conditions import with_conditions
from analytics.understand.resolver.dimensions import pick_dimension
from analytics.understand.resolver.evidence import rows_before
from analytics.understand.resolver.filters import patched_filters, value_filters
from analytics.understand.resolver.grouping import compared_dimensions
from analytics.understand.resolver.periods import main_and_baseline, with_comparison
from analytics.wording import inside, listed

THEME = "theme"
SOURCE = "feedback_source"
COUNT, MOOD = "feedback_count", "feedback_net_sentiment"
MOST_THEMES = 10
_RISES = {Direction.ROSE, Direction.IMPROVED, Direction.WORSENED, Direction.ANY}


def about_themes(reading: Reading) -> bool:
    """Whether a message asks for themes: by what people say of them, or by the word and no figure."""
    if THEMES in reading.forms:
        return True
    mention = _mention(reading)
    if mention is None or "evidence" in reading.forms:
        return False
    named = [m for m in reading.metrics if not (m.rows and m.at > mention.at)]
    return not named and not ("tickets" in _sources_named(reading) and len(mention.names) > 1)


def _mention(reading: Reading) -> DimensionMention | None:
    return next((m for m in reading.dimensions if THEME in m.names), None)


def fresh_themes(asked: Asked) -> Query:
    """The whole query. Raises Doubt where there are no themes, or something must be asked first."""
    metrics = _metrics(asked)
    main, baseline = main_and_baseline(asked)
    query = Query(
        Kind.THEMES,
        metrics=tuple(m.name for m in metrics),
        group_by=(THEME, *_others(asked, metrics)),
        filters=(*value_filters(asked, metrics), *_source(asked), *_mood(asked.reading)),
        time_range=main,
        direction=_direction(asked.reading),
        limit=None if "every" in asked.reading.forms else asked.reading.count or MOST_THEMES,
        chart="table" if "table" in asked.reading.forms else None,
    )
    return _ordered(_compared(asked, with_conditions(asked, query, metrics), baseline))


def refined_themes(asked: Asked, previous: Query) -> Query:
    """The themes asked for now, within the filters and the period of the question before."""
    fresh = fresh_themes(asked)
    reading = asked.reading
    again = previous.kind is Kind.THEMES
    before = (*_source_before(asked, previous), *rows_before(asked, previous))
    kept = patched_filters(before, _kept(asked, previous))
    query = replace(
        fresh,
        filters=patched_filters(kept, fresh.filters),
        group_by=previous.group_by if again and len(fresh.group_by) == 1 else fresh.group_by,
        time_range=fresh.time_range or previous.time_range,
        comparison=fresh.comparison or previous.comparison,
        direction=fresh.direction or (previous.direction if again else None),
        limit=previous.limit if again and reading.count is None else fresh.limit,
    )
    moved = fresh.time_range is not None or query.comparison is None
    return _ordered(_compared(asked, replace(query, comparison=None), None) if moved else query)


def without_themes(previous: Query, own_figure: bool) -> Query:
    """What a question about themes leaves for one about a figure: its scope.

    The mood that "complaints" stands for goes where a figure of its own is asked for: "net sentiment of
    the second one" is that of all its texts.
    """
    kept = tuple(f for f in previous.filters if not (own_figure and f.dimension == "sentiment"))
    return Query(Kind.VALUE, previous.metrics[:1], filters=kept, time_range=previous.time_range)


def _metrics(asked: Asked) -> tuple[Metric, ...]:
    known = asked.catalog.metrics
    if COUNT not in known or THEME not in asked.catalog.dimensions_of_metric(known[COUNT]):
        text = "No themes were found in this data: it holds no texts of customers, or too few."
        raise Doubt(Issue("no_themes", text, ("What can you do?",)))
    return tuple(known[name] for name in (COUNT, MOOD) if name in known)


def _others(asked: Asked, metrics: Sequence[Metric]) -> tuple[str, ...]:
    """ "themes by region": what else to split by."""
    grouped = [m for m in asked.reading.dimensions if m.grouped and THEME not in m.names]
    names = [pick_dimension(asked, m.names, metrics[:1], m.text) for m in grouped]
    names += [n for n in compared_dimensions(asked, metrics[:1]) if n != THEME]
    return tuple(dict.fromkeys(names))


def _sources_named(reading: Reading) -> list[str]:
    return [*reading.models, *(n for m in reading.metrics if m.rows for n in m.names)]


def _source(asked: Asked) -> tuple[Filter, ...]:
    """ "in tickets": the sources named, as the feedback calls them."""
    models = list(asked.reading.models)
    models += [asked.catalog.metrics[m.names[0]].model for m in asked.reading.metrics if m.rows]
    return _filter_on(asked, models)


def _source_before(asked: Asked, previous: Query) -> tuple[Filter, ...]:
    """Where the last answer was about texts of one source, those."""
    names = [n.removesuffix(".verbatims") for n in previous.metrics[:1]]
    known = asked.catalog.metrics
    models = [known[n].model if n in known else n for n in names]
    return _filter_on(asked, [m for m in models if m in asked.catalog.models])


def _filter_on(asked: Asked, models: Sequence[str]) -> tuple[Filter, ...]:
    """The feedback of these sources alone, as feedback calls them."""
    tables = [asked.catalog.models[name].table for name in models if name in asked.catalog.models]
    named = tuple(dict.fromkeys(table.replace("_", " ") for table in tables))
    stored = (value for found in asked.known.values.exact.values() for value in found)
    known = {value.value for value in stored if value.dimension == SOURCE}
    wanted = tuple(name for name in named if name in known)
    return (Filter(SOURCE, Op.IN, wanted),) if wanted else ()


def _mood(reading: Reading) -> tuple[Filter, ...]:
    """Complaints are what unhappy texts speak of, praise what happy ones do."""
    named = {v.dimension for mention in reading.values for v in mention.values}
    moods = [
        m for form, m in ((COMPLAINTS, "negative"), (PRAISE, "positive")) if form in reading.forms
    ]
    if len(moods) != 1 or "sentiment" in named:
        return ()
    return (Filter("sentiment", Op.IN, (moods[0],)),)


def _direction(reading: Reading) -> Direction | None:
    if NEWS in reading.forms:
        return Direction.ROSE
    if reading.direction is None:
        return None
    return Direction.ROSE if Direction(reading.direction) in _RISES else Direction.FELL


def _compared(asked: Asked, query: Query, baseline: TimeRange | None) -> Query:
    """Against the period before, wherever there is a period; a change needs one."""
    between_periods = asked.reading.comparisons - {"versus"} or baseline is not None
    if query.time_range is None and query.direction is None and not between_periods:
        return query
    try:
        return with_comparison(asked, query, baseline)
    except Doubt:
        return query  # all data: nothing lies before


def _ordered(query: Query) -> Query:
    """The largest first; of a change, the largest change."""
    if query.comparison is not None and query.direction is not None:
        falls = query.direction is Direction.FELL
        return replace(query, order_by=(OrderBy(f"{COUNT}__change", descending=not falls),))
    return replace(query, order_by=(OrderBy(COUNT),))


def _kept(asked: Asked, previous: Query) -> tuple[Filter, ...]:
    """Filters of the question before. Raises Doubt where feedback does not know one of them."""
    known = asked.catalog.dimensions_of_metric(asked.catalog.metrics[COUNT])
    lost = [f for f in previous.filters if f.dimension not in known and f.op is not Op.CONTAINS]
    if lost:
        names = listed([str(v) for f in lost for v in f.values])
        label = inside(asked.catalog.models[asked.catalog.metrics[COUNT].model].label)
        raise Doubt(
            Issue(
                "filter_not_available",
                f"All {label} together is not recorded by {names}, which is what you were looking at.",
                ("What do people talk about?",),
            )
        )
    return previous.filters
