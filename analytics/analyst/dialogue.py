"""One turn of a conversation: read, decide what is asked, authorize, run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from analytics.analyst.acts import spoken_act
from analytics.analyst.clarifying import OVER_A_LIMIT, clarify, over_a_limit
from analytics.analyst.context import Context
from analytics.analyst.listed import about_the_list
from analytics.analyst.running import run
from analytics.analyst.typed import asked
from analytics.answer.recommend import Rule
from analytics.answer.say import say
from analytics.language_model.helper import GIVEN_UP, Helper
from analytics.query.authorize import authorize
from analytics.types import Clarification, Issue, ParsedMessage, Query, Reply, Viewer
from analytics.understand.read import read
from analytics.understand.resolve import Resolution, resolve


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message is answered in: the query before it, the snapshot, the day, the person."""

    previous: Query | None
    context: Context
    today: date
    viewer: Viewer
    rules: Sequence[Rule]
    helper: Helper | None = None


def respond(parsed: ParsedMessage, turn: Turn) -> Reply:
    """The answers to a message in words."""
    context, previous = turn.context, turn.previous
    reading = read(parsed, context.known, turn.today)
    spoken = spoken_act(parsed, reading, context, previous)
    if spoken is not None:
        return Reply((spoken,), previous)
    resolved = resolve(parsed, reading, context.known, previous, turn.today)
    if isinstance(resolved, Resolution) and previous is not None:
        try:
            about = about_the_list(reading, resolved.query, previous, context)
        except OVER_A_LIMIT as error:
            return Reply((over_a_limit(error, None),), previous)
        resolved = replace(resolved, query=about)
    if isinstance(resolved, Clarification) and turn.helper is not None:
        resolved = _helped(parsed, resolved, turn.helper, turn)
    return _reworded(carry_out(resolved, turn), turn)


def _helped(
    parsed: ParsedMessage, unclear: Clarification, helper: Helper, turn: Turn
) -> Resolution | Clarification:
    """What a language model makes of a message that was given up on; the doubt where it helps not."""
    if not GIVEN_UP & {issue.code for issue in unclear.issues}:
        return unclear
    catalog, known = turn.context.catalog, turn.context.known
    before = say(turn.previous, catalog) if turn.previous else None
    query = helper.read(parsed.text, known, turn.today, before)
    if query is None:
        return unclear
    return Resolution(query, (helper.read_note(say(query, catalog)),))


def _reworded(reply: Reply, turn: Turn) -> Reply:
    helper = turn.helper
    if helper is None:
        return reply
    answers = tuple(helper.reword(answer, turn.context.known) for answer in reply.answers)
    return replace(reply, answers=answers)


def respond_to_query(typed: Query, turn: Turn) -> Reply:
    """The answer to a query that came ready-made."""
    return carry_out(asked(typed, turn.context, turn.today), turn)


def carry_out(resolved: Resolution | Clarification, turn: Turn) -> Reply:
    """The answer to what was resolved; the query before stays where there is none."""
    if isinstance(resolved, Clarification):
        return Reply((clarify(resolved),), turn.previous)
    allowed = authorize(resolved.query, turn.viewer, turn.context.catalog)
    if isinstance(allowed, Issue):
        return Reply((clarify(Clarification((allowed,))),), turn.previous)
    answer = run(replace(resolved, query=allowed), turn.context, turn.today, turn.rules)
    return Reply((answer,), allowed)
