"""A reading in the making, and how its spans lie to each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from analytics.text import Token, fold
from analytics.types import Grain, Issue, Mention, ParsedMessage, Role, TimeRange
from analytics.understand.known import Known
from analytics.understand.reading import (
    Comparative,
    Condition,
    DimensionMention,
    MetricMention,
    Per,
    ValueMention,
)
from analytics.understand.spans import Span

ASKING = {"which", "what", "whose", "who"}
JOINING = {"and", "or", "&", "+", "/", "plus", "as", "vs", "versus", "with"}
COUNTING = {"many", "number", "count"}
SHOWING = {"show", "read", "see", "list", "find", "display", "pull", "give", "open", "quote"}
TOPIC_LEADS = {"about", "mentioning", "regarding", "concerning", "containing"}


@dataclass
class Draft:
    """A reading in the making: the message in spans, and what was found so far."""

    message: ParsedMessage
    known: Known
    tokens: tuple[Token, ...]
    spans: tuple[Span, ...]
    metrics: list[MetricMention] = field(default_factory=list)
    dimensions: list[DimensionMention] = field(default_factory=list)
    values: list[ValueMention] = field(default_factory=list)
    times: list[TimeRange] = field(default_factory=list)
    time_positions: list[int] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    comparisons: set[str] = field(default_factory=set)
    forms: set[str] = field(default_factory=set)
    models: list[str] = field(default_factory=list)
    problems: list[Issue] = field(default_factory=list)
    notes: list[Issue] = field(default_factory=list)
    grain: Grain | None = None
    pair: tuple[TimeRange, TimeRange] | None = None
    grain_asked: bool = False
    versus_at: int | None = None
    rank: str | None = None
    count: int | None = None
    place: int | None = None
    window: int | None = None
    comparative: Comparative | None = None
    per: Per | None = None
    counted: int | None = None
    direction: str | None = None
    search: str | None = None
    negation: str | None = None
    used: set[int] = field(default_factory=set)

    def text(self, span: Span) -> str:
        """The span as typed."""
        return self.message.text[self.tokens[span.first].start : self.tokens[span.last - 1].end]

    def meant(self, span: Span) -> str:
        """The span with slips of spelling mended."""
        tokens = self.tokens[span.first : span.last]
        if all(t.word == fold(t.text) for t in tokens):
            return self.text(span)
        return " ".join(t.word for t in tokens)

    def words(self, first: int, last: int) -> list[str]:
        """Words of the tokens [first, last)."""
        return [t.word for t in self.tokens[max(first, 0) : last]]

    def before(self, i: int) -> Span | None:
        """The span before the i-th, skipping articles."""
        return self._neighbour(i, -1)

    def after(self, i: int) -> Span | None:
        """The span after the i-th, skipping articles."""
        return self._neighbour(i, 1)

    def _neighbour(self, i: int, step: int) -> Span | None:
        position = i + step
        while 0 <= position < len(self.spans):
            span = self.spans[position]
            if not (
                span.frame
                and self.tokens[span.first].word in {"the", "a", "an", "our", "of", "all"}
            ):
                return span
            position += step
        return None

    def mentioned(self, span: Span, *roles: Role) -> Mention | None:
        """The NLU mention of one of these roles that overlaps the span."""
        start, end = self.tokens[span.first].start, self.tokens[span.last - 1].end
        for mention in self.message.mentions:
            if mention.role in roles and mention.start < end and mention.end > start:
                return mention
        return None

    def conjoined(self, first: int, last: int) -> bool:
        """A conjunction or comma stands between two token positions."""
        if any(word in JOINING for word in self.words(first, last)):
            return True
        if last >= first:
            return "," in self.message.text[self.tokens[first - 1].end : self.tokens[last].start]
        return False
