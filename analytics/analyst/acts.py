"""Acts that need no figures: definitions, what can be asked, courtesies, and what lies outside."""

from __future__ import annotations

from analytics.analyst.context import Context
from analytics.analyst.explain import capabilities, define, small_talk
from analytics.analyst.follow import Heard
from analytics.analyst.scope import is_outside, out_of_scope
from analytics.types import Act, Answer, ParsedMessage, Query

_IN_WORDS = frozenset({"explain", "explained", "explanation", "meaning", "means"})
"""A figure alone beside one of these is to be put into words; "why" and its like ask for causes."""


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
            return None if asks else define(reading, context, previous)
        case Act.CAPABILITIES:
            return None if reading.metrics else capabilities(context, parsed.act)
        case Act.SMALL_TALK | Act.FEEDBACK:
            named = asks or any(not mention.verb for mention in reading.metrics)
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
