"""The way of a question, end to end: parsed message → read → resolve → authorize → compile → answer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from analytics.analyst.context import Context, open_context
from analytics.analyst.evidence import quotes_for, show_evidence
from analytics.analyst.explain import capabilities, define, small_talk
from analytics.analyst.suggest import suggestions
from analytics.answer.charts import chart
from analytics.answer.format import days, inside, moment, outset
from analytics.answer.headline import headline, last_step_runs, nothing_changed
from analytics.answer.recommend import Rule, load_rules, recommend
from analytics.answer.say import filters_in_force
from analytics.catalog.load import load_catalog
from analytics.catalog.types import Catalog
from analytics.query.authorize import authorize
from analytics.query.compile import Plan, compile_query
from analytics.query.execute import Executed, execute
from analytics.sources.warehouse import (
    Limits,
    QueryTimeout,
    TooManyRows,
    Warehouse,
    WarehouseFollower,
)
from analytics.types import (
    Act,
    Answer,
    Clarification,
    ColumnRole,
    Filter,
    Grain,
    Issue,
    Kind,
    Op,
    ParsedMessage,
    Query,
    TimeRange,
    Viewer,
)
from analytics.understand.language import Vocabulary, load_vocabulary
from analytics.understand.link import Encoder, RememberingEncoder
from analytics.understand.read import read
from analytics.understand.reading import Reading
from analytics.understand.resolve import Resolution, resolve
from analytics.understand.time import Calendar
from analytics.understand.words import english_words

ROOT = Path(__file__).resolve().parents[2]
_KEPT_PLANS = 2000
_LISTED = 3


@dataclass(frozen=True, slots=True)
class Reply:
    """Answers to one message, and the query that a follow-up refines."""

    answers: tuple[Answer, ...]
    query: Query | None


class CatalogSource:
    """Reads the catalog again once an NLU model was trained on it (its pointer file is new).

    Not before: a file that somebody is still editing must not reach a question.
    """

    def __init__(self, folder: Path, pointer: Path) -> None:
        self._folder = folder
        self._pointer = pointer
        self._seen = self._mark()

    def renewed(self) -> Catalog | None:
        """The catalog, where a new model points at it; None where nothing changed."""
        mark = self._mark()
        if mark == self._seen:
            return None
        self._seen = mark
        return load_catalog(self._folder)

    def _mark(self) -> tuple[int, int] | None:
        try:
            stat = self._pointer.stat()
        except FileNotFoundError:
            return None
        return stat.st_ino, stat.st_mtime_ns


class Analyst:
    """Answers parsed messages on the snapshot that serves now. Safe to share between threads."""

    def __init__(
        self,
        follower: WarehouseFollower,
        catalog: Catalog,
        vocabulary: Vocabulary,
        encoder: Encoder,
        words: frozenset[str],
        rules: Sequence[Rule],
        calendar: Calendar,
        max_rows: int = 1000,
        source: CatalogSource | None = None,
    ) -> None:
        self._follower = follower
        self._catalog = catalog
        self._source = source
        self._vocabulary = vocabulary
        self._encoder = encoder
        self._words = words
        self._rules = tuple(rules)
        self._calendar = calendar
        self._max_rows = max_rows
        self._lock = threading.Lock()
        self._plans: dict[tuple[str, Query], Plan] = {}
        self._context: Context | None = None

    @classmethod
    def open(
        cls,
        home: Path,
        limits: Limits = Limits(),  # noqa: B008
        calendar: Calendar = Calendar(),  # noqa: B008
        catalog: Path = ROOT / "knowledge" / "catalog",
        max_rows: int = 1000,
    ) -> Analyst:
        """Loads catalog, vocabulary and encoder; the snapshot is read with the first question."""
        from models.encoder import Encoder as SentenceEncoder

        encoder = RememberingEncoder(
            SentenceEncoder.load(home / "models" / "encoder"), home / "cache" / "phrases"
        )
        return cls(
            WarehouseFollower(home, limits),
            load_catalog(catalog),
            load_vocabulary(ROOT / "knowledge" / "language"),
            encoder,
            english_words(home / "models" / "encoder" / "tokenizer.json"),
            load_rules(ROOT / "knowledge" / "recommendations.yml"),
            calendar,
            max_rows,
            CatalogSource(catalog, home / "nlu" / "current"),
        )

    def context(self) -> Context:
        """What the current snapshot offers, read once a snapshot. Raises NoWarehouse."""
        warehouse = self._follower.current()
        with self._lock:
            renewed = self._source.renewed() if self._source else None
            if renewed is not None:
                self._catalog, self._context = renewed, None
                self._plans.clear()
            if self._context is None or self._context.warehouse is not warehouse:
                self._context = self._open_context(warehouse)
            return self._context

    def _open_context(self, warehouse: Warehouse) -> Context:
        return open_context(
            warehouse,
            self._catalog,
            self._vocabulary,
            self._encoder,
            self._words,
            self._calendar,
        )

    def answer(
        self,
        parsed: ParsedMessage,
        previous: Query | None,
        today: date | None,
        viewer: Viewer,
        request_id: str,
    ) -> Reply:
        """Answers one message. ``today`` defaults to the day the data reaches to."""
        context = self.context()
        day = today or context.warehouse.data_as_of
        reading = read(parsed, context.known, day)
        spoken = self._spoken(parsed, reading, context, previous)
        if spoken is not None:
            return Reply((spoken,), previous)
        if parsed.act in {Act.OUT_OF_SCOPE, Act.UNSURE} and (reading.problems or reading.empty):
            return Reply((self._out_of_scope(reading.problems),), previous)
        if reading.empty and parsed.act is not Act.EXPLAIN:
            return Reply((capabilities(context, parsed.act),), previous)
        resolved = resolve(parsed, reading, context.known, previous, day)
        if isinstance(resolved, Clarification):
            return Reply((clarify(resolved),), previous)
        allowed = authorize(resolved.query, viewer)
        if isinstance(allowed, Issue):
            return Reply((clarify(Clarification((allowed,))),), previous)
        if previous is not None and _asks_for_words_of_a_list(reading, allowed, previous):
            allowed = self._about_the_list(allowed, previous, context)
        answer = self._run(replace(resolved, query=allowed), context, day)
        return Reply((answer,), allowed)

    def _spoken(
        self, parsed: ParsedMessage, reading: Reading, context: Context, previous: Query | None
    ) -> Answer | None:
        """Acts that need no figures; a message that names a figure and its scope asks for it."""
        narrowed = reading.times or reading.values or reading.rank or reading.comparisons
        asks = bool(reading.metrics) and bool(narrowed or reading.grain or reading.grouped)
        match parsed.act:
            case Act.SUBSCRIBE:
                return small_talk(Act.SUBSCRIBE, context)
            case Act.DEFINE:
                return None if asks else define(reading, context, previous)
            case Act.CAPABILITIES:
                return None if reading.metrics else capabilities(context, parsed.act)
            case Act.SMALL_TALK | Act.FEEDBACK:
                return None if reading.metrics else small_talk(parsed.act, context)
            case _:
                return None

    def _out_of_scope(self, problems: Sequence[Issue]) -> Answer:
        issue = Issue(
            "out_of_scope",
            "I answer questions about this company's customers from its own data; this is outside it.",
            ("What can you do?",),
        )
        return Answer(issue.message, issues=(issue, *problems), suggestions=issue.suggestions)

    def _run(self, resolution: Resolution, context: Context, today: date) -> Answer:
        query = resolution.query
        out_of_range = _outside(query, context)
        if out_of_range is not None:
            return clarify(Clarification((*resolution.notes, out_of_range)), query)
        try:
            if query.kind is Kind.EVIDENCE:
                return show_evidence(query, context, today, resolution.notes)
            plan = self._plan(query, context)
            executed = execute(query, plan, context.catalog, context.warehouse)
        except QueryTimeout:
            return clarify(Clarification((_SLOW,)), query)
        except TooManyRows:
            return clarify(Clarification((_TOO_MANY,)), query)
        return self._present(query, executed, context, today, resolution.notes)

    def _about_the_list(self, query: Query, previous: Query, context: Context) -> Query:
        """ "Show me what they say", after a list: words about its first things."""
        plan = self._plan(previous, context)
        result = execute(previous, plan, context.catalog, context.warehouse).result
        position = next(i for i, c in enumerate(result.columns) if c.role is ColumnRole.DIMENSION)
        named = [row[position] for row in result.rows[:_LISTED] if isinstance(row[position], str)]
        values = tuple(str(value) for value in named)
        if not values:
            return query
        return replace(query, filters=(*query.filters, Filter(previous.group_by[0], Op.IN, values)))

    def _plan(self, query: Query, context: Context) -> Plan:
        """Compiles a query once a snapshot: the same question skips it."""
        key = (context.warehouse.snapshot, query)
        plan = self._plans.get(key)
        if plan is None:
            plan = compile_query(query, context.catalog, context.tables, self._max_rows)
            with self._lock:
                if len(self._plans) >= _KEPT_PLANS:
                    self._plans.clear()
                self._plans[key] = plan
        return plan

    def _present(
        self,
        query: Query,
        executed: Executed,
        context: Context,
        today: date,
        notes: Sequence[Issue],
    ) -> Answer:
        result = executed.result
        issues = (*notes, *_issues(query, executed, context))
        if _nothing(query, executed):
            text = _nothing_text(query, context)
            issue = Issue("no_data", text)
            empty = query.kind is Kind.CHANGE
            return Answer(
                text,
                query,
                result.columns,
                () if empty else result.rows,
                issues=issues if empty else (*issues, issue),
                suggestions=suggestions(query, None, context, today),
                provenance=result.provenance,
                filters=filters_in_force(query, context.catalog),
            )
        return Answer(
            text=headline(query, result, context.catalog, _span_words(query, context)),
            query=query,
            columns=result.columns,
            rows=result.rows,
            chart=chart(query, result, context.catalog),
            evidence=quotes_for(query, executed, context),
            recommendations=recommend(self._rules, query, executed, context.catalog),
            suggestions=suggestions(query, result, context, today),
            issues=issues,
            provenance=result.provenance,
            filters=filters_in_force(query, context.catalog),
        )


def _asks_for_words_of_a_list(reading: Reading, query: Query, previous: Query) -> bool:
    named = reading.values or reading.models or reading.times or reading.search
    return (
        query.kind is Kind.EVIDENCE
        and previous.kind in {Kind.CHANGE, Kind.RANKING}
        and bool(previous.group_by)
        and not named
        and all(f.dimension != previous.group_by[0] for f in query.filters)
    )


_SLOW = Issue(
    "too_slow",
    "That took longer than a question may take. Try a shorter period or fewer groups.",
    ("the same for last month",),
)
_TOO_MANY = Issue(
    "too_many_rows", "That would be too many rows to read. Ask for the top 10 instead."
)


def clarify(clarification: Clarification, query: Query | None = None) -> Answer:
    """Issues as an answer: what is in the way, and choices that run at a click."""
    issues = clarification.issues
    text = " ".join(issue.message for issue in issues)
    choices = tuple(dict.fromkeys(s for issue in issues for s in issue.suggestions))
    return Answer(text, query, issues=tuple(issues), suggestions=choices[:5])


def _models(query: Query, context: Context) -> list[str]:
    if query.kind is Kind.EVIDENCE:
        return [query.metrics[0].split(".")[0]]
    names = []
    for name in query.metrics:
        metric = context.catalog.metrics[name]
        parts = (
            [context.catalog.metrics[m] for m in metric.ratio_of] if metric.ratio_of else [metric]
        )
        names += [context.catalog.model_of(m).name for m in parts]
    return list(dict.fromkeys(names))


def _outside(query: Query, context: Context) -> Issue | None:
    """A period that the data does not touch gives no figure, not a zero."""
    ranges = [
        r for r in (query.time_range, query.comparison.range if query.comparison else None) if r
    ]
    for model in _models(query, context):
        span = context.coverage.get(model)
        for wanted in ranges:
            if span is None or (wanted.start <= span.last and wanted.end > span.first):
                continue
            label = inside(context.catalog.models[model].label)
            return Issue(
                "no_data_in_range",
                f"There are no {label} from {days(wanted)}: they run from {moment(span.first)} to "
                f"{moment(span.last)}.",
            )
    return None


def _nothing(query: Query, executed: Executed) -> bool:
    if not executed.result.rows:
        return True
    if query.kind is Kind.VALUE:
        return all(value is None for value in executed.result.rows[0])
    return False


def _nothing_text(query: Query, context: Context) -> str:
    if query.kind is Kind.CHANGE:
        return nothing_changed(query, context.catalog)
    metric = context.catalog.metrics[query.metrics[0]]
    if query.having:
        return "None meets that condition."
    if query.kind is Kind.RANKING and metric.minimum_sample and not query.having:
        return (
            f"Nothing has the {metric.minimum_sample} responses that {inside(metric.label)} needs "
            "before it can be ranked."
        )
    label = outset(metric.label)
    return f"{label}: no data matches that."


def _issues(query: Query, executed: Executed, context: Context) -> list[Issue]:
    """What a careful analyst would add to the figures."""
    found: list[Issue] = []
    result = executed.result
    for metric in (context.catalog.metrics[name] for name in query.metrics):
        if query.kind not in {Kind.RANKING, Kind.CHANGE}:
            found += _few(
                inside(metric.label), metric.minimum_sample, _samples(executed, metric.name)
            )
        elif metric.minimum_sample and not query.having:
            found.append(
                Issue(
                    "small_groups_left_out",
                    f"Only groups with at least {metric.minimum_sample} responses are ranked.",
                )
            )
    if query.time_range is not None and query.time_range.partial:
        found.append(_partial(query.time_range))
    elif last_step_runs(query, result):
        found.append(
            Issue(
                "partial_period", f"The last {query.grain} is not over: it counts the days so far."
            )
        )
    found += _gaps(query, executed, context)
    if result.provenance.truncated:
        found.append(
            Issue(
                "truncated",
                f"Only the first {len(result.rows)} rows are shown; ask for fewer groups.",
            )
        )
    if query.kind is Kind.COMPARISON:
        found += _no_baseline(executed)
    found += _beyond(query, context)
    return found


def _gaps(query: Query, executed: Executed, context: Context) -> list[Issue]:
    """Days on which nothing happened are no rows: say how many of an asked period are missing."""
    if query.grain is not Grain.DAY or query.group_by or query.time_range is None:
        return []
    missing = query.time_range.days - len(executed.result.rows)
    if missing <= 0 or query.kind is not Kind.TREND:
        return []
    label = inside(context.catalog.metrics[query.metrics[0]].label)
    return [
        Issue(
            "gaps", f"{missing} of {query.time_range.days} days have no {label}; they are left out."
        )
    ]


def _samples(executed: Executed, metric: str) -> list[int]:
    name = f"{metric}__n"
    for position, column in enumerate(executed.result.columns):
        if column.name == name:
            return [
                int(v) if isinstance(v := row[position], int) else 0 for row in executed.result.rows
            ]
    return [int(v) if isinstance(v, int | float) else 0 for v in executed.hidden.get(name, ())]


def _few(label: str, least: int, samples: Sequence[int]) -> list[Issue]:
    small = [n for n in samples if n < least]
    if not least or not small:
        return []
    if len(samples) == 1:
        word = "response" if samples[0] == 1 else "responses"
        return [
            Issue("few_responses", f"Only {samples[0]} {word}: too few to rely on this {label}.")
        ]
    return [
        Issue(
            "few_responses",
            f"{len(small)} of {len(samples)} rows rest on fewer than {least} responses; "
            f"read their {label} with care.",
        )
    ]


def _partial(time_range: TimeRange) -> Issue:
    return Issue(
        "partial_period",
        f"{outset(time_range.label)} is not over: this counts {days(time_range)}.",
    )


def _no_baseline(executed: Executed) -> list[Issue]:
    for position, column in enumerate(executed.result.columns):
        if column.role is ColumnRole.BASELINE:
            missing = sum(1 for row in executed.result.rows if row[position] is None)
            if missing:
                return [
                    Issue(
                        "no_baseline",
                        f"{missing} of {len(executed.result.rows)} had nothing in the period "
                        "before, so no change is stated for them.",
                    )
                ]
    return []


def _beyond(query: Query, context: Context) -> list[Issue]:
    """The asked period goes on after the data ends."""
    if query.time_range is None:
        return []
    for model in _models(query, context):
        span = context.coverage.get(model)
        last_asked = query.time_range.end - timedelta(days=1)
        reaches = context.warehouse.data_as_of
        if span is not None and last_asked > reaches:
            label = inside(context.catalog.models[model].label)
            return [
                Issue(
                    "data_ends_earlier",
                    f"{outset(label)} reach to {moment(reaches)} only.",
                )
            ]
    return []


def _span_words(query: Query, context: Context) -> str:
    spans = [context.coverage[m] for m in _models(query, context) if m in context.coverage]
    if not spans:
        return "no data"
    return f"{moment(min(s.first for s in spans))} to {moment(max(s.last for s in spans))}"
