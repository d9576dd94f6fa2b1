"""The previous query, changed where the message says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analytics.catalog.figures import fits
from analytics.catalog.types import Metric
from analytics.types import (
    Act,
    Baseline,
    Comparison,
    Direction,
    Filter,
    Grain,
    How,
    Issue,
    Kind,
    Op,
    OrderBy,
    Query,
    TimeRange,
)
from analytics.understand.reading import MetricMention
from analytics.understand.resolver.asked import Asked, Doubt
from analytics.understand.resolver.comparative import claim_on_list
from analytics.understand.resolver.conditions import with_conditions
from analytics.understand.resolver.dimensions import shared_dimensions
from analytics.understand.resolver.evidence import refined_evidence
from analytics.understand.resolver.filters import adds, patched_filters, value_filters
from analytics.understand.resolver.fresh import fresh_query
from analytics.understand.resolver.grouping import group_by
from analytics.understand.resolver.made import made, remade
from analytics.understand.resolver.metrics import (
    asked_metrics,
    cannot_split,
    unreached,
    which_metric,
)
from analytics.understand.resolver.moved import fitting_kind, moved
from analytics.understand.resolver.periods import (
    periods_after,
    with_comparison,
)
from analytics.understand.resolver.ranking import breakdown_order, descending, rank, rank_of_what
from analytics.understand.resolver.shape import TURNED, change, chart, compare, over_time
from analytics.understand.resolver.themes import about_themes, refined_themes, without_themes
from analytics.understand.resolver.why import why
from analytics.understand.times.baseline import year_before
from analytics.understand.times.units import default_grain
from analytics.wording import listed, outset


def refine(asked: Asked, previous: Query) -> Query:
    """The previous query, changed where the message says so."""
    previous, asked = moved(asked, previous)
    if asked.followed.pointed and asked.reading.metrics and asked.reading.direction is None:
        previous = _plain(previous)
    if asked.followed.pointed and asked.reading.grouped and asked.reading.values:
        previous = replace(previous, limit=None, skip=0)
    moves = asked.followed.moves
    if moves and asked.reading.says_nothing and not moves.has("as_line"):
        return replace(previous, chart=chart(asked))
    return _patched(asked, previous)


def _plain(previous: Query) -> Query:
    """Of things that changed, another figure is asked for, not its change."""
    if previous.kind is not Kind.CHANGE:
        return previous
    order = tuple(OrderBy(name) for name in previous.metrics[:1])
    return replace(
        previous, kind=Kind.BREAKDOWN, comparison=None, direction=None, order_by=order, limit=None
    )


def _patched(asked: Asked, previous: Query) -> Query:
    """The query with what the message names in place of what it had."""
    if "evidence" in asked.reading.forms or previous.kind is Kind.EVIDENCE:
        if asked.reading.metrics and "evidence" not in asked.reading.forms:
            return fresh_query(replace(asked, act=Act.ASK))
        return refined_evidence(asked, previous)
    if about_themes(asked.reading) or _still_themes(asked, previous):
        return refined_themes(asked, previous)
    if previous.kind is Kind.THEMES:
        previous = without_themes(previous, own_figure=bool(asked.reading.metrics))
    metrics = _patched_metrics(asked, previous)
    names = tuple(m.name for m in metrics)
    added = value_filters(asked, metrics)
    grouped = group_by(asked, metrics)
    kept = tuple(g for g in previous.group_by if g in shared_dimensions(asked, metrics))
    base = replace(
        previous,
        metrics=names,
        filters=patched_filters(_kept_filters(asked, previous, metrics), added, adds(asked)),
        group_by=_patched_group(asked, previous, kept, grouped),
        having=() if asked.reading.conditions else previous.having,
        claim=None,
    )
    if asked.reading.comparative is not None and asked.reading.supposes and not asked.reading.times:
        return claim_on_list(asked, replace(base, filters=added), metrics[0])
    base = _side_by_side(asked, previous, base, added) or fitting_kind(
        _without_single(base, added, grouped)
    )
    base = with_conditions(asked, base, metrics)
    if asked.act is Act.EXPLAIN:
        return why(asked, replace(base, group_by=grouped), metrics[0], previous)
    if _mean_of_steps(asked, previous, metrics[0]):
        stepped = replace(asked, reading=replace(asked.reading, grain=previous.grain))
        plain = replace(base, kind=Kind.VALUE, grain=None, order_by=(), limit=None)
        return made(stepped, plain, metrics)
    return remade(asked, _reshape(asked, previous, base, metrics[0]), metrics)


def _mean_of_steps(asked: Asked, previous: Query, metric: Metric) -> bool:
    """ "on average", after a course over time: of its steps."""
    reading = asked.reading
    bare = not (reading.grain or reading.times or reading.grouped or reading.metrics)
    steps = previous.kind is Kind.TREND and not previous.group_by
    return "average" in reading.forms and bare and steps and fits(How.MEAN, metric)


def _still_themes(asked: Asked, previous: Query) -> bool:
    """Themes are asked for again, unless a figure, a course over time or a reason is."""
    reading = asked.reading
    return (
        previous.kind is Kind.THEMES
        and asked.act is not Act.EXPLAIN
        and all(m.rows for m in reading.metrics)
        and reading.grain is None
        and "trend" not in reading.forms
    )


def _side_by_side(
    asked: Asked, previous: Query, base: Query, added: Sequence[Filter]
) -> Query | None:
    """ "compare that with France", after Germany: both, beside each other."""
    if "versus" not in asked.reading.comparisons or len(added) != 1 or asked.reading.times:
        return None
    one = added[0]
    before = [f for f in previous.filters if f.dimension == one.dimension and f.op is Op.IN]
    if not before or one.op is not Op.IN:
        return None
    both = patched_filters(previous.filters, added, beside=True)
    group_by = tuple(dict.fromkeys((*base.group_by, one.dimension)))
    return replace(base, filters=both, group_by=group_by)


def _without_single(base: Query, added: Sequence[Filter], grouped: Sequence[str]) -> Query:
    """One value named of what the answer was split by: there is nothing left to split."""
    named = {f.dimension for f in added if f.op is Op.IN} - set(grouped)
    one = {f.dimension for f in base.filters if f.dimension in named and len(f.values) == 1}
    return replace(base, group_by=tuple(g for g in base.group_by if g not in one))


def _patched_metrics(asked: Asked, previous: Query) -> tuple[Metric, ...]:
    if asked.reading.metrics:
        named = asked_metrics(_of_same_rows(asked, previous))
        return (*_shown(asked, previous), *named) if adds(asked) else named
    names = [n for n in previous.metrics if n in asked.catalog.metrics]
    if not names:
        raise Doubt(which_metric(asked))
    metrics = [asked.catalog.metrics[n] for n in names]
    return tuple(_sibling(asked, previous, m) for m in metrics)


def _of_same_rows(asked: Asked, previous: Query) -> Asked:
    """A word for several figures means that of the rows spoken of: "customers" of orders are buyers."""
    known = asked.catalog.metrics
    models = {known[n].model for n in previous.metrics if n in known}

    def near(mention: MetricMention) -> MetricMention:
        own = tuple(n for n in mention.names if n in known and known[n].model in models)
        return replace(mention, names=own or mention.names)

    metrics = tuple(near(mention) for mention in asked.reading.metrics)
    return replace(asked, reading=replace(asked.reading, metrics=metrics))


def _shown(asked: Asked, previous: Query) -> tuple[Metric, ...]:
    """The figures that an added one comes beside."""
    known, named = asked.catalog.metrics, {n for m in asked.reading.metrics for n in m.names}
    return tuple(known[n] for n in previous.metrics if n in known and n not in named)


def _sibling(asked: Asked, previous: Query, metric: Metric) -> Metric:
    """The same figure from another source, where only that reaches what is asked now."""
    if not unreached(asked, metric):
        return metric
    for other in asked.catalog.metrics.values():
        if other.label == metric.label and not unreached(asked, other):
            return other
    raise Doubt(*cannot_split(asked, metric))


def _kept_filters(asked: Asked, previous: Query, metrics: Sequence[Metric]) -> tuple[Filter, ...]:
    shared = shared_dimensions(asked, metrics)
    lost = [f for f in previous.filters if f.dimension not in shared]
    if lost:
        values = listed([str(v) for f in lost for v in f.values])
        raise Doubt(
            Issue(
                "filter_not_available",
                f"{outset(metrics[0].label)} is not recorded by {values}, which is what you were "
                "looking at.",
                (metrics[0].label,),
            )
        )
    return previous.filters


def _patched_group(
    asked: Asked, previous: Query, kept: tuple[str, ...], grouped: tuple[str, ...]
) -> tuple[str, ...]:
    if not grouped:
        return kept
    deeper = asked.followed.moves.has("deeper") and "instead" not in asked.reading.words
    if adds(asked) or deeper:
        return tuple(dict.fromkeys((*kept, *grouped)))
    return grouped


def _reshape(asked: Asked, previous: Query, base: Query, metric: Metric) -> Query:
    asked = _held_against(asked, previous)
    main, baseline = periods_after(asked, previous)
    said_all = any(t.label == "all time" for t in asked.reading.times)
    time_range = main if main is not None or said_all else previous.time_range
    base = replace(base, time_range=time_range, chart=chart(asked) or None)
    if asked.reading.grain or "trend" in asked.reading.forms or _is_line(base):
        cleared = replace(base, comparison=None, direction=None, limit=None)
        return over_time(asked, cleared, metric)
    compares = asked.reading.comparisons - ({"versus"} if _names_things(asked, base) else set())
    if asked.reading.direction or compares or baseline is not None:
        fresh = replace(base, grain=None, comparison=None, direction=None)
        return _compare_previous(asked, previous, fresh, metric, baseline)
    if previous.comparison is not None and main is not None:
        base = _moved_comparison(asked, previous, base)
    if asked.reading.rank or (asked.reading.count and base.group_by):
        return _reranked(asked, previous, base, metric)
    if base.kind is Kind.CHANGE and not base.group_by:
        return replace(base, kind=Kind.COMPARISON, order_by=(), limit=None)
    return _same_kind(asked, previous, base, metric)


def _held_against(asked: Asked, previous: Query) -> Asked:
    """ "was it higher in August?": what was shown, against August."""
    reading = asked.reading
    lone = len(reading.times) == 1 and reading.comparative is not None and reading.supposes
    if not lone or reading.comparisons or reading.values or previous.time_range is None:
        return asked
    at = reading.time_positions[0] - 1
    versus = replace(reading, comparisons=frozenset({"versus"}), versus_at=at)
    return replace(asked, reading=versus)


def _names_things(asked: Asked, base: Query) -> bool:
    """What stands side by side are values of what it is split by, not periods."""
    split = {f.dimension for f in base.filters if len(f.values) > 1} & set(base.group_by)
    named = {v.dimension for mention in asked.reading.values for v in mention.values}
    return bool(split & named) and not asked.reading.times


def _is_line(base: Query) -> bool:
    """A line of a single figure is its course over time."""
    return base.chart == "line" and base.kind is Kind.VALUE


def _compare_previous(
    asked: Asked, previous: Query, base: Query, metric: Metric, baseline: TimeRange | None
) -> Query:
    """A comparison or change on top of the previous query."""
    compared = with_comparison(asked, base, baseline)
    direction = Direction(asked.reading.direction) if asked.reading.direction else None
    if direction is not None and (base.group_by or direction in TURNED):
        return change(asked, compared, metric, direction)
    return compare(asked, compared, metric, direction)


def _moved_comparison(asked: Asked, previous: Query, base: Query) -> Query:
    assert base.comparison is not None
    if base.comparison.baseline is Baseline.SAME_PERIOD_LAST_YEAR and base.time_range:
        moved = Comparison(Baseline.SAME_PERIOD_LAST_YEAR, year_before(base.time_range))
        return replace(base, comparison=moved)
    return with_comparison(asked, replace(base, comparison=None), None)


def _reranked(asked: Asked, previous: Query, base: Query, metric: Metric) -> Query:
    if not base.group_by and asked.reading.rank and previous.grain is not None:
        stepped = replace(asked, reading=replace(asked.reading, grain=previous.grain))
        return over_time(stepped, replace(base, limit=None), metric)
    if not base.group_by:
        raise Doubt(rank_of_what(asked, metric))
    ordering = next((o.field for o in base.order_by if o.field in base.metrics), metric.name)
    metric = asked.catalog.metrics[ordering]
    if asked.reading.rank is None or _keeps_order(asked, base):
        order = base.order_by or (OrderBy(metric.name),)
        kind = Kind.RANKING if base.kind is Kind.BREAKDOWN else base.kind
        return replace(base, kind=kind, limit=asked.reading.count, skip=0, order_by=order)
    if base.kind in {Kind.COMPARISON, Kind.CHANGE}:
        order = (
            OrderBy(
                base.order_by[0].field if base.order_by else metric.name,
                descending(asked, metric),
            ),
        )
        return replace(base, order_by=order, limit=asked.reading.count or base.limit)
    ranked = rank(asked, replace(base, grain=None), metric)
    named = asked.reading.count or asked.reading.dimensions or asked.reading.place
    if _asks_for_one(asked.reading.words) and not named:
        return replace(ranked, limit=1)
    if base.kind is Kind.RANKING and base.limit and ranked.within is None and not named:
        return replace(ranked, limit=base.limit)
    return ranked


def _asks_for_one(said: frozenset[str]) -> bool:
    """ "which one is the worst?", "only the biggest": a single thing."""
    one = "which" in said and not said.isdisjoint({"one", "is", "was", "has", "had"})
    only = "the" in said and not said.isdisjoint({"only", "just"})
    return (one or only) and said.isdisjoint({"ones", "them", "those", "are", "were", "have"})


def _keeps_order(asked: Asked, base: Query) -> bool:
    """ "only the top 3" of a list are its first three, whichever way it goes."""
    only = {"only", "just"} & asked.reading.words
    return bool(only and asked.reading.count and asked.reading.rank == "highest" and base.order_by)


def _same_kind(asked: Asked, previous: Query, base: Query, metric: Metric) -> Query:
    order = base.order_by
    swapped = previous.metrics and order and order[0].field in previous.metrics
    if swapped and order[0].field not in base.metrics:
        order = (OrderBy(metric.name, order[0].descending),)
    match base.kind:
        case Kind.VALUE if base.group_by:
            base = replace(base, kind=Kind.BREAKDOWN)
            order = breakdown_order(asked, base, metric)
        case Kind.BREAKDOWN if not base.group_by:
            base, order = replace(base, kind=Kind.VALUE), ()
        case Kind.BREAKDOWN if base.group_by != previous.group_by:
            order = breakdown_order(asked, base, metric)
        case Kind.COMPARISON if base.group_by and not order:
            order = (OrderBy(metric.name),)
        case Kind.RANKING if base.group_by and previous.grain and not previous.group_by:
            base = replace(base, kind=Kind.BREAKDOWN, grain=None, limit=None)
            order = breakdown_order(asked, base, metric)
        case Kind.TREND if base.time_range is not None and asked.reading.times:
            base = replace(base, grain=_fitting_grain(asked, previous, base))
        case _:
            pass
    return replace(base, order_by=order)


def _fitting_grain(asked: Asked, previous: Query, base: Query) -> Grain | None:
    """Keeps the grain unless the new range would be a single step."""
    assert base.time_range is not None
    assert base.grain is not None
    days = {
        Grain.HOUR: 0,
        Grain.DAY: 1,
        Grain.WEEK: 7,
        Grain.MONTH: 31,
        Grain.QUARTER: 92,
        Grain.YEAR: 366,
    }
    return base.grain if base.time_range.days > days[base.grain] else default_grain(base.time_range)
