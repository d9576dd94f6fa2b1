"""A conversation in this process, as the tracker keeps one between processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from analytics.analyst.clarifying import asks_back
from analytics.analyst.past import Offer, Past
from analytics.analyst.service import Analyst
from analytics.types import Act, ParsedMessage, Query, Reply, Viewer, WishKind


@dataclass(slots=True)
class Conversation:
    """Asks an analyst one message after another; saved questions are kept here, too."""

    analyst: Analyst
    viewer: Viewer
    today: date | None = None
    saved: dict[str, Query] = field(default_factory=dict)
    query: Query | None = None
    _stack: list[Query | None] = field(default_factory=lambda: [None])
    _past: Past = field(default_factory=Past)

    def ask(self, text: str, act: Act = Act.ASK, typed: Query | None = None) -> Reply:
        """The reply to a message, or to a query that came with it."""
        past = Past(
            tuple(reversed(self._stack[:-1])),
            self._past.offers,
            self._past.question,
            self._past.message,
            self.saved,
        )
        parsed = ParsedMessage(text, act, 1.0)
        reply = self.analyst.answer(parsed, self.query, self.today, self.viewer, "", typed, past)
        self._keep(reply, text)
        return reply

    def _keep(self, reply: Reply, text: str) -> None:
        if reply.back and len(self._stack) > 1:
            self._stack.pop()
        elif not reply.back and reply.query != self._stack[-1]:
            self._stack.append(reply.query)
        self.query = reply.query
        last = reply.answers[-1]
        choices = (*last.choices, *(None for _ in last.suggestions))
        offers = tuple(Offer(t, q) for t, q in zip(last.suggestions, choices, strict=False))
        asked = asks_back(last)
        self._past = Past((), offers, last.text if asked else "", text if asked else "")
        if reply.wish is not None and reply.wish.kind is WishKind.SAVE and reply.wish.query:
            self.saved[reply.wish.name] = reply.wish.query
        if reply.wish is not None and reply.wish.kind is WishKind.FORGET:
            self.saved.pop(reply.wish.name, None)
