"""The last query after the moves of a follow-up: another order, more rows, one level up or down."""

from __future__ import annotations

from dataclasses import replace

from analytics.catalog.types import Better, DimensionKind
from analytics.types import Grain, Issue, Kind, OrderBy, Query, TimeRange
from analytics.understand.reading import Reading
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.resolver.dimensions import pick_dimension, shared_dimensions
from analytics.understand.resolver.evidence import EVIDENCE_LIMIT
from analytics.understand.resolver.metrics import asked_metrics
from analytics.understand.resolver.ranking import DEFAULT_LIMIT
from analytics.understand.resolver.taken_off import take_off
from analytics.understand.times.units import period_name, start_of, unit_range
from analytics.wording import inside

_COARSER = {
    Grain.HOUR: Grain.DAY, Grain.DAY: Grain.WEEK, Grain.WEEK: Grain.MONTH, Grain.MONTH: Grain.QUARTER,
    Grain.QUARTER: Grain.YEAR,
}  # fmt: skip
_FINER = {
    Grain.YEAR: Grain.QUARTER,
    Grain.QUARTER: Grain.MONTH,
    Grain.MONTH: Grain.WEEK,
    Grain.WEEK: Grain.DAY,
}
_MOST_OFFERED = 3


def moved(asked: Asked, previous: Query) -> tuple[Query, Asked]:
    """The query after the moves, and what is left to read of the message."""
    moves = asked.followed.moves
    query, reading = previous, asked.reading
    if moves.has("remove", "unfilter", "all"):
        query, reading = take_off(asked, query)
        query = fitting_kind(query)
    if moves.has("unfiltered"):
        query = replace(query, filters=(), having=())
    if moves.has("everything"):
        gone = {v.dimension for mention in reading.values for v in mention.values}
        query = replace(query, filters=tuple(f for f in query.filters if f.dimension not in gone))
    if moves.has("whole") and "trend" in reading.forms and (query.grain or not query.group_by):
        reading = replace(reading, forms=reading.forms - {"trend"} | {"running_total"})
    elif moves.has("whole"):
        split = set(query.group_by)
        kept = tuple(m for m in reading.dimensions if not split & set(m.names))
        query, reading = _whole(query), replace(reading, dimensions=kept)
    if moves.has("narrow") and (reading.values or reading.conditions):
        reading = replace(reading, metrics=())
    if moves.has("count"):
        query = _counted(asked, query)
    entire = {"whole", "entire", "full"} & reading.words
    if moves.has("out") and entire and reading.grain and not reading.times and query.time_range:
        query = replace(query, time_range=_whole_unit(asked, query.time_range, reading.grain))
        reading = replace(reading, grain=None, grain_asked=False)
    elif moves.has("out") and not (reading.times or reading.grain or reading.values):
        query = _out(asked, query)
    if moves.has("deeper") and not _says_how_deep(reading):
        query = _deeper(asked, query)
    if moves.has("more", "next", "all_rows"):
        query = _more_rows(asked, query)
    if moves.has("cut"):
        query = _cut(asked, query)
    if moves.has("sort", "flip", "alphabetical", *_WAYS, *_MERIT):
        query, reading = _ordered(asked, query, reading)
    if moves.has("narrow") and moves.count is not None:
        reading = replace(reading, count=moves.count)
    if moves.has("judge"):
        reading = replace(reading, comparisons=reading.comparisons | {"previous_period"})
    if moves.has("beside") and not reading.metrics:
        reading = replace(reading, comparisons=reading.comparisons | {"versus"})
    reading = replace(reading, forms=_formed(asked, reading))
    return query, replace(asked, reading=reading)


_WAYS = ("ascending", "descending")
_MERIT = ("best_first", "worst_first")
_FORMS = {"as_table": "table", "no_chart": "table", "as_bar": "bar", "as_line": "line"}


def _formed(asked: Asked, reading: Reading) -> frozenset[str]:
    """The forms that are asked for, with those that a move names."""
    moves = asked.followed.moves
    named = {form for move, form in _FORMS.items() if moves.has(move)}
    if moves.has("as_pie"):
        named.add("bar")  # there are no pies: bars show the same parts
    if moves.has("sample"):
        named.add("evidence")
    return (reading.forms - {"chart"} if moves.has("no_chart") else reading.forms) | named


def _cut(asked: Asked, query: Query) -> Query:
    """So many rows of the list, from the top. Raises Doubt where there was no list."""
    if not query.group_by and query.kind not in {Kind.EVIDENCE, Kind.RANKING}:
        text = "That was no list, so there is nothing to shorten."
        raise Doubt(Issue("nothing_more", text, _by_what(asked, query)))
    kind = Kind.RANKING if query.kind is Kind.BREAKDOWN and query.order_by else query.kind
    return replace(query, kind=kind, limit=asked.followed.moves.count, skip=0)


def _says_how_deep(reading: Reading) -> bool:
    return bool(
        reading.grouped or reading.grain or reading.values or reading.times or reading.dimensions
    )


def fitting_kind(query: Query) -> Query:
    """A split that lost what it was split by is the plain figure, or the plain comparison."""
    if query.group_by or query.grain:
        return query
    match query.kind:
        case Kind.BREAKDOWN | Kind.RANKING | Kind.TREND:
            return replace(query, kind=Kind.VALUE, order_by=(), limit=None, skip=0, having=())
        case Kind.CHANGE | Kind.COMPARISON:
            return replace(
                query,
                kind=Kind.COMPARISON,
                direction=None,
                order_by=(),
                limit=None,
                skip=0,
                having=(),
            )
        case _:
            return query


def _whole(query: Query) -> Query:
    """One figure: without the split; of everything, where there was none."""
    if query.kind in {Kind.EVIDENCE, Kind.DRIVERS}:
        return query
    if not query.group_by and not query.grain:
        return replace(query, filters=(), having=())
    return fitting_kind(replace(query, group_by=(), grain=None))


def _out(asked: Asked, query: Query) -> Query:
    """One level up: the last split goes, else wider steps, else the last filter."""
    if query.group_by and query.kind not in {Kind.EVIDENCE, Kind.DRIVERS}:
        return fitting_kind(replace(query, group_by=query.group_by[:-1]))
    if query.grain in _COARSER:
        return replace(query, grain=_COARSER[query.grain])
    if query.filters:
        return replace(query, filters=query.filters[:-1])
    if query.time_range is not None and query.comparison is None:
        return replace(query, time_range=None)
    raise Doubt(
        Issue("nothing_wider", "This is already the whole picture.", _by_what(asked, query))
    )


def _whole_unit(asked: Asked, time_range: TimeRange, grain: Grain) -> TimeRange:
    """ "the whole year": the one that the period lies in."""
    start = start_of(time_range.start, grain.value, asked.known.calendar)
    return unit_range(start, grain.value, asked.today, period_name(start, grain.value))


def _counted(asked: Asked, query: Query) -> Query:
    """How many texts there are behind quotes. Raises Doubt where rows are no texts."""
    name = query.metrics[0].split(".")[0] if query.kind is Kind.EVIDENCE else ""
    rows = [
        m for m in asked.catalog.metrics.values() if m.model == name and m.expression == "count(*)"
    ]
    plain = [m for m in rows if m.where is None]
    if not plain:
        raise Doubt(Issue("count_of_what", "How many of what? Name it.", _by_what(asked, query)))
    return replace(query, kind=Kind.VALUE, metrics=(plain[0].name,), limit=None, skip=0)


def _deeper(asked: Asked, query: Query) -> Query:
    """Finer steps of a trend; else it must be said by what."""
    if query.grain in _FINER and not query.group_by:
        return replace(query, grain=_FINER[query.grain])
    raise Doubt(Issue("deeper_by_what", "Split it by what?", _by_what(asked, query)))


def _by_what(asked: Asked, query: Query) -> tuple[str, ...]:
    metrics = [asked.catalog.metrics[m] for m in query.metrics if m in asked.catalog.metrics]
    if not metrics:
        return ()
    single = {f.dimension for f in query.filters if len(f.values) == 1}
    fitting = [
        d
        for d in shared_dimensions(asked, metrics).values()
        if d.kind is DimensionKind.CATEGORICAL
        and not d.person
        and d.name not in {*query.group_by, *single}
    ]
    fitting.sort(key=lambda d: (-d.specificity, d.name))
    return tuple(f"by {inside(d.label)}" for d in fitting[:_MOST_OFFERED])


def _more_rows(asked: Asked, query: Query) -> Query:
    """ "more" makes a list longer, "next 10" goes on behind it; quotes always go on."""
    count = asked.followed.moves.count
    if query.kind is Kind.EVIDENCE:
        shown = query.limit or EVIDENCE_LIMIT
        return replace(query, skip=query.skip + shown, limit=count or shown)
    if not query.group_by and query.kind is not Kind.RANKING:
        raise Doubt(
            Issue(
                "nothing_more", "That was no list: there is no more of it.", _by_what(asked, query)
            )
        )
    if asked.followed.moves.has("all_rows"):
        return replace(query, limit=None, skip=0)
    if query.limit is None:
        raise Doubt(Issue("nothing_more", "That was the whole list.", _by_what(asked, query)))
    if asked.followed.moves.has("next"):
        return replace(query, skip=query.skip + query.limit, limit=count or query.limit)
    return replace(query, limit=query.limit + (count or max(query.limit, DEFAULT_LIMIT)))


def _ordered(asked: Asked, query: Query, reading: Reading) -> tuple[Query, Reading]:
    """Another order. A figure that is not shown yet is shown beside, and orders."""
    if not query.group_by and query.grain is None:
        raise Doubt(Issue("nothing_to_sort", "There is no list to sort.", _by_what(asked, query)))
    moves = asked.followed.moves
    field, descending = _field(asked, query, reading)
    known = asked.catalog.metrics
    if moves.has("flip"):
        descending = not descending
    elif moves.has(*_WAYS):
        descending = moves.has("descending")
    elif moves.has(*_MERIT):
        lower = field in known and known[field].better is Better.LOWER
        descending = moves.has("best_first") is not lower
    elif reading.rank in {"highest", "lowest"}:
        descending = reading.rank == "highest"
    metrics = (
        query.metrics
        if field in {*query.metrics, *query.group_by, "time", "change"}
        else (*query.metrics, field)
    )
    ordered = replace(query, metrics=metrics, order_by=(OrderBy(field, descending),), skip=0)
    used = replace(
        reading,
        metrics=(),
        dimensions=(),
        rank=None,
        grain=None if reading.grain == query.grain else reading.grain,
    )
    return ordered, used


def _field(asked: Asked, query: Query, reading: Reading) -> tuple[str, bool]:
    """What to order by, and which way that goes unless it is said."""
    if reading.metrics:
        return asked_metrics(replace(asked, reading=reading))[0].name, True
    if reading.dimensions:
        metrics = [asked.catalog.metrics[m] for m in query.metrics]
        mention = reading.dimensions[0]
        name = pick_dimension(asked, mention.names, metrics, mention.text)
        return (name if name in query.group_by else query.metrics[0]), name not in query.group_by
    if asked.followed.moves.has("alphabetical") and query.group_by:
        return query.group_by[0], False
    if reading.grain is not None or (not query.order_by and query.grain is not None):
        return "time", False
    if query.order_by:
        return query.order_by[0].field, query.order_by[0].descending
    return query.metrics[0], True
