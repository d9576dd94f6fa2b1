"""One turn of a conversation: read, decide what is asked, authorize, run."""

from __future__ import annotations

from dataclasses import replace

from analytics.analyst.acts import spoken_act
from analytics.analyst.alike import show_alike
from analytics.analyst.clarifying import OVER_A_LIMIT, clarify, over_a_limit
from analytics.analyst.finishing import finished
from analytics.analyst.follow import Heard, hear
from analytics.analyst.listed import about_the_list, pinned
from analytics.analyst.obeying import obey, run_by_name
from analytics.analyst.passages import read_up
from analytics.analyst.running import run
from analytics.analyst.scope import out_of_scope
from analytics.analyst.turn import Turn
from analytics.analyst.typed import asked
from analytics.answer.say import say
from analytics.language_model.helper import GIVEN_UP, Helper
from analytics.query.authorize import authorize
from analytics.text import tokenize
from analytics.types import Act, Answer, Clarification, Issue, ParsedMessage, Query, Reply
from analytics.understand.dialogue.choices import Unclear, chosen, typed_word_for_word
from analytics.understand.dialogue.commands import read_command
from analytics.understand.dialogue.moves import without
from analytics.understand.questions import questions
from analytics.understand.read import read
from analytics.understand.reading import Reading
from analytics.understand.resolve import Resolution, resolve
from analytics.understand.resolver.asked import Doubt
from analytics.understand.sample import find_sample
from analytics.understand.second_look import second_look


def respond(parsed: ParsedMessage, turn: Turn) -> Reply:
    """The answers to a message in words, each with a way on."""
    return finished(_heard(parsed, turn), turn)


def respond_to_query(typed: Query, turn: Turn) -> Reply:
    """The answer to a query that came ready-made."""
    return finished(carry_out(asked(typed, turn.context, turn.today), turn), turn)


def _heard(parsed: ParsedMessage, turn: Turn) -> Reply:
    """Commands and replies to a question of ours come first, then verified questions, then all reading."""
    obeyed = _obeyed(parsed, turn)
    if obeyed is not None:
        return obeyed
    taken = _taken(parsed, turn)
    if taken is not None:
        return taken
    meaning = turn.context.known.lessons.meaning(parsed.text)
    if meaning is None:
        return _read_each(parsed, turn)
    verified = ParsedMessage(meaning, Act.ASK, 1.0)
    reply = _read(verified, replace(turn, previous=None))
    note = Issue("verified_question", f"A verified question: it stands for “{meaning}”.")
    answers = tuple(replace(one, issues=(note, *one.issues)) for one in reply.answers)
    return replace(reply, answers=answers)


def _read_each(parsed: ParsedMessage, turn: Turn) -> Reply:
    """Several questions in one message are answered one after the other; the last one is kept."""
    parts = questions(parsed, turn.context.known, turn.today)
    if len(parts) == 1:
        return _read(parsed, turn)
    answers: list[Answer] = []
    for part in parts:
        reply = _read(part, turn)
        answers += reply.answers
        turn = replace(turn, previous=reply.query)
    return Reply(tuple(answers), turn.previous)


def _obeyed(parsed: ParsedMessage, turn: Turn) -> Reply | None:
    """What comes of a command; None where the message is none."""
    words = turn.context.known.vocabulary.dialogue
    command = run_by_name(parsed.text, turn.past) or read_command(parsed.text, words)
    if command is None:
        return None
    return obey(
        command, turn, lambda query: carry_out(asked(query, turn.context, turn.today), turn)
    )


def _taken(parsed: ParsedMessage, turn: Turn) -> Reply | None:
    """The choice that a message takes of those offered; None where it takes none."""
    past, vocabulary = turn.past, turn.context.known.vocabulary
    texts = [offer.text for offer in past.offers]
    choice: int | Unclear | None = typed_word_for_word(parsed.text, texts)
    if choice is None and past.question:
        reading = read(parsed, turn.context.known, turn.today)
        means = bool(reading.metrics or reading.dimensions or reading.grain)
        if not _asks_anew(reading):
            choice = chosen(parsed.text, texts, vocabulary.dialogue, vocabulary.frame, whole=means)
    match choice:
        case None:
            return None
        case Unclear():
            return _unclear(choice, turn)
        case int():
            offer = past.offers[choice]
            if offer.query is not None:
                return carry_out(asked(offer.query, turn.context, turn.today), turn)
            if offer.text == parsed.text:
                return None
            return _heard(ParsedMessage(offer.text, Act.ASK, 1.0), turn)


def _asks_anew(reading: Reading) -> bool:
    """A figure and its scope: a question, not a word of a choice that may say more."""
    return bool(reading.metrics) and bool(reading.times or reading.values or reading.dimensions)


def _unclear(reply: Unclear, turn: Turn) -> Reply:
    """Yes to several choices, or no to all of them."""
    offers = turn.past.offers
    if reply is Unclear.YES_TO_SEVERAL and offers:
        text = "Which one? Say its number or its words."
        issue = Issue("which_choice", text, tuple(offer.text for offer in offers))
        answer = clarify(Clarification((issue,)))
        queries = tuple(offer.query for offer in offers)
        return Reply((replace(answer, choices=queries[: len(answer.suggestions)]),), turn.previous)
    text = "Then please say it in other words: a figure, of what, and when."
    issue = Issue("other_words", text)
    return Reply((clarify(Clarification((issue,))),), turn.previous)


def _read(parsed: ParsedMessage, turn: Turn) -> Reply:
    context, previous = turn.context, turn.previous
    goes_on = True
    lead = context.known.vocabulary.dialogue.asks_why(tokenize(parsed.text))
    if lead:
        parsed = replace(without(parsed, lead), act=Act.EXPLAIN)
    try:
        sample = find_sample(parsed.text)
        alike = show_alike(sample, turn) if sample is not None else None
        if alike is not None:
            return Reply((alike,), previous)
        heard = hear(parsed, previous, context, turn.today)
        goes_on = bool(heard.followed)
        passage = read_up(parsed, heard, turn)
        if passage is not None:
            return Reply((passage,), previous)
        spoken = spoken_act(parsed, heard, context, previous)
        if spoken is not None:
            return Reply((spoken,), previous)
        resolved = _resolved(parsed, heard, turn)
    except Doubt as doubt:
        resolved = Clarification(doubt.issues)
    except OVER_A_LIMIT as error:
        return Reply((over_a_limit(error, None),), previous)
    if isinstance(resolved, Clarification):
        if parsed.act is Act.OUT_OF_SCOPE and not goes_on:
            return Reply((out_of_scope(resolved.issues),), previous)
        if turn.helper is not None:
            resolved = _helped(parsed, resolved, turn.helper, turn)
    return _reworded(carry_out(resolved, turn), turn)


def _resolved(parsed: ParsedMessage, heard: Heard, turn: Turn) -> Resolution | Clarification:
    """The query asked for; where it goes on about a list, about the things of that list."""
    context, previous = turn.context, turn.previous
    reading, followed = heard.reading, heard.followed
    resolved = resolve(parsed, reading, context.known, previous, turn.today, followed)
    if isinstance(resolved, Clarification) and not followed:
        again = second_look(parsed, context.known, previous, turn.today, resolved)
        resolved = again or resolved
    if isinstance(resolved, Clarification) or previous is None:
        return resolved
    query = resolved.query
    if followed.moves.has("deeper", "sort"):
        return replace(resolved, query=pinned(query, previous, context))
    return replace(resolved, query=about_the_list(reading, query, previous, context))


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


def carry_out(resolved: Resolution | Clarification, turn: Turn) -> Reply:
    """The answer to what was resolved; the query before stays where there is none."""
    if isinstance(resolved, Clarification):
        return Reply((clarify(resolved),), turn.previous)
    allowed = authorize(resolved.query, turn.viewer, turn.context.catalog)
    if isinstance(allowed, Issue):
        return Reply((clarify(Clarification((allowed,))),), turn.previous)
    found = replace(resolved, query=allowed)
    answer = run(found, turn.context, turn.today, turn.rules, turn.knowledge)
    return Reply((answer,), allowed)
