"""The analyst: opens what it takes, and answers messages on the snapshot that serves now."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from analytics.analyst.catalog_source import CatalogSource
from analytics.analyst.clarifying import clarify
from analytics.analyst.context import Context, open_context
from analytics.analyst.dialogue import respond, respond_to_query
from analytics.analyst.knowledge import Knowledge
from analytics.analyst.learning import Correction, lessons_from
from analytics.analyst.lessons_source import LessonsSource
from analytics.analyst.past import NOTHING, Past
from analytics.analyst.turn import Turn
from analytics.answer.locale import speaking
from analytics.answer.recommend import Rule, load_rules
from analytics.catalog.load import load_catalog
from analytics.catalog.types import Catalog
from analytics.language_model.helper import Helper
from analytics.query.authorize import may_ask, visible
from analytics.sources.warehouse import Limits, Warehouse, WarehouseFollower
from analytics.types import Act, Clarification, Issue, ParsedMessage, Query, Reply, Viewer
from analytics.understand.language import Vocabulary, load_vocabulary
from analytics.understand.lessons import NO_LESSONS, Lesson
from analytics.understand.link import Encoder, RememberingEncoder
from analytics.understand.times.date_order import day_first
from analytics.understand.times.units import Calendar
from analytics.understand.words import english_words

ROOT = Path(__file__).resolve().parents[2]
LESSONS = Path("lessons.json")
"""The accepted lessons, in the home folder."""
INSIDER = Viewer("", "viewer")
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
        helper: Helper | None = None,
        lessons: LessonsSource | None = None,
        knowledge: Knowledge | None = None,
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
        self._helper = helper
        self._lessons = lessons
        self._knowledge = knowledge
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
        helper: Helper | None = None,
        articles: Path | None = None,
    ) -> Analyst:
        """Loads catalog, vocabulary and encoder; the snapshot is read with the first question."""
        from models.encoder import Encoder as SentenceEncoder

        sentences = SentenceEncoder.load(home / "models" / "encoder")
        encoder = RememberingEncoder(sentences, home / "cache" / "phrases")
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
            helper,
            LessonsSource(home / LESSONS),
            Knowledge(home, sentences, articles, ROOT / "knowledge" / "articles"),
        )

    def context(self, viewer: Viewer = INSIDER) -> Context:
        """What the current snapshot offers a viewer, read once a snapshot. Raises NoWarehouse."""
        warehouse = self._follower.current()
        with self._lock:
            renewed = self._source.renewed() if self._source else None
            if renewed is not None:
                self._catalog = renewed
                self._contexts.clear()
            if self._lessons is not None and self._lessons.renewed():
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
            self._lessons.lessons if self._lessons else NO_LESSONS,
        )

    def warm_up(self) -> None:
        """Answers examples of the catalog: nobody waits for imports and the commonest kinds of queries."""
        metrics = self.context().catalog.metrics.values()
        ranked = sorted(metrics, key=lambda metric: -metric.default_rank)
        examples = [metric.examples[0] for metric in ranked if metric.examples]
        for example in examples[:_WARMED]:
            self.answer(ParsedMessage(example, Act.ASK, 1.0), None, None, INSIDER, "")
        if self._knowledge is not None:
            self._knowledge.library(self.context(), INSIDER)

    def answer(
        self,
        parsed: ParsedMessage,
        previous: Query | None,
        today: date | None,
        viewer: Viewer,
        request_id: str,
        typed: Query | None = None,
        past: Past = NOTHING,
    ) -> Reply:
        """Answers one message. ``today`` defaults to the day the data reaches to.

        ``typed``: a query that came ready-made; it is run in place of reading the message. ``past``: what
        was said before ``previous`` was asked, and offered since.
        """
        if not may_ask(viewer):
            return Reply((clarify(Clarification((_NOT_PERMITTED,))),), previous)
        context = self.context(viewer).read_by(day_first(viewer.locale))
        day = today or context.warehouse.data_as_of
        helper, knowledge = self._helper, self._knowledge
        turn = Turn(previous, context, day, viewer, self._rules, helper, past, knowledge)
        with speaking(viewer.locale, context.warehouse.currency, self._calendar):
            if typed is not None:
                return respond_to_query(typed, turn)
            return respond(parsed, turn)

    def lessons_from(
        self, correction: Correction, today: date | None, viewer: Viewer
    ) -> tuple[Lesson, ...]:
        """What a correction could teach; a supervisor decides. Nothing to who may not ask."""
        if not may_ask(viewer):
            return ()
        context = self.context(viewer)
        return lessons_from(correction, context.known, today or context.warehouse.data_as_of)


_NOT_PERMITTED = Issue(
    "not_permitted",
    "Your account may not see figures. Ask an administrator for the viewer role.",
)
