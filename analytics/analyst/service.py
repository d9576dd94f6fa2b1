"""The way of a question, end to end: parsed message → read → resolve → authorize → compile → answer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from analytics.analyst.catalog_source import CatalogSource
from analytics.analyst.context import Context, open_context
from analytics.analyst.evidence import quotes_for, show_evidence
from analytics.analyst.explain import capabilities, define, small_talk
from analytics.analyst.issues import is_nothing, issues_of, nothing_text, outside, span_words
from analytics.analyst.suggest import suggestions
from analytics.analyst.typed import asked
from analytics.analyst.why import cannot_explain, show_drivers
from analytics.answer.charts import chart
from analytics.answer.headline import headline
from analytics.answer.locale import speaking, spoken
from analytics.answer.recommend import Rule, load_rules, recommend
from analytics.answer.say import filters_in_force
from analytics.catalog.load import load_catalog
from analytics.catalog.types import Catalog
from analytics.query.authorize import authorize, may_ask, visible
from analytics.query.execute import Executed, execute
from analytics.sources.warehouse import (
    Limits,
    QueryBusy,
    QueryTimeout,
    QueryTooBig,
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
    Issue,
    Kind,
    Op,
    ParsedMessage,
    Query,
    Reply,
    Viewer,
)
from analytics.understand.language import Vocabulary, load_vocabulary
from analytics.understand.link import Encoder, RememberingEncoder
from analytics.understand.read import read
from analytics.understand.reading import Reading
from analytics.understand.resolve import Resolution, resolve
from analytics.understand.times.units import Calendar
from analytics.understand.words import english_words

ROOT = Path(__file__).resolve().parents[2]
INSIDER = Viewer("", "viewer")
_LISTED = 3
_WARMED = 32


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
        self._contexts: dict[str, Context] = {}

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

    def context(self, viewer: Viewer = INSIDER) -> Context:
        """What the current snapshot offers a viewer, read once a snapshot. Raises NoWarehouse."""
        warehouse = self._follower.current()
        with self._lock:
            renewed = self._source.renewed() if self._source else None
            if renewed is not None:
                self._catalog = renewed
                self._contexts.clear()
            context = self._contexts.get(viewer.role)
            if context is None or context.warehouse is not warehouse:
                context = self._open_context(warehouse, viewer)
                self._contexts[viewer.role] = context
            return context

    def _open_context(self, warehouse: Warehouse, viewer: Viewer) -> Context:
        """Insiders share one; others know words only for what they may see."""
        catalog = visible(self._catalog, viewer)
        for context in self._contexts.values():
            if context.warehouse is warehouse and catalog is self._catalog:
                return context
        return open_context(
            warehouse,
            catalog,
            self._vocabulary,
            self._encoder,
            self._words,
            self._calendar,
            self._max_rows,
        )

    def warm_up(self) -> None:
        """Answers examples of the catalog: nobody waits for imports and the commonest kinds of queries."""
        metrics = self.context().catalog.metrics.values()
        ranked = sorted(metrics, key=lambda metric: -metric.default_rank)
        examples = [metric.examples[0] for metric in ranked if metric.examples]
        for example in examples[:_WARMED]:
            self.answer(ParsedMessage(example, Act.ASK, 1.0), None, None, INSIDER, "")

    def answer(
        self,
        parsed: ParsedMessage,
        previous: Query | None,
        today: date | None,
        viewer: Viewer,
        request_id: str,
        typed: Query | None = None,
    ) -> Reply:
        """Answers one message. ``today`` defaults to the day the data reaches to.

        ``typed``: a query that came ready-made; it is run in place of reading the message.
        """
        if not may_ask(viewer):
            return Reply((clarify(Clarification((_NOT_PERMITTED,))),), previous)
        context = self.context(viewer)
        day = today or context.warehouse.data_as_of
        with speaking(viewer.locale, context.warehouse.currency):
            if typed is not None:
                resolved = asked(typed, context, day)
                return self._resolved(resolved, previous, context, day, viewer)
            try:
                return self._read(parsed, previous, context, day, viewer)
            except tuple(_OVER_A_LIMIT) as error:
                return Reply((_over_a_limit(error, None),), previous)

    def _read(
        self,
        parsed: ParsedMessage,
        previous: Query | None,
        context: Context,
        day: date,
        viewer: Viewer,
    ) -> Reply:
        reading = read(parsed, context.known, day)
        spoken = self._spoken(parsed, reading, context, previous)
        if spoken is not None:
            return Reply((spoken,), previous)
        if parsed.act in {Act.OUT_OF_SCOPE, Act.UNSURE} and (reading.problems or reading.empty):
            return Reply((self._out_of_scope(reading.problems),), previous)
        if reading.empty and parsed.act is not Act.EXPLAIN:
            return Reply((capabilities(context, parsed.act),), previous)
        resolved = resolve(parsed, reading, context.known, previous, day)
        if isinstance(resolved, Resolution) and previous is not None:
            most = _things_meant(reading, resolved.query, previous)
            if most:
                about = self._about_the_list(resolved.query, previous, context, most)
                resolved = replace(resolved, query=about)
        return self._resolved(resolved, previous, context, day, viewer)

    def _resolved(
        self,
        resolved: Resolution | Clarification,
        previous: Query | None,
        context: Context,
        day: date,
        viewer: Viewer,
    ) -> Reply:
        if isinstance(resolved, Clarification):
            return Reply((clarify(resolved),), previous)
        allowed = authorize(resolved.query, viewer, context.catalog)
        if isinstance(allowed, Issue):
            return Reply((clarify(Clarification((allowed,))),), previous)
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
        out_of_range = outside(query, context)
        if out_of_range is not None:
            return clarify(Clarification((*resolution.notes, out_of_range)), query)
        try:
            if query.kind is Kind.EVIDENCE:
                return show_evidence(query, context, today, resolution.notes)
            if query.kind is Kind.DRIVERS:
                return self._why(resolution, context, today)
            plan = context.plans.of(query)
            executed = execute(query, plan, context.catalog, context.warehouse)
        except tuple(_OVER_A_LIMIT) as error:
            return _over_a_limit(error, query)
        return self._present(query, executed, context, today, resolution.notes)

    def _why(self, resolution: Resolution, context: Context, today: date) -> Answer:
        query, notes = resolution.query, resolution.notes
        found = show_drivers(query, context, today, notes, self._rules)
        if found is not None:
            return found
        instead, issue = cannot_explain(query, context)
        return self._run(Resolution(instead, (*notes, issue)), context, today)

    def _about_the_list(self, query: Query, previous: Query, context: Context, most: int) -> Query:
        """ "Show me what they say", "why?", after a list: about its first things."""
        plan = context.plans.of(previous)
        result = execute(previous, plan, context.catalog, context.warehouse).result
        position = next(i for i, c in enumerate(result.columns) if c.role is ColumnRole.DIMENSION)
        named = [row[position] for row in result.rows[:most] if isinstance(row[position], str)]
        values = tuple(str(value) for value in named)
        if not values:
            return query
        return replace(query, filters=(*query.filters, Filter(previous.group_by[0], Op.IN, values)))

    def _present(
        self,
        query: Query,
        executed: Executed,
        context: Context,
        today: date,
        notes: Sequence[Issue],
    ) -> Answer:
        result = executed.result
        issues = (*notes, *issues_of(query, executed, context))
        if is_nothing(query, executed):
            text = nothing_text(query, context)
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
            text=headline(query, result, context.catalog, span_words(query, context)),
            query=query,
            columns=result.columns,
            rows=result.rows,
            chart=chart(query, result, context.catalog, spoken()),
            evidence=quotes_for(query, executed, context),
            recommendations=recommend(self._rules, query, executed, context.catalog),
            suggestions=suggestions(query, result, context, today),
            issues=issues,
            provenance=result.provenance,
            filters=filters_in_force(query, context.catalog),
        )


def _things_meant(reading: Reading, query: Query, previous: Query) -> int:
    """How many things of the list before a message is about; 0 where it is not about the list."""
    named = reading.values or reading.models or reading.times or reading.search
    if named or not previous.group_by or reading.metrics:
        return 0
    if any(f.dimension == previous.group_by[0] for f in query.filters):
        return 0
    if query.kind is Kind.EVIDENCE and previous.kind in {Kind.CHANGE, Kind.RANKING}:
        return _LISTED
    return 1 if query.kind is Kind.DRIVERS and previous.kind is Kind.CHANGE else 0


_NOT_PERMITTED = Issue(
    "not_permitted",
    "Your account may not see figures. Ask an administrator for the viewer role.",
)
_SLOW = Issue(
    "too_slow",
    "That took longer than a question may take. Try a shorter period or fewer groups.",
    ("the same for last month",),
)
_TOO_MANY = Issue(
    "too_many_rows", "That would be too many rows to read. Ask for the top 10 instead."
)
_TOO_BIG = Issue(
    "too_big",
    "That needs more memory than a question may take. Try a shorter period or fewer groups.",
)
_BUSY = Issue("busy", "Many questions are being answered right now. Ask again in a moment.")
_OVER_A_LIMIT: dict[type[Exception], Issue] = {
    QueryTimeout: _SLOW,
    TooManyRows: _TOO_MANY,
    QueryTooBig: _TOO_BIG,
    QueryBusy: _BUSY,
}


def _over_a_limit(error: Exception, query: Query | None) -> Answer:
    return clarify(Clarification((_OVER_A_LIMIT[type(error)],)), query)


def clarify(clarification: Clarification, query: Query | None = None) -> Answer:
    """Issues as an answer: what is in the way, and choices that run at a click."""
    issues = clarification.issues
    text = " ".join(issue.message for issue in issues)
    choices = tuple(dict.fromkeys(s for issue in issues for s in issue.suggestions))
    return Answer(text, query, issues=tuple(issues), suggestions=choices[:5])
