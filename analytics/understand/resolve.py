"""Reading → Query, or the questions that stand in its way. Nothing is guessed silently."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from analytics.catalog.types import Better, Catalog, Dimension, DimensionKind, Metric, Unit
from analytics.text import stems
from analytics.types import (
    Act,
    Baseline,
    Clarification,
    Comparison,
    Direction,
    Filter,
    Grain,
    Having,
    Issue,
    Kind,
    Op,
    OrderBy,
    ParsedMessage,
    Query,
    TimeRange,
)
from analytics.understand.read import Known
from analytics.understand.reading import (
    Condition,
    MetricMention,
    Reading,
    ValueMention,
)
from analytics.understand.time import (
    default_grain,
    previous_range,
    start_of,
    unit_of,
    unit_range,
    year_before,
)

DEFAULT_LIMIT = 10
EVIDENCE_LIMIT = 5
_IMPLYING = ("most_", "best_", "worst_")
_POINTS_BACK = re.compile(
    r"\b(?:of|for|about|with|on|in|by|to)\s+(?:it|that|this|those|these|them)(?:\s+(?:by|over|per|in|last|this)\b|\W*$)"
    r"|\b(?:that|this|those|these) (?:product|region|store|category|brand|campaign|customer|group|one)s?\b"
    r"|\bthe (?:first|second|third|fourth|fifth|last|top|other|same) ones?\b"
)
_TURNED = {Direction.TURNED_NEGATIVE, Direction.TURNED_POSITIVE}


@dataclass(frozen=True, slots=True)
class Resolution:
    """A query, and what was assumed on the way."""

    query: Query
    notes: tuple[Issue, ...] = ()


class _Doubt(Exception):
    """Raised inside this module only, to leave with a question."""

    def __init__(self, *issues: Issue) -> None:
        super().__init__(issues[0].code)
        self.issues = issues


def resolve(
    message: ParsedMessage, reading: Reading, known: Known, previous: Query | None, today: date
) -> Resolution | Clarification:
    """The query that a reading asks for. Issues accumulate in the clarification."""
    if reading.problems:
        return Clarification(reading.problems)
    if message.act is Act.EXPLAIN and reading.direction is None:
        reading = replace(reading, direction=Direction.ANY.value)
    try:
        if previous is not None and _is_refinement(message, reading, known):
            _check_pointed(message, previous)
            query = _Refiner(reading, known, today, message.act, previous).query()
        else:
            query = _Builder(reading, known, today, message.act).query()
    except _Doubt as doubt:
        return Clarification(doubt.issues)
    return Resolution(query, reading.notes)


def _check_pointed(message: ParsedMessage, previous: Query) -> None:
    """ "of that", where the last answer listed several things: which one must be said."""
    if previous.group_by and _POINTS_BACK.search(message.text.lower()):
        raise _Doubt(
            Issue(
                "which_one",
                "The last answer listed several things. Please name the one you mean.",
                ("What can you do?",),
            )
        )


def _is_refinement(message: ParsedMessage, reading: Reading, known: Known) -> bool:
    """Whether a message changes the last question or stands alone.

    A message with a metric, and with something to hold it by, stands alone however it was classed,
    unless it opens as one that goes on: filters of the last question must not leak into it.
    """
    if message.act is Act.EXPLAIN:
        return not reading.metrics
    if _POINTS_BACK.search(message.text.lower()):
        return True
    own_metric = bool(reading.metrics) or _implies(reading)
    if own_metric and known.vocabulary.goes_on(message.text):
        return True
    if message.act is Act.REFINE:
        return not (own_metric and (reading.times or reading.values or reading.dimensions))
    if "evidence" in reading.forms:
        return not (reading.values or reading.models or reading.search or reading.times)
    return not own_metric


def _implies(reading: Reading) -> bool:
    return reading.direction is not None or (reading.rank or "").startswith(_IMPLYING)


@dataclass
class _Builder:
    """Puts a fresh query together."""

    reading: Reading
    known: Known
    today: date
    act: Act = Act.ASK

    @property
    def catalog(self) -> Catalog:
        return self.known.catalog

    def query(self) -> Query:
        """The whole query. Raises _Doubt where something must be asked first."""
        if "evidence" in self.reading.forms:
            return self.evidence()
        metrics = self.metrics()
        query = Query(Kind.VALUE, metrics=tuple(m.name for m in metrics))
        query = replace(
            query,
            group_by=self.group_by(metrics),
            filters=self.filters(metrics),
        )
        query = self.conditions(query, metrics)
        return self.shape(query, metrics[0])

    # -- metrics -------------------------------------------------------------------------------

    def metrics(self) -> tuple[Metric, ...]:
        """One metric per mention: the best ranked that reaches what else is mentioned."""
        mentions = self.reading.metrics or self._implied()
        if not mentions:
            raise _Doubt(self._which_metric())
        chosen = [self._choose(mention) for mention in mentions]
        if "average" in self.reading.forms:
            self._check_average(chosen)
        return tuple({metric.name: metric for metric in chosen}.values())

    def _check_average(self, metrics: Sequence[Metric]) -> None:
        """ "average revenue" is no metric until it is said per what."""
        if not all(m.additive for m in metrics):
            return
        model = metrics[0].model
        others = [
            _inside(m.label)
            for m in sorted(self.catalog.metrics.values(), key=lambda m: -m.default_rank)
            if m.model == model and not m.additive and m.unit is metrics[0].unit
        ][:4]
        raise _Doubt(
            Issue(
                "average_of_what",
                f"Average {_inside(metrics[0].label)} per what? I know "
                f"{_listed(others, quote=False)}.",
                tuple(others),
            )
        )

    def _implied(self) -> tuple[MetricMention, ...]:
        conditions = [c for c in self.reading.conditions if c.metrics]
        if conditions and not self.reading.rank:
            return tuple(MetricMention(c.metrics, c.metrics[0], c.at) for c in conditions)
        for concept in (self.reading.rank, self.reading.direction):
            phrase = self.known.vocabulary.implied.get(concept or "")
            if phrase:
                entries = self.known.lexicon.lookup(stems(phrase))
                names = tuple(e.name for e in entries if e.role == "metric")
                if names:
                    return (MetricMention(names, phrase, -1),)
        if self.reading.rank == "most_common":
            rows = [
                m
                for m in self.catalog.metrics.values()
                if m.expression == "count(*)" and m.where is None
            ]
            names = tuple(
                m.name
                for m in rows
                if not self._unreached(m)
                and (not self.reading.models or m.model in self.reading.models)
            )
            return (MetricMention(names, "", -1),) if names else ()
        if self.reading.models and not self.reading.rank:
            rows = [m for m in self.catalog.metrics.values() if m.expression == "count(*)"]
            names = tuple(m.name for m in rows if m.model in self.reading.models)
            if names:
                return (MetricMention(names, "", -1),)
        return ()

    def _choose(self, mention: MetricMention) -> Metric:
        alternatives = [self.catalog.metrics[n] for n in mention.names if n in self.catalog.metrics]
        hinted = [m for m in alternatives if self.catalog.model_of(m).name in self.reading.models]
        if self.reading.models and not hinted and not mention.rows:
            self._check_hint(mention, alternatives)
        pool = hinted or alternatives
        reaching = [m for m in pool if not self._unreached(m)]
        if not reaching:
            raise _Doubt(*self._cannot_split(max(pool, key=lambda m: m.default_rank)))
        top = max(m.default_rank for m in reaching)
        best = [m for m in reaching if m.default_rank == top]
        if len(best) > 1:
            labels = [_inside(m.label) for m in best]
            raise _Doubt(
                Issue(
                    "ambiguous_metric",
                    f"“{mention.text}” could be {_listed(labels)}. Which one?",
                    tuple(labels),
                )
            )
        return best[0]

    def _check_hint(self, mention: MetricMention, alternatives: Sequence[Metric]) -> None:
        models = [
            self.catalog.models[m].label for m in self.reading.models if m in self.catalog.models
        ]
        own = {self.catalog.model_of(m).name for m in alternatives}
        tables = {self.catalog.models[m].table for m in own}
        if tables & {self.catalog.models[m].table for m in self.reading.models}:
            return
        joined = {t for m in own for t in self.catalog.models[m].joins}
        if any(self.catalog.models[m].table in joined for m in self.reading.models):
            return
        raise _Doubt(
            Issue(
                "metric_not_in_source",
                f"{_sentence(alternatives[0].label)} does not exist for {_listed(models)}.",
                (alternatives[0].label,),
            )
        )

    def _unreached(self, metric: Metric) -> list[str]:
        """Words of the message that this metric cannot be split or filtered by."""
        reachable = self.catalog.dimensions_of_metric(metric)
        missing = [
            m.text
            for m in self.reading.dimensions
            if m.grouped and not set(m.names) & set(reachable)
        ]
        missing += [
            v.text
            for v in self.reading.values
            if not any(x.dimension in reachable for x in v.values)
        ]
        missing += [
            " or ".join(c.dimensions)
            for c in self.reading.conditions
            if c.dimensions and not c.metrics and not set(c.dimensions) & set(reachable)
        ]
        return missing

    def _cannot_split(self, metric: Metric) -> list[Issue]:
        reachable = self.catalog.dimensions_of_metric(metric)
        labels = [
            _inside(d.label) for d in sorted(reachable.values(), key=lambda d: -d.specificity)
        ]
        return [
            Issue(
                "dimension_not_available",
                f"{_sentence(metric.label)} is not recorded by “{text}”. It can be seen by "
                f"{_listed(labels[:6], quote=False)}.",
                tuple(f"{_inside(metric.label)} by {label}" for label in labels[:3]),
            )
            for text in self._unreached(metric)
        ]

    def _which_metric(self) -> Issue:
        things = [m.text for m in self.reading.dimensions] + [v.text for v in self.reading.values]
        candidates = sorted(
            (
                m
                for m in self.catalog.metrics.values()
                if not self._unreached(m) and m.owner is not None
            ),
            key=lambda m: -m.default_rank,
        )
        labels = list(dict.fromkeys(_inside(m.label) for m in candidates))[:4]
        about = f" about {_listed(things)}" if things else ""
        if not labels:
            return Issue("no_metric", f"I have no figures{about}.", ("What can you do?",))
        return Issue(
            "no_metric",
            f"Which figure do you want{about}: {_listed(labels, quote=False)}?",
            tuple(self._with_metric(label) for label in labels),
        )

    def _with_metric(self, label: str) -> str:
        if self.reading.rank and self.reading.dimensions:
            when = f" {self.reading.times[0].label}" if self.reading.times else ""
            return f"{self.reading.dimensions[0].text} with the {self.reading.rank} {label}{when}"
        parts = [label]
        parts += [f"by {m.text}" for m in self.reading.dimensions if m.grouped]
        parts += [f"for {v.text}" for v in self.reading.values]
        parts += [t.label for t in self.reading.times[:1] if t.label]
        return " ".join(parts)

    # -- dimensions and filters ----------------------------------------------------------------

    def _shared(self, metrics: Sequence[Metric]) -> Mapping[str, Dimension]:
        reachable = [self.catalog.dimensions_of_metric(m) for m in metrics]
        return {n: d for n, d in reachable[0].items() if all(n in other for other in reachable)}

    def _pick_dimension(self, names: Sequence[str], metrics: Sequence[Metric], text: str) -> str:
        shared = self._shared(metrics)
        options = [shared[n] for n in dict.fromkeys(names) if n in shared]
        if not options:
            labels = _listed([_inside(m.label) for m in metrics])
            raise _Doubt(
                Issue(
                    "dimension_not_available",
                    f"{labels} cannot all be seen by “{text}”.",
                    tuple(
                        f"{_inside(m.label)} by {text}"
                        for m in metrics
                        if set(names) & set(self.catalog.dimensions_of_metric(m))
                    ),
                )
            )
        top = max(d.specificity for d in options)
        best = [d for d in options if d.specificity == top]
        if len(best) > 1:
            raise _Doubt(
                Issue(
                    "ambiguous_dimension",
                    f"“{text}” could be {_listed([d.label for d in best])}. Which one?",
                    tuple(f"{metrics[0].label} by {_inside(d.label)}" for d in best),
                )
            )
        return best[0].name

    def group_by(self, metrics: Sequence[Metric]) -> tuple[str, ...]:
        """Dimensions to split by, in the order of the message."""
        grouped = [m for m in self.reading.dimensions if m.grouped]
        names = [self._pick_dimension(m.names, metrics, m.text) for m in grouped]
        names += [n for n in self._compared_dimensions(metrics) if n not in names]
        if not names and self.act is Act.EXPLAIN:
            names = self._telling_dimension(metrics)
        return tuple(dict.fromkeys(names))

    def _telling_dimension(self, metrics: Sequence[Metric]) -> list[str]:
        """What to look at first when a "why" names nothing to split by."""
        filtered = {v.dimension for mention in self.reading.values for v in mention.values}
        options = [
            d
            for d in self._shared(metrics).values()
            if d.kind is DimensionKind.CATEGORICAL and not d.person and d.name not in filtered
        ]
        best = max(options, key=lambda d: (d.specificity, d.name), default=None)
        return [best.name] if best else []

    def _compared_dimensions(self, metrics: Sequence[Metric]) -> list[str]:
        """ "compare north and south": values of one dimension, side by side."""
        if "versus" not in self.reading.comparisons:
            return []
        filters = self.filters(metrics)
        return [f.dimension for f in filters if f.op is Op.IN and len(f.values) > 1]

    def filters(self, metrics: Sequence[Metric]) -> tuple[Filter, ...]:
        """Filters on values: of one dimension together (in), of several each."""
        found: dict[tuple[str, Op], list[str]] = {}
        for mention in self.reading.values:
            dimension, value = self._pick_value(mention, metrics)
            op = Op.NOT_IN if mention.excluded else Op.IN
            values = found.setdefault((dimension, op), [])
            if value not in values:
                values.append(value)
        filters = [Filter(name, op, tuple(values)) for (name, op), values in found.items()]
        if self.reading.search:
            filters.append(Filter("text", Op.CONTAINS, (self.reading.search,)))
        return tuple(filters)

    def _pick_value(self, mention: ValueMention, metrics: Sequence[Metric]) -> tuple[str, str]:
        shared = self._shared(metrics)
        return self._pick_among(mention, shared, metrics[0].label)

    def _pick_among(
        self, mention: ValueMention, shared: Mapping[str, Dimension], what: str
    ) -> tuple[str, str]:
        options = [v for v in mention.values if v.dimension in shared]
        if not options:
            raise _Doubt(
                Issue(
                    "dimension_not_available",
                    f"{_sentence(what)} is not recorded by “{mention.text}”.",
                    (what,),
                )
            )
        top = max(shared[v.dimension].specificity for v in options)
        best = [v for v in options if shared[v.dimension].specificity == top]
        distinct = list(dict.fromkeys((v.dimension, v.value) for v in best))
        if len(distinct) > 1:
            words = [f"{_inside(shared[d].label)} {v}" for d, v in distinct]
            raise _Doubt(
                Issue(
                    "ambiguous_value",
                    f"“{mention.text}” could be {_listed(words)}. Which one?",
                    tuple(f"{what} for {w}" for w in words),
                )
            )
        return distinct[0]

    def conditions(self, query: Query, metrics: Sequence[Metric]) -> Query:
        """Numeric conditions: on rows, or on groups where there are groups."""
        filters, having = list(query.filters), list(query.having)
        for condition in self.reading.conditions:
            if condition.metrics and (query.group_by or not condition.dimensions):
                if not query.group_by and not self.reading.grain:
                    raise _Doubt(self._condition_without_group(condition))
                having.append(self._having(condition))
            else:
                name = self._pick_dimension(condition.dimensions, metrics, condition.dimensions[0])
                filters.append(Filter(name, condition.op, (condition.number,)))
        return replace(query, filters=_merge_equal(filters), having=tuple(having))

    def _having(self, condition: Condition) -> Having:
        metric = self._choose(MetricMention(condition.metrics, condition.metrics[0], condition.at))
        number = condition.number
        if metric.unit is Unit.RATIO and number > 1:
            number /= 100
        return Having(metric.name, condition.op, number)

    def _condition_without_group(self, condition: Condition) -> Issue:
        label = _inside(self.catalog.metrics[condition.metrics[0]].label)
        return Issue(
            "condition_needs_group",
            f"A condition on {label} needs something to hold it against, such as products or regions.",
            (f"products with {label} over {condition.number:g}",),
        )

    # -- evidence ------------------------------------------------------------------------------

    def evidence(self) -> Query:
        """Customers' words: the source named, or reviews, or the first that has words."""
        sources = [m for m in self.catalog.models.values() if m.verbatims]
        if not sources:
            raise _Doubt(Issue("no_verbatims", "This data holds no customers' words."))
        hinted = [m for m in sources if m.name in self.reading.models]
        ordered = hinted or sorted(sources, key=lambda m: m.name != "reviews")
        for model in ordered:
            shared = self.catalog.dimensions_of(model)
            if all(any(x.dimension in shared for x in v.values) for v in self.reading.values):
                break
        else:
            model, shared = ordered[0], self.catalog.dimensions_of(ordered[0])
        found: dict[tuple[str, Op], list[str]] = {}
        for mention in self.reading.values:
            dimension, value = self._pick_among(mention, shared, model.label)
            op = Op.NOT_IN if mention.excluded else Op.IN
            found.setdefault((dimension, op), []).append(value)
        filters = [Filter(name, op, tuple(dict.fromkeys(vs))) for (name, op), vs in found.items()]
        filters += [
            Filter(c.dimensions[0], c.op, (c.number,))
            for c in self.reading.conditions
            if c.dimensions and c.dimensions[0] in shared
        ]
        filters += self._sentiment_of_rank(shared, filters)
        if self.reading.search:
            filters.append(Filter("text", Op.CONTAINS, (self.reading.search,)))
        main, _ = self.times()
        return Query(
            Kind.EVIDENCE,
            metrics=(f"{model.name}.verbatims",),
            filters=_merge_equal(filters),
            time_range=main,
            limit=self.reading.count or EVIDENCE_LIMIT,
        )

    def _sentiment_of_rank(
        self, shared: Mapping[str, Dimension], filters: Sequence[Filter]
    ) -> list[Filter]:
        """ "the worst comments" are negative ones."""
        if "sentiment" not in shared or any(f.dimension == "sentiment" for f in filters):
            return []
        value = {
            "worst": "negative", "most_negative": "negative", "best": "positive", "most_positive": "positive",
        }.get(self.reading.rank or "")  # fmt: skip
        return [Filter("sentiment", Op.IN, (value,))] if value else []

    # -- time and kind -------------------------------------------------------------------------

    def times(self) -> tuple[TimeRange | None, TimeRange | None]:
        """(main range, explicit baseline)."""
        ranges, positions = list(self.reading.times), list(self.reading.time_positions)
        versus = self.reading.versus_at
        if not ranges:
            return None, None
        if self._pair_is_change():
            assert self.reading.pair is not None
            return self.reading.pair[1], self.reading.pair[0]
        if len(ranges) == 1:
            if versus is not None and positions[0] > versus and not self._compares_values():
                return self._opposite(ranges[0]), ranges[0]
            return _open(ranges[0]), None
        if len(ranges) > 2:
            return self._several(ranges), None
        first, second = ranges[0], ranges[1]
        if (first.start, first.end) == (second.start, second.end):
            # "the last 4 weeks vs the previous 4 weeks": as many days, just before
            return first, previous_range(first, self.known.calendar, like_for_like=False)
        if versus is not None or self.reading.comparisons or self.reading.direction:
            if versus is not None and positions[0] > versus and second.start > first.start:
                first, second = second, first  # "compare April with May": the later one is the news
            return first, self._baseline_range(first, second)
        start, end = max(first.start, second.start), min(first.end, second.end)
        if start < end:
            return TimeRange(start, end, f"{first.label}, {second.label}"), None
        early, late = sorted((first, second), key=lambda r: r.start)
        if early.end == late.start:
            label = f"{early.label} and {late.label}"
            return TimeRange(early.start, late.end, label, late.partial), None
        return late, early

    def _several(self, ranges: Sequence[TimeRange]) -> TimeRange:
        """Three or more periods are one range where each begins as the one before ends."""
        ordered = sorted(ranges, key=lambda r: r.start)
        if all(a.end == b.start for a, b in pairwise(ordered)):
            label = f"{ordered[0].label} to {ordered[-1].label}"
            return TimeRange(ordered[0].start, ordered[-1].end, label, ordered[-1].partial)
        raise _Doubt(
            Issue(
                "several_periods",
                "I can take one period, or compare two, at a time.",
                tuple(self._with_metric_in(r) for r in ordered[:3]),
            )
        )

    def _with_metric_in(self, time_range: TimeRange) -> str:
        names = [m.text for m in self.reading.metrics[:1]]
        return " ".join((*names, "in", time_range.label))

    def _compares_values(self) -> bool:
        dimensions = [v.values[0].dimension for v in self.reading.values]
        return len(dimensions) > len(set(dimensions))

    def _pair_is_change(self) -> bool:
        if self.reading.pair is None or len(self.reading.times) != 1:
            return False
        return (
            bool(self.reading.direction or {"change", "versus"} & self.reading.comparisons)
            and self.reading.grain is None
        )

    def _baseline_range(self, main: TimeRange, named: TimeRange) -> TimeRange:
        """ "this month vs last year": the same month of that year."""
        if (
            unit_of(named, self.known.calendar) == "year"
            and unit_of(main, self.known.calendar) not in {"year", None}
            and named.label == "last year"
        ):
            return year_before(main)
        return named

    def _opposite(self, baseline: TimeRange) -> TimeRange:
        """The current unit that a lone baseline is compared with ("... vs last month")."""
        unit = unit_of(baseline, self.known.calendar) or "month"
        start = start_of(self.today, unit, self.known.calendar)
        if start < baseline.end:
            start = baseline.end
        return unit_range(start, unit, self.today, f"this {unit}")

    def _this_month(self) -> TimeRange:
        start = start_of(self.today, "month", self.known.calendar)
        return unit_range(start, "month", self.today, "this month")

    def comparison(self, query: Query, baseline: TimeRange | None) -> Query:
        """Adds the resolved period to compare with (and a main period, where none was given)."""
        if baseline is not None:
            return replace(query, comparison=Comparison(Baseline.CUSTOM, baseline))
        main = query.time_range or self._this_month()
        if "same_period_last_year" in self.reading.comparisons:
            return replace(
                query,
                time_range=main,
                comparison=Comparison(Baseline.SAME_PERIOD_LAST_YEAR, year_before(main)),
            )
        additive = any(self._metric(name).additive for name in query.metrics)
        before = previous_range(main, self.known.calendar, like_for_like=additive)
        if before is None:
            raise _Doubt(Issue("no_baseline", "There is no period before that to compare with."))
        return replace(
            query, time_range=main, comparison=Comparison(Baseline.PREVIOUS_PERIOD, before)
        )

    def _metric(self, name: str) -> Metric:
        return self.catalog.metrics[name]

    def shape(self, query: Query, metric: Metric) -> Query:
        """Decides the kind from what was said, and completes it."""
        main, baseline = self.times()
        query = replace(query, time_range=main, chart=self._chart())
        direction = Direction(self.reading.direction) if self.reading.direction else None
        compares = (
            baseline is not None
            or bool(
                self.reading.comparisons & {"previous_period", "same_period_last_year", "change"}
            )
            or (
                "versus" in self.reading.comparisons
                and len(query.metrics) == 1
                and not self._compared_dimensions([metric])
                and main is not None
                and not query.group_by
            )
        )
        if direction is not None and (query.group_by or direction in _TURNED):
            return self._change(self.comparison(query, baseline), metric, direction)
        if (
            direction is not None
            and self.reading.grain is None
            and "trend" not in self.reading.forms
        ):
            compares = True
        if self.reading.grain is not None and baseline is not None:
            raise _Doubt(self._compare_over_time(metric))
        if compares and self.reading.grain is None:
            return self._comparison(self.comparison(query, baseline), metric, direction)
        if self.reading.grain is not None or "trend" in self.reading.forms:
            return self._over_time(query, metric)
        if query.group_by and (self.reading.rank or self._count_limits(query)):
            return self._ranking(query, metric)
        if query.group_by:
            return replace(
                query, kind=Kind.BREAKDOWN, order_by=self._breakdown_order(query, metric)
            )
        if self.reading.rank and not query.group_by:
            return self._ranking(replace(query, group_by=(self._what(metric),)), metric)
        return query

    def _compare_over_time(self, metric: Metric) -> Issue:
        label = _inside(metric.label)
        times = [t.label for t in self.reading.times[:2]]
        grain = f"by {self.reading.grain}"
        return Issue(
            "compare_over_time",
            "I can compare two periods, or show one step by step, but not both at once.",
            (*(f"{label} {grain} in {t}" for t in times), f"{label} {' vs '.join(times)}"),
        )

    def _what(self, metric: Metric) -> str:
        """ "what sells best?" is about products, "who …" about customers; else it must be asked."""
        reachable = self.catalog.dimensions_of_metric(metric)
        people = [d.name for d in reachable.values() if d.person]
        if "who" in self.reading.words and people:
            return people[0]
        if {"what", "which"} & self.reading.words and "product" in reachable:
            return "product"
        raise _Doubt(self._rank_of_what(metric))

    def _chart(self) -> str | None:
        return next((c for c in ("table", "line", "bar") if c in self.reading.forms), None)

    def _count_limits(self, query: Query) -> bool:
        return self.reading.count is not None and not query.having

    def _rank_of_what(self, metric: Metric) -> Issue:
        reachable = self.catalog.dimensions_of_metric(metric)
        plurals = [
            _inside(d.plural) for d in sorted(reachable.values(), key=lambda d: -d.specificity)
        ][:3]
        return Issue(
            "rank_of_what",
            f"{_sentence(self.reading.rank or 'highest')} {_inside(metric.label)} of what?",
            tuple(f"{plural} with the highest {_inside(metric.label)}" for plural in plurals),
        )

    def _descending(self, metric: Metric) -> bool:
        match self.reading.rank:
            case "lowest" | "worst_rated":
                return False
            case "worst":
                return metric.better is Better.LOWER
            case "most_negative":
                return metric.better is Better.LOWER
            case "best" | "most_positive" | "best_rated":
                return metric.better is not Better.LOWER
            case _:
                return True

    def _ranking(self, query: Query, metric: Metric) -> Query:
        single = any(m.single for m in self.reading.dimensions) and self.reading.count is None
        limit = self.reading.count or (
            1 if single else None if "every" in self.reading.forms else DEFAULT_LIMIT
        )
        return replace(
            query,
            kind=Kind.RANKING,
            order_by=(OrderBy(metric.name, self._descending(metric)),),
            limit=limit,
        )

    def _breakdown_order(self, query: Query, metric: Metric) -> tuple[OrderBy, ...]:
        first = self.catalog.dimensions_of_metric(metric)[query.group_by[0]]
        if first.kind is not DimensionKind.CATEGORICAL or first.ordered_values:
            return tuple(OrderBy(name, descending=False) for name in query.group_by)
        return (OrderBy(metric.name, descending=True),)

    def _change(self, query: Query, metric: Metric, direction: Direction) -> Query:
        if direction in _TURNED and metric.average_of is None:
            phrase = self.known.vocabulary.implied.get(direction.value, "")
            raise _Doubt(
                Issue(
                    "cannot_turn",
                    f"{_sentence(metric.label)} has no sign to turn; {phrase or 'an opinion'} has.",
                    (f"which products {direction.value.replace('_', ' ')} in {phrase}?",),
                )
            )
        group_by = query.group_by
        if not group_by:
            reachable = self.catalog.dimensions_of_metric(metric)
            if "product" not in reachable:
                return self._comparison(query, metric, direction)
            group_by = ("product",)
        limit = self.reading.count or (None if direction in _TURNED else DEFAULT_LIMIT)
        if any(m.single for m in self.reading.dimensions) and self.reading.count is None:
            limit = 1 if direction not in _TURNED else None
        down = (
            direction in {Direction.WORSENED, Direction.IMPROVED} and metric.better is Better.LOWER
        )
        falls = direction in {Direction.FELL, Direction.WORSENED, Direction.TURNED_NEGATIVE}
        return replace(
            query,
            kind=Kind.CHANGE,
            group_by=group_by,
            direction=direction,
            order_by=(OrderBy("change", descending=falls is down),),
            limit=limit,
        )

    def _comparison(self, query: Query, metric: Metric, direction: Direction | None) -> Query:
        limit = self.reading.count if query.group_by else None
        order = (OrderBy(metric.name, self._descending(metric)),) if query.group_by else ()
        if direction in _TURNED:
            direction = None
        return replace(
            query, kind=Kind.COMPARISON, direction=direction, order_by=order, limit=limit
        )

    def _over_time(self, query: Query, metric: Metric) -> Query:
        if self.reading.rank and (self.reading.grain_asked or not query.group_by):
            if query.group_by:
                raise _Doubt(self._top_per_period(metric))
            return replace(
                query,
                kind=Kind.RANKING,
                grain=self.reading.grain or Grain.MONTH,
                order_by=(OrderBy(metric.name, self._descending(metric)),),
                limit=self.reading.count or 1,
            )
        if self.reading.rank and query.group_by:
            raise _Doubt(self._top_per_period(metric))
        grain = self.reading.grain or (
            default_grain(query.time_range)
            if query.time_range and query.time_range.start.year > 1000
            else Grain.MONTH
        )
        return replace(
            query, kind=Kind.TREND, grain=grain, order_by=(OrderBy("time", descending=False),)
        )

    def _top_per_period(self, metric: Metric) -> Issue:
        text = self.reading.dimensions[0].text if self.reading.dimensions else "products"
        return Issue(
            "top_per_period",
            f"I can rank {text} over one period, or show {_inside(metric.label)} over time, but "
            "not rank them anew in each period.",
            (
                f"top {text} by {_inside(metric.label)} last month",
                f"{_inside(metric.label)} by {text} by month",
            ),
        )


@dataclass
class _Refiner(_Builder):
    """Patches the previous query with what the message adds."""

    previous: Query = field(default_factory=lambda: Query(Kind.VALUE))

    def query(self) -> Query:
        """The previous query, changed where the message says so."""
        if "evidence" in self.reading.forms or self.previous.kind is Kind.EVIDENCE:
            if self.reading.metrics and "evidence" not in self.reading.forms:
                return _Builder(self.reading, self.known, self.today).query()
            return self._evidence_patch()
        metrics = self._patched_metrics()
        names = tuple(m.name for m in metrics)
        added = self.filters(metrics)
        grouped = self.group_by(metrics)
        kept = tuple(g for g in self.previous.group_by if g in self._shared(metrics))
        base = replace(
            self.previous,
            metrics=names,
            filters=_patched_filters(self._kept_filters(metrics), added, bool(grouped)),
            group_by=self._patched_group(kept, grouped),
            having=() if self.reading.conditions else self.previous.having,
        )
        base = self.conditions(base, metrics)
        return self._reshape(base, metrics[0])

    def _patched_metrics(self) -> tuple[Metric, ...]:
        if self.reading.metrics:
            return self.metrics()
        names = [n for n in self.previous.metrics if n in self.catalog.metrics]
        if not names:
            raise _Doubt(self._which_metric())
        metrics = [self.catalog.metrics[n] for n in names]
        return tuple(self._sibling(m) for m in metrics)

    def _sibling(self, metric: Metric) -> Metric:
        """The same figure from another source, where only that reaches what is asked now."""
        if not self._unreached(metric):
            return metric
        for other in self.catalog.metrics.values():
            if other.label == metric.label and not self._unreached(other):
                return other
        raise _Doubt(*self._cannot_split(metric))

    def _kept_filters(self, metrics: Sequence[Metric]) -> tuple[Filter, ...]:
        shared = self._shared(metrics)
        lost = [f for f in self.previous.filters if f.dimension not in shared]
        if lost:
            values = _listed([str(v) for f in lost for v in f.values])
            raise _Doubt(
                Issue(
                    "filter_not_available",
                    f"{_sentence(metrics[0].label)} is not recorded by {values}, which is what you were "
                    "looking at.",
                    (metrics[0].label,),
                )
            )
        return self.previous.filters

    def _patched_group(self, kept: tuple[str, ...], grouped: tuple[str, ...]) -> tuple[str, ...]:
        if not grouped:
            return kept
        if {"also", "additionally", "further", "too"} & self.reading.words:
            return tuple(dict.fromkeys((*kept, *grouped)))
        return grouped

    def _reshape(self, base: Query, metric: Metric) -> Query:
        main, baseline = self.times()
        said_all = any(t.label == "all time" for t in self.reading.times)
        time_range = main if main is not None or said_all else self.previous.time_range
        base = replace(base, time_range=time_range, chart=self._chart() or None)
        if self.reading.grain or "trend" in self.reading.forms:
            cleared = replace(base, comparison=None, direction=None, limit=None)
            return self._over_time(cleared, metric)
        if self.reading.direction or self.reading.comparisons or baseline is not None:
            fresh = replace(base, grain=None, comparison=None, direction=None)
            return self.shape_from(fresh, metric, baseline)
        if self.previous.comparison is not None and main is not None:
            base = self._moved_comparison(base)
        if self.reading.rank or (self.reading.count and base.group_by):
            return self._reranked(base, metric)
        if base.kind is Kind.CHANGE and not base.group_by:
            return replace(base, kind=Kind.COMPARISON, order_by=(), limit=None)
        return self._same_kind(base, metric)

    def shape_from(self, base: Query, metric: Metric, baseline: TimeRange | None) -> Query:
        """A comparison or change on top of the previous query."""
        compared = self.comparison(base, baseline)
        direction = Direction(self.reading.direction) if self.reading.direction else None
        if direction is not None and (base.group_by or direction in _TURNED):
            return self._change(compared, metric, direction)
        return self._comparison(compared, metric, direction)

    def _moved_comparison(self, base: Query) -> Query:
        assert base.comparison is not None
        if base.comparison.baseline is Baseline.SAME_PERIOD_LAST_YEAR and base.time_range:
            moved = Comparison(Baseline.SAME_PERIOD_LAST_YEAR, year_before(base.time_range))
            return replace(base, comparison=moved)
        return self.comparison(replace(base, comparison=None), None)

    def _reranked(self, base: Query, metric: Metric) -> Query:
        if not base.group_by:
            raise _Doubt(self._rank_of_what(metric))
        if self.reading.rank is None:
            return replace(base, limit=self.reading.count, order_by=base.order_by or (OrderBy(metric.name),),
                           kind=Kind.RANKING if base.kind is Kind.BREAKDOWN else base.kind)  # fmt: skip
        if base.kind in {Kind.COMPARISON, Kind.CHANGE}:
            order = (
                OrderBy(
                    base.order_by[0].field if base.order_by else metric.name,
                    self._descending(metric),
                ),
            )
            return replace(base, order_by=order, limit=self.reading.count or base.limit)
        return self._ranking(replace(base, grain=None), metric)

    def _same_kind(self, base: Query, metric: Metric) -> Query:
        order = base.order_by
        swapped = self.previous.metrics and order and order[0].field in self.previous.metrics
        if swapped and order[0].field not in base.metrics:
            order = (OrderBy(metric.name, order[0].descending),)
        match base.kind:
            case Kind.VALUE if base.group_by:
                base = replace(base, kind=Kind.BREAKDOWN)
                order = self._breakdown_order(base, metric)
            case Kind.BREAKDOWN if not base.group_by:
                base, order = replace(base, kind=Kind.VALUE), ()
            case Kind.BREAKDOWN if base.group_by != self.previous.group_by:
                order = self._breakdown_order(base, metric)
            case Kind.COMPARISON if base.group_by and not order:
                order = (OrderBy(metric.name),)
            case Kind.RANKING if (
                base.group_by and self.previous.grain and not self.previous.group_by
            ):
                base = replace(base, kind=Kind.BREAKDOWN, grain=None, limit=None)
                order = self._breakdown_order(base, metric)
            case Kind.TREND if base.time_range is not None and self.reading.times:
                base = replace(base, grain=self._fitting_grain(base))
            case _:
                pass
        return replace(base, order_by=order)

    def _fitting_grain(self, base: Query) -> Grain | None:
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
        return (
            base.grain
            if base.time_range.days > days[base.grain]
            else default_grain(base.time_range)
        )

    def _evidence_patch(self) -> Query:
        fresh = _Builder(self.reading, self.known, self.today).evidence()
        kept = self.previous.filters
        model = fresh.metrics[0].split(".")[0]
        if not self.reading.models:
            model = self._previous_source() or model
        shared = self.catalog.dimensions_of(self.catalog.models[model])
        kept = tuple(f for f in kept if f.dimension in shared or f.dimension == "text")
        return replace(
            fresh,
            metrics=(f"{model}.verbatims",),
            filters=_patched_filters(kept, fresh.filters, grouped=False),
            time_range=fresh.time_range or self.previous.time_range,
            limit=self.reading.count or EVIDENCE_LIMIT,
        )

    def _previous_source(self) -> str | None:
        if not self.previous.metrics:
            return None
        name = self.previous.metrics[0]
        model = (
            name.split(".")[0]
            if name.endswith(".verbatims")
            else (
                self.catalog.model_of(self.catalog.metrics[name]).name
                if name in self.catalog.metrics
                else ""
            )
        )
        found = self.catalog.models.get(model)
        return model if found is not None and found.verbatims else None


def _patched_filters(
    kept: Sequence[Filter], added: Sequence[Filter], grouped: bool
) -> tuple[Filter, ...]:
    """New filters replace those on the same dimension; others stay."""
    del grouped
    replaced = {f.dimension for f in added}
    return (*(f for f in kept if f.dimension not in replaced), *added)


def _merge_equal(filters: Sequence[Filter]) -> tuple[Filter, ...]:
    """Several equalities on one numeric dimension become one IN ("4 and 5 stars")."""
    equal: dict[str, list[float | str | int | bool]] = {}
    for f in filters:
        if f.op is Op.EQ:
            equal.setdefault(f.dimension, []).extend(f.values)
    merged: list[Filter] = []
    for f in filters:
        if f.op is not Op.EQ:
            merged.append(f)
        elif f.dimension in equal:
            values = sorted(set(equal.pop(f.dimension)), key=str)
            merged.append(Filter(f.dimension, Op.IN, tuple(values)))
    return tuple(merged)


def _open(time_range: TimeRange) -> TimeRange | None:
    """All time is no restriction."""
    return None if time_range.label == "all time" else time_range


def _inside(label: str) -> str:
    """A label in the middle of a sentence; abbreviations keep their capitals."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(names: Sequence[str], quote: bool = True) -> str:
    shown = [f"“{name}”" if quote else name for name in names]
    if not shown:
        return "nothing"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
