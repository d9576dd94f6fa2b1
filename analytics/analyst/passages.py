"""Questions that an article answers, or that a definition does under another name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from analytics.analyst.explain import define_metric
from analytics.analyst.follow import Heard
from analytics.analyst.turn import Turn
from analytics.catalog.people import people_words
from analytics.text import singulars
from analytics.types import Act, Answer, Issue, ParsedMessage, Quote
from analytics.understand.reading import Reading
from analytics.understand.resolve import Resolution, resolve
from analytics.understand.resolver.asked import Doubt

if TYPE_CHECKING:
    from langchain_core.documents import Document

    from models.vectors import TextEncoder

LEAST = 0.38
"""Score below which a passage answers nothing: just above what the best of forty questions gets that
nothing answers (`python -m tests.retrieval.calibrate`)."""
LEAST_BESIDE_FIGURES = 0.52
"""The same for a message that names something of the catalog: one in a hundred of the catalog's own
questions scores higher."""
_NEAR = 0.8
"""Further passages are quoted from this part of the best one's score on."""
_WHOLE = 3
"""With so many near passages of one article, the question is about the article."""
_MOST = 8
_MOST_QUOTED = 4
_SHORT = 200
_FIGURES = frozenset({"evidence", "trend", "share", "average"})
_NEVER = frozenset({Act.SUBSCRIBE, Act.FEEDBACK})
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def read_up(parsed: ParsedMessage, heard: Heard, turn: Turn) -> Answer | None:
    """The passage that answers a message which asks for no figure; None where there is none."""
    reading = heard.reading
    if turn.knowledge is None or parsed.act in _NEVER or heard.followed.moves:
        return None
    figure = _names_a_figure(reading, turn)
    if _asks_for_figures(parsed, heard, turn):
        return None
    library = turn.knowledge.library(turn.context, turn.viewer)
    unknown = reading.problems or reading.empty
    defining = parsed.act is Act.DEFINE
    beside = figure and not (defining and reading.problems)
    least = LEAST if unknown and not beside else LEAST_BESIDE_FIGURES
    found = library.retriever(_MOST).invoke(parsed.text)
    if not found or found[0].metadata["score"] < least:
        found = []
    if found and found[0].metadata["kind"] == "article":
        return _quoted(found, parsed.text, library.encoder)
    if not defining or figure or not unknown:
        return None
    if found:
        return define_metric(found[0].metadata["metric"], turn.context)
    return _nothing(reading) if library.has_articles and reading.problems else None


def _names_a_figure(reading: Reading, turn: Turn) -> bool:
    """Whether a metric is named by more than a word for its people ("can a customer …")."""
    if not reading.metrics:
        return False
    people = people_words(turn.context.catalog)
    return any(singulars(mention.text) not in people for mention in reading.metrics)


def _asks_for_figures(parsed: ParsedMessage, heard: Heard, turn: Turn) -> bool:
    """Whether a query is what is asked for, or what the last answer meant.

    A message that resolves is a query. One that does not is still none for articles where it holds a
    period, a comparison, a condition, or asks for customers' words.
    """
    reading = heard.reading
    if parsed.act is Act.DEFINE:
        return not reading.problems and reading.empty
    if reading.times or reading.comparisons or reading.conditions or reading.forms & _FIGURES:
        return True
    known = turn.context.known
    try:
        found = resolve(parsed, reading, known, turn.previous, turn.today, heard.followed)
    except Doubt:
        return False
    return isinstance(found, Resolution)


def _quoted(found: Sequence[Document], question: str, encoder: TextEncoder) -> Answer:
    """The sentences that answer, and whole passages as evidence, each with where it stands.

    A question about an article as a whole finds many of its passages alike: they come in its order.
    """
    best = found[0].metadata
    near = [
        d
        for d in found
        if d.metadata["kind"] == "article" and d.metadata["score"] >= _NEAR * best["score"]
    ]
    own = [d for d in near if d.metadata["article"] == best["article"]]
    if len(own) >= _WHOLE:
        near = sorted(own, key=lambda d: int(d.metadata["place"]))
        told = " ".join(_telling(d.page_content, question, encoder) for d in near[:_WHOLE])
        text = f"{told} ({best['title']})"
    else:
        text = f"{_telling(found[0].page_content, question, encoder)} ({cited(found[0])})"
    near = near[:_MOST_QUOTED]
    quotes = tuple(Quote("article", cited(d), d.page_content, None, None, None) for d in near)
    return Answer(text, evidence=quotes)


def cited(document: Document) -> str:
    """Title and heading of an article's passage."""
    known = document.metadata
    return f"{known['title']}: {known['heading']}" if known["heading"] else str(known["title"])


def _telling(passage: str, question: str, encoder: TextEncoder) -> str:
    """A short passage whole; of a longer one its nearest sentence and, where short, the next."""
    sentences = _SENTENCE.split(passage)
    if len(passage) <= _SHORT or len(sentences) == 1:
        return passage
    vectors = encoder.encode([question, *sentences])
    best = int((vectors[1:] @ vectors[0]).argmax())
    told = sentences[best : best + 2]
    return " ".join(told) if sum(map(len, told)) <= _SHORT else told[0]


def _nothing(reading: Reading) -> Answer:
    issue = Issue(
        "nothing_found",
        "I found nothing about that, neither in our articles nor among the definitions.",
        ("What can you do?",),
    )
    return Answer(issue.message, issues=(issue, *reading.problems), suggestions=issue.suggestions)
