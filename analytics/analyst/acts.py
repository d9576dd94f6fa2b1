"""Acts that need no figures: definitions, what can be asked, courtesies, and what lies outside."""

from __future__ import annotations

import re

from analytics.analyst.context import Context
from analytics.analyst.explain import capabilities, define, small_talk
from analytics.analyst.follow import Heard
from analytics.analyst.scope import is_outside, out_of_scope
from analytics.types import Act, Answer, ParsedMessage, Query
from analytics.understand.reading import Reading

_IN_WORDS = frozenset({"explain", "explained", "explanation", "meaning", "means"})
"""A figure alone beside one of these is to be put into words; "why" and its like ask for causes."""


_HOW_MUCH = re.compile(
    r"\bhow (?:many|much|often)\b|\bwhat (?:share|part|percentage|proportion|fraction)\b",
    re.IGNORECASE,
)
_WHICH = re.compile(r"\W*(?:(?:and|but|so|from|of|in|by)\s+)*(?:which|what)\b", re.IGNORECASE)
_MEANING = frozenset(
    "mean means meant meaning definition define defined formula calculate calculated compute computed "
    "measure measured stand stands count counts term".split()
)


def _asks_how_much(text: str, reading: Reading) -> bool:
    """ "how many orders is that?", "which countries was that?": figures of the answer before, no meaning."""
    if _MEANING & reading.words or reading.problems:
        return False
    if _HOW_MUCH.search(text) is not None:
        return True
    return bool(reading.grouped and not reading.metrics and _WHICH.match(text))


def _asks_of_answer(text: str, reading: Reading) -> bool:
    """ "was that lower a year earlier?", "which countries was that?": of the answer before."""
    held = (
        reading.comparative is not None
        or bool(reading.comparisons)
        or reading.direction is not None
    )
    return bool(held and reading.supposes) or _asks_how_much(text, reading)


def spoken_act(
    parsed: ParsedMessage, heard: Heard, context: Context, previous: Query | None
) -> Answer | None:
    """The answer to a message that asks for no figure; None where it asks for one.

    A message that names a figure and its scope asks for it, whatever it was classed as.
    """
    reading = heard.reading
    if heard.followed:
        return None
    narrowed = reading.times or reading.values or reading.rank or reading.comparisons
    asks = bool(reading.metrics) and bool(narrowed or reading.grain or reading.grouped)
    match parsed.act:
        case Act.SUBSCRIBE:
            return small_talk(Act.SUBSCRIBE, context)
        case Act.DEFINE:
            of_answer = previous is not None and _asks_how_much(parsed.text, reading)
            return None if asks or of_answer else define(reading, context, previous)
        case Act.CAPABILITIES:
            return None if reading.metrics else capabilities(context, parsed.act)
        case Act.SMALL_TALK | Act.FEEDBACK:
            named = asks or any(not mention.verb for mention in reading.metrics)
            named = named or (previous is not None and _asks_of_answer(parsed.text, reading))
            return (
                None if named else small_talk(parsed.act, context)
            )  # "you like me" names no figure
        case Act.OUT_OF_SCOPE | Act.UNSURE if is_outside(parsed, reading):
            return out_of_scope(reading.problems)
        case Act.EXPLAIN:
            bare = bool(reading.metrics) and not asks and reading.direction is None
            return (
                define(reading, context, previous) if bare and _IN_WORDS & reading.words else None
            )
        case _:
            return capabilities(context, parsed.act) if reading.empty else None
