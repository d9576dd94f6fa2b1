"""Whether a message changes the last question or stands alone: filters must not leak into a new one."""

from __future__ import annotations

import re
from dataclasses import replace

from analytics.text import words
from analytics.types import Act, ParsedMessage, Query
from analytics.understand.dialogue.followed import Followed
from analytics.understand.known import Known
from analytics.understand.reading import Reading
from analytics.understand.resolver.themes import about_themes

_IMPLYING = ("most_", "best_", "worst_")
_ASKS = frozenset(
    {
        *("what", "which", "who", "whose", "how", "when", "where"),
        *("show", "give", "tell", "list", "find"),
    }
    | {"is", "are", "was", "were", "did", "do", "does", "has", "have", "had"}
)
"""A sentence of its own has one of these; "and revenue in May?" has none."""


_POINTS_BACK = re.compile(
    r"\b(?:of|for|about|with|on|in|by|to)\s+(?:it|that|this|those|these|them)(?:\s+(?:by|over|per|in|last|this)\b|\W*$)"
    r"|\b(?:that|this|those|these) (?:product|region|store|category|brand|campaign|customer|group|one)s?\b"
    r"|\bwhich ones?\b"
    r"|\bthe (?:first|second|third|fourth|fifth|last|top|other|same) ones?\b"
)
_PERIODS = (
    r"day|week|weekend|month|quarter|year|time|morning|summer|winter|spring|autumn|fall|season"
)
_SPEAKS_OF_IT = re.compile(
    rf"\b(?:is|was|are|were|did|does|do)\s+(?:that|this|those|these|they)\b(?!\s+(?:{_PERIODS}))"
    r"|\b(?:how (?:many|much)|what (?:share|part|percentage)) of (?:it|that|this|those|these|them)\b"
    r"|\bmakes? (?:that|it|this|those|them) up\b"
    r"|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )\b(?:there|that|those|it|them)\W*$"
    r"|^\W*(?:and |but )?(?:from|of|in|with|by|across|out of) how many\b"
    r"|^\W*(?:and |but |also )?(?:per|divided? (?:by|it|that|this))\b"
)


def points_back(text: str) -> bool:
    """Whether a message points at something said before ("of that", "the second one")."""
    return _POINTS_BACK.search(text.lower()) is not None


def _speaks_of_it(message: ParsedMessage, reading: Reading) -> bool:
    """ "how many orders is that?": no noun of the message stands for the pronoun, nor has it a period."""
    return not reading.times and _SPEAKS_OF_IT.search(message.text.lower()) is not None


def is_refinement(
    message: ParsedMessage, reading: Reading, known: Known, previous: Query, followed: Followed
) -> bool:
    """Whether a message goes on from the last question.

    A message with a metric, and with something to hold it by, stands alone however it was classed,
    unless it opens as one that goes on, steers the conversation, or points at the last answer.
    """
    if message.act is Act.EXPLAIN:
        return not reading.metrics or followed.pointed
    if previous.group_by and _asks_which(message, reading):
        return True
    if followed.pointed or points_back(message.text) or _speaks_of_it(message, reading):
        return True
    if about_themes(reading):
        return message.act is Act.REFINE or known.vocabulary.goes_on(message.text)
    own_metric = bool(reading.metrics) or implies_metric(reading) or _lists(message, reading)
    if followed.moves:
        return not own_metric or _moves_its_metric(reading, previous, followed)
    if own_metric and known.vocabulary.goes_on(message.text):
        return not (_own_sentence(message) and _own_scope(reading))
    if "evidence" in reading.forms and _own_sentence(message) and reading.values:
        return bool({"they", "their"} & reading.words)
    if message.act is Act.REFINE or (own_metric and _bare(message, reading)):
        return not (own_metric and _held(reading))
    if "evidence" in reading.forms:
        return not (reading.values or reading.models or reading.search or reading.times)
    return not own_metric


def _asks_which(message: ParsedMessage, reading: Reading) -> bool:
    """ "which got worse?": of the things just listed, where nothing else is named."""
    named = reading.metrics or reading.dimensions or reading.values or reading.times
    return "which" in words(message.text)[:2] and not named


def implies_metric(reading: Reading) -> bool:
    """Whether a direction or a rank speaks of a metric without naming it."""
    return reading.direction is not None or (reading.rank or "").startswith(_IMPLYING)


def _lists(message: ParsedMessage, reading: Reading) -> bool:
    """ "list products with more than 50 reviews": things by a figure, in a sentence of its own."""
    by_figure = any(condition.metrics for condition in reading.conditions)
    return by_figure and reading.grouped and _own_sentence(message)


def _moves_its_metric(reading: Reading, previous: Query, followed: Followed) -> bool:
    """ "no, I meant returns last year" goes on; "split revenue by region" after another figure does not."""
    steers = ("correct", "same", "add", "sort", "remove", "unfilter", "narrow", "beside")
    if not followed.moves.has(*steers):
        return False
    if followed.moves.has("sort"):
        named = {name for mention in reading.dimensions for name in mention.names}
        return not named or bool(named & set(previous.group_by))
    return True


def _own_sentence(message: ParsedMessage) -> bool:
    """It asks in a sentence: "and how many orders did we have in May?"."""
    typed = words(message.text)
    return typed[:2] not in {("what", "about"), ("how", "about")} and not _ASKS.isdisjoint(
        typed[:4]
    )


def _bare(message: ParsedMessage, reading: Reading) -> bool:
    """A figure's name and no more: after an answer, it takes the place of that answer's figure."""
    others = replace(reading, metrics=(), models=(), forms=reading.forms - {"breakdown"})
    return bool(reading.metrics) and others.empty and _ASKS.isdisjoint(words(message.text))


def _own_scope(reading: Reading) -> bool:
    """It says of what and when."""
    return bool(reading.times) and bool(reading.values or reading.grouped or reading.rank)


def _held(reading: Reading) -> bool:
    return bool(reading.times or reading.values or reading.dimensions)
